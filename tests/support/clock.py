"""A clock that stands still until it is told."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

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


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment in Shanghai."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
