"""How long a wire in trouble is left alone, and what an outage costs those who wait."""

from __future__ import annotations

import asyncio
import logging
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.say import POP
from bot.delivery.outage import JITTER, LONGEST, LONGEST_IN_DOUBT, Outage
from bot.delivery.outbox import FOR_ANSWERS, IN_FLIGHT
from bot.settings import Rate, Settings
from storage.records import Row, RowState
from tests.bot.delivery.rows import minutes_pass, put, state
from tests.support.chat import Chat, chatting
from tests.support.line import (
    Answer,
    Call,
    Line,
    answer_lost,
    lost_on_the_way,
    refusal,
    unplugged,
)

RATE = 25


@given(st.integers(1, 40), st.sampled_from([LONGEST, LONGEST_IN_DOUBT]))
def test_the_wait_doubles_from_a_second_to_its_longest_and_is_never_the_same_for_all(
    failures: int, longest: float
) -> None:
    outage, now = Outage(), 0.0
    for number in range(failures):
        outage.failed(now, longest)
        whole = min(2.0**number, longest)
        assert JITTER * whole <= outage.delay(now) <= whole
        assert outage.is_on
        now += outage.delay(now)
    outage.over()
    assert (outage.delay(now), outage.is_on) == (0.0, False)


def test_several_failures_at_once_are_one() -> None:
    outage = Outage()
    for _ in range(IN_FLIGHT):
        outage.failed(0.0, LONGEST)
    assert outage.delay(0.0) <= 1.0
    outage.failed(1.0, LONGEST)
    assert outage.delay(1.0) > 1.0


def test_what_comes_through_elsewhere_ends_the_wait_but_not_the_care() -> None:
    outage = Outage()
    for second in range(10):
        outage.failed(1000.0 * second, LONGEST)
    outage.try_now()
    assert (outage.delay(9000.0), outage.is_on) == (0.0, True)


# Before a wave


def wave(chat: Chat, count: int, *, reminder: bool = True) -> list[Row]:
    """So many reminders, each to another chat."""
    return [put(chat, 50_000 + number, reminder=reminder) for number in range(count)]


@pytest.mark.parametrize("fault", [lost_on_the_way, answer_lost, refusal(502, "Bad Gateway")])
async def test_an_outage_in_which_nobody_knows_what_arrived_costs_few_of_a_wave(
    chat: Chat, line: Line, fault: object
) -> None:
    """Without the care, ten minutes of it would use up both attempts of all 500."""
    line.always = fault  # type: ignore[assignment]  # parametrize knows no types
    rows = wave(chat, 500)
    await minutes_pass(chat, 10)
    assert line.attempts <= IN_FLIGHT + 12
    line.always = None
    await minutes_pass(chat, 5)
    fates = [state(chat, row) for row in rows]
    assert fates.count(RowState.UNCERTAIN) <= IN_FLIGHT
    assert fates.count(RowState.SENT) == 500 - fates.count(RowState.UNCERTAIN)
    assert max(line.arrivals.count(row.chat) for row in rows) <= 2


async def test_after_an_outage_of_the_network_a_wave_leaves_whole_and_once(
    chat: Chat, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    line.always = unplugged
    rows = wave(chat, 500)
    with caplog.at_level(logging.INFO):
        await minutes_pass(chat, 10)
        assert line.attempts <= 15
        line.always = None
        chat.app.polling.recovered()  # getUpdates is the first to notice
        await minutes_pass(chat, 500 / RATE / 60 + 0.1)
    assert line.arrivals == [row.chat for row in rows]
    told = [record.getMessage() for record in caplog.records]
    assert told.count("cannot reach Telegram (NetworkError); trying on") == 1
    assert told.count("Telegram answers again") == 1


async def test_without_news_from_getupdates_an_outage_of_ten_minutes_is_noticed_within_ten(
    chat: Chat, line: Line
) -> None:
    line.always = unplugged
    row = put(chat, "李明")
    await minutes_pass(chat, 10)
    line.always = None
    await minutes_pass(chat, 10)
    assert state(chat, row) is RowState.SENT


async def test_in_a_storm_of_429_each_window_costs_one_request_and_order_is_kept(
    chat: Chat, line: Line
) -> None:
    rows = wave(chat, 500)
    refused: list[float] = []

    async def too_many(call: Call) -> Answer:
        refused.append(chat.clock.monotonic())
        said = refusal(429, "Too Many Requests: retry after 30", retry_after=30)
        return await said(call)

    line.faults.extend([too_many] * 10)
    await chat.app.outbox.drain()
    assert all(later - earlier >= 30 for earlier, later in pairwise(refused))
    assert line.arrivals == [row.chat for row in rows]
    assert {state(chat, row) for row in rows} == {RowState.SENT}
    assert line.attempts == len(rows) + len(refused)


async def test_while_telegram_asks_to_wait_nothing_at_all_leaves(chat: Chat, line: Line) -> None:
    line.faults.append(refusal(429, "Too Many Requests: retry after 9", retry_after=9))
    left: list[float] = []

    async def noted(call: Call) -> Answer:
        left.append(chat.clock.monotonic())
        return await call()

    line.faults.extend([noted] * 4)
    put(chat, "李明", reminder=True)
    await minutes_pass(chat, 0.01)
    put(chat, "王小雨")
    put(chat, "赵一", POP, args={"query": "1", "say": None})
    begun = chat.clock.monotonic()
    await chat.app.outbox.drain()
    assert len(left) == 3
    assert min(left) >= begun


async def test_a_wave_on_a_slow_wire_leaves_a_place_for_answers(chat: Chat, line: Line) -> None:
    gate = asyncio.Event()

    async def slow(call: Call) -> Answer:
        await gate.wait()
        return await call()

    line.always = slow
    rows = wave(chat, IN_FLIGHT + 2)
    sending = asyncio.ensure_future(chat.app.outbox.run())
    for _ in range(100):
        await asyncio.sleep(0)
    assert line.attempts == IN_FLIGHT - FOR_ANSWERS
    answer = put(chat, "李明")
    chat.app.outbox.wake()
    for _ in range(100):
        await asyncio.sleep(0)
    assert state(chat, answer) is RowState.SENDING
    line.always = None
    gate.set()
    while any(state(chat, row) is not RowState.SENT for row in rows):
        await asyncio.sleep(0)
    chat.app.outbox.close()
    await sending


@pytest.mark.parametrize("rate", [1, 5, 25])
async def test_a_wave_never_delays_an_answer_by_more_than_two_slots(line: Line, rate: int) -> None:
    async with chatting(recorder=line, settings=Settings(rate=Rate(overall=rate))) as chat:
        asked: dict[int, float] = {}
        waited: list[float] = []

        async def noted(call: Call) -> Answer:
            before = len(line.arrivals)
            answer = await call()
            to = line.arrivals[before]
            if to in asked:
                waited.append(chat.clock.monotonic() - asked.pop(to))
            elif len(line.arrivals) % 7 == 0:  # somebody asks just as a reminder has left
                someone = 90_000 + len(line.arrivals)
                asked[someone] = chat.clock.monotonic()
                put(chat, someone)
                chat.app.outbox.wake()
            return answer

        line.always = noted
        wave(chat, 200)
        await chat.app.outbox.drain()
        assert len(waited) > 20
        assert max(waited) <= 2 / rate
