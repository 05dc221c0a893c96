"""The live tables are TinyDB: the same calls on them and on its own MemoryStorage agree."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import TinyDB, where
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from storage.errors import StoreError
from storage.live import LiveDatabase, LiveStorage, require_known_tinydb

Call = Callable[[Table], Any]

FIELDS = st.dictionaries(
    st.sampled_from(["state", "day", "n"]),
    st.sampled_from([0, 1, 2, True, 1.0, "一", None]) | st.lists(st.integers(0, 2), max_size=2),
    max_size=2,
)
ID = st.integers(1, 6)
IDS = st.lists(ID, max_size=3, unique=True)
CONDITION = st.sampled_from([where("n") == 1, where("state").exists(), where("day") != "一"])
DOCUMENT = st.builds(Document, FIELDS, ID)


def increment(document: Any) -> None:
    document["n"] = 1 if document.get("n") != 1 else 2


def fill(table: Table) -> object:
    return table.insert_multiple([{"n": 1, "state": "一"}, {"n": 2}, {"day": [1]}])


CHANGE = FIELDS | st.just(increment)
CALLS: st.SearchStrategy[Call] = st.one_of(
    st.builds(lambda one: lambda t: t.insert(one), FIELDS | DOCUMENT),
    st.builds(
        lambda all: lambda t: t.insert_multiple(all), st.lists(FIELDS | DOCUMENT, max_size=3)
    ),
    st.builds(lambda one, cond: lambda t: t.upsert(one, cond), FIELDS, CONDITION),
    st.builds(lambda one: lambda t: t.upsert(one), DOCUMENT),
    st.builds(lambda new, cond: lambda t: t.update(new, cond), CHANGE, CONDITION),
    st.builds(lambda new, ids: lambda t: t.update(new, doc_ids=ids), CHANGE, IDS),
    st.builds(lambda new: lambda t: t.update(new), CHANGE),
    st.builds(
        lambda pairs: lambda t: t.update_multiple(pairs),
        st.lists(st.tuples(CHANGE, CONDITION), max_size=2),
    ),
    st.builds(lambda cond: lambda t: t.remove(cond), CONDITION),
    st.builds(lambda ids: lambda t: t.remove(doc_ids=ids), IDS),
    st.just(lambda t: t.truncate()),
)


def outcome(call: Call, table: Table) -> object:
    """What the call returns (lists of ids in order of id), or the kind of its failure."""
    try:
        found = call(table)
    except ValueError as refusal:
        return type(refusal)
    return sorted(found) if isinstance(found, list) else found


def content(table: Table) -> dict[int, str]:
    """As text: for Python 1, 1.0 and True are the same."""
    return {found.doc_id: repr(sorted(found.items())) for found in table}


@given(st.lists(st.tuples(CALLS, st.booleans()), max_size=12))
def test_every_call_does_what_it_does_on_memory_storage(calls: list[tuple[Call, bool]]) -> None:
    memory = TinyDB(storage=MemoryStorage)
    live = LiveStorage()
    theirs, ours = memory.table("t"), LiveDatabase(storage=lambda: live).table("t")
    for call, stays in [(fill, True), *calls]:
        before = copy.deepcopy(memory.storage.read())
        live.begin()
        assert outcome(call, ours) == outcome(call, theirs)
        if stays:
            live.end()
        else:
            live.undo()
            memory.storage.write(before or {})
        assert content(ours) == content(theirs)
        assert len(ours) == len(theirs)
        assert ours.search(where("n") == 1) is not None
        assert ours.count(where("n") == 1) == len(theirs.search(where("n") == 1))


@pytest.fixture
def live() -> LiveStorage:
    storage = LiveStorage()
    storage.begin()
    return storage


@pytest.fixture
def table(live: LiveStorage) -> Table:
    return LiveDatabase(storage=lambda: live).table("t")


def test_a_document_is_replaced_and_never_mutated(live: LiveStorage, table: Table) -> None:
    id = table.insert({"ids": [1]})
    before = live.memory["t"][str(id)]
    table.update(lambda document: document["ids"].append(2), doc_ids=[id])
    assert before == {"ids": [1]}
    assert live.memory["t"][str(id)] == {"ids": [1, 2]}


def test_what_a_caller_keeps_is_not_what_is_stored(live: LiveStorage, table: Table) -> None:
    kept = {"ids": [1]}
    id = table.insert(kept)
    kept["ids"].append(2)
    assert live.memory["t"][str(id)] == {"ids": [1]}


def test_an_update_by_id_touches_no_other_document(live: LiveStorage, table: Table) -> None:
    table.insert_multiple({"n": n} for n in range(50))
    others = dict(live.memory["t"])
    table.update({"n": 99}, doc_ids=[7])
    changed = [id for id, document in live.memory["t"].items() if document is not others[id]]
    assert changed == ["7"]


def test_a_query_is_never_answered_from_before_an_undo(live: LiveStorage, table: Table) -> None:
    table.insert({"n": 1})
    assert table.count(where("n") == 1) == 1
    live.undo()
    assert table.count(where("n") == 1) == 0


def test_writing_all_tables_at_once_is_refused(live: LiveStorage, table: Table) -> None:
    table.insert({"n": 1})
    with pytest.raises(StoreError, match="document by document"):
        LiveDatabase(storage=lambda: live).drop_tables()
    assert len(table) == 1


def test_an_updater_that_fails_leaves_nothing_of_its_own(table: Table, live: LiveStorage) -> None:
    table.insert({"n": 1})
    with pytest.raises(ValueError, match="JSON"):
        table.insert_multiple([{"n": 2}, {"n": float("nan")}])
    assert live.changes() == {"t": {"1": {"n": 1}}}


def test_removing_twice_in_one_updater_is_a_key_error(table: Table) -> None:
    table.insert({"n": 1})

    def twice(documents: Any) -> None:
        del documents[1]
        assert 1 not in documents
        with pytest.raises(KeyError):
            documents[1]
        del documents[1]

    with pytest.raises(KeyError):
        table._update_table(twice)
    assert len(table) == 1


def test_an_updater_sees_what_it_did_itself(table: Table) -> None:
    table.insert_multiple([{"n": 1}, {"n": 2}])

    def updater(documents: Any) -> None:
        del documents[1]
        documents[9] = {"n": 9}
        assert list(documents) == [2, 9]
        assert len(documents) == 2

    table._update_table(updater)
    assert sorted(each.doc_id for each in table) == [2, 9]


def test_a_tinydb_with_another_funnel_stops_the_import() -> None:
    def newer(self: object, updater: object, *, reason: str) -> None:
        pytest.fail("only its signature is looked at")

    with pytest.raises(StoreError, match=r"4\.9\.0"):
        require_known_tinydb(newer)
