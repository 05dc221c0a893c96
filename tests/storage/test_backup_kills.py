"""SIGKILL at every system call of a backup and of a restore: whole, or not there (F4, F9)."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from storage import backup
from storage.backup_folder import open_store
from storage.errors import StoreBehind, StoreDamaged, StoreLive
from storage.store import Store
from tests.storage import backup_killed
from tests.storage.samples import NOON, add_branches, names, only_journal

ROOT = Path(__file__).parents[2]


def deaths(tmp_path: Path, what: str, source: Path, target: str) -> Iterator[Path]:
    """Runs it in folder after folder, killed a call later each time, until it is not; the target."""
    for number in count(1):
        path = tmp_path / str(number) / target
        path.parent.mkdir()
        if what == "restore":
            begin_damaged(path)
        arguments = [what, str(source), str(path), str(number)]
        run = subprocess.run(
            [sys.executable, "-m", backup_killed.__name__, *arguments], cwd=ROOT, check=False
        )
        yield path
        if run.returncode == 0:
            assert number > 12, "the kills struck the work itself"
            return
        assert run.returncode == -signal.SIGKILL


def begin_damaged(folder: Path) -> None:
    store = Store.open(folder)
    add_branches(store, "一")
    store.close()
    only_journal(folder).write_bytes(b"x\n")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "store")
    add_branches(store, "一", "二", "三")
    yield store
    store.close()


@pytest.mark.processes
def test_a_backup_killed_half_way_has_no_name_and_does_not_hinder_the_next(
    store: Store, tmp_path: Path
) -> None:
    whole = 0
    for path in deaths(tmp_path, "write", tmp_path / "store", "copy.backup"):
        if path.exists():
            whole += 1
        else:
            backup.write(store.contents(), path, made=NOON)
        assert backup.verify(path).counts == {"branches": 3}
    assert whole > 1, "some were killed after the name was given"


@pytest.mark.processes
def test_a_restore_killed_half_way_never_starts_empty_and_may_be_run_again(
    store: Store, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.backup"
    backup.write(store.contents(), copy, made=NOON)
    refused = 0
    for folder in deaths(tmp_path, "restore", copy, "store"):
        try:
            open_store(folder, folder.parent / "backups", now=NOON).close()
        except (StoreDamaged, StoreBehind):
            refused += 1
        with suppress(StoreLive):
            backup.restore(copy, folder)
        restored = open_store(folder, folder.parent / "backups", now=NOON)
        assert names(restored) == ["一", "二", "三"]
        restored.close()
    assert refused > 10
