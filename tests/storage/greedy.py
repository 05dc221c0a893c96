"""A reader that a file has got the better of: run as the child in the real one's place."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from pathlib import Path

from storage import workbook, workbook_apart
from storage.workbook_rows import Fault, Roster

Read = tuple[Roster, list[Fault]]


def endless(_: Path) -> Read:
    while True:
        pass


def hungry(_: Path) -> Read:
    return Roster(), [Fault(None, None, None, None, str(len(bytearray(1 << 30))))]


def writing(path: Path) -> Read:
    path.write_text("x", encoding="utf-8")
    return Roster(), []


def candid(_: Path) -> Read:
    kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)
    said = " ".join(str(resource.getrlimit(kind)) for kind in kinds)
    return Roster(), [Fault(None, None, None, None, said)]


def chatty(_: Path) -> Read:
    sys.stdout.write("no JSON")
    return Roster(), []


READERS: dict[str, Callable[[Path], Read]] = {
    one.__name__: one for one in (endless, hungry, writing, candid, chatty)
}


def main() -> None:
    workbook.read = READERS[Path(sys.argv[1]).stem]  # type: ignore[assignment]  # this child alone
    workbook_apart.main()
