"""One account that says or presses too much is heard no more for a while, and nobody else feels it (X20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from typing_extensions import override

from bot.delivery import flood
from bot.delivery.flood import Flood, Notice
from bot.settings import Rate, Settings
from storage.journal import MemoryJournal
from storage.live import Changes
from storage.store import Store, StoreClosedForWriting
from tests.bot.delivery import flooding, poison
from tests.bot.delivery.flooding import NOON, message, press
from tests.support.chat import GROUP, Chat, chatting
from tests.support.line import Line

BATCH = 99
SAID_TO_FIVE = Notice(5, "flooded", is_private=True)
TOO_MANY = "一分钟内发来的消息太多，后面的没有收到，也没有登记。请过一分钟再发。"
FULL = "一分钟内按的按钮太多，后面的没有登记。请过一分钟再按。"


def joining(account: int, number: int) -> dict[str, Any]:
    """The bot has been put into a group."""
    body = poison.membership(account, number)
    return {"update_id": number, **body}


def test_account_is_heard_twenty_times_a_minute_and_told_once() -> None:
    gate = Flood(20, 120)
    heard = [gate.is_over(message(5, number), NOON) for number in range(30)]
    assert [is_over for is_over, _ in heard] == [False] * 20 + [True] * 10
    assert [told for _, told in heard if told] == [SAID_TO_FIVE]
    assert gate.is_over(message(6, 99), NOON) == (False, None)


def test_after_a_quiet_minute_the_account_is_heard_and_told_again() -> None:
    gate = Flood(2, 120)
    later = NOON + 60
    for number in range(4):
        gate.is_over(message(5, number), NOON)
    again = [gate.is_over(message(5, 10 + n, at=later), later) for n in range(3)]
    assert again == [(False, None), (False, None), (True, SAID_TO_FIVE)]


def test_what_was_said_over_hours_and_arrives_at_once_is_no_flood() -> None:
    gate = Flood(20, 120)
    late = NOON + 86_400
    assert not any(
        gate.is_over(message(5, number, at=NOON + number * 60), late)[0] for number in range(200)
    )


def test_update_that_telegram_hands_over_again_counts_once() -> None:
    gate = Flood(2, 120)
    for _ in range(5):
        assert gate.is_over(message(5, 1), NOON) == (False, None)
    assert gate.is_over(message(5, 2), NOON) == (False, None)


def test_what_names_nobody_does_not_count() -> None:
    gate = Flood(1, 1)
    odd_ones: tuple[dict[str, Any], ...] = (
        {"message": {"from": "someone"}},
        {"message": None},
        {"callback_query": {"from": {"id": "5"}}},
        {"callback_query": []},
        {"edited_message": {"from": {"id": 5}}},
    )
    for odd in odd_ones:
        assert [gate.is_over({"update_id": 1, **odd}, NOON) for _ in range(3)] == [
            (False, None)
        ] * 3


def test_presses_count_apart_from_words_and_by_when_they_arrive() -> None:
    gate = Flood(1, 3)
    assert gate.is_over(message(5, 1), NOON) == (False, None)
    pressed = [gate.is_over(press(5, 10 + number), NOON) for number in range(5)]
    assert [is_over for is_over, _ in pressed] == [False] * 3 + [True] * 2
    assert [told for _, told in pressed] == [
        *[None] * 3,
        Notice(5, "pressed_too_often", is_private=True, press="13"),
        None,
    ]
    assert gate.is_over(press(6, 50), NOON) == (False, None)
    assert gate.is_over(press(5, 60), NOON + 60) == (False, None)


def test_press_in_a_group_is_told_apart_from_one_in_private() -> None:
    gate = Flood(1, 1)
    gate.is_over(press(5, 1, chat=GROUP), NOON)
    _, told = gate.is_over(press(5, 2, chat=GROUP), NOON)
    assert told == Notice(5, "pressed_too_often", is_private=False, press="2")


@pytest.mark.parametrize("query", [None, 7, "", "\ud83d"], ids=ascii)
def test_press_that_nothing_can_answer_is_left_out_without_a_word(query: object) -> None:
    gate = Flood(1, 1)
    gate.is_over(press(5, 1), NOON)
    odd = press(5, 2)
    odd["callback_query"]["id"] = query
    assert gate.is_over(odd, NOON) == (True, None)


def test_whoever_moves_the_bot_about_is_bounded_and_not_spoken_to() -> None:
    gate = Flood(1, 2)
    moved = [gate.is_over(joining(5, number), NOON) for number in range(4)]
    assert moved == [(False, None)] * 2 + [(True, None)] * 2


def test_whoever_is_silent_for_a_minute_is_forgotten() -> None:
    gate = Flood(1, 120)
    for account in range(1, flood.MANY + 2):
        gate.is_over(message(account, account), NOON)
    gate.is_over(message(1, 1_000_000, at=NOON + 60), NOON + 60)
    assert len(gate._taken) == 1


async def pour(chat: Chat, updates: list[dict[str, Any]]) -> None:
    """Hand them over in Telegram's largest batches."""
    for first in range(0, len(updates), BATCH):
        chat.app.inbox.take(updates[first : first + BATCH])
        await chat.settle()


def asks(chat: Chat, account: int, many: int, *, place: int | None = None) -> list[dict[str, Any]]:
    now = int(chat.desk.now().timestamp())
    return [message(account, 10_000 + number, at=now, chat=place) for number in range(many)]


async def test_ten_thousand_updates_of_one_account_keep_nobody_waiting(line: Line) -> None:
    figures = await flooding.flood(line, 10_000)
    assert figures.taken <= figures.minutes * (20 + 120) < 1000
    assert figures.most_waiting <= 20 + 120 + 1 + flooding.OTHERS
    assert figures.notices == {"flooded": 1, "pressed_too_often": 1}
    assert len(figures.waits) == figures.asked > 300
    assert figures.late(0.99) < flooding.PATIENCE


async def test_flooder_reads_it_once_in_private_and_a_stranger_in_a_group_nothing() -> None:
    async with chatting(settings=Settings()) as chat:
        student = chat.cast.telegram["李明"]
        await pour(chat, asks(chat, student, 99, place=GROUP))
        await pour(chat, asks(chat, 7001, 99, place=GROUP))
        assert [text for text in chat.news("李明") if text == TOO_MANY] == [TOO_MANY]
        assert not chat.news(GROUP)
        await pour(chat, asks(chat, 7002, 99))
        assert chat.news(7002).count(TOO_MANY) == 1


async def test_whoever_presses_too_often_reads_it_once_over_the_press_and_the_rest_has_no_effect() -> (
    None
):
    async with chatting(settings=Settings()) as chat:
        student, last = chat.cast.telegram["李明"], chat.cast.telegram["王小雨"]
        await pour(chat, [press(student, number) for number in range(1, 301)])
        await pour(chat, [press(7001, 1000 + number, chat=GROUP) for number in range(130)])
        await pour(chat, [press(last, 2000)])
        over = [(query, is_alert) for query, text, is_alert in chat.recorder.pops if text == FULL]
        assert over == [("121", True), ("1120", True)]
        assert len(chat.recorder.pops) == 120 + 1 + 120 + 1 + 1
        assert not [*chat.news("李明"), *chat.news(GROUP), *chat.news(7001)]
        pressers = [row.raw["callback_query"]["from"]["id"] for row in chat.desk.store.inbox]
        assert Counter(pressers) == {student: 120, 7001: 120, last: 1}


class StumblingJournal(MemoryJournal):
    """Takes nothing while it is ``full``."""

    full = False

    @override
    def append(self, changes: Changes) -> int:
        if self.full:
            raise StoreClosedForWriting("no space")
        return super().append(changes)


@pytest.mark.parametrize("make", [message, press])
async def test_notice_that_was_not_kept_is_said_when_telegram_hands_the_batch_over_again(
    make: Callable[..., dict[str, Any]],
) -> None:
    journal = StumblingJournal()
    few = Settings(rate=Rate(account_minute=5, account_presses=60))
    async with chatting(settings=few, store=Store(journal)) as chat:
        now = int(chat.desk.now().timestamp())
        batch = [make(7001, number) for number in range(1, 62)]
        for one in batch:
            one.get("message", {})["date"] = now
        journal.full = True
        with pytest.raises(StoreClosedForWriting):
            chat.app.inbox.take(batch)
        journal.full = False
        for _ in range(2):
            chat.app.inbox.take(batch)
            await chat.settle()
        read = [*chat.news(7001), *(text for _, text, _ in chat.recorder.pops)]
        assert sum(text in {TOO_MANY, FULL} for text in read) == 1
