"""A process that dies by SIGKILL inside its n-th system call (see the kill tests)."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from itertools import count
from typing import Any

CALLS = (
    *("open", "write", "ftruncate", "fsync", "fdatasync"),
    *("replace", "link", "rename", "unlink", "mkdir"),
)


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


def dies_at(number: int, work: Callable[[], object]) -> bool:
    """Does the work in a child that dies at that call; False: it had ended before."""
    child = os.fork()
    if not child:  # pragma: no cover - as above
        try:
            die_at(number)
            work()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - nothing of the test may go on in two processes
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, -signal.SIGKILL), "the work itself failed"
    return code != 0
