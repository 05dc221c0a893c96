"""At receipt: 缺导师签名, of which the mentor is told once (T3), and 支部意见已填 – facts of their own."""

from __future__ import annotations

from tests.bot.dialogues.forms import names, open_list
from tests.bot.dialogues.test_forms_archive import form, receive
from tests.support.chat import Chat, chatting
from tests.support.clock import at

MORNING, GATHERED = at(2026, 9, 29, 10), at(2026, 9, 29, 16)


async def mark(chat: Chat, student: str, label: str = "缺导师签名") -> str | None:
    """Receive the student's form, then mark it below the list."""
    await receive(chat, student)
    return await chat.press("陈静", f"{label} {student}")


async def test_keeper_marks_a_form_right_after_its_receipt() -> None:
    async with chatting(MORNING) as chat:
        assert await mark(chat, "李明") == (
            "李明：已记下缺导师签名，9月29日（周二）16:00 告诉周文老师。"
        )
        shown = chat.in_chat("陈静")[-1]
        assert "✓ 缺导师签名 李明" in shown.buttons
        assert await chat.press("陈静", "支部意见已填 李明") == "李明：党支部考察意见已填。"
        assert (form(chat, "李明").unsigned, form(chat, "李明").opinion) == (True, True)
        assert not form(chat, "李明").signed


async def test_mentor_is_told_once_at_four_of_all_own_students() -> None:
    async with chatting(MORNING) as chat:
        await mark(chat, "李明")
        await mark(chat, "王小雨")
        await chat.tick(at(2026, 9, 29, 15, 59))
        assert chat.news("周老师") == []
        await chat.tick(GATHERED)
        assert chat.news("周老师") == [
            "周老师，您好。李明、王小雨的登记表还差您的考察记录和签名，请您补上，最迟9月30日（周三）（含当天）。"
            "内容围绕近半年的思想认识、政治觉悟、工作经历、现实表现，如实填写。"
        ]


async def test_mentor_is_told_no_second_time_of_the_same_form() -> None:
    async with chatting(at(2026, 9, 29, 15, 55)) as chat:
        await mark(chat, "李明")
        await chat.tick(GATHERED)
        assert len(chat.news("周老师")) == 1
        await chat.press("陈静", "✓ 缺导师签名 李明")
        assert await chat.press("陈静", "缺导师签名 李明") == (
            "李明：已记下缺导师签名。导师还没有开通或早先已经收到提醒，请当面告诉导师。"
        )
        await chat.tick(at(2026, 9, 30, 16))
        assert chat.news("周老师") == []


async def test_mentor_reads_nothing_of_a_mark_that_was_taken_back_or_mended_before_four() -> None:
    async with chatting(MORNING) as chat:
        await mark(chat, "李明")
        assert await chat.press("陈静", "✓ 缺导师签名 李明") == "李明：已取消“缺导师签名”。"
        await mark(chat, "王小雨")
        await open_list(chat, "陈静", "导师已签")
        await chat.press("陈静", "王小雨")
        await chat.tick(GATHERED)
        assert chat.news("周老师") == []


async def test_mentor_reads_nothing_of_a_form_whose_receipt_was_taken_back() -> None:
    async with chatting(MORNING) as chat:
        await mark(chat, "李明")
        await chat.press("陈静", "✓ 李明")
        await chat.tick(GATHERED)
        assert chat.news("周老师") == []


async def test_mentor_is_told_of_a_mark_that_was_taken_back_and_set_again() -> None:
    async with chatting(MORNING) as chat:
        await mark(chat, "李明")
        await chat.press("陈静", "✓ 缺导师签名 李明")
        await chat.press("陈静", "缺导师签名 李明")
        await chat.tick(GATHERED)
        assert len(chat.news("周老师")) == 1


async def test_of_two_mentors_the_one_who_has_talked_is_told() -> None:
    async with chatting(MORNING) as chat:
        await chat.say("吴老师", "/done 赵一 9.21")
        chat.news("吴老师")
        await mark(chat, "赵一")
        await chat.tick(GATHERED)
        assert len(chat.news("吴老师")) == 1
        assert chat.news("周老师") == []


async def test_both_mentors_are_told_where_neither_has_talked() -> None:
    async with chatting(MORNING) as chat:
        await mark(chat, "孙三")
        await chat.tick(GATHERED)
        assert (len(chat.news("周老师")), len(chat.news("吴老师"))) == (1, 1)


async def test_keeper_is_asked_to_speak_with_a_mentor_who_is_not_enrolled() -> None:
    async with chatting(MORNING) as chat:
        assert await mark(chat, "钱二") == (
            "钱二：已记下缺导师签名。导师还没有开通或早先已经收到提醒，请当面告诉导师。"
        )


async def test_mentor_who_is_told_after_the_deadline_is_given_no_past_day() -> None:
    async with chatting(at(2026, 10, 9, 10)) as chat:
        await mark(chat, "李明")
        await chat.tick(at(2026, 10, 9, 16))
        assert "请您尽快补上。内容围绕" in chat.news("周老师")[0]


async def test_signed_form_offers_no_mark_and_a_marked_one_may_be_signed() -> None:
    async with chatting(MORNING) as chat:
        await mark(chat, "李明")
        received = chat.in_chat("陈静")[-1]
        await open_list(chat, "陈静", "导师已签")
        await chat.press("陈静", "李明")
        assert form(chat, "李明").signed
        await chat.press("陈静", "✓ 李明", on=received)
        assert not any("缺导师签名" in label for label in received.buttons)


async def test_keeper_marks_a_pile_in_its_own_list() -> None:
    async with chatting(MORNING) as chat:
        await chat.say("陈静", "收到 李明 王小雨 赵一")
        await chat.press("陈静", "缺导师签名")
        shown = chat.in_chat("陈静")[-1]
        assert "还有3份没有登记签名情况" in shown.text
        assert names(shown) == ["李明", "王小雨", "赵一"]
        await chat.press("陈静", "王小雨", on=shown)
        assert names(shown) == ["李明", "✓ 王小雨", "赵一"]
        chat.news("陈静")
        assert await chat.say("陈静", "/undo") == ["已撤销：“缺导师签名”的登记（王小雨）。"]
        assert not form(chat, "王小雨").unsigned


async def test_card_says_what_a_received_form_lacks() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明")
        await chat.say("林峰", "/assign 李明")
        card = chat.in_chat("林峰")[-1].text
        assert "登记表：已收，9月29日（周二），缺导师记录和签名、党支部考察意见" in card


async def test_archiving_a_marked_form_still_asks_once() -> None:
    async with chatting(MORNING) as chat:
        await mark(chat, "李明")
        await open_list(chat, "陈静", "归档")
        assert await chat.press("陈静", "李明") == (
            "李明同学的登记表缺：导师记录和签名、党支部考察意见。仍要归档请再点一次。"
        )
