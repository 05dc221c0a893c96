"""免除 and 推迟 of what is overdue: the secretary decides, with a reason, and no reminder comes back to it."""

from __future__ import annotations

import pytest

from bot.standings import progress_of
from storage.records import Exemption, Item
from tests.bot.dialogues.acting import both_sides
from tests.bot.dialogues.forms import open_list
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at
from tests.support.standings import agree

LATE = at(2026, 10, 9, 10)  # the deadline was 30 September
OVERDUE, OFFICE = at(2026, 10, 10, 9), at(2026, 10, 15, 9)


async def card(chat: Chat, name: str, who: str = "林峰") -> Shown:
    await chat.say(who, f"/assign {name}")
    chat.news(who)
    return chat.in_chat(who)[-1]


async def decide(chat: Chat, name: str, button: str, why: str = "休学一年") -> list[str]:
    """Press that button on the student's card and give the reason; return what is then said."""
    shown = await card(chat, name)
    await chat.press("林峰", button, on=shown)
    assert chat.news("林峰")[0].startswith(f"{name}，{button}：请直接回复原因")
    return await chat.say("林峰", why)


def kept(chat: Chat, name: str) -> dict[Item, Exemption]:
    found = chat.desk.store.exemptions.where("student_term", (chat.cast[name].id, 1))
    return {one.item: one for one in found}


async def test_secretary_releases_an_overdue_talk_with_a_reason() -> None:
    async with chatting(LATE) as chat:
        assert await decide(chat, "李明", "免除谈话") == [
            "已登记：李明同学，免除谈话，原因已记下。本学期不再催办这一项。如有误，10 分钟内可发 /undo 撤销。"
        ]
        shown = await card(chat, "李明")
        assert "谈话已免除，10月9日（周五）" in shown.text
        assert "免除谈话" not in await both_sides(chat)
        assert "恢复谈话" in shown.buttons
        assert {"免除交表", "推迟交表"} <= set(shown.buttons)
        await chat.press("林峰", "记录", on=shown)
        assert "林峰同志：免除谈话" in chat.news("林峰")[0]
        assert "原因：休学一年" in chat.in_chat("林峰")[-1].text
        agree(chat.desk)


async def test_overdue_list_leaves_out_what_was_released_or_put_off() -> None:
    async with chatting(LATE) as chat:
        await decide(chat, "李明", "免除谈话")
        await decide(chat, "李明", "推迟交表")
        await decide(chat, "王小雨", "推迟交表")
        await chat.tick(OVERDUE)
        said = next(text for text in chat.news("林峰") if "已过9月30日" in text)
        assert "李明" not in said
        assert "王小雨—未谈；" in said or "王小雨—未谈。" in said


async def test_office_counts_nothing_of_what_was_released() -> None:
    async with chatting(LATE) as chat:
        for button in ("免除谈话", "免除交表"):
            await decide(chat, "李明", button)
        await chat.tick(OFFICE)
        assert "本科生第一党支部4项" in chat.news("何主任")[-1]


async def test_nobody_is_told_when_all_that_was_overdue_is_decided() -> None:
    async with chatting(LATE) as chat:
        for name in ("李明", "王小雨", "赵一", "钱二", "孙三"):
            for button in ("推迟谈话", "推迟交表"):
                await decide(chat, name, button)
        chat.news("林峰")
        await chat.tick(OVERDUE)
        assert chat.news("林峰") == []
        await chat.tick(OFFICE)
        assert "本科生第一党支部" not in chat.news("何主任")[-1]


async def test_totals_of_the_branch_are_what_they_were() -> None:
    async with chatting(LATE) as chat:
        before = progress_of(chat.desk, chat.cast.branches["学一"])
        await decide(chat, "李明", "免除谈话")
        await decide(chat, "李明", "推迟交表")
        assert progress_of(chat.desk, chat.cast.branches["学一"]) == before


async def test_released_and_put_off_stand_in_lists_apart() -> None:
    async with chatting(LATE) as chat:
        await decide(chat, "李明", "免除谈话")
        await decide(chat, "王小雨", "推迟交表")
        await chat.say("林峰", "/status")
        status = next(one for one in reversed(chat.in_chat("林峰")) if "逾期名单" in one.buttons)
        for label, name in (("已免除", "李明"), ("已推迟", "王小雨")):
            await chat.press("林峰", label, on=status)
            assert list(chat.in_chat("林峰")[-1].buttons) == [name]
        await chat.press("林峰", "逾期名单", on=status)
        assert {"王小雨", "赵一"} <= set(chat.in_chat("林峰")[-1].buttons)


async def test_secretary_takes_it_back_within_ten_minutes() -> None:
    async with chatting(LATE) as chat:
        await decide(chat, "李明", "免除交表")
        await chat.press("林峰", "撤销")
        assert chat.news("林峰") == ["已撤销：免除交表（李明）。"]
        assert kept(chat, "李明")[Item.FORM].relief is None
        assert "免除交表" in (await card(chat, "李明")).buttons


async def test_secretary_asks_for_it_again_later_with_a_reason() -> None:
    async with chatting(LATE) as chat:
        await decide(chat, "李明", "推迟交表")
        chat.clock.move_to(at(2026, 10, 9, 12))
        assert await decide(chat, "李明", "恢复交表", "已返校") == [
            "已登记：李明同学，恢复交表的要求，原因已记下。这一项重新列入逾期名单。如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert "免除交表" in (await card(chat, "李明")).buttons
        await chat.say("林峰", "/undo")
        assert "恢复交表" in (await card(chat, "李明")).buttons


async def test_student_is_not_pressed_for_what_was_released() -> None:
    async with chatting(LATE) as chat:
        for button in ("免除谈话", "免除交表"):
            await decide(chat, "李明", button)
        said = (await chat.say("李明", "/status"))[0]
        assert "本学期谈话已免除（10月9日（周五））\n本学期交表已免除（10月9日（周五））" in said
        assert "请尽快" not in said


async def test_form_that_comes_in_all_the_same_is_received() -> None:
    async with chatting(LATE) as chat:
        await decide(chat, "李明", "推迟交表")
        await open_list(chat, "陈静", "收表")
        assert "已登记" in str(await chat.press("陈静", "李明"))
        assert "恢复交表" in (await card(chat, "李明")).buttons


async def test_nothing_can_be_released_before_the_deadline_has_passed() -> None:
    async with chatting(at(2026, 9, 30, 10)) as chat:
        await card(chat, "李明")
        assert not {"免除谈话", "推迟交表"} & await both_sides(chat)


async def test_second_press_of_an_old_card_changes_nothing() -> None:
    async with chatting(LATE) as chat:
        shown = await card(chat, "李明")
        await decide(chat, "李明", "免除谈话")
        said = await chat.press("林峰", "推迟谈话", on=shown)
        assert said == (
            "李明同学的这一项现在不用免除或推迟：期限未过、已经完成，或已经登记。请重新打开个人情况。"
        )
        assert kept(chat, "李明")[Item.TALK].relief == "released"


@pytest.mark.parametrize("who", ["何主任", "陈静"])
async def test_only_the_branchs_secretary_decides(who: str) -> None:
    async with chatting(LATE) as chat:
        await chat.say("林峰", "/status")
        token = (await card(chat, "李明")).buttons["免除谈话"]
        shown = chat.in_chat("林峰")[-1]
        await chat.press(who, "免除谈话", on=shown, token=token)
        assert kept(chat, "李明") == {}


async def test_office_reads_the_card_without_the_buttons() -> None:
    async with chatting(LATE) as chat:
        await card(chat, "李明", "何主任")
        assert not {"免除谈话", "推迟谈话"} & await both_sides(chat, "何主任")
