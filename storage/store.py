"""What we know: typed tables over TinyDB, found by index, changed in transactions.

A transaction is one line of the journal. Inside it, writes hold at once for whoever reads; there
is no await in it, so nobody else does. Whatever is raised in it takes all of it back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, Self, TypeVar, cast

from storage import migrations, tables
from storage.audit import Audit
from storage.contents import Contents
from storage.documents import document, record
from storage.errors import (
    ConstraintBroken,
    StoreClosedForWriting,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreNewer,
)
from storage.garbage import no_looking_for_garbage
from storage.journal import Journal, MemoryJournal, ReadingJournal
from storage.journal_file import SNAPSHOT_FLOOR, FileJournal
from storage.live import Changes, LiveDatabase, LiveStorage, LiveTable, add
from storage.table import Table
from storage.tables import Declared, Record

__all__ = [
    "ConstraintBroken",
    "Store",
    "StoreClosedForWriting",
    "StoreDamaged",
    "StoreError",
    "StoreLocked",
    "StoreNewer",
    "Table",
    "document",
    "record",
]

R = TypeVar("R", bound=Record)

log = logging.getLogger(__name__)


class Store:
    """All tables of one college, and the one transaction in which they change."""

    def __init__(self, journal: Journal) -> None:
        """Reads the journal back. StoreDamaged, StoreNewer, StoreError (migration), OSError."""
        self._journal = journal
        self._live = LiveStorage()
        self._database = LiveDatabase(storage=lambda: self._live)
        self._tables: dict[str, Table[Any]] = {}
        self.people = self._table(tables.PEOPLE)
        self.branches = self._table(tables.BRANCHES)
        self.accounts = self._table(tables.ACCOUNTS)
        self.pairings = self._table(tables.PAIRINGS)
        self.terms = self._table(tables.TERMS)
        self.arrangements = self._table(tables.ARRANGEMENTS)
        self.hours = self._table(tables.HOURS)
        self.talks = self._table(tables.TALKS)
        self.forms = self._table(tables.FORMS)
        self.obstacles = self._table(tables.OBSTACLES)
        self.pauses = self._table(tables.PAUSES)
        self.exemptions = self._table(tables.EXEMPTIONS)
        self.failed_tries = self._table(tables.FAILED_TRIES)
        self.introductions = self._table(tables.INTRODUCTIONS)
        self.opinions = self._table(tables.OPINIONS)
        self.requests = self._table(tables.REQUESTS)
        self.invites = self._table(tables.INVITES)
        self.buttons = self._table(tables.BUTTONS)
        self.questions = self._table(tables.QUESTIONS)
        self.uploads = self._table(tables.UPLOADS)
        self.outbox = self._table(tables.OUTBOX)
        self.inbox = self._table(tables.INBOX)
        self.deeds = self._audit()
        self.denials = self._table(tables.DENIALS)
        self.sequence = 0
        self._unsynced: Changes = {}  # holds in memory; no line of the journal yet
        self.snapshots_beside = False  # whether a snapshot that falls due is left to a thread
        self._writing: Thread | None = None
        self.loads = 0  # how often everything was read back, of which no table's watcher hears
        # What was read, where that is of an older schema: until `snapshot` nothing else is written.
        self.unmigrated: Contents | None = None
        self.reopen()

    @classmethod
    def open(cls, folder: Path, *, snapshot_floor: int = SNAPSHOT_FLOOR) -> Self:
        """The store of that folder, for reading and writing; an empty or missing one starts empty.

        ``snapshot_floor`` in bytes. Contents of an older schema are migrated in memory and left
        ``unmigrated`` on disk. StoreLocked, StoreDamaged, StoreNewer, StoreError, OSError.
        """
        return cls._reading_back(FileJournal(folder, snapshot_floor=snapshot_floor))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The store of that folder as of its last whole line, beside a writer; writing raises."""
        return cls._reading_back(ReadingJournal(folder))

    @classmethod
    def in_memory(cls) -> Self:
        """An empty store that leaves nothing behind."""
        return cls._reading_back(MemoryJournal())

    @classmethod
    def _reading_back(cls, journal: Journal) -> Self:
        try:
            return cls(journal)
        except BaseException:
            journal.close()
            raise

    @contextmanager
    def transaction(self, *, sync: bool = True) -> Iterator[None]:
        """All or nothing, and durable on leaving. A block that changes nothing writes nothing.

        Without ``sync`` it becomes durable with the next one that has it, or with `sync`, as one line
        with all that wait: many of which nobody has been told share one wait for the disk.

        StoreError: one is open already. StoreClosedForWriting: nothing of it holds. Whatever the
        block raises is raised again, and nothing of it holds.
        """
        self._journal.require_writable()
        self._live.begin()
        try:
            yield
            changes = self._live.changes()
            if sync:
                self._append(changes)
            else:
                add(self._unsynced, changes)
        except BaseException:
            self._live.undo()
            raise
        self._live.end()
        if self._journal.is_overgrown():
            self._snapshot_or_log()

    def sync(self) -> None:
        """Makes every transaction so far durable.

        StoreClosedForWriting: those since the last durable one are taken back by `reopen`.
        """
        self._append({})

    def _append(self, changes: Changes) -> None:
        whole = {table: dict(waiting) for table, waiting in self._unsynced.items()}
        add(whole, changes)
        if whole:
            self.sequence = self._journal.append(whole)
        self._unsynced = {}  # not before: what cannot be written leaves what waits as it was

    @property
    def is_writable(self) -> bool:
        """Whether a transaction would be taken now."""
        try:
            self._journal.require_writable()
        except StoreClosedForWriting:
            return False
        return True

    def snapshot(self) -> None:
        """Rewrites what holds and drops the lines that led there (also at the end of a purge).

        StoreClosedForWriting: it could not; nothing is lost.
        """
        self._await_snapshot()
        self._journal.replace(self.contents())
        self.unmigrated = None

    def begin_snapshot(self) -> Callable[[], bool]:
        """As `snapshot`, by a thread on a copy while life goes on; the result tells whether it is done.

        StoreClosedForWriting: it could not begin. A failure later is logged: nothing is lost by it.
        """
        self._await_snapshot()
        finish = self._journal.begin_replace(self.contents().copied())
        writing = Thread(target=_logging_failure, args=(finish,), name="snapshot")
        self._writing = writing
        writing.start()
        return lambda: not writing.is_alive()

    def _await_snapshot(self) -> None:
        if self._writing is not None:
            self._writing.join()
            self._writing = None

    def contents(self) -> Contents:
        """The live tables themselves, for a snapshot or a backup: read, never change.

        All of it durable. StoreClosedForWriting: it is not, and can't be made so.
        """
        self.sync()
        return Contents(self._live.memory, self._live.last_ids, self.sequence)

    def reopen(self) -> None:
        """Reads everything back and verifies it; afterwards the store takes writes again.

        StoreDamaged, StoreNewer, StoreError; OSError: try again later. The tables stay as they were.
        """
        self._await_snapshot()
        with no_looking_for_garbage():
            written = self._journal.read_back()
            contents = migrations.migrated(written)
            if unknown := contents.tables.keys() - self._tables.keys():
                raise StoreNewer(f"数据里有本版本不识的表 {'、'.join(sorted(unknown))}")
            loads = [
                table.loading(contents.tables.setdefault(name, {}))
                for name, table in self._tables.items()
            ]
        self._live.memory, self._live.last_ids = contents.tables, contents.last_ids
        self.sequence, self._unsynced = contents.sequence, {}
        self.unmigrated = None if contents is written else written
        for load in loads:
            load()
        self.loads += 1

    def close(self) -> None:
        """Lets the folder go; reading goes on, writing raises."""
        self._await_snapshot()
        with suppress(StoreClosedForWriting):
            self.sync()
        self._journal.close()

    def table_named(self, name: str) -> Table[Any]:
        """The table of that name, as deeds give it. KeyError."""
        return self._tables[name]

    def _table(self, declared: Declared[R]) -> Table[R]:
        live = cast(LiveTable, self._database.table(declared.name))
        table = Table(declared, self._live, live)
        self._tables[declared.name] = table
        return table

    def _audit(self) -> Audit:
        live = cast(LiveTable, self._database.table(tables.DEEDS.name))
        self._tables[tables.DEEDS.name] = audit = Audit(tables.DEEDS, self._live, live)
        return audit

    def _snapshot_or_log(self) -> None:
        # The transaction holds already: a snapshot that fails must not unsay it.
        try:
            if not self.snapshots_beside:
                self.snapshot()
            elif self._writing is None or not self._writing.is_alive():
                self.begin_snapshot()
        except StoreClosedForWriting:
            log.exception("snapshot failed: closed for writing until reopened")


def _logging_failure(finish: Callable[[], None]) -> None:
    try:
        finish()
    except OSError:
        log.exception("snapshot failed: the next one is tried once the journal has grown again")
