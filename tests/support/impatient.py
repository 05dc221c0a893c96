"""`yinlu` where minutes would be too long for a test: the same command, polling and ticking in a hurry.

SIGUSR1 blocks its loop for good. A process of its own: `python -m tests.support.impatient`.
"""

from __future__ import annotations

import signal
import sys
import time
from functools import partial

from bot import serve, service
from bot.__main__ import main
from bot.delivery import schedule, watchdog
from bot.delivery.watchdog import Limits

LIMITS = Limits(poll=4.0, tick=60.0)


def hurry() -> None:
    """Look often, and lose patience soon."""
    service.POLL_SECONDS = schedule.TICK_SECONDS = 1
    watchdog.LOOK_SECONDS, watchdog.END_SECONDS = 0.2, 2.0
    vars(serve)["watched"] = partial(watchdog.watched, limits=LIMITS)


def block(*_: object) -> None:
    sys.stderr.write("blocked\n")
    sys.stderr.flush()
    time.sleep(600)


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, block)
    hurry()
    main()
