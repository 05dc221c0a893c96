"""The buttons under /status: lists of names, paged in place, and one person's card behind each name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records import Duty, Pairing, Role
from tests.bot.dialogues.acting import both_sides
from tests.bot.dialogues.forms import open_list
from tests.bot.dialogues.test_status_picture import change, more_branches, students
from tests.support.chat import Chat, chatting
from tests.support.clock import at

REFUSED = "这一项由别的同志办理。你可以用的命令，请发 /help（帮助）。"


async def names_behind(chat: Chat, who: str, label: str) -> set[str]:
    """Press a list under /status; return the buttons of what comes."""
    await chat.say(who, "/status")
    await chat.press(who, label)
    return set(chat.in_chat(who)[-1].buttons)


async def under_way(chat: Chat) -> None:
    """李明 is done, 王小雨 waits, 赵一 is disputed, one form is in."""
    await chat.say("周老师", "/done 李明")
    await chat.say("王小雨", "已谈")
    await chat.say("周老师", "/done 赵一")
    await chat.press("赵一", "没有谈")
    received = await open_list(chat, "陈静", "收表")
    await chat.press("陈静", "李明", on=received)


@pytest.mark.parametrize("who", ["林峰", "陈静"])
async def test_secretary_and_committee_member_find_whose_turn_it_is(who: str) -> None:
    async with chatting() as chat:
        await under_way(chat)
        assert await names_behind(chat, who, "未谈名单") == {"钱二", "孙三"}
        assert await names_behind(chat, who, "待确认") == {"王小雨", "赵一 待核实"}
        assert await names_behind(chat, who, "未交表") == {"王小雨", "赵一", "钱二", "孙三"}


async def test_list_says_what_it_is_and_how_many_are_in_it() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/status")
        await chat.press("林峰", "未谈名单")
        assert chat.news("林峰")[-1] == "本科生第一党支部，未谈5人。点姓名看个人情况。"


async def test_who_has_not_enrolled_is_one_tap_away() -> None:
    async with chatting() as chat:
        students(chat, chat.cast.branches["学一"], 2)
        names = await names_behind(chat, "林峰", "未开通")
        assert names == {"学生000", "学生001", "导师 郑强", "全部重发"}


async def test_a_list_of_nobody_is_a_word_over_the_press() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/status")
        await chat.say("陈静", "/status")
        assert await chat.press("陈静", "未开通") == "未开通：现在没有人。"  # no mentors to invite
        assert await chat.press("林峰", "待确认") == "待确认：现在没有人。"


async def test_office_reads_numbers_by_branch_before_any_name_and_finds_back() -> None:
    async with chatting() as chat:
        await under_way(chat)
        first, second = "本科生第一党支部 2人", "本科生第二党支部 1人"
        assert await names_behind(chat, "何主任", "未谈名单") == {first, second}
        assert chat.news("何主任")[-1] == "未谈：请选一个支部。"
        await chat.press("何主任", first)
        shown = chat.in_chat("何主任")[-1]
        assert set(shown.buttons) == {"钱二", "孙三", "各支部"}
        await chat.press("何主任", "各支部")
        assert set(chat.in_chat("何主任")[-1].buttons) == {first, second}
        assert chat.news("何主任") == []


async def test_a_branch_without_anybody_on_the_list_is_left_out_for_the_office() -> None:
    async with chatting() as chat:
        await under_way(chat)
        assert await names_behind(chat, "何主任", "待确认") == {"本科生第一党支部 2人"}


async def test_five_hundred_names_are_paged_in_place() -> None:
    async with chatting() as chat:
        students(chat, chat.cast.branches["学二"], 500)
        seen = await names_behind(chat, "韩书记", "未谈名单")
        assert len(seen) == 61
        for page in range(2, 10):
            await chat.press("韩书记", "下一页")
            shown = chat.in_chat("韩书记")[-1]
            assert f"未谈501人（第{page}页，共9页）" in shown.text
            seen |= set(shown.buttons)
        assert len(seen - {"上一页", "下一页"}) == 501
        await chat.press("韩书记", "上一页")
        assert "第8页" in chat.in_chat("韩书记")[-1].text


async def test_many_branches_are_paged_too() -> None:
    async with chatting() as chat:
        more_branches(chat, 40)
        assert len(await names_behind(chat, "何主任", "未开通")) == 31
        await chat.press("何主任", "下一页")
        await chat.press("何主任", "支部39 1人")
        shown = chat.in_chat("何主任")[-1]
        assert shown.text == (
            "支部39，未开通1人。点姓名看个人情况。\n“全部重发”发给支部39名册上还没有开通的1人，"
            "不含其他支部的导师；导师的链接请点姓名单独发。"
        )
        assert "各支部" in shown.buttons


async def test_export_is_under_the_picture() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/status")
        await chat.press("林峰", "导出")
        assert [one.file for one in chat.in_chat("林峰") if one.file]


async def test_card_shows_talks_form_mentors_and_the_latest_that_was_recorded() -> None:
    async with chatting() as chat:
        await under_way(chat)
        await chat.say("林峰", "/status")
        await chat.press("林峰", "待确认")
        chat.news("林峰")
        await chat.press("林峰", "赵一 待核实")
        (card,) = chat.news("林峰")
        assert card.splitlines() == [
            "赵一",
            "支部：本科生第一党支部",
            "班级：小教2401",
            "阶段：发展对象，2026年3月2日（周一）起",
            "谈话：与周文老师，待核实，9月15日（周二）",
            "谈话：与吴静老师，未谈",
            "登记表：未发放",
            "培养联系人：周文老师，现联系4人",
            "培养联系人：吴静老师，现联系2人",
            "最近的登记：",
            "9月15日（周二），赵一同学：“没有谈”的答复",
            "9月15日（周二），周文老师：谈话登记",
        ]
        assert "改阶段" in await both_sides(chat)


async def test_card_says_what_was_taken_back_and_who_has_not_enrolled() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        await chat.say("周老师", "/undo")
        students(chat, chat.cast.branches["学一"], 1)
        (card,) = await chat.say("林峰", "/assign 李明")
        assert card.splitlines()[-1] == "9月15日（周二），周文老师：谈话登记（已撤销）"
        (card,) = await chat.say("林峰", "/assign 学生000")
        assert "还没有开通" in card


async def test_card_marks_a_talk_that_the_secretary_recorded() -> None:
    async with chatting() as chat:
        await chat.say("钱二", "已谈")
        await chat.press("林峰", "代记")
        chat.news("林峰")
        (card,) = await chat.say("林峰", "/assign 钱二")
        assert "谈话：与郑强老师，老师已确认，9月15日（周二），代记" in card


async def test_card_of_a_student_whom_the_round_does_not_ask_holds_no_round() -> None:
    async with chatting(at(2026, 10, 20, 10)) as chat:
        change(chat, "李明", stage_since=at(2026, 10, 12).date())
        (card,) = await chat.say("林峰", "/assign 李明")
        assert "谈话" not in card
        assert "登记表" not in card


async def test_card_before_the_first_term_holds_no_round() -> None:
    async with chatting(term=False) as chat:
        (card,) = await chat.say("林峰", "/assign 李明")
        assert "登记表" not in card


async def test_committee_member_reads_neither_consent_nor_trouble_nor_history() -> None:
    async with chatting() as chat:
        store, student = chat.desk.store, chat.cast["李明"]
        await chat.say("李明", "约不上老师")
        with store.transaction():
            store.pairings.add(
                Pairing(
                    student=student.id,
                    mentor=chat.cast["吴老师"].id,
                    role=Role.CONTACT,
                    asked=chat.desk.now(),
                    consent=False,
                )
            )
        (whole,) = await chat.say("林峰", "/assign 李明")
        await chat.say("陈静", "/status")
        await chat.press("陈静", "未谈名单")
        chat.news("陈静")
        await chat.press("陈静", "李明")
        (card,) = chat.news("陈静")
        for private in ("约不上老师，等支部答复", "表示不便", "最近的登记"):
            assert private in whole
            assert private not in card
        assert "谈话：与周文老师，未谈" in card
        assert not chat.in_chat("陈静")[-1].buttons


async def test_lists_and_cards_are_for_those_who_run_the_branch_at_that_moment() -> None:
    async with chatting() as chat:
        students(chat, chat.cast.branches["学一"], 70)
        await chat.say("林峰", "/status")
        picture = chat.in_chat("林峰")[-1]
        await chat.press("林峰", "未谈名单")
        names = chat.in_chat("林峰")[-1]
        with chat.desk.store.transaction():
            chat.desk.store.people.put(
                replace(chat.cast["林峰"], branch=chat.cast.branches["学二"].id)
            )
        chat.news("林峰")
        for shown, label in ((names, "下一页"), (names, "李明"), (picture, "未谈名单")):
            await chat.press("林峰", label, on=shown)
            assert chat.news("林峰") == [REFUSED]
        change(chat, "林峰", duties=())
        for shown, label in ((names, "下一页"), (names, "李明"), (picture, "未谈名单")):
            await chat.press("林峰", label, on=shown)
            assert chat.news("林峰") == [REFUSED]
        change(chat, "林峰", duties=(Duty.SECRETARY,))
        await chat.press("林峰", "李明", on=names)
        assert len(chat.news("林峰")) == 1


async def test_page_of_a_picture_is_turned_only_for_whoever_would_be_shown_it() -> None:
    async with chatting() as chat:
        more_branches(chat, 11)
        await chat.say("何主任", "/status")
        change(chat, "何主任", duties=(), branch=chat.cast.branches["学一"].id)
        picture = chat.in_chat("何主任")[-1]
        await chat.press("何主任", "下一页")
        assert chat.news("何主任")[-1] == REFUSED.replace("你", "您")
        assert "第1页" in picture.text


async def test_names_with_marks_stand_on_buttons_and_cards_as_they_are() -> None:
    async with chatting() as chat:
        odd = "<b>&\u200f䶮𠮷"
        with chat.desk.store.transaction():
            chat.desk.store.people.put(replace(chat.cast["冯四"], name=odd))
        assert await names_behind(chat, "韩书记", "未谈名单") == {odd}
        await chat.press("韩书记", odd)
        assert chat.news("韩书记")[-1].startswith(f"{odd}\n")
