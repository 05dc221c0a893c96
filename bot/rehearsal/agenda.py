"""Who does what when: scripts that wait, in the order of the rehearsal's time."""

from __future__ import annotations

import heapq
from collections.abc import Generator
from datetime import datetime, timedelta
from itertools import count

from bot.rehearsal.told_clock import ToldClock

# What somebody does, step by step; between two steps so much time passes, or it becomes then.
Script = Generator[timedelta | datetime, None, None]


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


class Agenda:
    """Everybody's scripts. Steps of one moment go in the order in which they were written down."""

    def __init__(self, clock: ToldClock) -> None:
        self._clock = clock
        self._numbers = count()
        self._steps: list[tuple[datetime, int, Script]] = []

    def begin(self, script: Script) -> None:
        """Do the first step now: that is, before time goes on."""
        self._write_down(self._clock.now(), script)

    def next(self) -> datetime | None:
        """When the next step is; None: nobody has anything to do."""
        return self._steps[0][0] if self._steps else None

    def act(self) -> bool:
        """Do the steps of this moment, and no step that they lead to; whether there was any."""
        now, later, acted = self._clock.now(), next(self._numbers), False
        while self._steps and self._steps[0][0] <= now and self._steps[0][1] < later:
            script, acted = heapq.heappop(self._steps)[2], True
            pause = next(script, None)
            if pause is not None:
                then = now + pause if isinstance(pause, timedelta) else max(pause, now)
                self._write_down(then, script)
        return acted

    def _write_down(self, at: datetime, script: Script) -> None:
        heapq.heappush(self._steps, (at, next(self._numbers), script))
