"""The indexes of one table in memory: they follow from what each record was and becomes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar, cast

from storage.errors import ConstraintBroken
from storage.tables import Declared, Record

R = TypeVar("R", bound=Record)
# By key: the one id, or a set of two and more. A set for each single id would weigh ten times it.
Found = dict[Hashable, int | set[int]]


class Indexes(Generic[R]):
    """Ids by key, for each index that the table declares; no key where there are none."""

    def __init__(self, declared: Declared[R]) -> None:
        self._table = declared.name
        self._declared = declared.indexes
        self.found: dict[str, Found] = {index.name: {} for index in declared.indexes}

    def load(self, id: int, record: R) -> None:
        """Take in a record that was not there. ConstraintBroken: what is begun is to be thrown away."""
        for index in self._declared:
            found = self.found[index.name]
            for key in index.keys(record):
                known = found.setdefault(key, id)
                if known == id:
                    continue
                if index.unique:
                    raise ConstraintBroken(self._table, index.name, id, _only(known))
                _add(found, key, id)

    def follow(self, id: int, old: R | None, new: R | None) -> None:
        """Takes ``id`` from the keys of ``old`` to those of ``new``.

        ConstraintBroken: all is as it was.
        """
        moves: list[tuple[Found, set[Hashable], set[Hashable]]] = []
        for index in self._declared:
            was = () if old is None else index.keys(old)
            is_now = () if new is None else index.keys(new)
            if was == is_now:  # of most changes, for most indexes
                continue
            before, after = set(was), set(is_now)
            found = self.found[index.name]
            if index.unique:
                for key in after - before:
                    if key in found:
                        raise ConstraintBroken(self._table, index.name, id, _only(found[key]))
            moves.append((found, before - after, after - before))
        for found, gone, come in moves:
            for key in gone:
                _remove(found, key, id)
            for key in come:
                _add(found, key, id)


def _add(found: Found, key: Hashable, id: int) -> None:
    known = found.setdefault(key, id)
    if isinstance(known, set):
        known.add(id)
    elif known != id:
        found[key] = {known, id}


def _remove(found: Found, key: Hashable, id: int) -> None:
    known = found[key]
    if isinstance(known, int):
        del found[key]
        return
    known.remove(id)
    if len(known) == 1:
        found[key] = known.pop()


def _only(known: int | set[int]) -> int:
    """The one id under a key of a unique index."""
    return cast(int, known)
