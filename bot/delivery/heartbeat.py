"""When each part of the bot last showed life: in memory only, for the watchdog and for `yinlu doctor`."""

from __future__ import annotations

import os
from typing import Any

from bot.clock import Clock
from storage.records import RowId

CONFLICT = "Conflict"
CALM_SECONDS = 60  # of getUpdates without a Conflict: the other process has gone


class Heartbeat:
    """Written on the loop, read by the watchdog's thread too: every field is replaced in one step.

    All times are seconds of the clock's monotonic reading. ``finished``: a getUpdates came back,
    with updates or with an error. ``heard``: Telegram itself answered one. ``ticked``: a tick ended,
    with ``tick_failure`` or without. ``oldest``: the row that has been due longest, seen since then.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started = clock.now()
        self.finished = self.heard = self.now()
        self.ticked: float | None = (
            None  # ticks have not begun: Telegram must first say who we are
        )
        self.trouble: str | None = None  # what the last getUpdates failed of
        self.tick_failure: str | None = None
        self.oldest: tuple[RowId, float] | None = None
        self._conflict: tuple[float, float] | None = (
            None  # the first and the last of a row of them
        )

    def now(self) -> float:
        return self._clock.monotonic()

    def polled(self, trouble: str | None = None) -> None:
        """A call came back; ``trouble`` names what it failed of."""
        now = self.now()
        self.finished, self.trouble = now, trouble
        if trouble == CONFLICT:
            first, _ = self._conflict or (now, now)
            self._conflict = (first, now)
        elif self._conflict is not None and now - self._conflict[1] > CALM_SECONDS:
            self._conflict = None  # between two of them a call may well succeed
        if trouble in (None, CONFLICT):
            self.heard = now

    def ticks_begin(self) -> None:
        """From now on a tick is expected."""
        self.ticked = self.now()

    def beat(self, oldest: RowId | None, failure: str | None = None) -> None:
        """A tick ended. ``oldest``: the row that has been due longest, if one waits without excuse."""
        now = self.now()
        self.ticked, self.tick_failure = now, failure
        if oldest is None:
            self.oldest = None
        elif self.oldest is None or self.oldest[0] != oldest:
            self.oldest = (oldest, now)

    @property
    def conflict(self) -> float:
        """For how many seconds another process has been polling with our token; 0: none."""
        return 0.0 if self._conflict is None else self.now() - self._conflict[0]

    @property
    def silence(self) -> float:
        """Seconds since Telegram last answered a getUpdates; a long poll takes its own time."""
        return self.now() - self.heard

    def figures(self) -> dict[str, Any]:
        """Everything as JSON values: ages in seconds, None where there is nothing."""
        now = self.now()
        return {
            "pid": os.getpid(),
            "started": self._started.isoformat(),
            "poll_finished": round(now - self.finished, 1),
            "telegram_heard": round(now - self.heard, 1),
            "trouble": self.trouble,
            "conflict": round(self.conflict, 1) or None,
            "tick": None if self.ticked is None else round(now - self.ticked, 1),
            "tick_failure": self.tick_failure,
            "oldest_waits": None if self.oldest is None else round(now - self.oldest[1], 1),
        }
