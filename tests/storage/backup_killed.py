"""A process that dies by SIGKILL at its n-th system call (see the kill tests of backups)."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from storage import backup
from storage.store import Store
from tests.storage.dying import die_at

NOON = datetime(2026, 9, 14, 4, tzinfo=UTC)


def main() -> None:  # pragma: no cover - its process ends by SIGKILL
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
