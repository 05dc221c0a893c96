"""Whatever a power cut leaves of the last system calls, the store opens to old or new (F5)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from storage import backup
from storage.backup_folder import keep, open_store
from storage.errors import StoreBehind, StoreDamaged
from storage.store import Store, StoreNewer
from tests.storage import json_storage
from tests.storage.older import STEPS, program, written_by
from tests.storage.power_cut import PowerCut
from tests.storage.samples import NOON, add_branches, names, only_journal

FIRST, _ = STEPS
Run = Callable[[PowerCut, Path], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """What is durable before the run: the data folder, with nothing in it."""
    root = tmp_path / "data"
    root.mkdir()
    return root


def named(number: int) -> str:
    return f"第{number}支部" * (
        200 if number % 3 == 0 else 1
    )  # some lines go over several sectors


def old_or_new(data: Path, told: int) -> None:
    """All that was told is there, at most one more, and the store takes another."""
    store = open_store(data / "store", data / "backups", now=NOON)
    found = store.sequence
    assert told <= found <= told + 1
    assert names(store) == [named(number) for number in range(1, found + 1)]
    add_branches(store, "终")
    store.close()
    assert names(Store.read(data / "store"))[-1] == "终"


def appends(cut: PowerCut, root: Path) -> None:
    """A first start, lines, and two more starts behind them."""
    for numbers in (range(1, 4), range(4, 6), range(6, 8)):
        store = open_store(root / "store", root / "backups", now=NOON)
        for number in numbers:
            add_branches(store, named(number))
            cut.acknowledge(number)
        store.close()


def rotations(cut: PowerCut, root: Path) -> None:
    """Snapshots with lines between them, and the journals that they replace."""
    store = Store.open(root / "store")
    for number in range(1, 4):
        add_branches(store, named(number))
        cut.acknowledge(number)
        store.snapshot()
        cut.look()
    store.close()


@pytest.mark.parametrize("run", [appends, rotations])
def test_after_a_power_cut_the_store_holds_all_that_was_confirmed(root: Path, run: Run) -> None:
    cut = PowerCut(root, old_or_new)
    with cut.watching():
        run(cut, root)
    assert cut.states > 45


@pytest.mark.parametrize("run", [appends, rotations])
@pytest.mark.parametrize("without", ["file", "folder"])
def test_without_its_syncs_the_store_would_not_stand_a_power_cut(
    root: Path, run: Run, without: str
) -> None:
    cut = PowerCut(root, old_or_new, without=without)
    with pytest.raises((AssertionError, StoreDamaged)), cut.watching():
        run(cut, root)


def test_after_a_power_cut_a_backup_is_whole_or_not_there(root: Path) -> None:
    store = Store.open(root / "store")
    add_branches(store, *map(named, range(1, 4)))

    def judge(data: Path, told: int) -> None:
        kept = list(data.glob("backups/*.backup"))
        assert len(kept) in (told, told + 1)
        for path in kept:
            assert backup.verify(path).sequence == 3

    cut = PowerCut(root, judge)
    with cut.watching():
        for number in (1, 2):
            keep(store.contents(), root / "backups", made=NOON)
            cut.acknowledge(number)
    store.close()
    assert cut.states > 15


def test_after_a_power_cut_a_restored_store_is_whole_or_refuses_to_start(root: Path) -> None:
    store = Store.open(root / "store")
    add_branches(store, *map(named, range(1, 4)))
    path, _ = keep(store.contents(), root / "backups", made=NOON)
    store.close()
    only_journal(root / "store").write_bytes(b"x\n")

    def judge(data: Path, told: int) -> None:
        with suppress(*(() if told else (StoreDamaged, StoreBehind))):
            old_or_new(data, 3)

    cut = PowerCut(root, judge)
    with cut.watching():
        backup.restore(path, root / "store", known=3)
        cut.acknowledge(1)
    assert cut.states > 15


def test_after_a_power_cut_a_migration_is_done_or_not_begun(root: Path) -> None:
    old = written_by((), root / "store", before=1, after=2)

    def judge(data: Path, told: int) -> None:
        with program():
            try:
                assert names(Store.read(data / "store")) == old
                assert not told
            except StoreNewer:
                (kept,) = data.glob("backups/*.backup")
                assert backup.verify(kept).counts == {"branches": 3}
        with program(FIRST):
            store = open_store(data / "store", data / "backups", now=NOON)
            assert names(store) == [name + "甲" for name in old]
            store.close()

    cut = PowerCut(root, judge)
    with cut.watching():
        with program(FIRST):
            store = open_store(root / "store", root / "backups", now=NOON)
        cut.acknowledge(1)
    store.close()
    assert cut.states > 20


def test_tinydbs_own_storage_would_not_stand_a_power_cut(root: Path) -> None:
    json_storage.fill(root)
    cut = PowerCut(root, json_storage.check)
    with pytest.raises((AssertionError, ValueError)), cut.watching():
        json_storage.puts(root, cut.acknowledge)
