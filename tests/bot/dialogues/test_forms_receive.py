"""收表: the list of week 4, the date of receipt, the warning, and what the student reads."""

from __future__ import annotations

from storage.records import FormState
from tests.bot.dialogues.forms import names, open_list
from tests.support.chat import Chat, chatting
from tests.support.clock import at


def receipt(chat: Chat, name: str) -> str:
    """Return the recorded state and day of receipt."""
    term = chat.desk.term()
    assert term is not None
    form = chat.desk.store.forms.one("student_term", (chat.cast[name].id, term.id))
    assert form is not None
    return f"{form.state} {form.received}"


async def test_committee_member_gets_the_list_to_take_in_on_monday_of_week_4() -> None:
    async with chatting(at(2026, 9, 28, 8)) as chat:
        await chat.tick(at(2026, 9, 28, 9))
        shown = chat.in_chat("陈静")[-1]
        assert shown.text == (
            "陈静同志，你好。本周收回登记表并归档，应收5份，最迟9月30日（周三）（含当天）。\n"
            "收到一份点一下姓名，收到日期默认今天，可以改；收齐后核对签名和日期，用 /forms（登记表）归档。"
            "——学院党委办公室"
        )
        assert names(shown) == ["李明", "王小雨", "赵一", "钱二", "孙三"]


async def test_committee_member_receives_in_the_monday_list_itself() -> None:
    async with chatting(at(2026, 9, 28, 8)) as chat:
        await chat.say("周老师", "/done 李明 9.21")
        await chat.tick(at(2026, 9, 28, 9))
        shown = chat.in_chat("陈静")[-1]
        assert await chat.press("陈静", "李明") == "李明：已收，9月28日（周一）。"
        assert names(shown)[0] == "✓ 李明"
        assert "应收4份" in shown.text


async def test_monday_list_says_so_when_everything_is_in() -> None:
    async with chatting(at(2026, 9, 28, 8)) as chat:
        await chat.tick(at(2026, 9, 28, 9))
        shown = chat.in_chat("陈静")[-1]
        for name in names(shown):
            await chat.press("陈静", name, on=shown)
        assert shown.text == (
            "陈静同志，你好。登记表已收齐。请核对签名和日期，用 /forms（登记表）归档。——学院党委办公室"
        )


async def test_committee_member_is_warned_of_a_form_without_a_confirmed_talk() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await chat.say("王小雨", "已谈 9.22")
        await open_list(chat, "陈静", "收表")
        assert await chat.press("陈静", "王小雨") == (
            "已登记9月28日（周一）收到王小雨同学的登记表。"
            "提示：本学期谈话为“等老师确认”，请核对表上的谈话日期和签名。"
        )
        assert receipt(chat, "王小雨") == "received 2026-09-28"


async def test_student_reads_of_the_receipt_after_two_minutes() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await chat.say("周老师", "/done 李明 9.21")
        chat.news("李明")
        await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明")
        await chat.tick(at(2026, 9, 28, 10, 1))
        assert chat.news("李明") == []
        await chat.tick(at(2026, 9, 28, 10, 3))
        assert chat.news("李明") == [
            "李明同学，你好。你的登记表已于9月28日（周一）收到。——本科生第一党支部"
        ]


async def test_student_reads_nothing_of_a_receipt_taken_back_within_two_minutes() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明")
        await chat.press("陈静", "✓ 李明")
        await chat.tick(at(2026, 9, 28, 10, 5))
        assert [text for text in chat.news("李明") if "收到" in text] == []


async def test_student_reads_of_a_receipt_once_though_it_was_ticked_off_and_on_again() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await open_list(chat, "陈静", "收表")
        for label in ("李明", "✓ 李明", "李明"):
            await chat.press("陈静", label)
        await chat.tick(at(2026, 9, 28, 10, 5))
        assert len([text for text in chat.news("李明") if "已于9月28日（周一）收到" in text]) == 1


async def test_student_who_has_read_of_it_is_told_when_a_receipt_is_taken_back() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明")
        await chat.tick(at(2026, 9, 28, 10, 5))
        chat.news("李明")
        await chat.press("陈静", "✓ 李明")
        assert chat.news("李明") == [
            "刚才的收表登记已撤销，你的登记表以陈静同志手里的为准，请与陈静同志核对。"
        ]


async def test_student_is_told_the_same_when_the_receipt_is_undone_by_command() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明")
        await chat.tick(at(2026, 9, 28, 10, 5))
        chat.news("李明")
        chat.news("陈静")
        assert await chat.say("陈静", "/undo") == ["已撤销：收表登记（李明）。"]
        assert len(chat.news("李明")) == 1


async def test_keeper_enters_fridays_pile_with_one_date_by_button() -> None:
    async with chatting(at(2026, 9, 29, 10)) as chat:
        shown = await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "收到日期")
        assert chat.news("陈静") == ["这些登记表是哪一天收到的？请选，或输入日期，例如“9月29日”。"]
        await chat.press("陈静", "昨天")
        assert chat.news("陈静") == [
            "收到日期改为9月28日（周一），名单里之后点的姓名都按这一天登记。"
        ]
        assert "收到日期：9月28日（周一），可以改" in shown.text
        for name in ("李明", "王小雨"):
            await chat.press("陈静", name, on=shown)
        assert receipt(chat, "李明") == receipt(chat, "王小雨") == "received 2026-09-28"


async def test_keeper_types_the_date_of_receipt() -> None:
    async with chatting(at(2026, 9, 29, 10)) as chat:
        shown = await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "收到日期")
        await chat.say("陈静", "上周五")
        assert "收到日期：9月25日（周五），可以改" in shown.text
        await chat.press("陈静", "赵一", on=shown)
        assert receipt(chat, "赵一") == "received 2026-09-25"


async def test_keeper_is_refused_a_date_of_receipt_in_the_future_and_asked_again() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        shown = await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "收到日期")
        chat.news("陈静")
        assert await chat.say("陈静", "9月30日") == ["收到日期不能晚于今天。请重新输入日期。"]
        assert await chat.say("陈静", "9月25日") == [
            "收到日期改为9月25日（周五），名单里之后点的姓名都按这一天登记。"
        ]
        assert "9月25日" in shown.text


async def test_keeper_changes_the_date_of_the_monday_list() -> None:
    async with chatting(at(2026, 9, 28, 8)) as chat:
        await chat.tick(at(2026, 9, 28, 9))
        shown = chat.in_chat("陈静")[-1]
        await chat.press("陈静", "收到日期")
        await chat.press("陈静", "前天")
        assert "收到日期：9月26日（周六），可以改" in shown.text
        await chat.press("陈静", "李明", on=shown)
        assert receipt(chat, "李明") == "received 2026-09-26"


async def test_keeper_may_receive_a_form_that_was_never_recorded_as_handed_out() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明")
        answer = await chat.press("陈静", "✓ 李明")
        assert answer == "李明：已取消，现在是“未发放”。"


async def test_taken_back_receipt_is_handed_out_again_where_it_was() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "全部已发")
        await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明")
        assert await chat.press("陈静", "✓ 李明") == "李明：已取消，现在是“已发放”。"


async def test_committee_member_reads_on_the_last_working_day_what_is_missing() -> None:
    async with chatting(at(2026, 9, 28, 8)) as chat:
        await chat.tick(at(2026, 9, 28, 9))
        await chat.say("周老师", "/done 李明 9.21")
        await chat.say("王小雨", "已谈 9.22")
        await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明")
        chat.news("陈静")
        await chat.tick(at(2026, 9, 30, 9))
        assert chat.news("陈静") == [
            "陈静同志，你好。收表期限：最迟今天，9月30日（周三）。尚未交表4人：王小雨、赵一、钱二、孙三；"
            "谈话：未谈3人：赵一、钱二、孙三，等老师确认1人：王小雨；缺导师记录或签名1人：李明；已收未归档1份：李明。\n"
            "收到后请在 /forms（登记表）登记。——学院党委办公室"
        ]


async def test_keeper_with_everything_archived_reads_nothing_on_the_last_day() -> None:
    async with chatting(at(2026, 9, 29, 10)) as chat:
        await chat.say("周老师", "/done 李明 王小雨 赵一 孙三 9.21")
        await chat.say("钱二", "已谈 9.22")
        await chat.press("林峰", "代记")
        received = await open_list(chat, "陈静", "收表")
        for name in ("李明", "王小雨", "赵一", "钱二", "孙三"):
            await chat.press("陈静", name, on=received)
        for tick, everyone in (("导师已签", "全部已签"), ("意见已填", "全部已填")):
            await open_list(chat, "陈静", tick)
            await chat.press("陈静", everyone)
        await open_list(chat, "陈静", "归档")
        await chat.press("陈静", "已齐的全部归档")
        chat.news("陈静")
        await chat.tick(at(2026, 9, 30, 9))
        assert chat.news("陈静") == []
        assert receipt(chat, "钱二").startswith(FormState.ARCHIVED)


async def test_student_cannot_record_the_own_receipt() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        assert await chat.say("李明", "已交") == [
            "登记表由组织委员陈静同志收到后登记，请当面交给他（她）。"
        ]
        assert not len(chat.desk.store.forms)
