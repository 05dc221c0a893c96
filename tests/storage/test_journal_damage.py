"""What is on disk is taken back whole, cut at the last line, or refused: never guessed (F8)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from storage import migrations
from storage.lines import decode, encode
from storage.records import Received
from storage.replay import SECTOR
from storage.store import Store, StoreDamaged, StoreError
from storage.tail import AHEAD
from tests.storage.samples import (
    NOON,
    add_branches,
    journals,
    line_ends,
    names,
    only_journal,
    written,
)

Damage = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store of three lines after its snapshot, without room behind them."""
    store = Store.open(tmp_path / "store")
    add_branches(store, "零")
    store.snapshot()
    add_branches(store, "一", "二", "三")
    store.close()
    path = only_journal(tmp_path / "store")
    path.write_bytes(written(path))
    return path.parent


def reopened(folder: Path) -> list[str]:
    store = Store.open(folder)
    try:
        return names(store)
    finally:
        store.close()


def test_a_last_line_torn_at_any_byte_never_happened(folder: Path) -> None:
    path = only_journal(folder)
    whole = written(path)
    begin = list(line_ends(whole))[-2]
    for cut in range(begin, len(whole)):
        for room in (b"", b"\0", bytes(5000)):
            path.write_bytes(whole[:cut] + room)
            assert names(Store.read(folder)) == ["零", "一", "二"]
            assert reopened(folder) == ["零", "一", "二"]


def test_after_a_torn_line_the_next_one_takes_its_place(folder: Path) -> None:
    path = only_journal(folder)
    path.write_bytes(written(path)[:-5])
    store = Store.open(folder)
    add_branches(store, "四")
    store.close()
    assert reopened(folder) == ["零", "一", "二", "四"]


@pytest.fixture
def long_line(folder: Path) -> Path:
    """A journal whose last line goes over several sectors, and begins and ends inside one."""
    store = Store.open(folder)
    add_branches(store, "四" * 900)
    store.close()
    path = only_journal(folder)
    path.write_bytes(written(path))
    return path


def sectors(path: Path) -> list[tuple[int, int]]:
    """The parts of the last line that a disk writes at once, as offsets in the file."""
    content = path.read_bytes()
    begin, end = list(line_ends(content))[-2:]
    edges = [begin, *range(begin - begin % SECTOR + SECTOR, end, SECTOR), end]
    return list(pairwise(edges))


def test_a_last_line_with_an_unwritten_sector_never_happened(long_line: Path) -> None:
    content = long_line.read_bytes()
    assert len(sectors(long_line)) > 4
    for begin, end in sectors(long_line):
        long_line.write_bytes(content[:begin] + bytes(end - begin) + content[end:])
        assert names(Store.read(long_line.parent)) == ["零", "一", "二", "三"]


def test_a_zero_byte_inside_a_sector_is_damage(long_line: Path) -> None:
    content = bytearray(long_line.read_bytes())
    begin, _ = sectors(long_line)[1]
    content[begin + 20] = 0
    long_line.write_bytes(content)
    with pytest.raises(StoreDamaged):
        Store.open(long_line.parent)


def test_every_flipped_bit_of_a_line_is_damage_that_names_the_line(folder: Path) -> None:
    path = only_journal(folder)
    whole = written(path)
    for at in range(len(whole)):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << (at * 5 % 8)
        path.write_bytes(flipped + bytes(at % 3))
        with pytest.raises(StoreDamaged) as damage:
            Store.read(folder)
        assert damage.value.path == path
        assert damage.value.line in (
            whole[:at].count(b"\n") + 1,
            whole[: at + 1].count(b"\n") + 2,  # a line feed that is gone joins two lines
        )


def test_damage_says_where_and_what_to_do(folder: Path) -> None:
    path = only_journal(folder)
    path.write_bytes(written(path).replace("二".encode(), "五".encode()))
    with pytest.raises(StoreDamaged, match=r"journal-000000000002 第 3 行：校验和不符.*restore"):
        Store.open(folder)


def test_zeros_inside_an_earlier_line_are_damage(folder: Path) -> None:
    path = only_journal(folder)
    whole = bytearray(written(path))
    whole[40:42] = bytes(2)
    path.write_bytes(whole)
    with pytest.raises(StoreDamaged):
        Store.open(folder)


def test_every_flipped_bit_of_a_snapshot_is_damage(folder: Path) -> None:
    path = folder / "snapshot"
    whole = path.read_bytes()
    for at in range(len(whole)):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << at % 8
        path.write_bytes(flipped)
        with pytest.raises(StoreDamaged):
            Store.read(folder)


def test_a_snapshot_cut_anywhere_is_damage(folder: Path) -> None:
    path = folder / "snapshot"
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        with pytest.raises(StoreDamaged):
            Store.read(folder)


def drop_line(folder: Path, number: int) -> None:
    path = only_journal(folder)
    kept = written(path).splitlines(keepends=True)
    del kept[number - 1]
    path.write_bytes(b"".join(kept))


def remove(*paths: Path) -> None:
    for path in paths:
        path.unlink()


def rename_journal(folder: Path) -> None:
    path = only_journal(folder)
    path.rename(path.with_name("journal-000000000009"))


DAMAGES: dict[str, Damage] = {
    "line missing": lambda folder: drop_line(folder, 3),
    "first line missing": lambda folder: drop_line(folder, 1),
    "journal missing": lambda folder: remove(only_journal(folder)),
    "journal empty": lambda folder: only_journal(folder).write_bytes(b""),
    "journal all zeros": lambda folder: only_journal(folder).write_bytes(bytes(900)),
    "journal renamed": rename_journal,
    "snapshot missing": lambda folder: remove(folder / "snapshot"),
    "snapshot empty": lambda folder: (folder / "snapshot").write_bytes(b""),
    "all but the lock missing": lambda folder: remove(only_journal(folder), folder / "snapshot"),
    "another journal in its place": lambda folder: only_journal(folder).write_bytes(
        encode({"schema": 1, "after": 0})
    ),
    "a journal that begins later beside it": lambda folder: (
        folder / "journal-000000000009"
    ).write_bytes(encode({"schema": 1, "after": 8})),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_store_that_lost_something_is_never_opened(folder: Path, damage: Damage) -> None:
    damage(folder)
    for way in (Store.open, Store.read):
        with pytest.raises(StoreDamaged):
            way(folder)


def test_a_torn_line_in_an_older_journal_is_damage(folder: Path) -> None:
    older = only_journal(folder)
    whole = written(older)
    store = Store.open(folder)
    snapshot = (folder / "snapshot").read_bytes()
    store.snapshot()
    store.close()
    (folder / "snapshot").write_bytes(snapshot)
    older.write_bytes(whole)
    assert len(journals(folder)) == 2
    assert names(Store.read(folder)) == ["零", "一", "二", "三"]
    older.write_bytes(whole[:-3])
    with pytest.raises(StoreDamaged, match="第 4 行"):
        Store.open(folder)


@pytest.mark.parametrize("name", ["snapshot", "journal-000000000002"])
def test_a_file_of_another_schema_is_left_to_the_version_that_wrote_it(
    folder: Path, name: str
) -> None:
    path = folder / name
    head, *rest = path.read_bytes().split(b"\n")
    path.write_bytes(
        b"\n".join([encode(decode(head) | {"schema": migrations.current() + 1})[:-1], *rest])
    )
    with pytest.raises(StoreError, match="数据格式为 3"):
        Store.open(folder)


def test_a_folder_without_a_store_starts_empty(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("")
    assert names(Store.read(tmp_path)) == []
    assert reopened(tmp_path) == []
    assert (tmp_path / "settings.toml").exists()


def test_reading_where_there_is_nothing_leaves_nothing(tmp_path: Path) -> None:
    assert names(Store.read(tmp_path / "none")) == []
    assert not (tmp_path / "none").exists()


def test_a_start_interrupted_before_the_first_journal_starts_empty(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    (tmp_path / "journal-000000000001.tmp").write_bytes(b"half")
    assert reopened(tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journal-000000000001", "lock"]


def test_stray_temporary_files_of_the_store_are_removed_and_no_others(folder: Path) -> None:
    for name in ("snapshot.tmp", "journal-000000000005.tmp", "roster.tmp"):
        (folder / name).write_bytes(b"half")
    reopened(folder)
    assert [path.name for path in folder.glob("*.tmp")] == ["roster.tmp"]


def test_half_a_character_from_outside_is_kept_as_it_came(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.transaction():
        store.inbox.add(Received(update=1, raw={"text": "好\ud83d"}, at=NOON))
    store.close()
    assert Store.read(tmp_path).inbox[1].raw == {"text": "好\ud83d"}


def test_room_made_ahead_is_no_line(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")
    path = only_journal(tmp_path)
    assert len(path.read_bytes()) > AHEAD
    copied = tmp_path / "copy"
    shutil.copytree(tmp_path, copied)
    store.close()
    assert reopened(copied) == ["一"]
    assert not only_journal(copied).read_bytes().endswith(b"\0")
