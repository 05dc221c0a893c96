"""G3: TinyDB's own JSONStorage against the store, for the same change of one document."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tinydb import TinyDB

from storage.documents import document
from storage.records import Row
from storage.store import Store
from tests.bench.college import changes, fill
from tests.bench.durable_update import put
from tests.bench.ratio import Ratio, interleaved, milliseconds, real_disk

GOAL = "G3"
AIMS = {300: 10, 3_000: 100, 30_000: 1_000}
BURST = 30
DISK = "the store waits for the disk, which JSONStorage does not"


def measure(*, quick: bool) -> Iterator[Ratio]:
    for size in list(AIMS)[: 2 if quick else 3]:
        with real_disk() as folder:
            yield against_json_storage(folder, size, rounds=3 if quick else 5)


def against_json_storage(folder: Path, size: int, *, rounds: int) -> Ratio:
    store = Store.open(folder / "store")
    fill(store, size)
    change = changes(store)
    theirs = TinyDB(folder / "db.json")
    theirs.table("outbox").insert_multiple(document(each) for each in store.outbox)

    def json_storage() -> float:
        changed = change()
        fields = document(changed)
        table = theirs.table("outbox")
        return milliseconds(lambda: table.update(fields, doc_ids=[changed.id]))

    def journal() -> float:
        os.sync()  # the pages that the other one has left to be written are none of ours
        changed = [change() for _ in range(BURST)]
        return milliseconds(lambda: put_each(store, changed)) / BURST

    a, b = interleaved(json_storage, journal, rounds=rounds, calls=3)
    theirs.close()
    store.close()
    case = f"JSONStorage / store, {size:,} documents"
    return Ratio(GOAL, case, "ms", a, b, AIMS[size], at_least=True, because=DISK)


def put_each(store: Store, changed: list[Row]) -> None:
    """A transaction each."""
    for each in changed:
        put(store, each)
