"""Transactions that share one wait for the disk: they hold in memory at once, and on disk together."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from storage import journal_file
from storage.contents import SLICE
from storage.journal_file import FileJournal
from storage.store import Store, StoreClosedForWriting
from tests.storage.disk import Disk
from tests.storage.samples import add_branches, branch, names, only_journal, written


def add(store: Store, *several: str) -> None:
    """A transaction per name that nobody has been told of."""
    for name in several:
        with store.transaction(sync=False):
            store.branches.add(branch(name))


def lines(folder: Path) -> int:
    return written(only_journal(folder)).count(b"\n") - 1


def test_they_are_one_line_once_they_are_synced(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    add(store, "一", "二", "三")
    assert names(store) == ["一", "二", "三"]
    assert (lines(tmp_path), names(Store.read(tmp_path))) == (0, [])
    store.sync()
    store.sync()  # nothing more waits
    assert (lines(tmp_path), names(Store.read(tmp_path))) == (1, ["一", "二", "三"])
    store.close()


def test_they_go_with_the_next_transaction_that_waits_for_the_disk(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    add(store, "一", "二")
    with store.transaction(sync=False):
        store.branches.remove(1)
    add_branches(store, "三")
    assert (lines(tmp_path), names(Store.read(tmp_path))) == (1, ["二", "三"])
    store.close()


def test_what_fails_in_one_takes_back_nothing_of_those_before(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    add(store, "一")
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.branches.add(branch(str(1 / 0)))
    store.close()  # what waits is synced at an orderly end
    assert names(Store.read(tmp_path)) == ["一"]


@pytest.mark.parametrize("call", ["write", "fdatasync"])
def test_where_the_disk_fails_they_never_happened(tmp_path: Path, call: str) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")
    add(store, "二")
    disk = Disk()
    with disk.watching():
        disk.only = call
        disk.fail(at=1)
        with pytest.raises(StoreClosedForWriting):
            add_branches(store, "三")
        stopped = store.is_writable
        store.reopen()
    assert (stopped, store.is_writable) == (False, True)
    assert names(store) == names(Store.read(tmp_path)) == ["一"]
    add_branches(store, "四")
    store.close()
    assert names(Store.read(tmp_path)) == ["一", "四"]


def test_a_backup_or_a_snapshot_holds_only_what_is_durable(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    add(store, "一")
    assert store.contents().sequence == store.sequence == 1
    assert names(Store.read(tmp_path)) == ["一"]
    store.close()


def test_life_goes_on_while_a_thread_writes_a_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path, snapshot_floor=1)
    store.snapshots_beside = True
    renames: list[str] = []
    replace = os.replace

    def noted(source: Path, target: Path) -> None:
        renames.append(Path(target).name)
        replace(source, target)

    monkeypatch.setattr(os, "replace", noted)
    for number in range(40):
        add_branches(store, f"第{number}支部")
    everybody = [f"第{number}支部" for number in range(40)]
    assert names(Store.read(tmp_path)) == everybody
    store.close()
    assert renames.count("snapshot") > 1
    opened = Store.open(tmp_path)
    assert names(opened) == everybody
    opened.close()


def test_a_snapshot_in_its_thread_gives_way_after_each_line_and_any_other_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(journal_file, "sleep", pauses.append)
    store = Store.open(tmp_path)
    add_branches(store, *(f"第{number}支部" for number in range(2 * SLICE)))
    store.snapshot()
    assert pauses == []
    store.begin_snapshot()
    store.close()  # waits for the thread
    assert pauses == [journal_file.PAUSE] * len((tmp_path / "snapshot").read_bytes().splitlines())


def test_a_snapshot_that_fails_in_its_thread_is_logged_and_loses_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = Store.open(tmp_path)
    add_branches(store, "一")
    with monkeypatch.context() as patched:
        patched.setattr(FileJournal, "_write_snapshot", full)
        done = store.begin_snapshot()
        add_branches(store, "二")
        store.reopen()  # waits for the thread
    assert done()
    assert "snapshot failed" in caplog.text
    assert names(store) == ["一", "二"]
    store.close()
    assert names(Store.read(tmp_path)) == ["一", "二"]


def test_a_store_in_memory_loses_nothing_by_a_snapshot_beside() -> None:
    store = Store.in_memory()
    add_branches(store, "一")
    store.begin_snapshot()
    add(store, "二")
    store.sync()
    store.reopen()
    assert names(store) == ["一", "二"]
    store.close()
