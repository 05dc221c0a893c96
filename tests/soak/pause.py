"""The machine sleeps over the moment at which a wave is due (F19): it leaves late, and once."""

from __future__ import annotations

import asyncio
import signal
from datetime import time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.records import RowState
from tests.soak.figures import Figures
from tests.soak.people import WEEK1, settle
from tests.soak.term import at
from tests.soak.town import Nursery, Town, nursery, town

PAIRS = 12
TICK = 0.2  # seconds; the bot's own twenty are too long to wait for
SLEEP = 1.5  # real seconds; APScheduler's own grace, if it were left at that, is one
SLEPT = timedelta(minutes=10)
KIND = "S1"


def run(seed: int, times: int) -> Figures:
    """``times`` pauses of a bot that was awake until the minute before."""
    return asyncio.run(_run(seed, times))


async def _run(seed: int, times: int) -> Figures:
    figures = Figures("pause", seed)
    async with nursery() as born_by:
        for _ in range(times):
            with TemporaryDirectory(prefix="yinlu-soak-") as name:
                await _slept(Path(name), born_by, figures)
    return figures


async def _slept(folder: Path, born_by: Nursery, figures: Figures) -> None:
    before = at(WEEK1 + timedelta(days=7), time(8, 59))
    async with town(folder, before, born_by) as place:
        people = settle(place, PAIRS)
        students = [pair.student.account for pair in people.pairs]
        place.tick = TICK
        bot = await place.bear()
        async with asyncio.timeout(30):
            while not place.world.updates.polls:
                await asyncio.sleep(0.01)
            bot.signal(signal.SIGSTOP)
            place.clock.set(before + SLEPT)
            await asyncio.sleep(SLEEP)  # the pause itself
            if any(_reminders(place, one) for one in students):
                figures.broken("duplicates", "sent before its time")
            bot.signal(signal.SIGCONT)
            while not all(_reminders(place, one) for one in students):
                await asyncio.sleep(0.05)
        if await bot.end():
            figures.broken("stuck", place.complaint())
        figures.count("pauses")
        for account in students:
            figures.count("reminders", _reminders(place, account))
        rows = [row for row in place.store().outbox if row.kind == KIND]
        once = all(row.state is RowState.SENT and row.attempts == 1 for row in rows)
        if not once or figures["reminders"] != figures["pauses"] * PAIRS or len(rows) != PAIRS:
            figures.broken("twice", f"{len(rows)} rows, {figures['reminders']} messages")


def _reminders(place: Town, account: int) -> int:
    return sum(
        one.method == "sendMessage" and one.chat == account and "主动" in one.text
        for one in place.world.log
    )
