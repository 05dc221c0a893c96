"""The one door through which time enters."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import time_machine

from bot.clock import SystemClock


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Shanghai"])
def test_now_is_shanghai_time_whatever_the_zone_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    with time_machine.travel("2026-09-14T01:00:00+00:00", tick=False):
        now = SystemClock().now()
    assert now.isoformat() == "2026-09-14T09:00:00+08:00"
    assert now.utcoffset() == timedelta(hours=8)


async def test_waiting_ends_when_the_event_comes_and_clears_it() -> None:
    event = asyncio.Event()
    event.set()
    await SystemClock().wait(event, 3600)
    assert not event.is_set()


async def test_waiting_ends_without_the_event_once_the_time_is_over() -> None:
    event = asyncio.Event()
    await SystemClock().wait(event, 0)
    assert not event.is_set()


async def test_an_event_that_comes_just_as_the_wait_ends_is_not_announced_twice() -> None:
    event, clock = asyncio.Event(), SystemClock()
    waiting = asyncio.ensure_future(clock.wait(event, 3600))
    await asyncio.sleep(0)
    event.set()
    await waiting
    assert not event.is_set()
