"""Transactions: all or nothing, one line each, one writer at a time."""

from __future__ import annotations

import gc
import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from storage.store import (
    ConstraintBroken,
    Store,
    StoreClosedForWriting,
    StoreDamaged,
    StoreError,
    StoreLocked,
    StoreNewer,
)
from storage.tables import BRANCHES, TALKS
from tests.storage.samples import (
    add_branches,
    branch,
    everything,
    names,
    only_journal,
    person,
    talk,
    written,
)


class Changed(Exception):  # noqa: N818 - no error: somebody thought better of it
    """Raised inside a transaction."""


def line_count(folder: Path) -> int:
    return written(only_journal(folder)).count(b"\n")


def test_a_transaction_is_one_line_over_all_its_tables(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.transaction():
        store.branches.add(branch("一"))
        found = store.talks.add(talk())
        store.talks.put(replace(found, proxy=True))
    store.close()
    _, line = written(only_journal(tmp_path)).splitlines()
    payload = json.loads(line[9:])
    assert payload["seq"] == 1
    assert {table: list(documents) for table, documents in payload["set"].items()} == {
        "branches": ["1"],
        "talks": ["1"],
    }
    assert payload["set"]["talks"]["1"]["proxy"] is True


def test_nothing_changed_writes_no_line(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    add_branches(store, "一")
    with store.transaction():
        store.branches.put(store.branches[1])
        store.talks.remove(store.talks.add(talk()).id)
    with store.transaction():
        pass
    assert line_count(tmp_path) == 2
    assert store.sequence == 1
    store.close()


def test_an_exception_takes_everything_back_and_is_raised_again() -> None:
    store = Store.in_memory()
    add_branches(store, "一", "二")
    before = everything(store)

    def change_all_and_think_better_of_it() -> None:
        store.branches.put(branch("三", id=store.branches[1].id))
        store.branches.remove(2)
        store.talks.add(talk())
        raise Changed

    with pytest.raises(Changed), store.transaction():
        change_all_and_think_better_of_it()
    assert everything(store) == before
    assert store.branches.one("name", "二") == store.branches[2]
    assert store.branches.one("name", "三") is None
    assert store.talks.where("pairing", 1) == []


def test_a_key_given_up_and_taken_is_given_back_on_undo() -> None:
    store = Store.in_memory()
    add_branches(store, "一", "二")

    def swap_and_think_better_of_it() -> None:
        store.branches.put(replace(store.branches[1], name="旧"))
        store.branches.put(replace(store.branches[2], name="一"))
        raise Changed

    with pytest.raises(Changed), store.transaction():
        swap_and_think_better_of_it()
    assert names(store) == ["一", "二"]
    assert store.branches.one("name", "一") == store.branches[1]


def test_writes_are_seen_at_once_inside_the_transaction() -> None:
    store = Store.in_memory()
    with store.transaction():
        added = store.branches.add(branch("一"))
        assert store.branches.one("name", "一") == added


def test_a_transaction_inside_another_is_an_error() -> None:
    store = Store.in_memory()
    with store.transaction():
        with pytest.raises(StoreError, match="open already"), store.transaction():
            pytest.fail("the inner block does not run")
        store.branches.add(branch("一"))
    assert names(store) == ["一"]


def test_writing_outside_a_transaction_is_an_error() -> None:
    store = Store.in_memory()
    with pytest.raises(StoreError, match="transaction"):
        store.branches.add(branch())
    add_branches(store, "一")
    with pytest.raises(StoreError, match="transaction"):
        store.branches.put(branch("二", id=store.branches[1].id))
    with pytest.raises(StoreError, match="transaction"):
        store.branches.remove(1)
    assert names(store) == ["一"]


def test_what_is_committed_comes_back(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.transaction():
        store.people.add(person(relatives=("2026000002",)))
        store.talks.add(talk())
    before = everything(store)
    store.close()
    assert everything(Store.open(tmp_path)) == before


def test_a_new_store_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "store"
    store = Store.open(folder)
    store.snapshot()
    add_branches(store, "一")
    store.snapshot()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    store.close()


def test_a_folder_that_others_may_read_is_closed_to_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Store.open(tmp_path).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_a_second_store_on_the_folder_is_refused_until_the_first_closes(tmp_path: Path) -> None:
    first = Store.open(tmp_path)
    with pytest.raises(StoreLocked, match="另一个进程"):
        Store.open(tmp_path)
    first.close()
    first.close()
    Store.open(tmp_path).close()


def test_a_store_that_could_not_open_leaves_no_lock(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    content = only_journal(tmp_path).read_bytes()
    only_journal(tmp_path).write_bytes(b"nothing\n")
    with pytest.raises(StoreDamaged):
        Store.open(tmp_path)
    only_journal(tmp_path).write_bytes(content)
    Store.open(tmp_path).close()


def test_garbage_is_looked_for_again_once_a_store_is_open_or_could_not_open(
    tmp_path: Path,
) -> None:
    Store.open(tmp_path).close()
    assert gc.isenabled()
    only_journal(tmp_path).write_bytes(b"nothing\n")
    with pytest.raises(StoreDamaged):
        Store.open(tmp_path)
    assert gc.isenabled()


@pytest.mark.parametrize("kind", ["memory", "folder"])
def test_a_closed_store_is_read_and_not_written(tmp_path: Path, kind: str) -> None:
    store = Store.in_memory() if kind == "memory" else Store.open(tmp_path)
    add_branches(store, "一")
    store.close()
    assert names(store) == ["一"]
    with pytest.raises(StoreClosedForWriting), store.transaction():
        pytest.fail("the block does not run")
    with pytest.raises(StoreClosedForWriting):
        store.snapshot()


def test_a_closed_store_does_not_reopen(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.close()
    with pytest.raises(StoreClosedForWriting):
        store.reopen()


@pytest.mark.parametrize(
    ("table", "document", "reason"),
    [
        ("branches", {"name": "一"}, "kind"),
        ("branches", {"name": "一", "kind": "party"}, "party"),
    ],
)
def test_stored_documents_that_are_no_records_are_damage(
    tmp_path: Path, table: str, document: dict[str, object], reason: str
) -> None:
    store = Store.open(tmp_path)
    store._journal.append({table: {"1": document}})
    store.close()
    with pytest.raises(StoreDamaged, match=reason):
        Store.open(tmp_path)


@pytest.mark.parametrize(
    ("table", "document", "reason"),
    [
        ("meals", {"name": "一"}, "表 meals"),
        ("branches", {"name": "一", "kind": "student", "mood": 1}, "no field 'mood'"),
    ],
)
def test_stored_documents_that_know_more_than_the_program_are_a_later_version_s(
    tmp_path: Path, table: str, document: dict[str, object], reason: str
) -> None:
    store = Store.open(tmp_path)
    store._journal.append({table: {"1": document}})
    store.close()
    for way in (Store.open, Store.read):
        with pytest.raises(StoreNewer, match=f"{reason}.*请用写入它的版本打开"):
            way(tmp_path)


def test_stored_records_that_share_a_unique_key_are_damage(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    document = {"name": "一", "kind": "student"}
    store._journal.append({"branches": {"1": document, "2": document}})
    store.close()
    with pytest.raises(StoreDamaged, match=r"branches.name"):
        Store.open(tmp_path)


def test_the_key_of_a_refused_record_is_free_again() -> None:
    store = Store.in_memory()
    add_branches(store, "一", "二")
    with store.transaction():
        with pytest.raises(ConstraintBroken):
            store.branches.put(branch("二", id=store.branches[1].id))
        store.branches.add(branch("三"))
    assert names(store) == ["一", "二", "三"]


def test_names_on_disk_are_those_of_the_store() -> None:
    store = Store.in_memory()
    assert store.table_named(BRANCHES.name) is store.branches
    assert store.table_named(TALKS.name) is store.talks
