"""One long life under load and with faults (F26): what it takes of the machine must not grow."""

from __future__ import annotations

import asyncio
import random
import resource
import time as wall
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from bot.rehearsal.botapi import FaultKind, Program
from tests.soak.backlog import WORDS
from tests.soak.figures import Figures
from tests.soak.people import WEEK1, People, settle
from tests.soak.term import at
from tests.soak.town import Town, nursery, town

PAIRS = 25
UPDATES_A_SECOND = 10
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


def run(seed: int, times: int) -> Figures:
    """One life of ``times`` seconds; everybody writes all the time, and half the sends fail."""
    return asyncio.run(_run(seed, times))


async def _run(seed: int, times: int) -> Figures:
    figures = Figures("endurance", seed)
    dice = random.Random(seed)
    with TemporaryDirectory(prefix="yinlu-soak-") as name:
        start = at(WEEK1, time(8))
        async with nursery() as born_by, town(Path(name), start, born_by) as place:
            people = settle(place, PAIRS)
            bot = await place.bear()
            looks = []
            for _ in range(LOOKS):
                place.world.fault = Program(
                    dice.randrange(10**6), STRUCK, kinds=KINDS, retry_after=1
                )
                await _lives(place, people, times / LOOKS, dice)
                looks.append(look(place, bot.pid))
            place.world.fault = None
            figures.count("seconds", times)
            figures.count("updates", place.pushed)
            judge(looks, figures)
            if code := await bot.end():
                figures.broken("stuck", f"exit code {code}: {place.complaint()}")
    return figures


async def _lives(place: Town, people: People, seconds: float, dice: random.Random) -> None:
    end = wall.monotonic() + seconds
    while wall.monotonic() < end:
        dice.choice(people.pairs).student.says(dice.choice(WORDS))
        await asyncio.sleep(1 / UPDATES_A_SECOND)
