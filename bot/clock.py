"""The one door through which time enters: now, a monotonic reading, and sleep (DESIGN, decision 12)."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """What the bot knows of time; the rehearsal supplies one that jumps."""

    def now(self) -> datetime:
        """Return the present moment, aware, in Shanghai time."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards; only differences mean anything."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds."""
        ...

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Wait for the event, that many seconds at most, and clear it."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(SHANGHAI)  # noqa: TID251 - this is the door

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
        event.clear()
