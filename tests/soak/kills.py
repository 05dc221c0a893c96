"""SIGKILL at random moments while everybody is at work (F1), one college after another."""

from __future__ import annotations

import asyncio
import random
from datetime import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak import stories
from tests.soak.figures import Figures
from tests.soak.people import WEEK1, settle
from tests.soak.term import Term, at
from tests.soak.town import Nursery, nursery, town

KILLS_IN_A_TERM = 50
PAIRS = 12
LONGEST_LIFE = 0.3  # seconds after the first sign of life


def run(seed: int, times: int) -> Figures:
    """``times`` kills that struck work; a college and its term for each fifty of them at most."""
    return asyncio.run(_run(seed, times))


async def _run(seed: int, times: int) -> Figures:
    figures = Figures("kills", seed)
    async with nursery() as born_by:
        while figures["struck"] < times:
            dice = random.Random(f"{seed} {figures['terms']}")
            left = min(times - figures["struck"], KILLS_IN_A_TERM)
            with TemporaryDirectory(prefix="yinlu-soak-") as name:
                await _term(Path(name), born_by, dice, left, figures)
    if figures["sent without a record"] > figures["kills"]:
        figures.broken("duplicates", "more than kills")
    return figures


async def _term(
    folder: Path, born_by: Nursery, dice: random.Random, times: int, figures: Figures
) -> None:
    async with town(folder, at(WEEK1, time(8)), born_by) as place:
        plot = stories.write(settle(place, PAIRS, newcomers=PAIRS // 5), dice)
        term = Term(place, plot, dice)
        struck = 0
        while struck < times and not term.is_over:
            struck += await _killed(term, figures)
        await term.settled(figures)


async def _killed(term: Term, figures: Figures) -> bool:
    """One life and its end; whether the kill struck work."""
    begun, risked = term.store.sequence, term.risked
    bot = await term.bear()
    clock = asyncio.get_running_loop().time
    end = clock() + term.dice.uniform(0, LONGEST_LIFE)
    while (left := end - clock()) > 0:
        term.plot.go_on(term.dice, 1)
        await asyncio.sleep(min(left, 0.01))
    await term.died(bot, await bot.kill(), figures)
    figures.count("kills")
    figures.most("of these at one kill", term.risked - risked)
    is_struck = term.store.sequence > begun and term.is_busy()
    figures.count("struck", int(is_struck))
    return is_struck
