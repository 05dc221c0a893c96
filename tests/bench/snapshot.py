"""G9: the longest the loop stands still while a snapshot is written, against copying a dict of as many."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from storage.store import Store
from tests.bench.college import changes, fill
from tests.bench.durable_update import put
from tests.bench.ratio import PRINTED, Ratio, milliseconds, real_disk

GOAL = "G9"
AIM, LONGEST = 2.0, 20.0  # ms


def measure(*, quick: bool) -> Iterator[Ratio]:
    for size in (3_000,) if quick else (3_000, 30_000, PRINTED):
        with real_disk() as folder:
            yield from stall(folder, size, rounds=3 if quick else 5)


def stall(folder: Path, size: int, *, rounds: int) -> Iterator[Ratio]:
    store = Store.open(folder / "store")
    fill(store, size)
    change = changes(store)
    plain = {str(number): {"id": number} for number in range(size)}
    gaps, copies = [], []
    for _ in range(rounds):
        with store.transaction():
            store.outbox.put(change())
        gaps.append(asyncio.run(longest_gap(store)))
        copies.append(milliseconds(lambda: dict(plain)))
    put(store, change())
    store.close()
    case = f"longest gap / {LONGEST:.0f} ms, {size:,} documents"
    yield Ratio(GOAL, case, "ms", tuple(gaps), (LONGEST,), 1)
    case = f"longest gap / a dict copied, {size:,} documents"
    yield Ratio(GOAL, case, "ms", tuple(gaps), tuple(copies), AIM, because=ROTATED, shown=True)


ROTATED = "before anything is copied a new journal is begun, which waits for the disk three times"


async def longest_gap(store: Store) -> float:
    """Milliseconds between two turns of the loop, at most, until the snapshot is there."""
    longest, last = 0.0, perf_counter()
    done = store.begin_snapshot()
    while not done():
        await asyncio.sleep(0)
        now = perf_counter()
        longest, last = max(longest, now - last), now
    return longest * 1000
