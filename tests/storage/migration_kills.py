"""SIGKILL inside every system call of a migration: the older store or the newer one (F10)."""

from __future__ import annotations

import random
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from storage import backup
from storage.backup_folder import open_store
from storage.store import Store, StoreNewer
from tests.storage.dying import dies_at
from tests.storage.older import STEPS, program, written_by
from tests.storage.samples import NOON, names


def run(seed: int, times: int) -> dict[str, int]:
    """Kills that many migrations; returns how many were found old and how many new.

    AssertionError: one was neither, or its backup was not there.
    """
    chance = random.Random(seed)  # noqa: S311 - chooses moments, guards nothing
    figures = {"kills": 0, "old": 0, "new": 0}
    with TemporaryDirectory() as scratch:
        while figures["kills"] < times:
            folder = Path(scratch) / str(figures["kills"])
            sizes = chance.randint(1, 3), chance.randint(0, 3)
            kill_each_call(folder, chance.choice((0, 1)), sizes, figures, times)
    return figures


def kill_each_call(
    folder: Path, origin: int, sizes: tuple[int, int], figures: dict[str, int], times: int
) -> None:
    """Migrates a store of that many steps, killed a call later each time, until it is not.

    ``sizes``: transactions before and after its last snapshot.
    """
    before, after = sizes
    expected = written_by(STEPS[:origin], folder / "made", before=before, after=after)
    for call in count(1):
        store, backups = folder / str(call) / "store", folder / str(call) / "backups"
        store.parent.mkdir()
        copy(folder / "made", store)
        with program(*STEPS):
            died = dies_at(call, partial(open_store, store, backups, now=NOON))
        if not died or figures["kills"] >= times:
            return
        figures["kills"] += 1
        figures["new" if judge(store, backups, expected, origin) else "old"] += 1


def copy(made: Path, store: Path) -> None:
    store.mkdir()
    for path in made.iterdir():
        (store / path.name).write_bytes(path.read_bytes())


def judge(store: Path, backups: Path, expected: list[str], origin: int) -> bool:
    """Whether it is new: the program that wrote it opens it or refuses, its successor opens it."""
    with program(*STEPS[:origin]):
        try:
            assert names(Store.read(store)) == expected
            is_new = False
        except StoreNewer:
            is_new = True
        if is_new:
            (kept,) = [path for path in backups.iterdir() if path.suffix == ".backup"]
            assert backup.verify(kept).sequence == len(expected)
    migrated = [name + "甲乙"[origin:] for name in expected]
    with program(*STEPS):
        assert names(Store.read(store)) == migrated
        again = open_store(store, backups, now=NOON)
        assert names(again) == migrated
        assert again.unmigrated is None
        again.close()
    return is_new
