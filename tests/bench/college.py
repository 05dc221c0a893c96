"""A store of many outbox rows (350 bytes each, the records that change most), for the benches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle

from storage.records import PersonId, Row, RowState
from storage.store import Store

NOON = datetime(2026, 9, 14, 4, tzinfo=UTC)


def fill(store: Store, size: int) -> None:
    """Adds that many rows, in one transaction."""
    with store.transaction():
        for number in range(1, size + 1):
            store.outbox.add(
                Row(
                    kind="S1",
                    chat=number,
                    to=PersonId(number),
                    args={"pairing": number, "to": "2026-09-27"},
                    keys=(f"2026-2027-1/S1/{number}",),
                    due=NOON,
                    created=NOON,
                    reminder=True,
                )
            )


def changes(store: Store, *, among: int | None = None) -> Callable[[], Row]:
    """Each call returns another row (of the first ``among``), changed and not yet put."""
    ids = cycle(range(1, min(among or len(store.outbox), len(store.outbox)) + 1))

    def change() -> Row:
        found = store.outbox[next(ids)]
        pending = found.state is RowState.PENDING
        return replace(found, state=RowState.SENDING if pending else RowState.PENDING)

    return change
