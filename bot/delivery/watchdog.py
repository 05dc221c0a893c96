"""Sees a bot that is stuck, from a thread of its own: a blocked loop can't look at itself.

It ends the process without ceremony. That is safe by design: a kill at any moment loses nothing
(DESIGN, decisions 1 and 4), the lock goes with the process, and whoever starts it again finds all
that waits. A network outage is no reason: getUpdates that fail come back, and are waited out.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.delivery.heartbeat import Heartbeat
from bot.supervisor import ALIVE, READY, STOPPING, Supervisor

log = logging.getLogger(__name__)

STUCK = 70  # exit code
LOOK_SECONDS = 1.0
LAST_WORD_SECONDS = 2.0
END_SECONDS = 9.0  # after which an ending that does not end is cut short (reliability F3)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that may pass without a sign of life (reliability § 5, Watchdog)."""

    poll: float = 90.0
    tick: float = 180.0
    row: float = 900.0


class Watchdog:
    """Looks at a heartbeat. ``leave`` ends the process with an exit code."""

    def __init__(
        self,
        heartbeat: Heartbeat,
        supervisor: Supervisor,
        *,
        limits: Limits | None = None,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        self._heartbeat = heartbeat
        self._supervisor = supervisor
        self._limits = limits or Limits()
        self._leave = leave
        self._looked = self._since = heartbeat.now()
        self._told_to_end: float | None = None
        self._ended = threading.Event()
        self._pause = min(LOOK_SECONDS, (supervisor.patience or 2 * LOOK_SECONDS) / 2)

    def complaint(self) -> str | None:
        """Return what has stopped, in one line; None: all is well."""
        beat, limits, now = self._heartbeat, self._limits, self._heartbeat.now()
        if now - self._looked > limits.poll / 2:
            self._since = now  # the whole process was stopped, or the host asleep (F19)
        self._looked = now

        def silent(since: float) -> float:
            return now - max(since, self._since)

        if (seconds := silent(beat.finished)) > limits.poll:
            return f"no getUpdates has come back for {seconds:.0f} s"
        if beat.ticked is not None and (seconds := silent(beat.ticked)) > limits.tick:
            return f"no tick for {seconds:.0f} s"
        oldest = beat.oldest  # read once: the loop may replace it meanwhile
        if oldest is not None and silent(beat.heard) < limits.poll:
            row, since = oldest
            if (seconds := silent(since)) > limits.row:
                return f"row {row} has not left for {seconds:.0f} s although Telegram answers"
        return None

    def look(self) -> bool:
        """Look once: tell the supervisor that all is well, or end the process. False: it is ended."""
        complaint = self.complaint()
        if complaint is None:
            self._supervisor.tell(ALIVE)
            return True
        self._say(complaint)
        self._leave(STUCK)
        return False

    def _say(self, complaint: str) -> None:
        """Say it to the log, which whoever is stuck may hold: then the exit code has to do."""
        last_word = threading.Thread(
            target=log.critical, args=("stuck: %s; ending with %s", complaint, STUCK), daemon=True
        )
        last_word.start()
        last_word.join(LAST_WORD_SECONDS)

    def end_soon(self) -> None:
        """The bot was told to end: from here on only the end is watched. A signal handler may call it."""
        self._told_to_end = self._heartbeat.now()
        self._supervisor.tell(STOPPING)

    def run(self) -> None:
        """Look again and again, until the bot has ended."""
        while not self._ended.wait(self._pause):
            if self._told_to_end is None:
                if not self.look():
                    return
            elif self._heartbeat.now() - self._told_to_end > END_SECONDS:
                self._leave(0)  # what is left undone waits in the store, as after a kill
                return

    def close(self) -> None:
        """The bot has ended."""
        self._ended.set()


@contextmanager
def watched(
    heartbeat: Heartbeat, supervisor: Supervisor, *, limits: Limits | None = None
) -> Iterator[Watchdog]:
    """Watch from a thread while the block runs; the supervisor hears of its begin and its end."""
    watchdog = Watchdog(heartbeat, supervisor, limits=limits)
    threading.Thread(target=watchdog.run, name="watchdog", daemon=True).start()
    supervisor.tell(READY)
    try:
        yield watchdog
    finally:
        supervisor.tell(STOPPING)
        watchdog.close()
