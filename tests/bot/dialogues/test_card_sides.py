"""A student's card has two sides: what is likely next, and the rest behind 办理, in place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from storage.records import Obstacle, TermId
from tests.bot.dialogues.acting import both_sides, card, never_enrolled
from tests.support.cast import STUDENTS
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at

EVERYDAY = ["登记表", "记录", "更换 周文", "暂停", "代记谈话", "办理"]


async def shown(chat: Chat, name: str, who: str = "林峰") -> Shown:
    await chat.say(who, f"/assign {name}")
    return chat.in_chat(who)[-1]


async def labels(chat: Chat, name: str) -> list[str]:
    return list((await shown(chat, name)).buttons)


async def test_card_shows_the_everyday_and_the_rest_opens_in_place_and_closes() -> None:
    async with chatting() as chat:
        front = await shown(chat, "李明")
        text, count = front.text, len(chat.in_chat("林峰"))
        assert list(front.buttons) == EVERYDAY
        assert await chat.press("林峰", "办理", on=front) is None
        assert list(front.buttons) == [
            "更正", "结束 周文", "周文老师", "增加", "改阶段", "转出", "毕业名单", "换账号", "返回",
        ]  # fmt: skip
        await chat.press("林峰", "返回", on=front)
        assert list(front.buttons) == EVERYDAY
        assert front.text == text
        assert len(chat.in_chat("林峰")) == count


@pytest.mark.parametrize("name", list(STUDENTS))
@pytest.mark.parametrize("now", [at(2026, 9, 15, 10), at(2026, 10, 9, 10)])
async def test_no_card_has_more_than_six_buttons_and_none_is_lost(
    name: str, now: datetime
) -> None:
    async with chatting(now) as chat:
        front = await shown(chat, name)
        assert len(front.buttons) == 6
        mentors = [f"更换 {chat.cast[one].name}" for one in STUDENTS[name][1]]
        always = {"登记表", "代记谈话", "更正", "记录", "改阶段", "暂停", "转出", "毕业名单"}
        assert always | {*mentors, "换账号"} <= await both_sides(chat)


async def test_who_has_no_account_is_first_given_a_link() -> None:
    async with chatting() as chat:
        never_enrolled(chat, "李明")
        assert (await labels(chat, "李明"))[0] == "开通链接"
        await chat.press("林峰", "开通链接")
        assert (await labels(chat, "李明"))[:2] == ["开通链接", "作废链接"]


async def test_what_is_overdue_stands_first() -> None:
    async with chatting(at(2026, 10, 9, 10)) as chat:
        first = (await labels(chat, "李明"))[:4]
        assert first == ["免除谈话", "推迟谈话", "免除交表", "推迟交表"]


async def test_who_is_away_is_first_brought_back() -> None:
    async with chatting() as chat:
        await card(chat, "李明")
        for label in ("暂停", "交换"):
            await chat.press("林峰", label)
        await chat.say("林峰", "12月31日")
        assert (await labels(chat, "李明"))[0] == "恢复"


async def test_who_has_no_mentor_is_first_given_one() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            for one in chat.desk.store.pairings.where("student", chat.cast["李明"].id):
                chat.desk.store.pairings.put(replace(one, until=date(2026, 9, 1)))
        assert (await labels(chat, "李明"))[0] == "增加"


async def test_candidate_with_contacts_alone_is_first_given_introducers() -> None:
    async with chatting() as chat:
        assert (await labels(chat, "赵一"))[0] == "增加"


async def test_student_who_cannot_reach_the_mentor_is_first_given_another() -> None:
    async with chatting() as chat:
        found = Obstacle(student=chat.cast["李明"].id, term=TermId(1), at=chat.clock.now())
        with chat.desk.store.transaction():
            chat.desk.store.obstacles.add(found)
        assert (await labels(chat, "李明"))[0] == "更换 周文"


async def test_talk_of_a_mentor_without_account_is_first_recorded() -> None:
    async with chatting() as chat:
        assert (await labels(chat, "钱二"))[0] == "代记谈话"


async def test_what_is_on_record_can_be_put_right_at_once() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        assert (await labels(chat, "李明"))[:2] == ["登记表", "更正"]


async def test_who_has_been_an_activist_for_a_year_may_go_on_at_once() -> None:
    async with chatting(at(2027, 3, 2, 10)) as chat:
        assert "改阶段" in (await labels(chat, "李明"))[:5]


async def test_whoever_no_longer_assigns_there_does_not_turn_the_card() -> None:
    async with chatting() as chat:
        front = await shown(chat, "李明")
        store = chat.desk.store
        with store.transaction():
            moved = replace(chat.cast["林峰"], branch=chat.cast.branches["学二"].id)
            store.people.put(moved)
        chat.news("林峰")
        note = await chat.press("林峰", "办理", on=front)
        assert "分配由" in (note or chat.news("林峰")[0])
        assert "返回" not in front.buttons


async def test_list_from_which_a_card_came_is_turned_as_before() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/status")
        await chat.press("林峰", "未谈名单")
        names = chat.in_chat("林峰")[-1]
        await chat.press("林峰", "李明", on=names)
        await chat.press("林峰", "办理")
        await chat.press("林峰", "王小雨", on=names)
        assert chat.in_chat("林峰")[-1].text.startswith("王小雨\n")


async def test_card_of_before_the_first_term_turns_too() -> None:
    async with chatting(term=False) as chat:
        front = await shown(chat, "李明")
        assert list(front.buttons) == ["记录", "更换 周文", "暂停", "登记表", "代记谈话", "办理"]
        assert "改阶段" in await both_sides(chat)
