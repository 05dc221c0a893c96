"""A backup: one file, a snapshot and behind it a closing line ``{"made", "counts"}``.

A file bears a backup's name only once it has been read back whole (reliability § 5, Backup).
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

from typing_extensions import override

from storage import lines, migrations
from storage.contents import (
    Contents,
    make_folder,
    read_line,
    read_snapshot,
    snapshot_lines,
    sync_folder,
    write_file,
)
from storage.errors import BackupDamaged, StoreDamaged, StoreLive
from storage.journal import ReadingJournal
from storage.journal_file import begin
from storage.lock import Lock
from storage.replay import LOCK, SNAPSHOT
from storage.store import Store

UNVERIFIED = ".unverified"  # behind the name of a file that may not be whole
RESTORING = ".restoring"  # behind the name of a store that is not whole yet
REPLACED = ".replaced"  # behind the name of one that did not start
# The bot writes its own in a thread, and whoever asks for another must not write into the same file.
ONE_AT_A_TIME = threading.RLock()


@dataclass(frozen=True, slots=True)
class Summary:
    """``sequence``: the last transaction held. ``counts``: records by table, tables with none left out.

    ``made``: aware. ``schema``: the form of its documents.
    """

    sequence: int
    counts: dict[str, int]
    made: datetime
    schema: int = field(default_factory=migrations.current)


class _Copied(ReadingJournal):
    """Contents read from a backup, so that a store may check them as it checks its own."""

    def __init__(self, path: Path, contents: Contents) -> None:
        super().__init__(path)
        self._contents = contents

    @override
    def read_back(self) -> Contents:
        return self._contents


def write(contents: Contents, path: Path, *, made: datetime) -> Summary:
    """Makes the backup, verified and durable, readable by its owner only.

    FileExistsError, BackupDamaged: there is no new file of that name. OSError: nor half of one.
    """
    with ONE_AT_A_TIME:
        if path.exists():
            raise FileExistsError(path)
        unverified = path.with_name(path.name + UNVERIFIED)
        try:
            write_file(unverified, _content(contents, made))
            summary = verify(unverified)
            _name(unverified, path)
        finally:
            unverified.unlink(missing_ok=True)
        sync_folder(path.parent)
        return summary


def verify(path: Path) -> Summary:
    """What the backup holds, every record of it read and every constraint checked.

    BackupDamaged; StoreNewer: a later version wrote it; StoreError: it does not migrate; OSError.
    """
    _, summary = read(path)
    return summary


def restore(path: Path, folder: Path, *, known: int = 0) -> tuple[Summary, Path | None]:
    """Makes ``folder`` a store of what the backup holds; what does not start is put aside.

    ``known``: the highest sequence number in any backup. An older one goes on behind it, so that
    no backup of the course now left can ever seem ahead of the store.
    Returns also where the folder that was there is now. StoreLive, StoreLocked, BackupDamaged:
    it is where it was. OSError: nothing is lost, and the same again takes up where this ended.
    """
    contents, summary = read(path)
    if contents.sequence < known:
        contents.sequence = known + 1
    with _locked(folder):
        _refuse_live(folder, known)
        fresh = _fresh(contents, folder.with_name(folder.name + RESTORING))
        aside = _put_aside(folder) if folder.exists() else None
        fresh.rename(folder)
        sync_folder(folder.parent)
    return summary, aside


def remove_asides(folder: Path, *, before: float | None = None) -> list[Path]:
    """Removes what restoring has put aside or left half-way; returns what. OSError.

    ``before``: only what has been there since that moment (seconds since 1970); None: all.
    """
    aside = [
        path
        for suffix in (RESTORING, REPLACED)
        for path in sorted(folder.parent.glob(f"{folder.name}{suffix}*"))
        if before is None or path.stat().st_ctime < before
    ]
    for path in aside:
        shutil.rmtree(path)
    return aside


def counts(contents: Contents) -> dict[str, int]:
    """Records by table; a table without any is left out."""
    return {table: len(held) for table, held in sorted(contents.tables.items()) if held}


def _content(contents: Contents, made: datetime) -> Iterator[bytes]:
    yield from snapshot_lines(contents)
    yield lines.encode({"made": made.isoformat(), "counts": counts(contents)})


def _name(unverified: Path, path: Path) -> None:
    try:
        path.hardlink_to(unverified)  # a rename would replace what has appeared there meanwhile
    except FileExistsError:
        raise FileExistsError(path) from None
    except OSError:  # a USB stick has no links
        if path.exists():
            raise FileExistsError(path) from None
        unverified.rename(path)


def read(path: Path) -> tuple[Contents, Summary]:
    """All that it holds, in the schema in which it was written; otherwise as `verify`."""
    try:
        contents, summary = _parsed(path, path.read_bytes())
        Store(_Copied(path, contents))
    except StoreDamaged as fault:
        place = f"第 {fault.line} 行" if fault.line else ""
        raise BackupDamaged(path, place + fault.reason) from fault
    return contents, summary


def _parsed(path: Path, raw: bytes) -> tuple[Contents, Summary]:
    end = raw.rfind(b"\n", 0, -1) + 1
    last = read_line(path, raw.count(b"\n", 0, end) + 1, raw[end:-1])
    if last.keys() != {"made", "counts"} or not raw.endswith(b"\n"):
        raise StoreDamaged(path, None, "没有结尾行")
    contents = read_snapshot(path, raw[:end])
    if counts(contents) != last["counts"]:
        raise StoreDamaged(path, None, "记录数与结尾行不符")
    made = datetime.fromisoformat(last["made"])
    return contents, Summary(contents.sequence, counts(contents), made, contents.schema)


def _locked(folder: Path) -> AbstractContextManager[object]:
    return closing(Lock(folder / LOCK)) if folder.exists() else nullcontext()


def _refuse_live(folder: Path, known: int) -> None:
    try:
        sequence = Store.read(folder).sequence
    except StoreDamaged:
        return
    if sequence and sequence >= known:
        raise StoreLive(f"{folder} 里有完好的数据（第 {sequence} 笔）")


def _fresh(contents: Contents, folder: Path) -> Path:
    if folder.exists():  # left by a restore that was interrupted
        shutil.rmtree(folder)
    make_folder(folder)
    contents = migrations.migrated(contents)
    begin(folder, contents.sequence, contents.schema)
    write_file(folder / SNAPSHOT, snapshot_lines(contents))
    Store.open(folder).close()
    return folder


def _put_aside(folder: Path) -> Path:
    names = (f"{folder.name}{REPLACED}{number or ''}" for number in count())
    aside = next(path for name in names if not (path := folder.with_name(name)).exists())
    return folder.rename(aside)
