"""Trouble on the wire: how long to leave it alone, and how carefully to try again."""

from __future__ import annotations

import random

from bot.delivery.limiter import rounded

LONGEST = 15 * 60.0  # seconds between attempts that surely did not arrive
LONGEST_IN_DOUBT = 4 * 60.0  # each of these may be a copy; often enough to be back within 5 min
JITTER = 0.8  # a wait is drawn between this part of it and all of it


class Outage:
    """Waits of 1, 2, 4 … seconds after failures in a row; all times are of one monotonic clock.

    ``is_on``: something failed, and nothing has come through since. One row at a time is tried
    then, so that an outage costs the rows on the wire when it began and not the whole wave.
    """

    def __init__(self) -> None:
        self.is_on = False
        self._failures = 0
        self._until = 0.0

    def delay(self, now: float) -> float:
        """Return how many seconds nothing should be tried."""
        return rounded(self._until - now)

    def failed(self, now: float, longest: float) -> None:
        """An attempt failed. Of several on the wire at the same time the first one counts."""
        self.is_on = True
        if self.delay(now) > 0:
            return
        wait = min(2.0**self._failures, longest)
        self._until = now + wait * random.uniform(JITTER, 1.0)  # noqa: S311 -- spreads, hides nothing
        self._failures = min(self._failures + 1, 16)

    def suspect(self) -> None:
        """Telegram asks to wait: whoever comes first after that goes alone."""
        self.is_on = True

    def try_now(self) -> None:
        """Something else has come through again: the next attempt need not wait."""
        self._until = 0.0

    def over(self) -> None:
        """Telegram has answered."""
        self.is_on, self._failures, self._until = False, 0, 0.0
