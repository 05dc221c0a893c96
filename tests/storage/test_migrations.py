"""Older stores: what needs no migration opens as it is, what does is old or new, never mixed (F10)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage import backup, backup_folder, migrations
from storage.backup_folder import newest_good, open_store
from storage.contents import Contents
from storage.documents import document
from storage.errors import StoreError
from storage.lines import decode, encode
from storage.migrations import Step
from storage.store import Store, StoreClosedForWriting, StoreDamaged, StoreNewer
from tests.storage import migration_kills
from tests.storage.disk import FAILURES, Disk
from tests.storage.older import SCHEMA_1, STEPS, first_release, program, written_by
from tests.storage.samples import NOON, add_branches, names, only_journal, written

FIRST, SECOND = STEPS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return first_release(tmp_path / "store")


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def of_release() -> dict[str, dict[str, dict[str, Any]]]:
    """Every document of the first release that is still there, as it was written."""
    documents: dict[str, dict[str, dict[str, Any]]] = {}
    for line in (SCHEMA_1 / "snapshot").read_bytes().splitlines()[1:]:
        part = decode(line)
        documents.setdefault(part["table"], {}).update(part["documents"])
    for line in only_journal(SCHEMA_1).read_bytes().splitlines()[1:]:
        for table, changed in decode(line)["set"].items():
            documents.setdefault(table, {}).update(changed)
    return documents


def on_disk(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def schemas(folder: Path) -> dict[str, int]:
    """The number in the first line of each file."""
    return {
        path.name: decode(path.read_bytes().split(b"\n")[0])["schema"]
        for path in folder.iterdir()
        if path.name != "lock"
    }


def test_a_store_of_the_first_release_opens_with_all_that_it_held(
    folder: Path, backups: Path
) -> None:
    store = open_store(folder, backups, now=NOON)
    assert store.sequence == 17
    assert set(schemas(folder).values()) == {migrations.current()}
    held = of_release()
    assert len(held) == 14
    for table, documents in held.items():
        found = {str(one.id): document(one) for one in store.table_named(table)}
        assert found.keys() == documents.keys()
        for id, as_written in documents.items():
            assert {name: found[id][name] for name in as_written} == as_written
    add_branches(store, "新")
    store.close()
    assert names(Store.read(folder))[-1] == "新"


def test_a_document_that_lacks_a_later_field_takes_its_default(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store._journal.append({"branches": {"1": {"name": "一", "kind": "student"}}})
    store.close()
    found = Store.read(tmp_path).branches[1]
    assert (found.paired, found.chat) == ((), None)


@pytest.mark.parametrize("origin", [0, 1])
def test_an_older_store_is_backed_up_in_its_own_form_and_then_migrated(
    tmp_path: Path, backups: Path, origin: int
) -> None:
    folder = tmp_path / "store"
    old = written_by(STEPS[:origin], folder, before=2, after=3)
    new = [name + "甲乙"[origin:] for name in old]
    with program(*STEPS):
        store = open_store(folder, backups, now=NOON)
        assert names(store) == new
        assert schemas(folder) == {"snapshot": 3, "journal-000000000006": 3}
        add_branches(store, "新")
        store.close()
        assert names(Store.read(folder)) == [*new, "新"]
        found = newest_good(backups)
    assert found is not None
    path, summary = found
    assert (summary.sequence, summary.schema, summary.made) == (5, origin + 1, NOON)
    with program(*STEPS[:origin]):
        backup.restore(path, tmp_path / "back")
        assert names(Store.read(tmp_path / "back")) == old


def test_a_backup_of_an_older_schema_restores_into_the_present_one(
    tmp_path: Path, backups: Path
) -> None:
    old = written_by((), tmp_path / "made", before=1, after=1)
    with program():
        contents = Store.read(tmp_path / "made").contents()
        path, _ = backup_folder.keep(contents, backups, made=NOON)
    with program(FIRST):
        assert backup.verify(path).schema == 1
        backup.restore(path, tmp_path / "store")
        assert set(schemas(tmp_path / "store").values()) == {2}
        assert names(Store.read(tmp_path / "store")) == [name + "甲" for name in old]


def test_an_older_store_takes_nothing_before_it_is_migrated(folder: Path) -> None:
    with program(FIRST):
        store = Store.open(folder)
        with pytest.raises(StoreClosedForWriting, match="转换之后"):
            add_branches(store, "新")
        store.snapshot()
        add_branches(store, "新")
        store.close()
        assert names(Store.read(folder))[-1] == "新"


def test_a_reader_migrates_in_memory_only(folder: Path) -> None:
    before = on_disk(folder)
    with program(FIRST):
        assert all(name.endswith("甲") for name in names(Store.read(folder)))
    assert on_disk(folder) == before


def test_an_empty_store_of_an_older_schema_goes_on(tmp_path: Path, backups: Path) -> None:
    Store.open(tmp_path / "store").close()
    with program(FIRST):
        store = open_store(tmp_path / "store", backups, now=NOON)
        add_branches(store, "新")
        store.close()
        assert names(Store.read(tmp_path / "store")) == ["新"]


def test_a_newer_schema_is_refused_in_one_sentence_and_left_alone(
    tmp_path: Path, backups: Path
) -> None:
    folder = tmp_path / "store"
    written_by(STEPS, folder, before=1, after=1)
    with program(*STEPS):
        path, _ = backup_folder.keep(Store.read(folder).contents(), backups, made=NOON)
    before = on_disk(folder)
    attempts: list[Callable[[], object]] = [
        lambda: Store.open(folder),
        lambda: Store.read(folder),
        lambda: open_store(folder, backups, now=NOON),
        lambda: backup.verify(path),
        lambda: backup.restore(path, tmp_path / "other"),
        lambda: backup.restore(path, folder),
    ]
    for attempt in attempts:
        with pytest.raises(
            StoreNewer, match=r"数据格式为 3，本版本只识到 2：请用写入它的版本打开$"
        ):
            attempt()
    assert on_disk(folder) == before
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("steps", "schema", "after", "reason"),
    [
        ((), 2, 1, "格式 2 接在格式 1 之后"),
        ((), 2, 0, "格式 2 接在格式 1 之后"),  # a migration holds with its snapshot, never before
        ((FIRST,), 1, 1, "格式 1 接在格式 2 之后"),
    ],
)
def test_a_store_of_two_schemas_is_damage(
    tmp_path: Path, steps: tuple[Step, ...], schema: int, after: int, reason: str
) -> None:
    written_by(steps, tmp_path, before=1, after=after)
    path = only_journal(tmp_path)
    head, *rest = written(path).splitlines(keepends=True)
    path.write_bytes(b"".join([encode(decode(head[:-1]) | {"schema": schema}), *rest]))
    with program(FIRST), pytest.raises(StoreDamaged, match=reason):
        Store.open(tmp_path)


def test_a_step_that_fails_changes_nothing_and_tells_no_name(folder: Path, backups: Path) -> None:
    before = on_disk(folder)

    def stumbles(contents: Contents) -> Contents:
        raise KeyError("李明")

    with (
        program(FIRST, stumbles),
        pytest.raises(StoreError, match=r"格式 3（KeyError）") as failed,
    ):
        open_store(folder, backups, now=NOON)
    assert "李明" not in str(failed.value)
    assert on_disk(folder).keys() == before.keys()
    assert names(Store.read(folder))
    assert not backups.exists()


def test_a_step_that_makes_no_records_changes_nothing(folder: Path, backups: Path) -> None:
    def empties(contents: Contents) -> Contents:
        return replace(contents, tables={"branches": {"1": {}}})

    with program(empties), pytest.raises(StoreError):
        open_store(folder, backups, now=NOON)
    assert names(Store.read(folder))
    assert not backups.exists()


@pytest.mark.parametrize(("error", "halves"), FAILURES)
def test_whichever_call_of_a_migration_fails_it_is_old_or_new_and_the_next_start_ends_it(
    tmp_path: Path, error: int, *, halves: bool
) -> None:
    old = written_by((), tmp_path / "made", before=1, after=2)
    new = [name + "甲" for name in old]
    disk = Disk()
    disk.error, disk.halves = error, halves
    number = 0
    with disk.watching():
        while True:
            number += 1
            place = tmp_path / str(number)
            place.mkdir()
            migration_kills.copy(tmp_path / "made", place / "store")
            disk.fail(at=number)
            with program(FIRST), suppress(OSError, StoreError):
                open_store(place / "store", place / "backups", now=NOON).close()
            struck = disk.failed > 0
            disk.fail(at=0)
            with program(FIRST):
                store = open_store(place / "store", place / "backups", now=NOON)
                assert names(store) == new
                store.close()
                assert len(list((place / "backups").glob("*.backup"))) == 1, "one backup is enough"
            if not struck:
                break
    assert number > 40, "the faults struck the work itself"


@pytest.mark.parametrize("origin", [0, 1])
def test_a_migration_killed_at_any_instant_leaves_the_old_store_or_the_new_one(
    tmp_path: Path, origin: int
) -> None:
    figures = {"kills": 0, "old": 0, "new": 0}
    migration_kills.kill_each_call(tmp_path, origin, (2, 2), figures, times=10**6)
    assert figures["kills"] > 20
    assert figures["old"] > 10
    assert figures["new"] > 5


def test_many_migrations_may_be_killed_from_a_seed() -> None:
    figures = migration_kills.run(seed=3, times=8)
    assert figures["kills"] == figures["old"] + figures["new"] == 8
