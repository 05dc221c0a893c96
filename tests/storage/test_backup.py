"""A backup is whole and verified, or it is not there (reliability F5, F6, F9)."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from storage import backup, migrations
from storage.backup import Summary
from storage.contents import SLICE, Contents, snapshot_lines
from storage.errors import BackupDamaged, StoreError, StoreLive, StoreLocked
from storage.lines import decode, encode
from storage.store import Store
from tests.storage.disk import Disk
from tests.storage.samples import (
    NOON,
    add_branches,
    branch,
    everything,
    names,
    only_journal,
    talk,
    written,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three branches from a snapshot and lines behind it, one removed again, and a talk."""
    store = Store.open(tmp_path / "store")
    add_branches(store, "零", "一")
    store.snapshot()
    add_branches(store, "二", "三")
    with store.transaction():
        store.branches.remove(2)
        store.talks.add(talk())
    yield store
    store.close()


@pytest.fixture
def copy(store: Store, tmp_path: Path) -> Path:
    path = tmp_path / "copy.backup"
    backup.write(store.contents(), path, made=NOON)
    return path


def only(folder: Path, path: Path) -> bool:
    """Whether nothing else was left beside the backup."""
    return [found for found in folder.iterdir() if found.name != "store"] == [path]


def test_a_backup_says_how_far_it_goes_what_it_holds_and_when_it_was_made(copy: Path) -> None:
    assert backup.verify(copy) == Summary(5, {"branches": 3, "talks": 1}, NOON)


def test_a_backup_is_its_owners_alone_and_leaves_nothing_beside_it(copy: Path) -> None:
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.stat().st_nlink == 1
    assert only(copy.parent, copy)


def test_a_backup_of_many_records_restores_to_equal_tables(store: Store, tmp_path: Path) -> None:
    with store.transaction():
        for number in range(2, SLICE * 2):
            store.talks.add(talk(number))
    path = tmp_path / "copy.backup"
    backup.write(store.contents(), path, made=NOON)
    backup.restore(path, tmp_path / "restored")
    restored = Store.open(tmp_path / "restored")
    assert everything(restored) == everything(store)
    assert restored.sequence == store.sequence
    restored.close()


def test_a_restored_store_goes_on_and_gives_no_id_twice(copy: Path, tmp_path: Path) -> None:
    backup.restore(copy, tmp_path / "new" / "store")
    for name in ("四", "五"):
        restored = Store.open(tmp_path / "new" / "store")
        add_branches(restored, name)
        restored.close()
    assert names(Store.read(tmp_path / "new" / "store")) == ["零", "二", "三", "四", "五"]
    assert restored.branches.one("name", "四") == branch("四", id=5)
    assert (tmp_path / "new" / "store").stat().st_mode & 0o777 == 0o700


def test_what_is_written_after_a_backup_is_not_in_it(store: Store, copy: Path) -> None:
    before = copy.read_bytes()
    add_branches(store, "四")
    assert copy.read_bytes() == before
    assert backup.verify(copy).sequence == 5


def test_no_flipped_byte_of_a_backup_is_called_good(copy: Path) -> None:
    whole = copy.read_bytes()
    assert len(whole) > 500
    for at in range(len(whole)):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << at % 8
        copy.write_bytes(flipped)
        with pytest.raises(BackupDamaged):
            backup.verify(copy)


def test_no_backup_cut_anywhere_is_called_good(copy: Path) -> None:
    whole = copy.read_bytes()
    for cut in range(len(whole)):
        copy.write_bytes(whole[:cut])
        with pytest.raises(BackupDamaged):
            backup.verify(copy)


def changed_lines(whole: bytes) -> dict[str, list[bytes]]:
    """Backups of whole lines only, each with its own checksum."""
    head, first, second, last = whole.splitlines(keepends=True)
    fewer = decode(first[:-1])
    fewer["documents"].popitem()
    return {
        "a line twice, another gone": [head, first, first, last],
        "a line gone": [head, second, last],
        "a line too many": [head, first, second, second, last],
        "a record gone": [head, encode(fewer), second, last],
        "two backups in one": [head, first, second, last] * 2,
        "no closing line": [head, first, second],
        "a closing line only": [last],
        "something behind it": [head, first, second, last, b"\n"],
    }


def test_no_backup_of_other_lines_is_called_good(copy: Path) -> None:
    for case, lines in changed_lines(copy.read_bytes()).items():
        copy.write_bytes(b"".join(lines))
        with pytest.raises(BackupDamaged):
            pytest.fail(f"{case}: {backup.verify(copy)}")


def test_a_record_that_no_store_would_take_is_no_good_backup(copy: Path) -> None:
    head, first, *rest = copy.read_bytes().splitlines(keepends=True)
    twins = decode(first[:-1])
    twins["documents"]["3"] = twins["documents"]["1"]
    copy.write_bytes(b"".join([head, encode(twins), *rest]))
    with pytest.raises(BackupDamaged, match="branches"):
        backup.verify(copy)


def test_a_file_of_the_store_itself_is_no_backup(store: Store, tmp_path: Path) -> None:
    path = only_journal(tmp_path / "store")
    path.write_bytes(written(path))
    for found in (path, tmp_path / "store" / "snapshot"):
        with pytest.raises(BackupDamaged, match=rf"{found.name} 不是完好的备份：没有结尾行"):
            backup.verify(found)


def test_a_backup_of_another_schema_is_left_to_the_version_that_wrote_it(copy: Path) -> None:
    head, *rest = copy.read_bytes().splitlines(keepends=True)
    copy.write_bytes(
        b"".join([encode(decode(head[:-1]) | {"schema": migrations.current() + 1}), *rest])
    )
    with pytest.raises(StoreError, match="数据格式为 3"):
        backup.verify(copy)


def test_a_backup_that_does_not_read_back_never_gets_its_name(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(contents: Contents) -> Iterator[bytes]:
        kept = {**contents.tables, "branches": {}}
        return snapshot_lines(Contents(kept, contents.last_ids, contents.sequence))

    monkeypatch.setattr("storage.backup.snapshot_lines", forgetful)
    with pytest.raises(BackupDamaged, match="记录数"):
        backup.write(store.contents(), tmp_path / "copy.backup", made=NOON)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_file_that_is_there_is_never_overwritten(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "copy.backup"
    path.write_text("别人的")
    with pytest.raises(FileExistsError):
        backup.write(store.contents(), path, made=NOON)
    assert path.read_text() == "别人的"
    assert only(tmp_path, path)


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_that_appears_meanwhile_is_never_overwritten(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    path = tmp_path / "copy.backup"
    original = backup.verify

    def overtaken(unverified: Path) -> Summary:
        path.write_text("别人的")
        return original(unverified)

    monkeypatch.setattr(backup, "verify", overtaken)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(FileExistsError, match=r"/copy\.backup$"):
        backup.write(store.contents(), path, made=NOON)
    assert path.read_text() == "别人的"
    assert only(tmp_path, path)


def no_links(*_: Any, **__: Any) -> None:
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_backup_goes_to_a_disk_without_hard_links(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "copy.backup"
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", no_links)
        backup.write(store.contents(), path, made=NOON)
    assert backup.verify(path).sequence == 5
    assert only(tmp_path, path)


@pytest.fixture
def disk() -> Iterator[Disk]:
    watched = Disk()
    with watched.watching():
        yield watched


def test_a_backup_is_durable_before_it_has_its_name_and_the_name_after(
    store: Store, tmp_path: Path, disk: Disk
) -> None:
    disk.calls.clear()
    backup.write(store.contents(), tmp_path / "copy.backup", made=NOON)
    steps = [call for call in disk.calls if call not in ("open", "write", "read")]
    assert steps == ["fsync", "replace", "fsync", "link", "unlink", "fsync"]


@pytest.mark.parametrize("halves", [False, True], ids=["nothing written", "half written"])
def test_whichever_call_fails_there_is_a_good_backup_or_none(
    store: Store, tmp_path: Path, disk: Disk, *, halves: bool
) -> None:
    disk.halves = halves
    number = failed = 0
    while True:
        number += 1
        path = tmp_path / str(number) / "copy.backup"
        path.parent.mkdir()
        disk.calls.clear()
        disk.fail_at, disk.fail_times = number, 1
        with suppress(OSError):
            backup.write(store.contents(), path, made=NOON)
        disk.fail_times = 0
        if len(disk.calls) < number:
            break
        if path.exists():
            assert backup.verify(path).sequence == 5
        else:
            failed += 1
            backup.write(store.contents(), path, made=NOON)
    assert failed > 8, "the faults struck the work itself"
    assert only(path.parent, path)


def damage(folder: Path) -> None:
    path = only_journal(folder)
    path.write_bytes(path.read_bytes().replace("二".encode(), "五".encode()))


@pytest.fixture
def damaged(store: Store, copy: Path, tmp_path: Path) -> Path:
    """A store that does not open any more."""
    store.close()
    damage(tmp_path / "store")
    return tmp_path / "store"


def test_a_live_store_is_never_restored_over(store: Store, copy: Path, tmp_path: Path) -> None:
    add_branches(store, "四")
    store.close()
    with pytest.raises(StoreLive, match="第 6 笔"):
        backup.restore(copy, tmp_path / "store")
    assert names(Store.read(tmp_path / "store"))[-1] == "四"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.backup", "store"]


def test_a_store_in_use_is_never_restored_over(store: Store, copy: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreLocked):
        backup.restore(copy, tmp_path / "store")
    damage(tmp_path / "store")
    with pytest.raises(StoreLocked):
        backup.restore(copy, tmp_path / "store")
    assert "五".encode() in written(only_journal(tmp_path / "store"))


def test_a_store_of_another_schema_is_never_restored_over(damaged: Path, copy: Path) -> None:
    snapshot = damaged / "snapshot"
    head, *rest = snapshot.read_bytes().splitlines(keepends=True)
    snapshot.write_bytes(
        b"".join([encode(decode(head[:-1]) | {"schema": migrations.current() + 1}), *rest])
    )
    with pytest.raises(StoreError, match="数据格式为 3"):
        backup.restore(copy, damaged)
    assert snapshot.exists()


def test_a_damaged_store_is_put_aside_and_kept(damaged: Path, copy: Path) -> None:
    before = written(only_journal(damaged))
    for expected in ("store.replaced", "store.replaced1"):
        _, aside = backup.restore(copy, damaged)
        assert aside == damaged.with_name(expected)
        assert written(only_journal(aside)) == before
        assert names(Store.read(damaged)) == ["零", "二", "三"]
        only_journal(damaged).write_bytes(before)


def test_a_store_that_lost_its_end_is_put_aside(store: Store, copy: Path, tmp_path: Path) -> None:
    store.close()
    path = only_journal(tmp_path / "store")
    path.write_bytes(b"".join(written(path).splitlines(keepends=True)[:-1]))
    assert Store.read(tmp_path / "store").sequence == 4
    _, aside = backup.restore(copy, tmp_path / "store", known=5)
    assert aside == tmp_path / "store.replaced"
    assert Store.read(tmp_path / "store").sequence == 5


def test_a_damaged_backup_restores_nothing(damaged: Path, copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:-9])
    with pytest.raises(BackupDamaged):
        backup.restore(copy, damaged)
    assert "五".encode() in written(only_journal(damaged))
    assert only(damaged.parent, copy)


def test_an_older_backup_goes_on_behind_all_that_was_ever_backed_up(
    copy: Path, tmp_path: Path
) -> None:
    backup.restore(copy, tmp_path / "restored", known=80)
    restored = Store.open(tmp_path / "restored")
    add_branches(restored, "四")
    assert restored.sequence == 82
    restored.close()
    assert names(Store.read(tmp_path / "restored")) == ["零", "二", "三", "四"]


@pytest.mark.parametrize("halves", [False, True], ids=["nothing written", "half written"])
def test_whichever_call_fails_restoring_again_restores(
    damaged: Path, copy: Path, disk: Disk, *, halves: bool
) -> None:
    disk.halves = halves
    number = failed = 0
    while True:
        number += 1
        damage_again(damaged)
        disk.calls.clear()
        disk.fail_at, disk.fail_times = number, 1
        with suppress(OSError):
            backup.restore(copy, damaged)
        disk.fail_times = 0
        if len(disk.calls) < number:
            break
        with suppress(StoreLive):
            backup.restore(copy, damaged)
            failed += 1
        assert names(Store.read(damaged)) == ["零", "二", "三"]
    assert failed > 15, "the faults struck the work itself"


def damage_again(folder: Path) -> None:
    only_journal(folder).write_bytes(b"x\n")


def test_what_was_put_aside_goes_when_it_is_old_enough_and_the_store_stays(
    damaged: Path, copy: Path
) -> None:
    _, aside = backup.restore(copy, damaged)
    half = damaged.with_name("store.restoring")
    half.mkdir()
    assert aside is not None
    assert backup.remove_asides(damaged, before=aside.stat().st_ctime) == []
    assert backup.remove_asides(damaged) == [half, aside]
    assert not aside.exists()
    assert names(Store.read(damaged)) == ["零", "二", "三"]
