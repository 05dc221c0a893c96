"""What our crash tests say of TinyDB's own JSONStorage, which they must fail (DESIGN, decision 1).

``python -m tests.storage.json_storage FOLDER`` commits as fast as it can, as `tests.storage.writer`
does on our store, and says what was acknowledged.
"""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tinydb import TinyDB, storages
from typing_extensions import override

from tests.storage.kills import ROOT, killed_after

FILE = "db.json"
DOCUMENTS = 300
LONGEST = 400  # characters of the text that changes
FLAGS = {"a": os.O_WRONLY | os.O_CREAT | os.O_APPEND, "r+": os.O_RDWR}


def fill(folder: Path) -> None:
    with TinyDB(folder / FILE) as database:
        database.insert_multiple({"number": 0, "text": "第一"} for _ in range(DOCUMENTS))


def put(database: TinyDB, number: int) -> None:
    """One transaction, longer or shorter than the one before."""
    text = "支" * (number * 137 % LONGEST)
    database.update({"number": number, "text": text}, doc_ids=[1])


def check(folder: Path, acknowledged: int) -> None:
    """AssertionError: something acknowledged is lost. ValueError: nothing can be read."""
    with TinyDB(folder / FILE) as database:
        kept = database.get(doc_id=1)
    assert kept is not None
    assert acknowledged <= kept["number"] <= acknowledged + 1


def main() -> None:  # pragma: no cover - its process ends by SIGKILL
    with TinyDB(Path(sys.argv[1]) / FILE) as database:
        number = 0
        while True:
            number += 1
            put(database, number)
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


def start(folder: Path) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "tests.storage.json_storage", str(folder)]
    return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def run(seed: int, times: int) -> dict[str, int]:
    """Kills so many writers at work, each on a folder of its own; returns what that did.

    AssertionError: nothing was broken, so that the tests of our store would not have noticed either.
    """
    chance = random.Random(seed)  # noqa: S311 - chooses moments, guards nothing
    figures = {"kills": times, "unreadable": 0, "acknowledged lost": 0}
    for _ in range(times):
        with TemporaryDirectory() as name:
            folder = Path(name)
            fill(folder)
            acknowledged = killed_after(start(folder), chance.randint(1, 60))
            try:
                check(folder, acknowledged)
            except ValueError:
                figures["unreadable"] += 1
            except AssertionError:
                figures["acknowledged lost"] += 1
    assert figures["unreadable"] + figures["acknowledged lost"], (
        "a kill harms not even JSONStorage"
    )
    return figures


class SystemFile(io.RawIOBase):
    """A file by the calls of `os`, which a made-up disk can watch."""

    def __init__(self, path: str, mode: str) -> None:
        self._descriptor = os.open(path, FLAGS[mode], 0o600)

    @override
    def readable(self) -> bool:
        return True

    @override
    def writable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def fileno(self) -> int:
        return self._descriptor

    @override
    def readinto(self, room: Any) -> int:
        found = os.read(self._descriptor, len(room))
        room[: len(found)] = found
        os.lseek(
            self._descriptor, 0, os.SEEK_CUR
        )  # tells whoever watches where the reading has led
        return len(found)

    @override
    def write(self, content: Any) -> int:
        return os.write(self._descriptor, bytes(content))

    @override
    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return os.lseek(self._descriptor, offset, whence)

    @override
    def truncate(self, size: int | None = None) -> int:
        end = self.tell() if size is None else size
        os.ftruncate(self._descriptor, end)
        return end

    @override
    def close(self) -> None:
        if not self.closed:
            super().close()
            os.close(self._descriptor)


@contextmanager
def by_system_calls() -> Iterator[None]:
    """Have JSONStorage open its file so."""

    def opened(path: str, mode: str, encoding: str | None = None) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BufferedRandom(SystemFile(path, mode)), encoding or "utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storages, "open", opened, raising=False)
        yield


Acknowledge = Callable[[int], None]


def puts(folder: Path, acknowledge: Acknowledge) -> None:
    """Three transactions, one after another, each acknowledged."""
    with by_system_calls(), TinyDB(folder / FILE) as database:
        for number in range(1, 4):
            put(database, number)
            acknowledge(number)


if __name__ == "__main__":  # pragma: no cover - as above
    main()
