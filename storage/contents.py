"""All that a store holds at one moment, and its snapshot on disk.

A snapshot is a file of checksummed lines: first ``{"schema", "seq", "last", "lines"}``, then as
many ``lines`` of ``{"table", "documents"}``, each a slice of one table.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from storage import lines, migrations
from storage.errors import StoreDamaged
from storage.live import Changes, Documents

SLICE = 100  # documents in one line; encoding them keeps the interpreter


@dataclass(slots=True)
class Contents:
    """The tables after transaction ``sequence``. ``last_ids``: the highest ever, by table.

    ``schema``: the form in which the documents are.
    """

    tables: dict[str, Documents] = field(default_factory=dict)
    last_ids: dict[str, int] = field(default_factory=dict)
    sequence: int = 0
    schema: int = field(default_factory=migrations.current)

    def apply(self, sequence: int, changes: Changes) -> None:
        """Takes one transaction over."""
        for table, documents in changes.items():
            known = self.tables.setdefault(table, {})
            for id, document in documents.items():
                if document is None:
                    known.pop(id, None)
                else:
                    known[id] = document
                self.last_ids[table] = max(self.last_ids.get(table, 0), int(id))
        self.sequence = sequence

    def copied(self) -> Contents:
        """The same, and still the same when the store goes on: its documents are replaced, never changed."""
        tables = {table: dict(documents) for table, documents in self.tables.items()}
        return replace(self, tables=tables, last_ids=dict(self.last_ids))


def snapshot_lines(contents: Contents) -> Iterator[bytes]:
    """The snapshot, line by line, so that a later caller may write it in slices."""
    counts = [-(-len(documents) // SLICE) for documents in contents.tables.values()]
    yield lines.encode(
        {
            "schema": contents.schema,
            "seq": contents.sequence,
            "last": contents.last_ids,
            "lines": sum(counts),
        }
    )
    for table, documents in contents.tables.items():
        rest = iter(documents.items())
        while part := dict(islice(rest, SLICE)):
            yield lines.encode({"table": table, "documents": part})


def read_snapshot(path: Path, raw: bytes) -> Contents:
    """The contents of a snapshot, in the schema in which they were written.

    StoreDamaged names ``path``: a line is changed or missing. StoreNewer.
    """
    pieces = raw.split(b"\n")
    head = read_line(path, 1, pieces[0])
    schema = migrations.known(path, head)
    if len(pieces) != head["lines"] + 2 or pieces[-1]:
        raise StoreDamaged(path, len(pieces), "快照不完整")
    contents = Contents({}, head["last"], head["seq"], schema)
    for number, piece in enumerate(pieces[1:-1], start=2):
        part = read_line(path, number, piece)
        contents.tables.setdefault(part["table"], {}).update(part["documents"])
    return contents


def read_line(path: Path, number: int, line: bytes) -> dict[str, Any]:
    """What that line of that file carries; StoreDamaged names both."""
    try:
        return lines.decode(line)
    except ValueError as fault:
        raise StoreDamaged(path, number, str(fault)) from fault


def write_in_full(descriptor: int, content: bytes) -> None:
    """All of it, however the system cuts it. OSError."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def write_file(path: Path, content: Iterator[bytes]) -> int:
    """The file whole and durable, or not at all: temp file, fsync, rename, fsync of the folder.

    Returns its size in bytes. OSError: the file there before is untouched.
    """
    temporary = path.with_name(path.name + ".tmp")
    size = 0
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            for part in content:
                write_in_full(descriptor, part)
                size += len(part)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)
    return size


def make_folder(folder: Path) -> None:
    """The folder, and what it is in, for its owner alone and durable by name. OSError."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes names durable: a rename that only memory knows is undone by a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
