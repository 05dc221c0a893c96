"""`python -m tests.soak [--minutes M] [--kills N] [--seed S] [--only LOOP]`: the large forms of the fault tests.

Each loop is a function ``run(seed, times)`` of a module; its figures say what was counted, and an
AssertionError or the figures themselves which promise was broken. Prints a table each; exit 1 if
any promise was broken. Loops are repeated with new seeds until the minutes are over; so long is
also the one life whose memory and descriptors are watched.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.table import Table

from tests.bot.commands import damages
from tests.bot.delivery import flooding, poison, programs
from tests.bot.matrix import fuzz
from tests.histories import machine as histories
from tests.soak import backlog, endurance, kills, pause, points, steps, zones
from tests.soak.figures import Figures
from tests.storage import fault_loop, json_storage, migration_kills
from tests.storage import kills as store_kills

Loop = Callable[[int, int], Figures | Mapping[str, int]]

ENDURANCE = "endurance"  # its times are seconds
# Each loop, and its times where a thousand kills are asked for.
LOOPS: Mapping[str, tuple[Loop, int]] = {
    "kills": (kills.run, 1000),
    "failpoints": (points.run, 20),
    "store kills": (store_kills.run, 500),
    "JSONStorage kills": (json_storage.run, 100),
    "migration kills": (migration_kills.run, 200),
    "disk faults": (fault_loop.run, 1000),
    "damage": (damages.run, 500),
    "programs": (programs.run, 500),
    "poison": (poison.run, 2000),
    "fuzz": (fuzz.run, 100_000),
    "flood": (flooding.run, 10_000),
    "histories": (histories.run, 2000),
    "steps": (steps.run, 10_000),
    "zones": (zones.run, len(zones.TERMS)),
    "pause": (pause.run, 5),
    "backlog": (backlog.run, 5000),
    ENDURANCE: (endurance.run, 60),
}
KILLS = 1000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=0, help="at least that long")
    parser.add_argument(
        "--kills", type=int, default=KILLS, help="every loop's size, in proportion"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=LOOPS, action="append")
    asked = parser.parse_args()
    end = time.monotonic() + 60 * asked.minutes
    held = True
    for seed in itertools.count(asked.seed):
        for name in asked.only or LOOPS:
            times = times_of(name, asked.kills, asked.minutes)
            held = play(name, seed, times) and held
        if time.monotonic() >= end:
            break
    sys.exit(0 if held else 1)


def times_of(name: str, size: int, minutes: float) -> int:
    _, times = LOOPS[name]
    if name == ENDURANCE and minutes:
        return max(1, round(60 * minutes))
    return max(1, times * size // KILLS)


def play(name: str, seed: int, times: int) -> bool:
    """Run one loop and print its figures; whether every promise was kept."""
    loop, _ = LOOPS[name]
    began = time.monotonic()
    try:
        found = loop(seed, times)
    except AssertionError as broken:
        found = Figures(name, seed)
        found.broken("promise", f"{broken}")
    figures = found if isinstance(found, Figures) else Figures(name, seed, Counter(found))
    show(name, figures, time.monotonic() - began)
    return figures.held


def show(name: str, figures: Figures, seconds: float) -> None:
    table = Table("figure", "value", title=f"{name}, seed {figures.seed}, {seconds:.0f} s")
    for figure, value in figures.counts.items():
        table.add_row(figure, f"{value}")
    for promise, faults in figures.faults.items():
        table.add_row(promise, f"[bold red]{len(faults)}")
    table.add_row("promises broken", f"{len(figures.faults)}")
    console = Console()
    console.print(table)
    for promise, faults in figures.faults.items():
        for fault in faults[:10]:
            console.print(f"[bold red]{promise}[/]: {fault}")


if __name__ == "__main__":
    main()
