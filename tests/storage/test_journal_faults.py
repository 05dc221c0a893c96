"""Failing system calls: refused, undone, nothing confirmed, no write until reopened (F5, F6)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store, StoreClosedForWriting, StoreDamaged
from tests.storage import fault_loop
from tests.storage.disk import EVER, FAILURES, Disk
from tests.storage.samples import add_branches, names, only_journal, written


@pytest.fixture
def disk() -> Iterator[Disk]:
    watched = Disk()
    with watched.watching():
        yield watched


@pytest.mark.parametrize("times", [1, EVER], ids=["once", "until the end"])
@pytest.mark.parametrize(("error", "halves"), FAILURES)
def test_whichever_call_fails_nothing_acknowledged_is_lost(
    tmp_path: Path, disk: Disk, error: int, times: int, *, halves: bool
) -> None:
    disk.error, disk.halves = error, halves
    number = 0
    while True:
        number += 1
        struck = fault_loop.one(tmp_path / str(number), disk, fault_loop.ALL, number, times)
        if not struck:
            break
    assert number > 60, "the faults struck the work itself"


def test_many_faults_may_be_run_from_a_seed() -> None:
    figures = fault_loop.run(seed=7, times=12)
    assert figures["faults"] == 12
    assert figures["acknowledged"] > 12


def fail_next(disk: Disk, call: str) -> None:
    """Has the next call of that name fail, once, and none before it."""
    disk.only = call
    disk.fail(at=1)


@pytest.mark.parametrize("call", ["write", "fdatasync"])
def test_a_failed_append_is_undone_and_closes_the_store_until_reopened(
    tmp_path: Path, disk: Disk, call: str
) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")
    fail_next(disk, call)
    with pytest.raises(StoreClosedForWriting, match="No space") as refusal:
        add_branches(store, "二")
    assert isinstance(refusal.value.__cause__, OSError)
    assert names(store) == ["一"]
    assert store.branches.one("name", "二") is None
    with pytest.raises(StoreClosedForWriting, match="暂不可写"):
        add_branches(store, "三")
    with pytest.raises(StoreClosedForWriting):
        store.snapshot()
    store.reopen()
    add_branches(store, "三")
    store.close()
    assert names(Store.read(tmp_path)) == ["一", "三"]


def test_a_line_whose_sync_failed_is_not_taken_for_true_on_reopening(
    tmp_path: Path, disk: Disk
) -> None:
    store = Store.open(tmp_path)
    fail_next(disk, "fdatasync")
    with pytest.raises(StoreClosedForWriting):
        add_branches(store, "一")
    assert "一".encode() in written(only_journal(tmp_path))
    store.reopen()
    assert names(store) == []
    store.close()
    assert names(Store.read(tmp_path)) == []


def test_a_reopening_that_fails_may_be_tried_again(tmp_path: Path, disk: Disk) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")
    fail_next(disk, "write")
    with pytest.raises(StoreClosedForWriting):
        add_branches(store, "二")
    fail_next(disk, "fsync")
    with pytest.raises(OSError, match="No space"):
        store.reopen()
    with pytest.raises(StoreClosedForWriting):
        add_branches(store, "二")
    store.reopen()
    add_branches(store, "三")
    assert names(store) == ["一", "三"]
    store.close()


def test_acknowledged_lines_that_are_gone_on_reopening_are_damage(
    tmp_path: Path, disk: Disk
) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一", "二")
    fail_next(disk, "write")
    with pytest.raises(StoreClosedForWriting):
        add_branches(store, "三")
    path = only_journal(tmp_path)
    path.write_bytes(b"".join(written(path).splitlines(keepends=True)[:-1]))
    with pytest.raises(StoreDamaged, match="缺第 2 笔"):
        store.reopen()
    assert names(store) == ["一", "二"]
    store.close()


def test_a_snapshot_that_fails_does_not_unsay_the_transaction(
    tmp_path: Path, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store.open(tmp_path, snapshot_floor=1)
    fail_next(disk, "replace")
    add_branches(store, "一")
    assert names(store) == ["一"]
    assert "snapshot failed" in caplog.text
    with pytest.raises(StoreClosedForWriting):
        add_branches(store, "二")
    store.reopen()
    assert names(store) == ["一"]
    store.close()


def test_an_interruption_inside_a_write_closes_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path)

    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            add_branches(store, "一")
    with pytest.raises(StoreClosedForWriting):
        add_branches(store, "二")
    store.reopen()
    assert names(store) == []
    store.close()


def test_a_document_that_json_refuses_closes_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with pytest.raises(ValueError, match="JSON"):
        store._journal.append({"branches": {"1": {"name": float("nan")}}})
    add_branches(store, "一")
    store.close()


def test_a_transaction_is_written_and_synced_before_it_returns(tmp_path: Path, disk: Disk) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")
    disk.calls.clear()
    add_branches(store, "二")
    assert disk.calls == ["write", "fdatasync"]
    store.close()


def test_a_short_write_is_continued_before_the_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path)
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:7]))
        add_branches(store, "一")
    store.close()
    assert names(Store.read(tmp_path)) == ["一"]


def test_a_snapshot_is_synced_before_its_rename_and_the_folder_after(
    tmp_path: Path, disk: Disk
) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")
    disk.calls.clear()
    store.snapshot()
    store.close()
    steps = [call for call in disk.calls if call not in ("open", "lseek", "ftruncate")]
    journal_cut = ["fsync"]
    journal_begun = ["write", "fsync", "replace", "fsync", "fsync"]
    snapshot = ["write", "write", "fsync", "replace", "fsync"]
    assert steps == [*journal_cut, *journal_begun, *snapshot, "unlink"]


def syncs(disk: Disk) -> list[str]:
    return [call for call in disk.calls if call in ("write", "fsync", "replace", "unlink")]


def test_a_first_start_is_durable_before_the_lock_says_so(tmp_path: Path, disk: Disk) -> None:
    Store.open(tmp_path).close()
    journal = ["write", "fsync", "replace", "fsync"]
    marked = ["write", "fsync", "fsync"]  # the mark, then its name
    assert syncs(disk) == ["fsync", "fsync", *journal, *marked, "fsync"]


def test_names_left_by_an_interrupted_writer_are_durable_before_anything_is_removed(
    tmp_path: Path, disk: Disk
) -> None:
    Store.open(tmp_path).close()
    (tmp_path / "snapshot.tmp").touch()
    disk.calls.clear()
    Store.open(tmp_path).close()
    # The folder's names, its own; the stray; the journal.
    assert syncs(disk) == ["fsync", "fsync", "unlink", "fsync"]
