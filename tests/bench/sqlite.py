"""G2: a durable transaction with one change against SQLite's own (WAL, synchronous FULL)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from storage.documents import document
from storage.records import Row
from storage.store import Store
from tests.bench.college import changes, fill
from tests.bench.durable_update import put
from tests.bench.ratio import PRINTED, Ratio, interleaved, milliseconds, real_disk

GOAL = "G2"
AIM = 1.1


def measure(*, quick: bool) -> Iterator[Ratio]:
    for size in (300, 3_000) if quick else (300, 3_000, 30_000, PRINTED):
        with real_disk() as folder:
            yield against_sqlite(folder, size, calls=50 if quick else 200)


def opened(path: Path, store: Store) -> sqlite3.Connection:
    """The same rows, with the indexes by which they are found."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("pragma journal_mode=wal")
    database.execute("pragma synchronous=full")
    database.execute(
        "create table outbox(id integer primary key, state text, chat int, body text)"
    )
    database.execute("create index by_state on outbox(state)")
    database.execute("create index by_chat on outbox(chat)")
    rows = ((one.id, one.state, one.chat, json.dumps(document(one))) for one in store.outbox)
    database.execute("begin")
    database.executemany("insert into outbox values (?, ?, ?, ?)", rows)
    database.execute("commit")
    return database


def against_sqlite(folder: Path, size: int, *, calls: int) -> Ratio:
    store = Store.open(folder / "store")
    fill(store, size)
    change = changes(store)
    database = opened(folder / "db.sqlite", store)

    def ours() -> float:
        changed = change()
        return milliseconds(lambda: put(store, changed))

    def update(changed: Row) -> None:
        database.execute("begin immediate")
        database.execute(
            "update outbox set state = ?, chat = ?, body = ? where id = ?",
            (changed.state, changed.chat, json.dumps(document(changed)), changed.id),
        )
        database.execute("commit")

    def theirs() -> float:
        changed = change()
        return milliseconds(lambda: update(changed))

    a, b = interleaved(ours, theirs, calls=calls)
    database.close()
    store.close()
    case = f"transaction / SQLite WAL FULL, {size:,} documents"
    return Ratio(GOAL, case, "ms", a, b, AIM, shown=size == PRINTED)
