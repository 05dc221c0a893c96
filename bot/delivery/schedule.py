"""The tick and the daily backup. What is due follows from the records, so a missed run heals itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from telegram.ext import Application, ContextTypes

from bot.actions import housekeeping, notice, remind
from bot.desk import Desk

log = logging.getLogger(__name__)

TICK_SECONDS = 20  # a reminder found after downtime leaves within 20 s of the start
BACKUP_SECONDS = (
    600  # what may be lost with a disk in weeks 1-4; how often a daily one is looked for
)
PART = 200  # messages put on the way in one transaction: thousands would stop the loop for seconds
SOON = 0.1  # seconds after the start; the job queue takes 0 for "no first run"
JOB_OPTIONS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


def _nobody_asks(_failure: str | None) -> None:
    """Nobody watches this tick."""


class Tick:
    """Puts what is due on the way. ``ended`` hears of each run, and what it failed of, if it did."""

    def __init__(self, desk: Desk, ended: Callable[[str | None], None] = _nobody_asks) -> None:
        self._desk = desk
        self._ended = ended

    def install(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        queue = application.job_queue
        if queue is None:
            raise RuntimeError("python-telegram-bot was installed without its job queue")
        queue.run_repeating(
            self._run, TICK_SECONDS, first=SOON, name="tick", job_kwargs=JOB_OPTIONS
        )

    async def _run(self, _: ContextTypes.DEFAULT_TYPE) -> None:
        try:
            for _part in self._parts():
                await asyncio.sleep(0)  # people are answered between two parts
        except Exception as error:
            # It comes again: what a full disk stops, starting anew does not mend.
            self._ended(type(error).__name__)
            raise
        self._ended(None)

    def now(self) -> int:
        """Tick; return how many messages were put on the way."""
        return sum(self._parts())

    def _parts(self) -> Iterator[int]:
        """Put what is due on the way, a part at a time; yield how many messages each was."""
        while (wave := remind.wave(self._desk)) is not None:
            for begin in range(0, max(len(wave.messages), 1), PART):
                part = slice(begin, begin + PART)
                with self._desk.store.transaction():
                    if not remind.put_on_the_way(self._desk, wave, part):
                        break
                if count := len(wave.messages[part]):
                    log.info("%s reminders on the way", count)
                    self._desk.wake()
                yield count
            else:
                break
        yield from self._notices()
        self._desk.drafts.forget_expired(self._desk.now())

    def _notices(self) -> Iterator[int]:
        """Put a new version of the notice on personal data on the way, likewise."""
        while part := notice.untold(self._desk)[:PART]:
            with self._desk.store.transaction():
                for account in part:
                    notice.put(self._desk, account)
            log.info("%s notices on the way", len(part))
            self._desk.wake()
            yield len(part)


def keep_backups(
    application: Application[Any, Any, Any, Any, Any, Any], desk: Desk, folder: Path
) -> None:
    """Back the store up into that folder: once a day, purged first, and in weeks 1–4 what is new.

    A backup is read back whole before it counts, which takes its time: people are answered meanwhile.
    """

    async def run(_: ContextTypes.DEFAULT_TYPE) -> None:
        await back_up(desk, folder)

    if application.job_queue is not None:
        application.job_queue.run_repeating(
            run, BACKUP_SECONDS, first=SOON, name="backup", job_kwargs=JOB_OPTIONS
        )


async def back_up(desk: Desk, folder: Path) -> None:
    """Make the backup that is due, if one is; who is purged while it is written does not stay in it."""
    if housekeeping.is_daily_due(desk, folder):
        housekeeping.tidy_up(desk, folder)
    due = housekeeping.daily_due(desk, folder) or housekeeping.recent_due(desk, folder)
    if due is not None:
        await asyncio.to_thread(due.keep)
        housekeeping.remove_overtaken(desk, due)
