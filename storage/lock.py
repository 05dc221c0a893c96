"""The lock of a store: one writer at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from storage.contents import sync_folder, write_in_full
from storage.errors import StoreLocked


class Lock:
    """An exclusive lock on a file, held until closed or until the process ends.

    The file is empty until the store has begun; from then on, no journal beside it means damage.
    """

    def __init__(self, path: Path) -> None:
        """StoreLocked: another process, or another Store of this one, holds it."""
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            os.close(self._descriptor)
            raise StoreLocked(f"{path.parent} 已被另一个进程打开") from held

    def mark_begun(self) -> None:
        """Records, durably, that the store has begun. OSError."""
        if os.fstat(self._descriptor).st_size == 0:
            write_in_full(self._descriptor, b"begun\n")
            os.fsync(self._descriptor)
            sync_folder(self._path.parent)

    def close(self) -> None:
        """Lets the next one in. Once only: the descriptor may be another file's by then."""
        os.close(self._descriptor)


def is_held(path: Path) -> bool:
    """Whether a process holds that lock; a look that could itself be in the way, for an instant. OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
