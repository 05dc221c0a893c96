"""The indexes of one table in memory: they follow from what each record was and becomes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

from storage.errors import ConstraintBroken
from storage.tables import Declared, Record

R = TypeVar("R", bound=Record)
NONE: frozenset[int] = frozenset()


class Indexes(Generic[R]):
    """``ids`` by key, for each index that the table declares; no key where there are none."""

    def __init__(self, declared: Declared[R]) -> None:
        self._table = declared.name
        self._declared = declared.indexes
        self.ids: dict[str, dict[Hashable, set[int]]] = {
            index.name: {} for index in declared.indexes
        }

    def load(self, id: int, record: R) -> None:
        """Take in a record that was not there. ConstraintBroken: what is begun is to be thrown away."""
        for index in self._declared:
            ids = self.ids[index.name]
            for key in index.keys(record):
                known = ids.setdefault(key, set())
                if index.unique:
                    for holder in known - {id}:
                        raise ConstraintBroken(self._table, index.name, id, holder)
                known.add(id)

    def follow(self, id: int, old: R | None, new: R | None) -> None:
        """Takes ``id`` from the keys of ``old`` to those of ``new``.

        ConstraintBroken: all is as it was.
        """
        moves: list[tuple[dict[Hashable, set[int]], set[Hashable], set[Hashable]]] = []
        for index in self._declared:
            was = () if old is None else index.keys(old)
            is_now = () if new is None else index.keys(new)
            if was == is_now:  # of most changes, for most indexes
                continue
            before, after = set(was), set(is_now)
            ids = self.ids[index.name]
            if index.unique:
                for holder in (holder for key in after - before for holder in ids.get(key, ())):
                    raise ConstraintBroken(self._table, index.name, id, holder)
            moves.append((ids, before - after, after - before))
        for ids, gone, come in moves:
            for key in gone:
                ids[key].remove(id)
                if not ids[key]:
                    del ids[key]
            for key in come:
                ids.setdefault(key, set()).add(id)
