"""One long life under load and with faults (F26): what it takes of the machine must not grow.

Nobody waits long for an answer either, but while Telegram fails and shortly after.
"""

from __future__ import annotations

import asyncio
import random
import resource
import time as wall
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import count, cycle
from pathlib import Path
from statistics import fmean, quantiles
from tempfile import TemporaryDirectory

from bot.rehearsal.botapi import FaultKind, Message, Program
from storage.records import Kind
from tests.soak.backlog import WORDS
from tests.soak.figures import Figures
from tests.soak.people import WEEK1, Member, settle
from tests.soak.term import at
from tests.soak.town import Town, nursery, town

PAIRS = 36  # each speaker stays far below what one account may write
UPDATES_A_SECOND = 10
PATIENCE = 2.0  # seconds that 99 of 100 answers may take
CALM = 20.0  # seconds after the last fault until answers count: what was held back leaves first
LOOKS = 40  # at the process, in equal distances
STRUCK = 10  # sends of which about half fail, between two looks
KINDS = (
    FaultKind.SERVER_ERROR,
    FaultKind.BAD_GATEWAY,
    FaultKind.RESET_BEFORE,
    FaultKind.RESET_AFTER,
    FaultKind.TOO_MANY_REQUESTS,
)
# What is kept stays in memory: a row that came in, what it caused and what was said, at the least.
BYTES_A_RECORD = 4 * 1024
SLACK = 10 * 1024 * 1024  # bytes that may be more at the end
PAGE = resource.getpagesize()


@dataclass(frozen=True, slots=True)
class Look:
    """``memory``: resident bytes. ``records``: in all tables of the store."""

    memory: int
    descriptors: int
    records: int


def look(place: Town, pid: int) -> Look:
    process = Path(f"/proc/{pid}")
    resident = int((process / "statm").read_text().split()[1]) * PAGE
    store = place.store()
    kept = len(store.inbox) + len(store.outbox) + len(store.deeds) + len(store.buttons)
    return Look(resident, len(list((process / "fd").iterdir())), kept)


def judge(looks: Sequence[Look], figures: Figures) -> None:
    """Compare the last quarter with the second one; in the first the process warms up."""
    quarter = len(looks) // 4
    early, late = looks[quarter : 2 * quarter], looks[-quarter:]
    growth = int(_memory(late) - _memory(early))
    records = max(late[-1].records - early[0].records, 0)
    figures.count("KiB resident, second quarter", int(_memory(early)) // 1024)
    figures.count("KiB resident, last quarter", int(_memory(late)) // 1024)
    figures.count("KiB more", growth // 1024)
    figures.count("records more", records)
    before, after = (min(one.descriptors for one in part) for part in (early, late))
    figures.count("descriptors, second quarter", before)
    figures.count("descriptors, last quarter", after)
    if growth > SLACK + records * BYTES_A_RECORD:
        figures.broken("memory", f"{growth} bytes more for {records} records")
    if after > max(one.descriptors for one in early):
        figures.broken("descriptors", f"{after} at the least, {before} before")


def _memory(looks: Sequence[Look]) -> float:
    return fmean(one.memory for one in looks)


@dataclass(slots=True)
class Stopwatch:
    """How long students wait for an answer. ``waits``: in seconds, of those that count."""

    asked: dict[int, datetime] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    def start(self, account: int, now: datetime) -> None:
        """The student of that account writes."""
        self.asked[account] = now

    def stop(self, account: int, chat: Iterable[Message], now: datetime) -> None:
        """Look for the answer to what was written last; without one the wait lasts until now."""
        asked = self.asked.pop(account, None)
        if asked is None:
            return
        came = [one.date for one in chat if one.sender != account and one.date >= asked]
        self.waits.append((min(came, default=now) - asked).total_seconds())

    def judge(self, figures: Figures) -> None:
        if len(self.waits) < 2:  # too short a life
            return
        shares = quantiles(self.waits, n=100, method="inclusive")
        figures.count("answers outside faults", len(self.waits))
        for name, wait in (("p50", shares[49]), ("p99", shares[98]), ("longest", max(self.waits))):
            figures.count(f"milliseconds to an answer, {name}", int(1000 * wait))
        if shares[98] >= PATIENCE:
            figures.broken("slow", f"{shares[98]:.2f} s for the slowest of a hundred answers")


def run(seed: int, times: int) -> Figures:
    """One life of ``times`` seconds; everybody writes all the time, and half the sends fail."""
    return asyncio.run(_run(seed, times))


async def _run(seed: int, times: int) -> Figures:
    figures, watch = Figures("endurance", seed), Stopwatch()
    dice = random.Random(seed)
    with TemporaryDirectory(prefix="yinlu-soak-") as name:
        start = at(WEEK1, time(8))
        async with nursery() as born_by, town(Path(name), start, born_by) as place:
            pairs = settle(place, PAIRS).pairs
            speakers = cycle([*(one.student for one in pairs), *(one.mentor for one in pairs)])
            bot = await place.bear()
            looks = []
            for _ in range(LOOKS):
                fault = Program(dice.randrange(10**6), STRUCK, kinds=KINDS, retry_after=1)
                place.world.fault = fault
                words = (dice.choice(WORDS) for _ in count())
                await _lives(place, zip(speakers, words, strict=False), times / LOOKS, watch)
                looks.append(look(place, bot.pid))
            place.world.fault = None
            figures.count("seconds", times)
            figures.count("updates", place.pushed)
            judge(looks, figures)
            watch.judge(figures)
            if code := await bot.end():
                figures.broken("stuck", f"exit code {code}: {place.complaint()}")
    return figures


async def _lives(
    place: Town, said: Iterator[tuple[Member, str]], seconds: float, watch: Stopwatch
) -> None:
    """Everybody in turn writes something; answers count once Telegram works again."""
    fault, end = place.world.fault, wall.monotonic() + seconds
    assert isinstance(fault, Program)
    struck = wall.monotonic()
    watch.asked.clear()  # whoever waits still waits in the next faults
    while wall.monotonic() < end:
        speaker, words = next(said)
        account = speaker.account
        watch.stop(account, place.world.chats[account].messages.values(), place.clock.now())
        if fault.left:
            struck = wall.monotonic()
        elif wall.monotonic() - struck > CALM and speaker.person.kind is Kind.STUDENT:
            watch.start(account, place.clock.now())
        speaker.says(words)
        await asyncio.sleep(1 / UPDATES_A_SECOND)
