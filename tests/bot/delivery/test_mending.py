"""A store that stopped is read back and verified before it takes anything again (F6)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery.mending import is_writable
from storage.store import Store, StoreClosedForWriting, StoreDamaged
from tests.storage.disk import EVER, Disk
from tests.storage.samples import add_branches, names, only_journal


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk()
    with disk.watching():
        yield disk


@pytest.fixture
def stopped(tmp_path: Path, disk: Disk) -> Store:
    """A store of which the second sync failed, on a disk that goes on failing."""
    store = Store.open(tmp_path)
    add_branches(store, "一")
    disk.fail(at=2, times=EVER)
    with pytest.raises(StoreClosedForWriting):
        add_branches(store, "二")
    return store


def test_a_store_at_work_is_left_alone(tmp_path: Path, disk: Disk) -> None:
    store = Store.open(tmp_path)
    disk.calls.clear()
    assert is_writable(store)
    assert not disk.calls


def test_a_stopped_store_takes_nothing_as_long_as_the_disk_fails(
    stopped: Store, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        assert not is_writable(stopped)
        with pytest.raises(StoreClosedForWriting):
            add_branches(stopped, "三")
    assert names(stopped) == ["一"]
    assert [record.exc_info for record in caplog.records] == [None] * 3


def test_a_stopped_store_is_at_work_again_at_the_first_attempt_after_the_fault(
    stopped: Store, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    assert not is_writable(stopped)
    disk.heal()
    with caplog.at_level(logging.WARNING):
        assert is_writable(stopped)
    assert "reopened" in caplog.text
    add_branches(stopped, "三")
    assert names(stopped) == ["一", "三"]


def test_a_stopped_store_whose_lines_are_gone_is_not_taken_up_again(
    stopped: Store, disk: Disk, tmp_path: Path
) -> None:
    disk.heal()
    path = only_journal(tmp_path)
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(StoreDamaged):
        is_writable(stopped)
    assert names(stopped) == ["一"]
