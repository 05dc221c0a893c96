"""The rehearsal's clock: it stands still until it is moved, and a move ends the waits that are due."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.rehearsal.told_clock import ToldClock
from tests.support.clock import at

START = at(2026, 9, 14)


async def test_a_wait_ends_when_the_clock_is_moved_to_its_end_and_not_before() -> None:
    clock, event = ToldClock(START), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(clock.wait(event, 30))
        await asyncio.sleep(0)
        clock.move_to(START + timedelta(seconds=29))
        await asyncio.sleep(0)
        assert not waiting.done()
        clock.move_to(START + timedelta(seconds=30))
    assert not event.is_set()


async def test_an_event_ends_a_wait_without_any_time_passing() -> None:
    clock, event = ToldClock(START), asyncio.Event()
    event.set()
    await clock.wait(event, 30)
    assert (clock.now(), clock.monotonic(), event.is_set()) == (START, 0.0, False)


async def test_a_sleep_of_no_length_needs_no_move() -> None:
    await ToldClock(START).sleep(0)


async def test_the_clock_is_at_rest_only_while_all_wait_and_nothing_has_happened() -> None:
    parked: list[bool] = []
    clock, event = ToldClock(START, lambda: parked.append(True)), asyncio.Event()
    assert not clock.at_rest(1)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(clock.wait(event, 5))
        await asyncio.sleep(0)
        assert parked == [True]
        assert clock.at_rest(1)
        assert not clock.at_rest(2)
        assert START + timedelta(seconds=5) < clock.first_end() < START + timedelta(seconds=6)
        event.set()
        assert not clock.at_rest(1)


def test_the_clock_never_runs_backwards() -> None:
    clock = ToldClock(START)
    clock.move_to(START - timedelta(days=1))
    assert clock.now() == START
