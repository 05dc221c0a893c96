"""A workbook of unknown origin, read in a process of its own with little memory and little time.

The child prints a `Found` as JSON. Whatever a file does to its reader, it does it there: half a
gigabyte or ten seconds of work later the child is gone (reliability X12).
"""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from storage.workbook_rows import Fault, Roster

MEMORY: Final = 512 * 1024 * 1024  # bytes of address space
SECONDS: Final = 10  # of the processor
PATIENCE: Final = (
    30  # seconds on the clock: a machine with much else to do is no fault of the file
)
MODULE: Final = "storage.workbook_apart"
ROOT: Final = Path(
    __file__
).parent.parent  # the child runs what its parent runs, wherever it stands


@dataclass(frozen=True, slots=True)
class Found:
    """What a workbook says, and what is wrong in it; it crosses processes and waits on disk as JSON."""

    roster: Roster
    faults: tuple[Fault, ...] = ()

    def as_json(self) -> bytes:
        return _form().dump_json(self)

    @classmethod
    def from_json(cls, written: bytes | str) -> Found:
        """ValueError: that is none."""
        return _form().validate_json(written)


@cache
def _form() -> TypeAdapter[Found]:
    return TypeAdapter(Found)  # takes its time, and few ever send a workbook


def read(path: Path) -> Found:
    """What `storage.workbook.read` finds, within the limits; beyond them an empty roster and one fault.

    It waits for the child, half a minute at most: no call for a thread that has people to answer.
    """
    program = f"from {MODULE} import main; main()"
    command = [sys.executable, "-B", "-c", program, str(path.absolute())]
    try:
        # Nothing of our environment: the child needs no token.
        ended = subprocess.run(  # noqa: S603 - our own module
            command, capture_output=True, check=True, cwd=ROOT, env={}, timeout=PATIENCE
        )
        return Found.from_json(ended.stdout)
    except (subprocess.SubprocessError, ValidationError):
        text = (
            f"{SECONDS} 秒内没有读完，名册不会这么大，请新建工作簿，只粘贴 支部、人员、结对 三张表"
        )
        return Found(Roster(), (Fault(None, None, None, None, text),))


def _limit(memory: int, seconds: int) -> None:
    """Of this process, for good. It writes no file, and leaves no core: that would hold the roster."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main() -> None:
    """Be the child."""
    _limit(MEMORY, SECONDS)
    from storage import workbook  # within the limits, too

    roster, faults = workbook.read(Path(sys.argv[1]))
    sys.stdout.buffer.write(Found(roster, tuple(faults)).as_json())
