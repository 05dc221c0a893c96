"""Work on a failing disk: nothing is confirmed that is not there, and it goes on when the fault ends."""

from __future__ import annotations

import errno
import random
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from storage import backup
from storage.backup_folder import keep, open_store
from storage.store import Store, StoreClosedForWriting, StoreError
from tests.storage.disk import EVER, Disk
from tests.storage.samples import NOON, add_branches, names

Steps = tuple[str, ...]
ALL: Steps = ("add", "add", "snapshot", "add", "backup", "add", "snapshot", "add")


class Work:
    """A store at work in a folder, and what was acknowledged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.acknowledged: list[str] = []
        self.store = self.opened()

    def opened(self) -> Store:
        return open_store(self.folder / "store", self.folder / "backups", now=NOON)

    def add(self) -> None:
        name = f"第{len(self.acknowledged)}支部"
        add_branches(self.store, name)
        self.acknowledged.append(name)

    def snapshot(self) -> None:
        self.store.snapshot()

    def backup(self) -> None:
        with suppress(OSError):
            keep(self.store.contents(), self.folder / "backups", made=NOON)

    def refuses(self) -> None:
        """What was confirmed is still to be read, and nothing is taken."""
        assert names(self.store) == self.acknowledged
        with pytest.raises(StoreClosedForWriting):
            add_branches(self.store, "没有")
        assert names(self.store) == self.acknowledged

    def check(self) -> None:
        """The same after a reopening, on disk, and in every backup."""
        assert names(self.store) == self.acknowledged
        assert names(Store.read(self.folder / "store")) == self.acknowledged
        for path in self.folder.glob("backups/*.backup"):
            backup.verify(path)


def one(folder: Path, disk: Disk, steps: Steps, number: int, times: int) -> bool:
    """Does the steps while the ``number``-th call fails, ``times`` times; whether one did.

    Afterwards the disk is well, and the store must be too.
    """
    disk.fail(at=number, times=times)
    try:
        work = Work(folder)
    except (OSError, StoreError):
        disk.fail(at=0)
        work = Work(folder)  # it had not begun, and does now
        assert not work.acknowledged
        assert not names(work.store)
        struck = True
    else:
        struck = _do(work, disk, steps)
    disk.fail(at=0)
    work.add()
    work.check()
    work.store.close()
    work.store = work.opened()
    work.check()
    work.store.close()
    return struck


def _do(work: Work, disk: Disk, steps: Steps) -> bool:
    for step in steps:
        try:
            getattr(work, step)()
        except StoreClosedForWriting:
            _mend(work, disk)
    return disk.failed > 0


def _mend(work: Work, disk: Disk) -> None:
    """Tries to reopen as long as the disk fails; then it must succeed."""
    work.refuses()
    for _ in range(3):
        try:
            work.store.reopen()
        except OSError:
            work.refuses()
        else:
            break
    else:
        assert disk.fail_times == EVER
        disk.heal()
        work.store.reopen()
    assert names(work.store) == work.acknowledged


def run(seed: int, times: int) -> dict[str, int]:
    """Strikes so many faults at random work; returns what was acknowledged meanwhile.

    AssertionError: something acknowledged was lost, or something refused was kept.
    """
    chance = random.Random(seed)  # noqa: S311 - chooses moments, guards nothing
    figures = {"faults": 0, "acknowledged": 0}
    disk = Disk()
    with TemporaryDirectory() as scratch, disk.watching():
        while figures["faults"] < times:
            disk.error = chance.choice((errno.ENOSPC, errno.EIO))
            disk.halves = chance.random() < 0.5
            steps = tuple(chance.choices(("add", "snapshot", "backup"), (6, 1, 1), k=12))
            folder = Path(scratch) / f"{figures['faults']}-{chance.random()}"
            figures["faults"] += one(
                folder, disk, steps, chance.randint(1, 120), chance.choice((1, 2, EVER))
            )
            figures["acknowledged"] += steps.count("add")
    return figures
