"""One account that says too much is heard no more for a while, and nobody else feels it (X20)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.delivery import flood
from bot.delivery.flood import Flood
from bot.settings import Settings
from tests.support.chat import GROUP, Chat, chatting

NOON = 1_789_000_000
TOO_MANY = "一分钟内发来的消息太多，后面的没有收到，也没有登记。请过一分钟再发。"


def message(
    account: int, number: int, *, at: int = NOON, chat: int | None = None
) -> dict[str, Any]:
    place = chat or account
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": at,
            "chat": {"id": place, "type": "private" if place > 0 else "group"},
            "from": {"id": account, "is_bot": False, "first_name": "某"},
            "text": "进度",
        },
    }


def test_account_is_heard_twenty_times_a_minute_and_told_once() -> None:
    gate = Flood(20)
    heard = [gate.is_over(message(5, number), NOON) for number in range(30)]
    assert [is_over for is_over, _ in heard] == [False] * 20 + [True] * 10
    assert [told for _, told in heard if told] == [5]
    assert gate.is_over(message(6, 99), NOON) == (False, None)


def test_after_a_quiet_minute_the_account_is_heard_and_told_again() -> None:
    gate = Flood(2)
    later = NOON + 60
    for number in range(4):
        gate.is_over(message(5, number), NOON)
    again = [gate.is_over(message(5, 10 + n, at=later), later) for n in range(3)]
    assert again == [(False, None), (False, None), (True, 5)]


def test_what_was_said_over_hours_and_arrives_at_once_is_no_flood() -> None:
    gate = Flood(20)
    late = NOON + 86_400
    assert not any(
        gate.is_over(message(5, number, at=NOON + number * 60), late)[0] for number in range(200)
    )


def test_update_that_telegram_hands_over_again_counts_once() -> None:
    gate = Flood(2)
    for _ in range(5):
        assert gate.is_over(message(5, 1), NOON) == (False, None)
    assert gate.is_over(message(5, 2), NOON) == (False, None)


def test_press_and_what_names_nobody_do_not_count() -> None:
    gate = Flood(1)
    press = {"update_id": 1, "callback_query": {"from": {"id": 5}}}
    nobody = {"update_id": 1, "message": {"from": "someone"}}
    for odd in (press, nobody, {"update_id": 1, "message": None}):
        assert [gate.is_over(odd, NOON) for _ in range(3)] == [(False, None)] * 3


def test_whoever_is_silent_for_a_minute_is_forgotten() -> None:
    gate = Flood(1)
    for account in range(1, flood.MANY + 2):
        gate.is_over(message(account, account), NOON)
    gate.is_over(message(1, 1_000_000, at=NOON + 60), NOON + 60)
    assert len(gate._taken) == 1


async def pour(chat: Chat, account: int, many: int, *, place: int | None = None) -> None:
    """Hand over that many of the account, in Telegram's batches, and a word of somebody else's in each."""
    now = int(chat.desk.now().timestamp())
    for first in range(0, many, 99):
        batch = [message(account, 10_000 + first + n, at=now, chat=place) for n in range(99)]
        chat.app.inbox.take(batch)
        await chat.settle()


async def test_ten_thousand_updates_of_one_account_keep_nobody_waiting() -> None:
    async with chatting(settings=Settings()) as chat:
        flooder = chat.cast.telegram["李明"]
        now = int(chat.desk.now().timestamp())
        others = [name for name in chat.cast.telegram if name not in {"李明", "郑老师"}]
        for first in range(0, 10_000, 99):
            batch = [message(flooder, 10_000 + first + n, at=now) for n in range(99)]
            name = others[first // 99 % len(others)]
            batch.append(message(chat.cast.telegram[name], 1_000_000 + first, at=now))
            chat.app.inbox.take(batch)
            assert len(chat.desk.store.inbox.where("state", "waiting")) <= 21
            await chat.app.inbox.sweep(chat.app.telegram.process_update, chat.app.telegram.bot)
            assert not chat.desk.store.inbox.where("state", "waiting")
            chat.clock.move_to(chat.clock.now() + timedelta(milliseconds=100))
        theirs = [row for row in chat.desk.store.inbox if row.update < 1_000_000]
        assert len(theirs) == 20
        assert len(chat.desk.store.inbox) - len(theirs) == 102
        assert [row.chat for row in chat.desk.store.outbox if row.kind == "flooded"] == [flooder]


async def test_flooder_reads_it_once_in_private_and_a_stranger_in_a_group_nothing() -> None:
    async with chatting(settings=Settings()) as chat:
        student = chat.cast.telegram["李明"]
        await pour(chat, student, 99, place=GROUP)
        await pour(chat, 7001, 99, place=GROUP)
        assert [text for text in chat.news("李明") if text == TOO_MANY] == [TOO_MANY]
        assert not chat.news(GROUP)
        await pour(chat, 7002, 99)
        assert chat.news(7002).count(TOO_MANY) == 1
