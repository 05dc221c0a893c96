"""`python -m tests.bench [--json] [--only GOAL] [--quick] [--chart FILE.png]`: the goals, as ratios.

A module per goal, with ``GOAL`` and ``measure(quick=…)``. With ``--json``: a list of ``{"goal",
"a", "b", "ratio", "aim", "held", "bound", "case", "unit", "at_least"}`` on stdout and nothing else;
costs as medians, ``bound`` is why an aim is not held. Exit 1: something slid by an order of magnitude.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench import (
    burst,
    chart,
    crash,
    durable_update,
    finding,
    json_storage,
    matching,
    memory,
    opening,
    planning,
    snapshot,
    sqlite,
    start_up,
    status,
    transport,
    wave,
)
from tests.bench.ratio import Ratio

MODULES = {
    "G1": durable_update,
    "G2": sqlite,
    "G3": json_storage,
    "G4": burst,
    "G5": crash,
    "G6": status,
    "G7": finding,
    "G8": opening,
    "G9": snapshot,
    "G10": transport,
    "G11": transport,
    "G12": wave,
    "G13": wave,
    "G14": wave,
    "G15": planning,
    "G16": start_up,
    "matching": matching,
    "memory": memory,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=MODULES)
    parser.add_argument("--quick", action="store_true", help="small sizes, few calls")
    parser.add_argument("--chart", type=Path, help="cost against size, as PNG")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if asked.chart:
        asked.chart.write_bytes(chart.drawn())
        return 0
    chosen = MODULES.values() if asked.only is None else [MODULES[asked.only]]
    ratios = [
        ratio
        for module in dict.fromkeys(chosen)
        for ratio in module.measure(quick=asked.quick)
        if asked.only in (None, ratio.goal)
    ]
    if asked.json:
        print(json.dumps([as_json(ratio) for ratio in ratios], ensure_ascii=False))
    else:
        Console(width=None if sys.stdout.isatty() else 150).print(as_table(ratios))
    slid = [ratio for ratio in ratios if ratio.has_slid]
    for ratio in slid:
        print(f"{ratio.goal} slid: {ratio.case}, {ratio.ratio:.3g}", file=sys.stderr)
    return 1 if slid else 0


def as_json(ratio: Ratio) -> dict[str, object]:
    return {
        "goal": ratio.goal,
        "a": median(ratio.a),
        "b": median(ratio.b),
        "ratio": ratio.ratio,
        "aim": ratio.aim,
        "held": ratio.held,
        "bound": ratio.bound,
        "case": ratio.case,
        "unit": ratio.unit,
        "at_least": ratio.at_least,
    }


def as_table(ratios: Iterable[Ratio]) -> Table:
    table = Table("goal", "A / B", "A", "B", "ratio", "aim", "held")
    for ratio in ratios:
        table.add_row(
            ratio.goal,
            ratio.case,
            spread(ratio.a, ratio.unit),
            spread(ratio.b, ratio.unit),
            f"{ratio.ratio:.3g}",
            f"{'>=' if ratio.at_least else '<='} {ratio.aim:g}",
            "yes" if ratio.held else f"[bold red]no[/]: {ratio.bound}",
        )
    return table


def spread(costs: tuple[float, ...], unit: str) -> str:
    """The median, and between what the rounds lay."""
    middle = f"{median(costs):.3g} {unit}"
    return middle if len(costs) == 1 else f"{middle} ({min(costs):.3g}-{max(costs):.3g})"


if __name__ == "__main__":
    sys.exit(main())
