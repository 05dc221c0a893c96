"""A clock that stands still until it is moved: both processes of a rehearsal live by one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

LEAST = timedelta(milliseconds=1)  # a wait ends after its last fraction of a second, never before


class ToldClock:
    """Shanghai time as somebody tells it. Waiting costs no real time: a move ends it.

    ``parked`` is called whenever somebody begins to wait.
    """

    def __init__(self, now: datetime, parked: Callable[[], None] = lambda: None) -> None:
        self._start = self._now = now
        self._ends: dict[asyncio.Event, float] = {}
        self._parked = parked

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    def move_to(self, now: datetime) -> None:
        """Jump to that moment, ending every wait that ends by then; it never runs backwards."""
        self._now = max(now, self._now)
        for event, end in self._ends.items():
            if end <= self.monotonic():
                event.set()

    async def sleep(self, seconds: float) -> None:
        await self.wait(asyncio.Event(), seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        self._ends[event] = self.monotonic() + seconds
        if seconds <= 0:
            event.set()
        self._parked()
        try:
            await event.wait()
        finally:
            del self._ends[event]
            event.clear()

    def at_rest(self, waits: int) -> bool:
        """Whether that many waits have begun and none of them has ended."""
        return len(self._ends) >= waits and not any(event.is_set() for event in self._ends)

    def first_end(self) -> datetime:
        """When the first wait ends if nothing happens. Raises ValueError: nobody waits."""
        return max(self._start + timedelta(seconds=min(self._ends.values())), self._now) + LEAST
