"""`python -m tests.bench [--json] [--only GOAL] [--quick]`: the goals, as ratios.

A module per goal, with ``GOAL`` and ``measure(quick=…)``. With ``--json``: a list of ``{"goal",
"case", "unit", "a", "b", "ratio", "aim", "bound", "held"}``, costs as medians.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench import durable_update, json_storage, matching, start_up
from tests.bench.ratio import Ratio

GOALS = {module.GOAL: module for module in (durable_update, json_storage, start_up, matching)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=GOALS)
    parser.add_argument("--quick", action="store_true", help="small sizes, few calls")
    asked = parser.parse_args()
    ratios = [
        ratio
        for goal, module in GOALS.items()
        if asked.only in (None, goal)
        for ratio in module.measure(quick=asked.quick)
    ]
    if asked.json:
        print(json.dumps([as_json(ratio) for ratio in ratios]))
    else:
        Console().print(as_table(ratios))


def as_json(ratio: Ratio) -> dict[str, object]:
    return {
        "goal": ratio.goal,
        "case": ratio.case,
        "unit": ratio.unit,
        "a": median(ratio.a),
        "b": median(ratio.b),
        "ratio": ratio.ratio,
        "aim": ratio.aim,
        "bound": ratio.bound,
        "held": ratio.held,
    }


def as_table(ratios: Iterable[Ratio]) -> Table:
    table = Table("goal", "A / B", "A", "B", "ratio", "aim", "held")
    for ratio in ratios:
        table.add_row(
            ratio.goal,
            ratio.case,
            spread(ratio.a, ratio.unit),
            spread(ratio.b, ratio.unit),
            f"{ratio.ratio:.2f}",
            f"{ratio.bound} {ratio.aim}",
            "yes" if ratio.held else "[bold red]no",
        )
    return table


def spread(costs: tuple[float, ...], unit: str) -> str:
    """The median, and between what the rounds lay."""
    return f"{median(costs):.3g} {unit} ({min(costs):.3g}-{max(costs):.3g})"


if __name__ == "__main__":
    main()
