"""A process that commits as fast as it can and says what was acknowledged (see the kill tests)."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from storage.records import Branch, Deed, Kind
from storage.store import Store

NOON = datetime(2026, 9, 14, 4, tzinfo=UTC)


def main() -> None:  # pragma: no cover - its process ends by SIGKILL
    """Each transaction adds a branch and its deed; each line on stdout is one that holds."""
    store = Store.open(Path(sys.argv[1]), snapshot_floor=int(sys.argv[2]))
    while True:
        number = store.sequence + 1
        with store.transaction():
            added = store.branches.add(Branch(name=f"第{number}支部", kind=Kind.STUDENT))
            store.deeds.add(Deed(at=NOON, by=None, what="add", table="branches", row=added.id))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":  # pragma: no cover - as above
    main()
