"""G1: a durable transaction with one change against a bare append of 300 bytes, same disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from storage.records import Row
from storage.store import Store
from tests.bench.college import changes, fill
from tests.bench.ratio import PRINTED, Cost, Ratio, interleaved, milliseconds, real_disk

GOAL = "G1"
AIM = 1.3
GROWTH = 1.5  # CPU at the largest size against the smallest
LINE = b"x" * 299 + b"\n"


def measure(*, quick: bool) -> Iterator[Ratio]:
    sizes = (300, 3_000) if quick else (300, 3_000, 30_000, PRINTED)
    for size in sizes:
        with real_disk() as folder:
            yield against_bare_append(folder, size, calls=50 if quick else 200)
    yield growth(sizes[0], sizes[-1], calls=200 if quick else 1_000)


def against_bare_append(folder: Path, size: int, *, calls: int) -> Ratio:
    store = Store.open(folder / "store")
    fill(store, size)
    change = changes(store)
    descriptor = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def transaction() -> float:
        changed = change()
        return milliseconds(lambda: put(store, changed))

    def bare() -> None:
        os.write(descriptor, LINE)
        os.fdatasync(descriptor)

    a, b = interleaved(transaction, lambda: milliseconds(bare), rounds=5, calls=calls)
    os.close(descriptor)
    store.close()
    case = f"transaction / bare append, {size:,} documents"
    return Ratio(GOAL, case, "ms", a, b, AIM, shown=size == PRINTED)


def growth(small: int, large: int, *, calls: int) -> Ratio:
    """CPU alone, of the same few documents among many: the journal is in memory, not synced."""
    costs = []
    for size in (large, small):
        store = Store.in_memory()
        fill(store, size)
        store.snapshot()
        costs.append(cpu(store, calls=calls))
    a, b = interleaved(*costs, rounds=5, calls=1)
    return Ratio(GOAL, f"CPU at {large:,} / at {small:,} documents", "ms", a, b, GROWTH)


def cpu(store: Store, *, calls: int) -> Cost:
    """The CPU of one transaction, as a mean over that many."""
    change = changes(store, among=300)

    def cost() -> float:
        changed = [change() for _ in range(calls)]
        begin = process_time()
        for each in changed:
            put(store, each)
        return (process_time() - begin) * 1000 / calls

    return cost


def put(store: Store, changed: Row) -> None:
    with store.transaction():
        store.outbox.put(changed)
