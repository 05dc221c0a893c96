"""没拿到表: whom the student sees, and what the committee member hears at four in the afternoon."""

from __future__ import annotations

from dataclasses import replace

from tests.bot.dialogues.forms import open_list
from tests.support.chat import Chat, chatting
from tests.support.clock import at

AFTERNOON = at(2026, 9, 15, 16)


def switch_off(chat: Chat, name: str) -> None:
    """Somebody has no account any more."""
    store = chat.desk.store
    account = store.accounts.one("person", chat.cast[name].id)
    assert account is not None
    with store.transaction():
        store.accounts.put(replace(account, until=chat.desk.now()))


async def test_student_without_form_is_told_whom_to_see_and_the_committee_member_hears_once() -> (
    None
):
    async with chatting(at(2026, 9, 15, 10)) as chat:
        assert await chat.say("李明", "没拿到表") == ["已转告陈静同志，请与陈静同志联系领取。"]
        await chat.say("李明", "没拿到表")
        await chat.say("王小雨", "我还没有领到登记表")
        assert chat.news("陈静") == []
        await chat.tick(AFTERNOON)
        told = [text for text in chat.news("陈静") if "还没有拿到登记表" in text]
        assert told == [
            "陈静同志，你好。李明、王小雨回复还没有拿到登记表，请发给本人，并用 /forms（登记表）登记。"
        ]


async def test_committee_member_hears_of_a_student_who_was_ticked_off_with_the_rest() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "全部已发")
        await chat.say("李明", "没拿到表")
        chat.news("陈静")
        await chat.tick(AFTERNOON)
        assert [
            text for text in chat.news("陈静") if text.endswith("用 /forms（登记表）登记。")
        ] == ["陈静同志，你好。李明回复还没有拿到登记表，请发给本人，并用 /forms（登记表）登记。"]


async def test_committee_member_does_not_hear_of_a_student_who_has_got_it_meanwhile() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("李明", "没拿到表")
        await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "李明")
        chat.news("陈静")
        await chat.tick(AFTERNOON)
        assert [text for text in chat.news("陈静") if "还没有拿到" in text] == []


async def test_committee_member_hears_the_next_day_only_of_those_who_said_so_since() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("李明", "没拿到表")
        await chat.tick(AFTERNOON)
        chat.news("陈静")
        await chat.tick(at(2026, 9, 15, 18))
        await chat.say("王小雨", "没拿到表")
        await chat.tick(at(2026, 9, 16, 16))
        told = [text for text in chat.news("陈静") if "还没有拿到" in text]
        assert len(told) == 1
        assert "王小雨回复" in told[0]
        assert "李明" not in told[0]


async def test_secretary_hears_where_the_committee_member_has_no_account() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        switch_off(chat, "陈静")
        await chat.say("李明", "没拿到表")
        await chat.tick(AFTERNOON)
        assert [text for text in chat.news("林峰") if "李明回复还没有拿到登记表" in text]


async def test_student_is_not_told_that_somebody_knows_when_nobody_can_be_told() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        switch_off(chat, "陈静")
        switch_off(chat, "林峰")
        assert await chat.say("李明", "没拿到表") == ["请与陈静同志联系领取。"]


async def test_student_whose_form_is_in_is_told_so() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明")
        assert await chat.say("李明", "没拿到表") == [
            "你的登记表已收，不用再领。有误请告诉支部书记更正。"
        ]
