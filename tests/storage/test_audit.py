"""The audit: append-only, chained; what somebody changes in it is found and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import chain, migrations
from storage.audit import blanked
from storage.errors import StoreError
from storage.records import Deed, PersonId
from storage.store import Store
from tests.storage.older import first_release
from tests.storage.samples import NOON

LI, WANG = PersonId(7), PersonId(8)
Deeds = dict[str, dict[str, Any]]


def deed(what: str = "done", **fields: Any) -> Deed:
    return Deed(**{"at": NOON, "by": WANG, "what": what, "about": LI, **fields})


def written(store: Store, count: int) -> list[Deed]:
    with store.transaction():
        return [
            store.deeds.add(deed(why=f"原因{number}", after={"day": number}))
            for number in range(count)
        ]


def faults(store: Store) -> list[str]:
    return list(chain.faults(store.contents().tables["deeds"]))


def copied(store: Store) -> Deeds:
    return {id: dict(found) for id, found in store.contents().tables["deeds"].items()}


def test_each_deed_is_linked_to_the_one_before_it() -> None:
    store = Store.in_memory()
    first, second = written(store, 2)
    assert first.link != second.link
    assert not faults(store)
    assert chain.head(store.contents().tables["deeds"]) == (2, second.link)


def test_an_empty_audit_has_no_head_and_no_fault() -> None:
    assert (chain.head({}), list(chain.faults({}))) == ((0, ""), [])


def test_a_deed_without_an_act_begins_one() -> None:
    store = Store.in_memory()
    with store.transaction():
        first = store.deeds.add(deed())
        assert store.deeds.add(deed(batch=first.batch)).batch == first.id == first.batch


def test_a_transaction_taken_back_leaves_no_gap_in_the_chain() -> None:
    store = Store.in_memory()
    written(store, 1)

    def failing() -> None:
        with store.transaction():
            store.deeds.add(deed())
            store.deeds.remove(1)

    with pytest.raises(StoreError):
        failing()
    written(store, 1)
    assert [one.id for one in store.deeds] == [1, 3]
    assert not faults(store)


def test_the_chain_goes_on_after_a_restart_and_a_snapshot(tmp_path: Path) -> None:
    for _ in range(3):
        store = Store.open(tmp_path)
        written(store, 4)
        store.snapshot()
        written(store, 4)
        store.close()
    assert not faults(Store.read(tmp_path))


def tampered(change: Callable[[Deeds], object]) -> list[str]:
    store = Store.in_memory()
    written(store, 4)
    deeds = copied(store)
    change(deeds)
    return list(chain.faults(deeds))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("at", "2026-09-14T12:00:01+08:00"),
        ("by", 9),
        ("what", "proxy"),
        ("about", 9),
        ("table", "talks"),
        ("row", 3),
        ("batch", 1),
        ("before", {"day": 1}),
        ("after", None),
        ("why", "别的原因"),
        ("link", "0" * 64),
    ],
)
def test_a_changed_deed_is_named(field: str, value: object) -> None:
    found = tampered(lambda deeds: deeds["2"].update({field: value}))
    assert found[0] == "第 2 条被改动，或它前面有记录被删去"


def test_a_removed_deed_is_named_by_the_one_behind_it() -> None:
    assert tampered(lambda deeds: deeds.pop("2")) == ["第 3 条被改动，或它前面有记录被删去"]


def test_deeds_in_another_order_are_named() -> None:
    def swap(deeds: Deeds) -> None:
        deeds["2"], deeds["3"] = deeds["3"], deeds["2"]

    assert tampered(swap)[0].startswith("第 2 条")


def test_a_deed_slipped_in_is_named() -> None:
    assert tampered(lambda deeds: deeds.update({"5": dict(deeds["4"])}))[0].startswith("第 5 条")


def test_a_deed_marked_as_undone_still_fits() -> None:
    store = Store.in_memory()
    written(store, 3)
    with store.transaction():
        store.deeds.put(replace(store.deeds[2], undone=NOON))
    assert not faults(store)


@pytest.mark.parametrize("change", [{"why": "x"}, {"by": LI}, {"link": "x"}, {"after": None}])
def test_the_program_itself_changes_no_deed(change: dict[str, Any]) -> None:
    store = Store.in_memory()
    written(store, 1)
    with pytest.raises(StoreError, match="not changed"), store.transaction():
        store.deeds.put(replace(store.deeds[1], **change))


def test_the_program_itself_removes_no_deed() -> None:
    store = Store.in_memory()
    written(store, 1)
    with pytest.raises(StoreError, match="not removed"), store.transaction():
        store.deeds.remove(1)


def purged(store: Store, *ids: int) -> None:
    with store.transaction():
        for id in ids:
            store.deeds.put(blanked(store.deeds[id]))
        store.deeds.add(deed(chain.PURGED, by=None, after={"deeds": list(ids)}))


def test_a_recorded_purge_leaves_no_word_and_a_chain_that_holds() -> None:
    store = Store.in_memory()
    written(store, 4)
    purged(store, 2, 3)
    assert not faults(store)
    assert "原因1" not in repr(copied(store))
    assert "原因0" in repr(copied(store))


def test_what_is_blanked_without_a_record_of_it_is_named() -> None:
    store = Store.in_memory()
    written(store, 2)
    with store.transaction():
        store.deeds.put(blanked(store.deeds[2]))
    assert faults(store) == ["第 2 条被清空，但没有清除的记录"]


def test_what_is_written_into_a_blanked_deed_is_named() -> None:
    store = Store.in_memory()
    written(store, 2)
    purged(store, 2)
    deeds = copied(store)
    deeds["2"]["why"] = "另一个原因"
    assert list(chain.faults(deeds)) == ["第 2 条清除之后又被填写"]


def test_a_store_of_the_first_release_is_chained_when_it_opens(tmp_path: Path) -> None:
    store = Store.open(first_release(tmp_path / "store"))
    assert len(store.deeds)
    assert not faults(store)
    store.snapshot()
    written(store, 2)
    assert not faults(store)


def test_chaining_older_deeds_gives_the_same_chain_every_time(tmp_path: Path) -> None:
    first_release(tmp_path / "store")
    twice = [Store.read(tmp_path / "store").contents().tables["deeds"] for _ in range(2)]
    assert twice[0] == twice[1]
    assert migrations.current() >= 2


@given(
    st.lists(st.dictionaries(st.sampled_from(["why", "table"]), st.text(max_size=5)), max_size=6),
    st.data(),
)
def test_any_one_change_to_any_deed_shows(
    fields: list[dict[str, str]], data: st.DataObject
) -> None:
    store = Store.in_memory()
    with store.transaction():
        for one in fields:
            store.deeds.add(deed(**one))
    if not fields:
        return
    deeds = copied(store)
    assert not list(chain.faults(deeds))
    id = str(data.draw(st.integers(1, len(fields))))
    name = data.draw(st.sampled_from([*chain.COVERED, *chain.PERSONAL, "link"]))
    deeds[id][name] = "别的话语六个字"
    assert list(chain.faults(deeds))
