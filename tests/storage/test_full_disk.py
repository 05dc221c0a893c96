"""A disk that is really full: refused, nothing lost, and on again once there is space (F7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import backup
from storage.backup_folder import keep, open_store
from storage.store import Store, StoreClosedForWriting
from tests.storage.samples import NOON, add_branches, names
from tests.support.small_disk import fill, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def store(disk: Path) -> Iterator[Store]:
    store = open_store(disk / "store", disk / "backups", now=NOON)
    yield store
    store.close()


def add_until_refused(store: Store) -> list[str]:
    """What was acknowledged before the disk was full."""
    acknowledged = names(store)
    while True:
        name = f"第{len(acknowledged)}支部" * 100
        try:
            add_branches(store, name)
        except StoreClosedForWriting:
            return acknowledged
        acknowledged.append(name)


def test_a_store_on_a_full_disk_keeps_what_it_acknowledged_and_goes_on(
    store: Store, disk: Path
) -> None:
    add_branches(store, "零")
    for _ in range(2):
        filler = fill(disk)
        acknowledged = add_until_refused(store)
        assert names(store) == names(Store.read(disk / "store")) == acknowledged
        with pytest.raises(StoreClosedForWriting):
            add_branches(store, "没有")
        filler.unlink()
        store.reopen()
        add_branches(store, f"又{len(acknowledged)}")
        assert names(store)[:-1] == acknowledged
    assert len(acknowledged) > 20
    assert names(Store.read(disk / "store")) == names(store)


def test_a_snapshot_on_a_full_disk_changes_nothing(store: Store, disk: Path) -> None:
    name = "一" * 25_000  # more than the room that cutting the journal gives back
    add_branches(store, name)
    filler = fill(disk)
    with pytest.raises(StoreClosedForWriting, match="No space"):
        store.snapshot()
    assert not list((disk / "store").glob("*.tmp"))
    filler.unlink()
    store.reopen()
    store.snapshot()
    assert names(Store.read(disk / "store")) == [name]


def test_a_backup_on_a_full_disk_leaves_nothing_and_the_store_at_work(
    store: Store, disk: Path
) -> None:
    add_branches(store, "一" * 9000)
    kept, _ = keep(store.contents(), disk / "backups", made=NOON)
    fill(disk)
    with pytest.raises(OSError, match="No space"):
        keep(store.contents(), disk / "backups", made=NOON)
    assert list((disk / "backups").iterdir()) == [kept]
    assert backup.verify(kept).sequence == 1
    add_branches(store, "二")  # in the room that the journal made ahead
    assert names(Store.read(disk / "store"))[-1] == "二"
