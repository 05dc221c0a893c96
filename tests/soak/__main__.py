"""`python -m tests.soak [--minutes M] [--kills N] [--seed S] [--only LOOP]`: the large forms of the fault tests.

Each loop is a module with ``run(seed, times)``, whose figures say what was counted and which
promises were broken. Prints a table; exit 1 if any promise was broken. Loops are repeated with new
seeds until the minutes are over.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.table import Table

from tests.soak import kills, points
from tests.soak.figures import Figures

Loop = Callable[[int, int], Figures]

# Each loop, and its times where a thousand kills are asked for.
LOOPS: Mapping[str, tuple[Loop, int]] = {
    "kills": (kills.run, 1000),
    "failpoints": (points.run, 20),
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
            loop, times = LOOPS[name]
            began = time.monotonic()
            figures = loop(seed, max(1, times * asked.kills // KILLS))
            show(name, figures, time.monotonic() - began)
            held = held and figures.held
        if time.monotonic() >= end:
            break
    sys.exit(0 if held else 1)


def show(name: str, figures: Figures, seconds: float) -> None:
    """Print the figures as soon as they are known."""
    table = Table("figure", "value", title=f"{name}, seed {figures.seed}, {seconds:.0f} s")
    for figure, value in figures.counts.items():
        table.add_row(figure, f"{value}")
    for promise in figures.promises:
        table.add_row(
            promise,
            f"[bold red]{len(figures.faults[promise])}" if promise in figures.faults else "0",
        )
    console = Console()
    console.print(table)
    for promise, faults in figures.faults.items():
        for fault in faults[:10]:
            console.print(f"[bold red]{promise}[/]: {fault}")


if __name__ == "__main__":
    main()
