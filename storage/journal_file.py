"""The journal in a folder (DESIGN, decision 1): a checksummed line per transaction, and snapshots.

Order is everything: write, fdatasync, then it holds; write, fsync, rename, fsync of the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from storage import lines, migrations
from storage.contents import Contents, make_folder, snapshot_lines, sync_folder, write_file
from storage.errors import StoreClosedForWriting, StoreDamaged
from storage.live import Changes
from storage.lock import Lock
from storage.replay import LOCK, SNAPSHOT, End, journal_path, journal_paths, replay
from storage.tail import Tail, cut

SNAPSHOT_FLOOR = 4 * 1024 * 1024
PAUSE = 0.0001  # seconds


class FileJournal:
    """See `Journal`. Locked against a second process for as long as it lives."""

    def __init__(self, folder: Path, *, snapshot_floor: int = SNAPSHOT_FLOOR) -> None:
        """``snapshot_floor``: bytes of journal below which no snapshot is due.

        Creates the folder (0700), no store in it yet. StoreLocked.
        """
        make_folder(folder)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
        self._folder = folder
        self._floor = snapshot_floor
        self._lock: Lock | None = Lock(folder / LOCK)
        self._end: End | None = None
        self._snapshot_size = 0
        self._tail: Tail | None = None  # None: closed for writing

    def read_back(self) -> Contents:
        """See `Journal`. Cuts a torn last line, removes what a snapshot superseded."""
        if self._lock is None:
            raise StoreClosedForWriting("数据已关闭")
        self._stop()
        if self._end is not None:
            cut(self._end.path, self._end.size)
        found = replay(self._folder)
        sequence = found.contents.sequence
        if self._end is not None and sequence < self._end.sequence:
            raise StoreDamaged(self._end.path, None, f"缺第 {sequence + 1} 笔")
        self._snapshot_size = found.snapshot_size
        # Names that an interrupted writer gave, the folder's too, may be known to memory only.
        sync_folder(self._folder)
        sync_folder(self._folder.parent)
        end = found.end
        if end is None or end.schema < found.contents.schema:
            # Also where a migration was interrupted behind its snapshot.
            end = begin(self._folder, sequence, found.contents.schema)
        self._lock.mark_begun()
        self._remove_superseded(before=found.first)
        self._continue(end)
        return found.contents

    def require_writable(self) -> None:
        _, end = self._writable()
        if end.schema < migrations.current():
            raise StoreClosedForWriting(f"数据还是格式 {end.schema}，转换之后才能写入")

    def append(self, changes: Changes) -> int:
        self.require_writable()
        tail, end = self._writable()
        sequence = end.sequence + 1
        line = lines.encode({"seq": sequence, "set": changes})
        with self._stopping_on_failure():
            self._end = end._replace(sequence=sequence, size=tail.append(line))
        return sequence

    def is_overgrown(self) -> bool:
        return self._end is not None and self._end.size > max(self._floor, self._snapshot_size)

    def replace(self, contents: Contents) -> None:
        _, end = self._writable()
        with self._stopping_on_failure():
            following = self._rotated()
            self._write_snapshot(snapshot_lines(contents))
            if end.schema < contents.schema:
                # Only now: a migration holds with its snapshot's rename, whole or not at all.
                self._stop()
                self._continue(begin(self._folder, end.sequence, contents.schema))
            self._remove_superseded(before=following)

    def begin_replace(self, contents: Contents) -> Callable[[], None]:
        self._writable()
        with self._stopping_on_failure():
            following = self._rotated()

        def finish() -> None:
            self._write_snapshot(_giving_way(snapshot_lines(contents)))
            self._remove_superseded(before=following)

        return finish

    def _rotated(self) -> Path:
        """The journal for what comes after now; what follows must not stand before the snapshot."""
        _, end = self._writable()
        following = journal_path(self._folder, end.sequence + 1)
        if end.path != following:
            self._stop()
            cut(end.path, end.size)
            self._continue(begin(self._folder, end.sequence, end.schema))
        return following

    def _write_snapshot(self, content: Iterator[bytes]) -> None:
        self._snapshot_size = write_file(self._folder / SNAPSHOT, content)

    def close(self) -> None:
        self._stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _writable(self) -> tuple[Tail, End]:
        if self._tail is None or self._end is None:
            raise StoreClosedForWriting("数据暂不可写：已关闭，或上次写入失败后尚未重新打开")
        return self._tail, self._end

    @contextmanager
    def _stopping_on_failure(self) -> Iterator[None]:
        # Whatever interrupts a write: a line is never added behind a half one.
        try:
            yield
        except BaseException as failure:
            self._stop()
            if isinstance(failure, OSError):
                raise StoreClosedForWriting(f"写入失败：{failure}") from failure
            raise

    def _continue(self, end: End) -> None:
        self._tail = Tail(end.path, end.size)
        self._end = end

    def _stop(self) -> None:
        tail, self._tail = self._tail, None
        if tail is not None:
            tail.close()

    def _remove_superseded(self, *, before: Path) -> None:
        for path in journal_paths(self._folder):
            if path < before:
                path.unlink()
        for path in self._folder.glob("*.tmp"):
            if path.name.startswith((SNAPSHOT, "journal-")):
                path.unlink()


def _giving_way(content: Iterator[bytes]) -> Iterator[bytes]:
    """Whoever encodes without a pause keeps the interpreter from all others for 5 ms at a time."""
    for part in content:
        yield part
        sleep(PAUSE)


def begin(folder: Path, sequence: int, schema: int) -> End:
    """An empty journal, durable, for what comes after that transaction. OSError."""
    path = journal_path(folder, sequence + 1)
    head = lines.encode({"schema": schema, "after": sequence})
    return End(path, sequence, write_file(path, iter([head])), schema)
