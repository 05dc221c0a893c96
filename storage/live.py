"""The live tables: TinyDB over memory, where a write costs what it changes and can be undone.

TinyDB sends every write through `Table._update_table`, which rebuilds all documents. Here that one
method hands the updater a mapping that records what it touches, and the difference is applied,
told to the table's follower and kept for undoing. Documents are replaced, never mutated.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any, NamedTuple, NoReturn

from tinydb import TinyDB
from tinydb.storages import MemoryStorage
from tinydb.table import Table as TinyTable
from typing_extensions import override

from storage.documents import Document, json_copy
from storage.errors import StoreError

Documents = dict[str, Document]  # by id, as text: TinyDB's own form
Changes = dict[str, dict[str, Document | None]]  # by table and id; None: removed
Follower = Callable[[int, Document | None, Document | None], None]
Updater = Callable[[Any], None]


def require_known_tinydb(method: Callable[..., Any]) -> None:
    """StoreError unless TinyDB's private funnel, which LiveTable replaces, is the one known."""
    if list(inspect.signature(method).parameters) != ["self", "updater"]:
        raise StoreError("TinyDB's Table._update_table is not that of 4.9.0: pin TinyDB again")


require_known_tinydb(TinyTable._update_table)


class Change(NamedTuple):
    """One document as it was and as it became; None: it is not there."""

    table: str
    id: str
    old: Document | None
    new: Document | None


class Recording(MutableMapping[int, Document]):
    """What an updater sees of a table: reads copy a document, writes stay here until applied."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self.touched: dict[int, Document | None] = {}

    @override
    def __getitem__(self, id: int) -> Document:
        if id not in self.touched:
            self.touched[id] = json_copy(self._documents[str(id)])
        found = self.touched[id]
        if found is None:
            raise KeyError(id)
        return found

    @override
    def __setitem__(self, id: int, document: Document) -> None:
        self.touched[id] = document

    @override
    def __delitem__(self, id: int) -> None:
        if id not in self:
            raise KeyError(id)
        self.touched[id] = None

    @override
    def __contains__(self, id: object) -> bool:
        if id in self.touched:
            return self.touched[id] is not None
        return str(id) in self._documents

    @override
    def __iter__(self) -> Iterator[int]:
        for id in map(int, self._documents):
            if self.touched.get(id, self) is not None:
                yield id
        for id, document in self.touched.items():
            if document is not None and str(id) not in self._documents:
                yield id

    @override
    def __len__(self) -> int:
        return sum(1 for _ in self)

    @override
    def clear(self) -> None:
        """Removes all; the inherited way would look for the first one again and again."""
        self.touched = dict.fromkeys(map(int, self._documents))


class LiveStorage(MemoryStorage):
    """Live tables, one transaction at most. ``last_ids``: the highest id ever given, by table."""

    memory: dict[str, Documents]

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # TinyDB gives it no types
        self.memory = {}
        self.last_ids: dict[str, int] = {}
        self._followers: dict[str, Follower] = {}
        self._changes: list[Change] | None = None

    @override
    def write(self, data: object) -> NoReturn:
        """Never: it would replace all tables unseen (TinyDB's ``drop_tables``)."""
        raise StoreError("live tables change document by document")

    def follow(self, table: str, follower: Follower) -> None:
        """``follower`` is told of each change before it holds, and may refuse it by raising."""
        self._followers[table] = follower

    def begin(self) -> None:
        """Opens a transaction; StoreError when one is open."""
        if self._changes is not None:
            raise StoreError("a transaction is open already")
        self._changes = []

    def changes(self) -> Changes:
        """What the open transaction comes to: nothing for documents that are as they were."""
        first: dict[tuple[str, str], Document | None] = {}
        for change in self._open():
            first.setdefault((change.table, change.id), change.old)
        net: Changes = {}
        for (table, id), old in first.items():
            new = self.memory[table].get(id)
            if not same(old, new):
                net.setdefault(table, {})[id] = new
        return net

    def end(self) -> None:
        """Closes the transaction; its changes stay."""
        self._changes = None

    def undo(self) -> None:
        """Closes the transaction and takes its changes back, the last first."""
        self._back_to(0)
        self._changes = None

    def update(self, table: str, updater: Updater, *, is_own: bool = False) -> None:
        """Runs a TinyDB updater on the table; if it or a follower raises, nothing of it holds.

        ``is_own``: nobody else holds what the updater puts in, so that it need not be copied.
        """
        changes = self._open()
        documents = self.memory.setdefault(table, {})
        recording = Recording(documents)
        updater(recording)
        mark = len(changes)
        try:
            for id, new in recording.touched.items():
                old = documents.get(str(id))
                if not same(old, new):
                    kept = new if is_own else json_copy(new)
                    self._apply(Change(table, str(id), old, kept))
        except BaseException:
            self._back_to(mark)
            raise

    def _open(self) -> list[Change]:
        if self._changes is None:
            raise StoreError("writing needs a transaction")
        return self._changes

    def _apply(self, change: Change) -> None:
        self._replace(change.table, change.id, change.old, change.new)
        self._open().append(change)
        last = self.last_ids.get(change.table, 0)
        self.last_ids[change.table] = max(last, int(change.id))

    def _back_to(self, mark: int) -> None:
        changes = self._open()
        while len(changes) > mark:
            change = changes.pop()
            self._replace(change.table, change.id, change.new, change.old)

    def _replace(self, table: str, id: str, old: Document | None, new: Document | None) -> None:
        if table in self._followers:
            self._followers[table](int(id), old, new)
        if new is None:
            del self.memory[table][id]
        else:
            self.memory[table][id] = new


class LiveTable(TinyTable):
    """A TinyDB table on live tables. No query cache: its answers would outlive an undo."""

    def __init__(self, storage: LiveStorage, name: str) -> None:
        super().__init__(storage, name, cache_size=0)
        self._live = storage

    def write(self, id: int, document: Document) -> None:
        """Puts the document, which is ours from now on, in the place of the one that is there, if any."""
        self._live.update(self.name, lambda table: table.__setitem__(id, document), is_own=True)

    @override
    def _update_table(self, updater: Updater) -> None:
        self._live.update(self.name, updater)


class LiveDatabase(TinyDB):
    """TinyDB whose tables are `LiveTable`."""

    table_class: type[TinyTable] = LiveTable


def add(before: Changes, after: Changes) -> None:
    """Takes the later changes over into the earlier ones."""
    for table, documents in after.items():
        before.setdefault(table, {}).update(documents)


def same(one: Document | None, other: Document | None) -> bool:
    """Whether both are written alike: 1, 1.0 and True are equal in Python, but not in JSON."""
    return one is other or (one == other and json.dumps(one) == json.dumps(other))
