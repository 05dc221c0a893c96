"""SIGKILL at every named place (F4): as after any other kill, whatever is being written then."""

from __future__ import annotations

import asyncio
import random
from datetime import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.delivery.outbox import IN_FLIGHT
from tests.soak import stories
from tests.soak.failpoints import AFTER_SEND, POINTS
from tests.soak.figures import Figures
from tests.soak.people import WEEK1, settle
from tests.soak.term import Term, at
from tests.soak.town import Nursery, nursery, town

PAIRS = 30
NTH = 3  # a place is struck at the first to third time that it is reached
PATIENCE = 1.5  # seconds until a place counts as not reached in this life
TRIES = 4  # lives until a place must have been reached


def run(seed: int, times: int) -> Figures:
    """Every place ``times`` times; each time round all of them with a college of its own."""
    return asyncio.run(_run(seed, times))


async def _run(seed: int, times: int) -> Figures:
    figures = Figures("failpoints", seed)
    async with nursery() as born_by:
        for turn in range(times):
            dice = random.Random(f"{seed} {turn}")
            with TemporaryDirectory(prefix="yinlu-soak-") as name:
                await _round(Path(name), born_by, dice, figures)
    figures.count("places", len(POINTS))
    return figures


async def _round(folder: Path, born_by: Nursery, dice: random.Random, figures: Figures) -> None:
    async with town(folder, at(WEEK1, time(8)), born_by) as place:
        plot = stories.write(settle(place, PAIRS, newcomers=PAIRS // 5), dice)
        term = Term(place, plot, dice)
        for point in dice.sample(list(POINTS), len(POINTS)):
            await _struck(term, point, figures)
        await term.settled(figures)


async def _struck(term: Term, point: str, figures: Figures) -> None:
    for nth in (dice_roll := term.dice.randint(1, NTH), *[1] * (TRIES - 1)):
        risked = term.risked
        bot = await term.bear(point=point, nth=nth)
        end = asyncio.get_running_loop().time() + PATIENCE
        while not bot.dead.done() and asyncio.get_running_loop().time() < end:
            term.plot.go_on(term.dice, 1)
            await asyncio.sleep(0.01)
        is_reached = bot.dead.done()
        await term.died(bot, await bot.kill(), figures)
        figures.count("kills")
        if is_reached:
            figures.count("struck")
            # Elsewhere too a message may be on the wire at that moment.
            where = "after a send" if point == AFTER_SEND else "elsewhere"
            figures.count(f"sent without a record, {where}", term.risked - risked)
            if term.risked > risked + IN_FLIGHT:  # what was on the wire, at the most
                figures.broken("duplicates", f"{point}, time {nth}")
            return
    figures.broken("reached", f"{point} was not, at time {dice_roll} nor at the first")
