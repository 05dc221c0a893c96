"""Reading a store back from its folder: the snapshot, then every journal line after it.

``journal-<n>`` begins with ``{"schema", "after"}`` and goes on with ``{"seq", "set"}`` from
sequence n = after + 1. The one that begins right after the snapshot is always there. All lines are
of one schema; a journal without lines may be older than the snapshot that a migration ended with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from storage import lines, migrations
from storage.contents import Contents, read_line, read_snapshot
from storage.errors import StoreDamaged

SNAPSHOT = "snapshot"
LOCK = "lock"
SECTOR = 512  # bytes that a disk writes whole or not at all


class End(NamedTuple):
    """The last line that holds: in which journal, its sequence number, where it ends (bytes).

    ``schema``: that of the journal.
    """

    path: Path
    sequence: int
    size: int
    schema: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the folder holds.

    ``first``: journals before it are superseded by the snapshot. ``end``: what is behind it never
    happened; None: the store has not begun. ``snapshot_size`` in bytes, 0: there is none.
    """

    contents: Contents
    first: Path
    end: End | None
    snapshot_size: int


def journal_path(folder: Path, first: int) -> Path:
    """The journal whose first transaction has sequence ``first``."""
    return folder / f"journal-{first:012d}"


def journal_paths(folder: Path) -> list[Path]:
    """Every journal of the folder, oldest first."""
    return sorted(path for path in folder.glob("journal-*") if path.suffix != ".tmp")


def replay(folder: Path) -> Replayed:
    """StoreDamaged: something was lost or changed, but for a torn last line. Changes nothing.

    StoreNewer.
    """
    contents, raw = Contents(), b""
    snapshot = folder / SNAPSHOT
    if snapshot.exists():
        raw = snapshot.read_bytes()
        contents = read_snapshot(snapshot, raw)
    first = journal_path(folder, contents.sequence + 1)
    journals = _needed(folder, first)
    end = None
    for path in journals:
        end = _replay_journal(path, contents, newest=path == journals[-1])
    return Replayed(contents, first, end, len(raw))


def read(folder: Path) -> Contents:
    """The contents up to the last whole line, while another process may be writing.

    Whatever goes wrong while a newer snapshot appears is no damage: it starts over.
    """
    while True:
        before = _identity(folder / SNAPSHOT)
        try:
            contents = replay(folder).contents
        except (StoreDamaged, FileNotFoundError):
            if _identity(folder / SNAPSHOT) == before:
                raise
        else:
            return contents


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def _needed(folder: Path, first: Path) -> list[Path]:
    paths = journal_paths(folder)
    # Rotation comes before the snapshot: the journal that follows a snapshot is always there.
    if first not in paths and (paths or _has_begun(folder)):
        raise StoreDamaged(first, None, "文件缺失")
    return [path for path in paths if path >= first]


def _has_begun(folder: Path) -> bool:
    # The lock file is empty until the first journal is durable.
    lock = folder / LOCK
    return (folder / SNAPSHOT).exists() or (lock.exists() and lock.stat().st_size > 0)


def _replay_journal(path: Path, contents: Contents, *, newest: bool) -> End:
    whole, end = _whole_lines(path, path.read_bytes(), newest=newest)
    if path != journal_path(path.parent, contents.sequence + 1):
        raise StoreDamaged(path, None, f"其前缺第 {contents.sequence + 1} 笔")
    head = next(whole, None)
    if head is None or head.get("after") != contents.sequence:
        raise StoreDamaged(path, 1, "首行不符")
    schema = migrations.known(path, head)
    if not contents.sequence:
        contents.schema = schema  # nothing is in any form yet
    mixed = f"格式 {schema} 接在格式 {contents.schema} 之后"
    if schema > contents.schema:
        raise StoreDamaged(path, 1, mixed)
    for number, line in enumerate(whole, start=2):
        if line.get("seq") != contents.sequence + 1:
            raise StoreDamaged(path, number, f"应为第 {contents.sequence + 1} 笔")
        if schema != contents.schema:
            raise StoreDamaged(path, number, mixed)
        contents.apply(contents.sequence + 1, line["set"])
    return End(path, contents.sequence, end, schema)


def _whole_lines(path: Path, raw: bytes, *, newest: bool) -> tuple[Iterator[dict[str, Any]], int]:
    """The lines, decoded as they are asked for, and where the last one that counts ends."""
    pieces = raw.split(b"\n")
    torn = pieces.pop()
    if torn and not newest:
        raise StoreDamaged(path, len(pieces) + 1, "末行不完整")
    if _is_whole(torn.rstrip(b"\0")[:-1]):
        raise StoreDamaged(
            path, len(pieces) + 1, "行尾不符"
        )  # a torn line has no end, not another one
    end = len(raw) - len(torn)
    if newest and len(pieces) > 1:
        begin = end - len(pieces[-1]) - 1
        if _has_unwritten_sector(pieces[-1], begin):
            pieces.pop()
            end = begin
    return (read_line(path, number, piece) for number, piece in enumerate(pieces, start=1)), end


def _is_whole(line: bytes) -> bool:
    try:
        lines.decode(line)
    except ValueError:
        return False
    return True


def _has_unwritten_sector(line: bytes, begin: int) -> bool:
    """Whether a power cut left a part of the line, which begins at that offset, unwritten.

    Such a part reads as zeros up to a sector's edge. Damage to a line that was once durable looks
    different, and is not passed over.
    """
    edge = -begin % SECTOR
    return 0 in line[edge::SECTOR] or 0 in line[(edge - 1) % SECTOR :: SECTOR]
