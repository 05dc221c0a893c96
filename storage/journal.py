"""Where transactions become durable: the port (DESIGN, decision 2) and its two small forms.

The form that a running bot uses is `storage.journal_file`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from storage import lines
from storage.contents import Contents, read_snapshot, snapshot_lines
from storage.errors import StoreClosedForWriting
from storage.live import Changes
from storage.replay import read


class Journal(Protocol):
    """Keeps transactions in order, for one writer; lock or lease are the implementation's own."""

    def read_back(self) -> Contents:
        """All that holds, verified, in the schema in which it was written.

        Afterwards transactions are taken, after a failure too; contents of an older schema must
        first be put in their place, migrated, by `replace`.
        StoreDamaged, StoreNewer; OSError: may be tried again.
        """
        ...

    def require_writable(self) -> None:
        """StoreClosedForWriting: ``append`` would refuse."""
        ...

    def append(self, changes: Changes, /) -> int:
        """Makes one transaction durable, whole or not at all; returns its sequence number.

        StoreClosedForWriting: it is not, and no other is taken until `read_back`.
        ValueError: it holds NaN; nothing happened.
        """
        ...

    def is_overgrown(self) -> bool:
        """Whether `replace` would pay: most of what is read back is out of date."""
        ...

    def replace(self, contents: Contents, /) -> None:
        """Puts the present contents, as a snapshot, in the place of all lines so far.

        StoreClosedForWriting: it could not; nothing is lost, `read_back` is due.
        """
        ...

    def begin_replace(self, contents: Contents, /) -> Callable[[], None]:
        """As `replace`, in two steps: what is returned does all that takes long, in any thread.

        ``contents`` stay as they are meanwhile, and transactions are taken. OSError of the second
        step: nothing is lost, and nothing closed.
        """
        ...

    def close(self) -> None:
        """Takes nothing more, for good; may be called again."""
        ...


class MemoryJournal:
    """For tests and rehearsals: encodes as a file does, and keeps the lines in a list."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self._snapshot = b"".join(snapshot_lines(Contents()))
        self._open = True
        self._sequence = 0

    def read_back(self) -> Contents:
        contents = read_snapshot(Path("memory"), self._snapshot)
        for line in self.lines:
            payload = lines.decode(line.removesuffix(b"\n"))
            contents.apply(payload["seq"], payload["set"])
        return contents

    def require_writable(self) -> None:
        if not self._open:
            raise StoreClosedForWriting("数据已关闭")

    def append(self, changes: Changes) -> int:
        self.require_writable()
        self.lines.append(lines.encode({"seq": self._sequence + 1, "set": changes}))
        self._sequence += 1
        return self._sequence

    def is_overgrown(self) -> bool:
        return False

    def replace(self, contents: Contents) -> None:
        self.require_writable()
        self._snapshot, self.lines = b"".join(snapshot_lines(contents)), []

    def begin_replace(self, contents: Contents) -> Callable[[], None]:
        self.replace(contents)
        return lambda: None

    def close(self) -> None:
        self._open = False


class ReadingJournal:
    """A folder read beside its writer, without the lock: up to the last whole line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read_back(self) -> Contents:
        return read(self._folder)

    def require_writable(self) -> None:
        raise StoreClosedForWriting("只读打开，不能写入")

    def append(self, _changes: Changes, /) -> int:
        raise StoreClosedForWriting("只读打开，不能写入")

    def is_overgrown(self) -> bool:
        return False

    def replace(self, _contents: Contents, /) -> None:
        raise StoreClosedForWriting("只读打开，不能写入")

    def begin_replace(self, _contents: Contents, /) -> Callable[[], None]:
        raise StoreClosedForWriting("只读打开，不能写入")

    def close(self) -> None:
        """Nothing is held."""
