"""The typed view of one TinyDB table: records in, records out, found by index."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

from storage.documents import Document, FieldUnknown, document, record
from storage.errors import ConstraintBroken, StoreDamaged, StoreError, StoreNewer
from storage.indexes import Indexes
from storage.live import Documents, LiveStorage, LiveTable
from storage.tables import Declared, Record

R = TypeVar("R", bound=Record)
Watcher = Callable[[R | None, R | None], None]  # what a record was and is; None: it is not there
ID_BITS = 53  # a random id stays exact in every reader of JSON


class Table(Generic[R]):
    """The records of one kind. Writing needs `Store.transaction`."""

    def __init__(self, declared: Declared[R], live: LiveStorage, documents: LiveTable) -> None:
        self._declared = declared
        self._live = live
        self._documents = documents
        self._records: dict[int, R] = {}
        self._indexes = Indexes(declared)
        self._watchers: list[Watcher[R]] = []
        live.follow(declared.name, self._follow)

    def get(self, id: int) -> R | None:
        """The record, or None."""
        return self._records.get(id)

    def __getitem__(self, id: int) -> R:
        return self._records[id]

    def __iter__(self) -> Iterator[R]:
        """Every record as of now, in no order: for exports and rare passes."""
        return iter(list(self._records.values()))

    def __len__(self) -> int:
        return len(self._records)

    def where(self, index: str, key: Hashable) -> list[R]:
        """The records under that key, by id. KeyError: no such index (see `storage.tables`)."""
        found = self._indexes.found[index].get(key)
        if found is None:
            return []
        if isinstance(found, int):
            return [self._records[found]]
        return [self._records[id] for id in sorted(found)]

    def one(self, index: str, key: Hashable) -> R | None:
        """The one under that key, or None. StoreError: there are more."""
        found = self._indexes.found[index].get(key)
        if found is None:
            return None
        if isinstance(found, int):
            return self._records[found]
        raise StoreError(f"{self._declared.name}.{index}: {len(found)} records, not one")

    def count(self, index: str, key: Hashable) -> int:
        """How many there are under that key, at the cost of a look-up."""
        found = self._indexes.found[index].get(key, ())
        return 1 if isinstance(found, int) else len(found)

    def add(self, record: R) -> R:
        """Stores it under a new id, never given before, and returns it with that id.

        ConstraintBroken; StoreError: outside a transaction; ValueError, TypeError: see `document`.
        """
        id = self._random_id() if self._declared.random_ids else self._next_id()
        self._documents.write(id, document(record))
        return self._records[id]

    def put(self, record: R) -> R:
        """Replaces the record of the same id. KeyError: there is none; otherwise as `add`."""
        _ = self._records[record.id]
        self._documents.write(record.id, document(record))
        return self._records[record.id]

    def remove(self, id: int) -> None:
        """Removes it for good: housekeeping only. KeyError: there is none."""
        _ = self._records[id]
        self._documents.remove(doc_ids=[id])

    def keys(self, index: str) -> list[Hashable]:
        """Every key under which there is a record now, in no order. KeyError: no such index."""
        return list(self._indexes.found[index])

    def watch(self, watcher: Watcher[R]) -> None:
        """``watcher`` hears of each change once it holds, undone ones again in reverse; it must not raise."""
        self._watchers.append(watcher)

    def _next_id(self) -> int:
        return self._live.last_ids.get(self._declared.name, 0) + 1

    def _random_id(self) -> int:
        while not (id := secrets.randbits(ID_BITS)) or id in self._records:
            continue
        return id

    def _follow(self, id: int, old: Document | None, new: Document | None) -> None:
        before = None if old is None else self._records[id]
        after = None if new is None else record(self._declared.holds, new, id)
        self._indexes.follow(id, before, after)
        if after is None:
            self._records.pop(id, None)
        else:
            self._records[id] = after
        for watcher in self._watchers:
            watcher(before, after)

    def loading(self, documents: Documents) -> Callable[[], None]:
        """Reads and checks the documents; the result, once called, puts them in place.

        StoreDamaged: one is no record of this table, or breaks a constraint. StoreNewer: it has more fields.
        """
        records: dict[int, R] = {}
        indexes = Indexes(self._declared)
        for key, written in documents.items():
            try:
                id = int(key)
                records[id] = record(self._declared.holds, written, id)
                indexes.load(id, records[id])
            except FieldUnknown as fault:
                raise StoreNewer(
                    f"表 {self._declared.name} 里有本版本不识的字段（{fault}）"
                ) from fault
            except (ValueError, KeyError, TypeError, ConstraintBroken) as fault:
                reason = f"表 {self._declared.name} 第 {key} 号记录：{fault}"
                raise StoreDamaged(None, None, reason) from fault

        def put_in_place() -> None:
            self._records, self._indexes = records, indexes

        return put_in_place
