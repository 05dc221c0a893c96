"""What is told of personal data: agreed to with the link, a new version put to everybody once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.actions import enrol, notice
from bot.delivery import schedule
from bot.delivery.schedule import Tick
from bot.settings import Notice, Rate, Settings
from storage.records import RowState
from tests.bot.dialogues.test_enrolment import (
    PHONE,
    account,
    enrol_with,
    forget_account,
    invite,
    newcomer,
)
from tests.support.chat import Chat, chatting
from tests.support.clock import at

FREE = Rate(account_minute=1_000_000)
SECOND = Settings(rate=FREE, notice=Notice(version="2", day=date(2026, 9, 20)))
THIRD = Settings(rate=FREE, notice=Notice(version="3", day=date(2026, 9, 25)))
NEW = "个人信息告知有了新的一版"


def noted(chat: Chat, who: str) -> tuple[str, str]:
    """Return the version that somebody has agreed to, and when."""
    held = chat.desk.store.accounts.one("person", chat.cast[who].id)
    assert held is not None
    return held.notice, f"{held.notice_at:%m-%d %H:%M}" if held.notice_at else ""


def notices(chat: Chat) -> int:
    return sum(row.kind == notice.CHANGED for row in chat.desk.store.outbox)


def of_notice(chat: Chat, who: str) -> list[str]:
    return [text for text in chat.news(who) if NEW in text]


async def test_the_four_characters_below_the_notice_are_the_consent_to_that_version() -> None:
    async with chatting(at(2026, 9, 1, 8)) as chat:
        person = newcomer(chat)
        await enrol_with(chat, invite(chat, person), "99A7")
        held = account(chat, person)
        assert held is not None
        assert (held.notice, held.notice_at) == ("1", at(2026, 9, 1, 8))
        await chat.say(PHONE, "/mydata")
        said = "个人信息告知：第1版，2026年9月1日（周二）08:00同意"
        assert said in chat.in_chat(PHONE)[-1].text


async def test_wrong_characters_agree_to_nothing() -> None:
    async with chatting(at(2026, 9, 1, 8)) as chat:
        person = newcomer(chat)
        await enrol_with(chat, invite(chat, person), "0000")
        assert account(chat, person) is None


async def test_agreed_is_what_was_read_though_the_version_has_changed_before_the_answer() -> None:
    async with chatting(at(2026, 9, 1, 8)) as chat:
        person = newcomer(chat)
        await chat.say(PHONE, f"/start {invite(chat, person)}")
        chat.desk.settings = SECOND
        await chat.say(PHONE, "99A7")
        held = account(chat, person)
        assert held is not None
        assert held.notice == "1"
        await chat.tick(at(2026, 9, 21, 9))
        assert NEW in "".join(one.text for one in chat.in_chat(PHONE))


async def test_whoever_is_asked_again_after_a_restart_agrees_to_what_stands_there_then() -> None:
    async with chatting(at(2026, 9, 1, 8)) as chat:
        person = newcomer(chat)
        await chat.say(PHONE, f"/start {invite(chat, person)}")
        chat.desk.settings = SECOND
        held = enrol.pending(chat.desk, PHONE)
        assert held is not None
        with chat.desk.store.transaction():
            enrol.ask(chat.desk, PHONE, held)
        await chat.say(PHONE, "99A7")
        found = account(chat, person)
        assert found is not None
        assert found.notice == "2"


async def test_nobody_is_told_of_the_first_version_who_enrolled_before_it_was_noted() -> None:
    async with chatting(at(2026, 9, 21, 9)) as chat:
        await chat.tick()
        assert notices(chat) == 0
        assert noted(chat, "李明") == ("", "")
        await chat.say("李明", "/mydata")
        assert "个人信息告知：开通时还没有记录" in chat.in_chat("李明")[-1].text


async def test_a_new_version_is_put_to_everybody_once_and_agreed_to_with_one_press() -> None:
    async with chatting(at(2026, 9, 21, 9), settings=SECOND) as chat:
        await chat.tick()
        for who in ("李明", "周老师", "陈静", "何主任"):
            (said,) = of_notice(chat, who)
            assert "个人信息告知（第2版，2026年9月20日（周日））" in said
        assert await chat.press("李明", "同意") == "已记下。"
        assert noted(chat, "李明") == ("2", "09-21 09:00")
        shown = next(one for one in chat.in_chat("李明") if NEW in one.text)
        assert "已记下，你在9月21日（周一）同意。" in shown.text
        assert not shown.buttons
        assert noted(chat, "周老师") == ("", "")
        told = notices(chat)
        await chat.tick(at(2026, 9, 22, 9))
        await chat.tick(at(2026, 9, 23, 9))
        assert notices(chat) == told
        await chat.say("李明", "/mydata")
        assert "第2版，2026年9月21日（周一）09:00同意" in chat.in_chat("李明")[-1].text


async def test_nothing_is_blocked_while_the_new_version_waits_for_an_answer() -> None:
    async with chatting(at(2026, 9, 21, 9), settings=SECOND) as chat:
        await chat.tick()
        chat.news("李明")
        assert "已记下" in "".join(await chat.say("李明", "昨天谈了"))


async def test_a_second_press_notes_nothing_more() -> None:
    async with chatting(at(2026, 9, 21, 9), settings=SECOND) as chat:
        await chat.tick()
        shown = next(one for one in chat.in_chat("李明") if NEW in one.text)
        token = shown.buttons["同意"]
        await chat.press("李明", "同意")
        chat.clock.advance(hours=1)
        assert await chat.press("李明", "同意", on=shown, token=token) == "已记下。"
        assert noted(chat, "李明") == ("2", "09-21 09:00")
        assert sum(one.what == "notice" for one in chat.desk.store.deeds) == 1


async def test_an_older_version_cannot_be_agreed_to_once_a_newer_one_holds() -> None:
    async with chatting(at(2026, 9, 21, 9), settings=SECOND) as chat:
        await chat.tick()
        old = next(one for one in chat.in_chat("李明") if NEW in one.text)
        chat.desk.settings = THIRD
        await chat.tick(at(2026, 9, 28, 9))
        assert "第3版" in of_notice(chat, "李明")[-1]
        await chat.press("李明", "同意", on=old)
        assert noted(chat, "李明") == ("", "")
        await chat.press("李明", "同意")
        assert noted(chat, "李明") == ("3", "09-28 09:00")


async def test_what_was_overtaken_before_it_left_is_not_sent() -> None:
    async with chatting(at(2026, 9, 21, 9), settings=SECOND) as chat:
        Tick(chat.desk).now()
        chat.desk.settings = THIRD
        await chat.tick()
        (said,) = of_notice(chat, "李明")
        assert "第3版" in said


@pytest.mark.parametrize("when", [at(2026, 9, 21, 21), at(2026, 9, 19, 9)], ids=["night", "rest"])
async def test_a_new_version_waits_for_the_sending_hours(when: datetime) -> None:
    async with chatting(at(2026, 9, 18, 21), settings=SECOND) as chat:
        await chat.tick(when)
        assert notices(chat) == 0
        await chat.tick(at(2026, 9, 22, 9))
        assert of_notice(chat, "李明")


async def test_a_new_version_is_told_before_the_first_term_too() -> None:
    async with chatting(at(2026, 9, 1, 9), term=False, settings=SECOND) as chat:
        await chat.tick()
        assert of_notice(chat, "李明")


async def test_whoever_has_left_or_has_no_account_is_not_told() -> None:
    async with chatting(at(2026, 9, 21, 9), settings=SECOND) as chat:
        store = chat.desk.store
        forget_account(chat, "钱二")
        with store.transaction():
            gone = store.people[chat.cast["李明"].id]
            store.people.put(replace(gone, left=date(2026, 9, 18)))
        await chat.tick()
        told = {row.to for row in store.outbox if row.kind == notice.CHANGED}
        assert told
        assert not told & {chat.cast["李明"].id, chat.cast["钱二"].id}


async def test_whoever_had_blocked_the_bot_is_told_once_back() -> None:
    async with chatting(at(2026, 9, 21, 9), settings=SECOND) as chat:
        store, me = chat.desk.store, chat.cast["李明"].id
        Tick(chat.desk).now()
        (row,) = [one for one in store.outbox if one.kind == notice.CHANGED and one.to == me]
        chat.app.outbox._aftermath.unreachable(row)
        assert store.outbox[row.id].state is RowState.DEAD
        await chat.tick()
        assert not of_notice(chat, "李明")
        await chat.say("李明", "/help")
        await chat.tick()
        (said,) = of_notice(chat, "李明")
        assert "补发" not in said


async def test_a_new_version_is_put_on_the_way_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "PART", 3)
    async with chatting(at(2026, 9, 1, 9), term=False, settings=SECOND) as chat:
        parts = list(Tick(chat.desk)._parts())
        assert max(parts) == 3
        assert sum(parts) == notices(chat) == len(chat.desk.store.accounts)
