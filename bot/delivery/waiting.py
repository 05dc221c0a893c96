"""What waits to leave, in the order in which it may: kept while rows change, never sorted anew."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from bot.actions.say import POP
from storage.records import Row, RowState
from storage.store import Store


class Waiting:
    """The pending rows: answers to presses, other answers, reminders; each as they were put on the way.

    Thousands may wait, and every send asks: a look costs what is looked at.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loads = -1
        self._ids: tuple[list[int], list[int], list[int]] = ([], [], [])
        store.outbox.watch(self._changed)

    def __iter__(self) -> Iterator[Row]:
        """Go through them; whoever is claimed meanwhile is left out."""
        if self._loads != self._store.loads:  # all was read back, and no table has told of it
            self._loads = self._store.loads
            self._ids = ([], [], [])
            for row in self._store.outbox.where("state", RowState.PENDING):
                self._ids[_turn(row)].append(row.id)
        for ids in self._ids:
            last = 0
            while (place := bisect_right(ids, last)) < len(ids):
                last = ids[place]
                yield self._store.outbox[last]

    def _changed(self, old: Row | None, new: Row | None) -> None:
        was, is_ = _is_waiting(old), _is_waiting(new)
        if was is not None and is_ is None:
            ids = self._ids[_turn(was)]
            place = bisect_left(ids, was.id)
            if place < len(ids) and ids[place] == was.id:
                del ids[place]
        elif is_ is not None and was is None:
            ids = self._ids[_turn(is_)]
            ids.insert(bisect_left(ids, is_.id), is_.id)


def _is_waiting(row: Row | None) -> Row | None:
    return row if row is not None and row.state is RowState.PENDING else None


def _turn(row: Row) -> int:
    return 2 if row.reminder else 0 if row.kind == POP else 1
