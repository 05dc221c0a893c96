"""Snapshots replace lines, and a reader beside the writer notices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storage import replay
from storage.contents import SLICE
from storage.journal import ReadingJournal
from storage.store import Store, StoreClosedForWriting, StoreDamaged
from tests.storage.samples import (
    add_branches,
    branch,
    everything,
    journals,
    names,
    only_journal,
    talk,
    written,
)


def test_a_snapshot_is_due_when_the_journal_outgrows_the_floor(tmp_path: Path) -> None:
    store = Store.open(tmp_path, snapshot_floor=1000)
    while not (tmp_path / "snapshot").exists():
        size = len(written(only_journal(tmp_path)))
        assert size <= 1000
        add_branches(store, f"第{store.sequence}支部")
    assert size > 800
    assert len(written(only_journal(tmp_path)).splitlines()) == 1
    store.close()


def test_a_snapshot_is_not_due_before_the_journal_outgrows_the_last_one(tmp_path: Path) -> None:
    store = Store.open(tmp_path, snapshot_floor=1)
    with store.transaction():
        for number in range(40):
            store.branches.add(branch(f"第{number}支部"))
    size = (tmp_path / "snapshot").stat().st_size
    taken = (tmp_path / "snapshot").stat().st_ino
    add_branches(store, "一", "二")
    assert (tmp_path / "snapshot").stat().st_ino == taken
    store.close()
    store = Store.open(tmp_path, snapshot_floor=1)
    while (tmp_path / "snapshot").stat().st_ino == taken:
        assert len(written(only_journal(tmp_path))) <= size
        add_branches(store, f"又{store.sequence}")
    store.close()


def test_everything_comes_back_from_a_snapshot(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.transaction():
        for number in range(SLICE + 1):
            store.talks.add(talk(number))
        store.branches.add(branch("一"))
    store.snapshot()
    add_branches(store, "二")
    before = everything(store)
    store.close()
    again = Store.open(tmp_path)
    assert everything(again) == before
    assert again.sequence == 2
    again.close()


def test_a_snapshot_of_nothing_new_is_taken_again(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")
    store.snapshot()
    store.snapshot()
    add_branches(store, "二")
    store.close()
    assert names(Store.read(tmp_path)) == ["一", "二"]


def test_a_memory_snapshot_replaces_the_lines() -> None:
    store = Store.in_memory()
    add_branches(store, "一")
    store.snapshot()
    add_branches(store, "二")
    store.reopen()
    assert names(store) == ["一", "二"]


def test_a_snapshot_interrupted_before_its_end_loses_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")
    old = (only_journal(tmp_path), written(only_journal(tmp_path)))
    store.snapshot()
    snapshot = (tmp_path / "snapshot").read_bytes()
    add_branches(store, "二")
    store.close()
    # Killed between rotation and rename: two journals, no snapshot.
    (tmp_path / "snapshot").unlink()
    old[0].write_bytes(old[1])
    store = Store.open(tmp_path)
    assert names(store) == ["一", "二"]
    add_branches(store, "三")
    store.close()
    assert len(journals(tmp_path)) == 2
    # Killed between rename and removal: the older one is superseded.
    (tmp_path / "snapshot").write_bytes(snapshot)
    store = Store.open(tmp_path)
    assert names(store) == ["一", "二", "三"]
    assert len(journals(tmp_path)) == 1
    store.close()


def test_a_reader_sees_what_was_committed_when_it_looked(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")
    reader = Store.read(tmp_path)
    add_branches(store, "二")
    assert names(reader) == ["一"]
    reader.reopen()
    assert names(reader) == ["一", "二"]
    reader.close()
    store.close()


def test_a_reader_never_writes(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    reader = Store.read(tmp_path)
    with pytest.raises(StoreClosedForWriting, match="只读"), reader.transaction():
        pytest.fail("the block does not run")
    with pytest.raises(StoreClosedForWriting, match="只读"):
        reader.snapshot()
    with pytest.raises(StoreClosedForWriting, match="只读"):
        reader.begin_snapshot()
    with pytest.raises(StoreClosedForWriting, match="只读"):
        ReadingJournal(tmp_path).append({})
    assert not ReadingJournal(tmp_path).is_overgrown()


def interrupt_first(
    monkeypatch: pytest.MonkeyPatch, what: str, interruption: Callable[[], None]
) -> list[int]:
    """Has ``interruption`` happen before the first call of a step of reading; counts the calls."""
    original = getattr(replay, what)
    calls: list[int] = []

    def interrupted(*given: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            interruption()
        return original(*given, **named)

    monkeypatch.setattr(replay, what, interrupted)
    return calls


@pytest.mark.parametrize("step", ["_needed", "_replay_journal"])
def test_a_reader_overtaken_by_a_snapshot_starts_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")

    def overtake() -> None:
        store.snapshot()
        add_branches(store, "二")

    calls = interrupt_first(monkeypatch, step, overtake)
    assert names(Store.read(tmp_path)) == ["一", "二"]
    assert len(calls) == 2
    store.close()


def test_a_reader_does_not_start_over_on_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(tmp_path).close()
    calls = interrupt_first(monkeypatch, "_replay_journal", only_journal(tmp_path).unlink)
    with pytest.raises(FileNotFoundError):
        Store.read(tmp_path)
    with pytest.raises(StoreDamaged):
        Store.read(tmp_path)
    assert len(calls) == 1
