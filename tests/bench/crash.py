"""G5: what SIGKILL breaks of the store, against TinyDB's own JSONStorage under the same kills."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.ratio import Ratio
from tests.storage import json_storage, kills

GOAL = "G5"
SEED = 20260907


def measure(*, quick: bool) -> Iterator[Ratio]:
    ours, theirs = (10, 12) if quick else (200, 60)
    try:
        kills.run(SEED, ours)
        broken = 0
    except AssertionError:
        broken = 1
    try:
        found = json_storage.run(SEED, theirs)
        lost = found["unreadable"] + found["acknowledged lost"]
    except AssertionError:  # none was struck: then neither figure proves anything
        lost = 0
    case = f"broken stores of {ours} / of {theirs} JSONStorage"
    b = (float(lost) or 1e-9,)
    yield Ratio(GOAL, case, "stores", (float(broken),), b, 0, shown=not lost)
