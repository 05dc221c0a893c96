"""A clock that stands still until it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from typing_extensions import override

from bot.clock import SHANGHAI


class StandingClock:
    """Now is what the test says; waiting returns as soon as the loop has had a turn."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._seconds = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    def move_to(self, now: datetime) -> None:
        """Jump to a moment; the monotonic reading never runs backwards."""
        self._seconds += max((now - self._now).total_seconds(), 0.0)
        self._now = now

    def advance(self, **delta: float) -> None:
        """Jump ahead by ``timedelta(**delta)``."""
        self.move_to(self._now + timedelta(**delta))

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds=seconds)
        await asyncio.sleep(0)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        await asyncio.sleep(0)
        if not event.is_set():
            self.advance(seconds=seconds)
        event.clear()


class PacedClock(StandingClock):
    """Moves on by itself when somebody waits, but never while something is on the wire.

    For real HTTP: a request takes no time at all, however long the machine takes over it. Waits of
    up to ``short`` seconds pass all the same, so that several requests can be under way.
    """

    def __init__(self, now: datetime, is_busy: Callable[[], bool], short: float = 0.0) -> None:
        super().__init__(now)
        self._is_busy = is_busy
        self._short = short

    @override
    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        await asyncio.sleep(0)
        if seconds > self._short and self._is_busy():
            await event.wait()
        await super().wait(event, seconds)


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment in Shanghai."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
