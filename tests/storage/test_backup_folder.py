"""The folder of backups: its names, what stays, and what a start asks of it (F8, X23)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import backup, backup_folder
from storage.backup import RESTORING
from storage.documents import SHANGHAI
from storage.errors import StoreBehind, StoreDamaged
from storage.store import Store
from tests.storage.samples import NOON, add_branches, line_ends, names, only_journal, written

TODAY = date(2026, 9, 14)  # a Monday
THREE = datetime(2026, 9, 14, 3, tzinfo=SHANGHAI)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "store")
    add_branches(store, "一", "二")
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def kept(store: Store, folder: Path, made: datetime) -> str:
    path, _ = backup_folder.keep(store.contents(), folder, made=made)
    return path.name


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_backups_are_named_after_their_minute_and_never_replaced(
    store: Store, folder: Path
) -> None:
    assert [kept(store, folder, THREE + timedelta(seconds=10 * n)) for n in range(3)] == [
        "yinlu-2026-09-14T0300.backup",
        "yinlu-2026-09-14T0300-2.backup",
        "yinlu-2026-09-14T0300-3.backup",
    ]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(list(folder.iterdir())) == 3


def test_a_backup_counts_for_its_day_from_its_minute_on(store: Store, folder: Path) -> None:
    assert not backup_folder.was_kept_since(folder, THREE)
    kept(store, folder, THREE - timedelta(minutes=1))
    kept(store, folder, THREE + timedelta(days=1))
    folder.joinpath("yinlu-2026-09-14Tnoon.backup").touch()
    assert not backup_folder.was_kept_since(folder, THREE)
    kept(store, folder, THREE + timedelta(hours=9))
    assert backup_folder.was_kept_since(folder, THREE)


def test_the_newest_good_backup_is_the_one_that_goes_farthest_and_verifies(
    store: Store, folder: Path
) -> None:
    assert backup_folder.newest_good(folder) is None
    first = kept(store, folder, THREE + timedelta(days=9))  # the clock was ahead
    add_branches(store, "三")
    second = kept(store, folder, THREE)
    third = kept(store, folder, THREE + timedelta(days=1))
    for expected in (third, second, first):
        found = backup_folder.newest_good(folder)
        assert found is not None
        path, summary = found
        assert (path.name, summary.sequence) == (expected, 2 if expected == first else 3)
        flip(path, -3)
    assert backup_folder.newest_good(folder) is None


def test_a_damaged_backup_still_tells_how_far_the_store_had_come(
    store: Store, folder: Path
) -> None:
    assert backup_folder.newest_known(folder) is None
    path = folder / kept(store, folder, THREE)
    path.write_bytes(path.read_bytes()[:-20])
    known = backup_folder.newest_known(folder)
    assert known is not None
    assert (known.sequence, known.path) == (2, path)
    flip(path, 12)
    (folder / "a folder.backup").mkdir()
    (folder / "empty.backup").touch()
    assert backup_folder.newest_known(folder) is None


def test_a_store_without_backups_starts(store: Store, folder: Path, tmp_path: Path) -> None:
    store.close()
    opened = backup_folder.open_store(tmp_path / "store", folder, now=NOON)
    assert names(opened) == ["一", "二"]
    opened.close()
    backup_folder.open_store(tmp_path / "new", folder, now=NOON).close()


def test_a_store_as_far_as_its_backups_or_farther_starts(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    kept(store, folder, THREE)
    for name in ("三", "四"):
        store.close()
        store = backup_folder.open_store(tmp_path / "store", folder, now=NOON)
        add_branches(store, name)
    assert names(store) == ["一", "二", "三", "四"]
    store.close()


def test_a_journal_cut_at_a_line_end_does_not_start_beside_a_newer_backup(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    kept(store, folder, THREE)
    store.close()
    path = only_journal(tmp_path / "store")
    whole = written(path)
    *cuts, end = line_ends(whole)
    assert end == len(whole)
    for sequence, cut in enumerate(cuts):
        path.write_bytes(whole[:cut])
        assert Store.read(tmp_path / "store").sequence == sequence  # it looks whole
        for _ in range(2):  # the refusal lets the lock go
            with pytest.raises(StoreBehind, match=r"yinlu-2026-09-14T0300\.backup"):
                backup_folder.open_store(tmp_path / "store", folder, now=NOON)


def test_no_store_at_all_beside_backups_does_not_start_and_is_not_begun(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    kept(store, folder, THREE)
    for missing in (tmp_path / "gone", tmp_path / "empty"):
        if missing.name == "empty":
            missing.mkdir()
        with pytest.raises(StoreBehind, match="数据不见了"):
            backup_folder.open_store(missing, folder, now=NOON)
        assert not missing.exists() or not list(missing.iterdir())


def test_no_store_beside_backups_that_cannot_be_read_does_not_start_empty(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    path = folder / kept(store, folder, THREE)
    flip(path, 12)
    with pytest.raises(StoreBehind, match="没有一份读得出"):
        backup_folder.open_store(tmp_path / "gone", folder, now=NOON)
    assert not (tmp_path / "gone").exists()


def test_a_restore_that_was_interrupted_does_not_start_empty(folder: Path, tmp_path: Path) -> None:
    (tmp_path / f"store{RESTORING}").mkdir()
    with pytest.raises(StoreBehind, match="恢复没有完成"):
        backup_folder.open_store(tmp_path / "store", folder, now=NOON)
    assert not (tmp_path / "store").exists()


def test_a_reader_is_told_as_well_that_what_was_backed_up_is_gone(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    kept(store, folder, THREE)
    assert names(backup_folder.read_store(tmp_path / "store", folder)) == ["一", "二"]
    with pytest.raises(StoreBehind, match="数据不见了"):
        backup_folder.read_store(tmp_path / "gone", folder)
    assert names(backup_folder.read_store(tmp_path / "new", tmp_path / "none")) == []


def test_damage_is_told_as_damage_beside_backups(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    kept(store, folder, THREE)
    store.close()
    flip(only_journal(tmp_path / "store"), 90)
    with pytest.raises(StoreDamaged):
        backup_folder.open_store(tmp_path / "store", folder, now=NOON)


def test_after_an_older_backup_was_restored_the_store_starts_beside_the_newer_one(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    older = folder / kept(store, folder, THREE)
    add_branches(store, "三")
    newer = folder / kept(store, folder, THREE + timedelta(days=1))
    flip(newer, -3)
    store.close()
    flip(only_journal(tmp_path / "store"), 90)
    known = backup_folder.newest_known(folder)
    assert known is not None
    assert known.path == newer
    backup.restore(older, tmp_path / "store", known=known.sequence)
    restored = backup_folder.open_store(tmp_path / "store", folder, now=NOON)
    assert names(restored) == ["一", "二"]
    latest = kept(restored, folder, THREE + timedelta(days=2))
    restored.close()
    found = backup_folder.newest_known(folder)
    assert found is not None
    assert found.path.name == latest


def name_of(day: date, minute: str = "0300") -> str:
    return f"yinlu-{day}T{minute}.backup"


def test_fourteen_days_and_eight_weeks_of_backups_stay() -> None:
    days = [TODAY - timedelta(days=age) for age in range(200)]
    gone = backup_folder.to_remove(map(name_of, days), TODAY)
    stay = [day for day in days if name_of(day) not in gone]
    assert stay == [
        *days[:14],
        *(date(2026, 8, 30) - timedelta(weeks=week) for week in range(5)),  # Sundays
    ]
    weeks = {day - timedelta(days=day.weekday()) for day in stay}
    assert len(weeks) == 8


def test_of_a_day_that_is_still_daily_every_backup_stays() -> None:
    made = [name_of(TODAY - timedelta(days=13), minute) for minute in ("0300", "0300-2", "1405")]
    assert backup_folder.to_remove(made, TODAY) == []


def test_of_an_older_week_only_the_last_backup_stays() -> None:
    sunday = TODAY - timedelta(days=15)
    made = [name_of(sunday, "0300"), name_of(sunday, "1405"), name_of(sunday - timedelta(days=1))]
    assert backup_folder.to_remove(made, TODAY) == sorted([made[0], made[2]])


def test_recent_backups_stay_until_tomorrow_the_last_eight_of_them() -> None:
    def recent(day: date) -> list[str]:
        return [f"recent-{day}T10{minute}.backup" for minute in range(10, 20)]

    yesterday = TODAY - timedelta(days=1)
    older = recent(yesterday - timedelta(days=1))
    assert backup_folder.to_remove(older[:3], TODAY) == older[:3]
    assert backup_folder.to_remove(recent(yesterday), TODAY) == recent(yesterday)[:2]
    assert backup_folder.to_remove([*older, *recent(TODAY)], TODAY) == [
        *older,
        *recent(TODAY)[:2],
    ]
    assert backup_folder.to_remove(recent(TODAY)[:8], TODAY) == []


def test_what_is_no_daily_backup_or_dated_ahead_is_never_removed() -> None:
    others = [
        name_of(date(2031, 1, 1)),
        "yinlu-2026-02-31T0300.backup",
        "before-the-import.backup",
        "yinlu-2020-01-01T0300.backup.unverified",
        "notes.txt",
    ]
    assert backup_folder.to_remove(others, TODAY) == []


@given(st.lists(st.integers(-5, 400)), st.integers(1, 20), st.integers(1, 20))
def test_removing_again_removes_no_more_and_the_newest_day_in_reach_stays(
    ages: list[int], daily: int, weekly: int
) -> None:
    made = {name_of(TODAY - timedelta(days=age)) for age in ages}
    gone = backup_folder.to_remove(made, TODAY, daily=daily, weekly=weekly)
    stay = made.difference(gone)
    assert backup_folder.to_remove(stay, TODAY, daily=daily, weekly=weekly) == []
    assert stay >= {name_of(TODAY - timedelta(days=age)) for age in ages if age < daily}


def test_tidying_removes_what_is_too_old_and_what_a_killed_backup_left(
    store: Store, folder: Path
) -> None:
    stays = kept(store, folder, THREE)
    for name in (
        name_of(TODAY - timedelta(days=100)),
        name_of(TODAY) + ".unverified",
        name_of(TODAY) + ".unverified.tmp",
        f"recent-{TODAY}T0300.backup.unverified",
        "mine.backup",
    ):
        (folder / name).touch()
    backup_folder.tidy(folder, TODAY)
    assert sorted(path.name for path in folder.iterdir()) == ["mine.backup", stays]


def test_a_backup_made_under_another_name_counts_as_well(store: Store, folder: Path) -> None:
    folder.mkdir()
    backup.write(store.contents(), folder / "before-import.backup", made=NOON)
    found = backup_folder.newest_good(folder)
    assert found is not None
    assert found[0].name == "before-import.backup"


def test_what_ends_before_a_transaction_goes_and_so_does_what_cannot_be_read(
    store: Store, folder: Path
) -> None:
    kept(store, folder, THREE)
    add_branches(store, "三")
    stays = kept(store, folder, THREE + timedelta(days=1))
    (folder / "mine.backup").write_text("?")
    (folder / (name_of(TODAY) + ".unverified")).touch()
    (folder / "notes.txt").touch()
    oldest = backup_folder.oldest_known(folder)
    assert oldest is not None
    assert oldest.sequence == 2
    assert backup_folder.remove_older(folder, 0) == 0
    assert backup_folder.remove_older(folder, 3) == 3
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", stays]
    assert backup_folder.remove_older(folder, 4) == 1
    assert backup_folder.oldest_known(folder) is None


def test_snapshot_tells_how_far_it_goes_and_one_that_is_missing_goes_nowhere(
    store: Store, tmp_path: Path
) -> None:
    snapshot = tmp_path / "store" / "snapshot"
    assert backup_folder.goes_to(snapshot) == 0
    store.snapshot()
    assert backup_folder.goes_to(snapshot) == 2
    flip(snapshot, 12)
    assert backup_folder.goes_to(snapshot) == 0
