"""Places where a process can be killed, by name; put around the bot's functions from outside.

Nothing in the bot knows of them: `plant` wraps the function at the named place in the process that
calls it, and the n-th time that place is reached the process ends by SIGKILL.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.delivery.inbox import Inbox
from bot.delivery.outbox import Outbox
from bot.delivery.polling import InboxRequest
from bot.delivery.wire import Wire
from storage import contents, journal_file, replay, tail
from storage.journal_file import FileJournal

Function = Callable[..., Any]
Wrapper = Callable[["Trap", Function], Function]
WRITE = "write_in_full"
DOMAIN = frozenset({"talks", "forms", "accounts"})


class Trap:
    """Kills this process at the ``nth`` time that it is sprung."""

    def __init__(self, nth: int) -> None:
        self._left = nth

    def spring(self) -> None:
        if self.closes():
            die()

    def closes(self) -> bool:
        """Count; whether this is the time."""
        self._left -= 1
        return self._left == 0


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(trap: Trap, function: Function) -> Function:
    def wrapped(*given: Any, **named: Any) -> Any:
        trap.spring()
        return function(*given, **named)

    return wrapped


def after(trap: Trap, function: Function) -> Function:
    def wrapped(*given: Any, **named: Any) -> Any:
        result = function(*given, **named)
        trap.spring()
        return result

    return wrapped


def after_awaited(trap: Trap, function: Function) -> Function:
    async def wrapped(*given: Any, **named: Any) -> Any:
        result = await function(*given, **named)
        trap.spring()
        return result

    return wrapped


def before_poll(trap: Trap, function: Function) -> Function:
    async def wrapped(request: Any, url: str, *given: Any, **named: Any) -> Any:
        if url.endswith("/getUpdates"):
            trap.spring()
        return await function(request, url, *given, **named)

    return wrapped


def after_claim(trap: Trap, function: Function) -> Function:
    def wrapped(*given: Any, **named: Any) -> Any:
        claimed = function(*given, **named)
        if claimed is not None:
            trap.spring()
        return claimed

    return wrapped


def _is_domain(changes: Any) -> bool:
    return not DOMAIN.isdisjoint(changes)


def before_domain_commit(trap: Trap, function: Function) -> Function:
    def wrapped(journal: FileJournal, changes: Any) -> int:
        if _is_domain(changes):
            trap.spring()
        return int(function(journal, changes))

    return wrapped


def after_domain_commit(trap: Trap, function: Function) -> Function:
    def wrapped(journal: FileJournal, changes: Any) -> int:
        sequence = int(function(journal, changes))
        if _is_domain(changes):
            trap.spring()
        return sequence

    return wrapped


def in_domain_commit(trap: Trap, function: Function) -> Function:
    """Half of the line is in the file."""

    def wrapped(journal: FileJournal, changes: Any) -> int:
        if _is_domain(changes) and trap.closes():
            setattr(tail, WRITE, _half)
        return int(function(journal, changes))

    return wrapped


def _half(descriptor: int, content: bytes) -> None:
    if content.strip(b"\0"):  # zeros are the room made ahead
        os.write(descriptor, content[: len(content) // 2])
        die()
    os.write(descriptor, content)


def in_snapshot(trap: Trap, function: Function) -> Function:
    """The temporary file of the snapshot is half there."""

    def wrapped(content: Any) -> Any:
        lines = list(function(content))
        half = len(lines) // 2 + 1
        yield from lines[:half]
        trap.spring()
        yield from lines[half:]

    return wrapped


def _of_snapshot(path: Path) -> bool:
    return path.name.startswith(replay.SNAPSHOT)


def before_rename(trap: Trap, function: Function) -> Function:
    def wrapped(path: Path, target: Path) -> Path:
        if _of_snapshot(path):
            trap.spring()
        return Path(function(path, target))

    return wrapped


def after_rename(trap: Trap, function: Function) -> Function:
    def wrapped(path: Path, target: Path) -> Path:
        found = Path(function(path, target))
        if _of_snapshot(path):
            trap.spring()
        return found

    return wrapped


# Where each is: the object, its attribute, and what is put around it.
POINTS: dict[str, tuple[Any, str, Wrapper]] = {
    "before polling": (InboxRequest, "do_request", before_poll),
    "after fetch": (Inbox, "take", before),
    "after inbox commit": (Inbox, "take", after),
    "before domain commit": (FileJournal, "append", before_domain_commit),
    "in domain commit": (FileJournal, "append", in_domain_commit),
    "before sync": (os, "fdatasync", before),
    "after domain commit": (FileJournal, "append", after_domain_commit),
    "after claim": (Outbox, "_claim", after_claim),
    "after send": (Wire, "send", after_awaited),
    "before rotation": (journal_file, "begin", before),
    "after rotation": (journal_file, "begin", after),
    "in snapshot": (journal_file, "snapshot_lines", in_snapshot),
    "before rename": (Path, "replace", before_rename),
    "after rename": (Path, "replace", after_rename),
    "before folder sync": (contents, "sync_folder", before),
}
AFTER_SEND = "after send"  # the one point at which somebody may read something twice
BEFORE_POLLING = "before polling"


def plant(point: str, nth: int) -> None:
    """Have this process end at that place, the ``nth`` time it is reached. KeyError."""
    holder, attribute, wrapper = POINTS[point]
    setattr(holder, attribute, wrapper(Trap(nth), getattr(holder, attribute)))
