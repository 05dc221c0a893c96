"""A disk whose calls fail: the n-th of them, once or for ever, wholly or half done (F6)."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CALLS = (
    *("open", "write", "fsync", "fdatasync", "ftruncate", "lseek"),
    *("replace", "rename", "link", "unlink", "mkdir"),
)
READ = "read"  # a file opened for reading
EVER = 10**6
FAILURES = [
    pytest.param(errno.ENOSPC, True, id="no space, half written"),
    pytest.param(errno.EIO, False, id="an error, nothing written"),
]


class Disk:
    """The system calls of the store: counted, recorded, and made to fail from the n-th on."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fail_at = 0
        self.fail_times = 1
        self.only: str | None = None  # the one call that counts
        self.halves = False  # a failing write leaves half of what it was given
        self.error = errno.ENOSPC
        self.failed = 0  # calls since `fail`

    def fail(self, *, at: int, times: int = 1) -> None:
        """Counts anew, and has that call fail, and so many from it on; 0: none."""
        self.calls.clear()
        self.failed = 0
        self.fail_at, self.fail_times = at, times if at else 0

    def heal(self) -> None:
        """From now on nothing fails."""
        self.fail_times = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The calls of the block are the disk's."""
        with pytest.MonkeyPatch.context() as patch:
            for name in CALLS:
                patch.setattr(os, name, self._watched(name, getattr(os, name)))
            patch.setattr(io, "open", self._watched(READ, io.open))
            yield

    def _reached(self, name: str) -> bool:
        """Counts the call; whether it is to fail."""
        if self.only not in (None, name):
            return False
        self.calls.append(name)
        return self.fail_at <= len(self.calls) < self.fail_at + self.fail_times

    def _watched(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            if not self._reached(name):
                return call(*given, **named)
            self.failed += 1
            if name == "write" and self.halves:
                call(given[0], bytes(given[1])[: len(given[1]) // 2])
            raise OSError(self.error, os.strerror(self.error))

        return watched
