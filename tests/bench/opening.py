"""G8: reading a store back against `json.loads` of the same bytes."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path

from storage.store import Store
from tests.bench.college import fill
from tests.bench.ratio import PRINTED, Ratio, interleaved, milliseconds, real_disk

GOAL = "G8"
AIM, EACH = 2.0, 6.5  # µs a document


def measure(*, quick: bool) -> Iterator[Ratio]:
    for size in (3_000,) if quick else (3_000, 30_000, PRINTED):
        with real_disk() as folder:
            yield from against_json(folder, size)


def against_json(folder: Path, size: int) -> Iterator[Ratio]:
    store = Store.open(folder / "store")
    fill(store, size)
    store.snapshot()
    store.close()
    text = (folder / "store" / "snapshot").read_bytes()
    bodies = [line[9:] for line in text.splitlines()]

    def parsed() -> None:
        for body in bodies:
            json.loads(body)

    def opened() -> float:
        gc.collect()  # the store of the round before: letting go of it is no part of opening
        return milliseconds(lambda: Store.read(folder / "store"))

    a, b = interleaved(opened, lambda: milliseconds(parsed), calls=3)
    is_shown = size == PRINTED
    case = f"open / json.loads, {size:,} documents"
    yield Ratio(GOAL, case, "ms", a, b, AIM, because=RECORDS, shown=is_shown)
    each = tuple(cost * 1000 / size for cost in a)
    case = f"open, a document of {size:,} / {EACH} µs"
    yield Ratio(GOAL, case, "µs", each, (EACH,), 1, because=RECORDS, shown=is_shown)


RECORDS = "every document becomes a checked record and goes into its indexes, in Python"
