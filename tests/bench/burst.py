"""G4: a thousand confirmations in one go, until all may be said, against a durable append each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from storage.store import Store
from tests.bench.college import changes, fill
from tests.bench.durable_update import LINE
from tests.bench.ratio import Ratio, interleaved, milliseconds, real_disk

GOAL = "G4"
AIM = 0.2
AT_ONCE = 100  # updates in one answer of getUpdates


def measure(*, quick: bool) -> Iterator[Ratio]:
    many = 200 if quick else 1_000
    with real_disk() as folder:
        yield confirmations(folder, many)


def confirmations(folder: Path, many: int) -> Ratio:
    store = Store.open(folder / "store")
    fill(store, 3_000)
    change = changes(store)
    descriptor = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def ours() -> float:
        changed = [change() for _ in range(many)]

        def burst() -> None:
            for number, each in enumerate(changed, start=1):
                with store.transaction(sync=False):
                    store.outbox.put(each)
                if number % AT_ONCE == 0:
                    store.sync()

        return milliseconds(burst)

    def bare() -> None:
        for _ in range(many):
            os.write(descriptor, LINE)
            os.fdatasync(descriptor)

    a, b = interleaved(ours, lambda: milliseconds(bare))
    os.close(descriptor)
    store.close()
    return Ratio(GOAL, f"{many:,} transactions / bare appends", "ms", a, b, AIM)
