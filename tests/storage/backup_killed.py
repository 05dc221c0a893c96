"""A process that dies by SIGKILL at its n-th system call (see the kill tests of backups)."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from storage import backup
from storage.store import Store

NOON = datetime(2026, 9, 14, 4, tzinfo=UTC)
CALLS = ("open", "write", "fsync", "replace", "link", "rename", "unlink", "mkdir")


def die_at(number: int) -> None:  # pragma: no cover - its process ends by SIGKILL
    """Has the process end inside that call, counted from 1; a write is half done by then."""
    numbers = count(1)

    def deadly(name: str, call: Any) -> Any:
        def watched(*given: Any, **named: Any) -> Any:
            if next(numbers) == number:
                if name == "write":
                    call(given[0], bytes(given[1])[: len(given[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*given, **named)

        return watched

    for name in CALLS:
        setattr(os, name, deadly(name, getattr(os, name)))


def main() -> None:  # pragma: no cover - as above
    """``write STORE FILE N`` or ``restore FILE STORE N``."""
    what, source, target, number = sys.argv[1:]
    if what == "write":
        contents = Store.read(Path(source)).contents()
        die_at(int(number))
        backup.write(contents, Path(target), made=NOON)
    else:
        die_at(int(number))
        backup.restore(Path(source), Path(target))


if __name__ == "__main__":  # pragma: no cover - as above
    main()
