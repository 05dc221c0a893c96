"""The end of a file, where lines are added durably."""

from __future__ import annotations

import os
from pathlib import Path

from storage.contents import write_in_full

AHEAD = 64 * 1024  # bytes of room made at a time


class Tail:
    """Appends behind the first ``size`` bytes of a file; what is behind them is cut off.

    Room is made ahead, as zero bytes: syncing a file that does not grow spares the file system its
    own journal, about a third of the time. Zeros behind the last line feed are no line.
    """

    def __init__(self, path: Path, size: int) -> None:
        """Makes what is there durable, whoever wrote it. OSError."""
        self._size = self._room = size
        self._descriptor = os.open(path, os.O_WRONLY)
        try:
            # Cutting dirties the last page: a failed fsync may have left it taken for written.
            os.ftruncate(self._descriptor, size)
            os.fsync(self._descriptor)
            os.lseek(self._descriptor, size, os.SEEK_SET)
        except OSError:
            self.close()
            raise

    def append(self, line: bytes) -> int:
        """Adds the line and returns the new size (bytes) once it is durable.

        OSError: unknown what is on disk; close, and begin again behind the size before.
        """
        size = self._size + len(line)
        if size > self._room:
            room = size + AHEAD
            os.lseek(self._descriptor, self._room, os.SEEK_SET)
            write_in_full(self._descriptor, bytes(room - self._room))
            os.lseek(self._descriptor, self._size, os.SEEK_SET)
            self._room = room
        write_in_full(self._descriptor, line)
        os.fdatasync(self._descriptor)
        self._size = size
        return size

    def close(self) -> None:
        """Once only: the descriptor may be another file's by then."""
        os.close(self._descriptor)


def cut(path: Path, size: int) -> None:
    """Leaves the first ``size`` bytes of the file, durably. OSError."""
    Tail(path, size).close()
