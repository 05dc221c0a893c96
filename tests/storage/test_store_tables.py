"""Tables: records by id and by index, unique keys, ids."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.records import (
    Account,
    Branch,
    BranchId,
    Deed,
    Duty,
    Form,
    FormKind,
    FormState,
    Invite,
    Obstacle,
    Pairing,
    PairingId,
    PersonId,
    Role,
    Row,
    RowId,
    RowState,
    Talk,
    TalkState,
    TermId,
)
from storage.store import ConstraintBroken, Store, StoreError, Table
from tests.storage.samples import NOON, branch, everything, person, talk

LI, WANG = PersonId(11), PersonId(12)
TERM = TermId(1)


@pytest.fixture(params=["memory", "folder"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Every test on both journals, reopened at its end: what holds must come back."""
    opened = Store.in_memory() if request.param == "memory" else Store.open(tmp_path)
    yield opened
    before = everything(opened)
    opened.reopen()
    assert everything(opened) == before
    opened.close()


def account(person: PersonId = LI, telegram: int = 500, **fields: Any) -> Account:
    return Account(person=person, telegram=telegram, since=NOON, **fields)


def row(*keys: str, **fields: Any) -> Row:
    return Row(kind="S1", chat=500, to=LI, due=NOON, created=NOON, keys=keys, **fields)


def invite(**fields: Any) -> Invite:
    return Invite(person=LI, token_hash="a1b2", created=NOON, expires=NOON, **fields)


def test_a_record_is_found_by_the_id_it_was_given(store: Store) -> None:
    with store.transaction():
        first, second = store.branches.add(branch("一")), store.branches.add(branch("二"))
    assert (first.id, second.id) == (1, 2)
    assert store.branches[2] == second
    assert store.branches.get(2) == second
    assert len(store.branches) == 2
    assert sorted(each.name for each in store.branches) == ["一", "二"]


def test_no_record_is_none_or_a_key_error(store: Store) -> None:
    assert store.branches.get(1) is None
    with pytest.raises(KeyError):
        store.branches[1]
    with store.transaction():
        with pytest.raises(KeyError):
            store.branches.put(branch("一", id=BranchId(1)))
        with pytest.raises(KeyError):
            store.branches.remove(1)


def test_watcher_hears_what_was_and_what_is_and_of_what_is_undone_in_reverse(
    store: Store,
) -> None:
    heard: list[tuple[str | None, str | None]] = []

    def name(one: Branch | None) -> str | None:
        return None if one is None else one.name

    store.branches.watch(lambda old, new: heard.append((name(old), name(new))))
    with store.transaction():
        one = store.branches.add(branch("一"))
    with suppress(ZeroDivisionError), store.transaction():
        store.branches.put(replace(one, name="二"))
        store.branches.remove(one.id)
        raise ZeroDivisionError
    assert heard == [(None, "一"), ("一", "二"), ("二", None), (None, "二"), ("二", "一")]


def test_put_replaces_the_whole_record(store: Store) -> None:
    with store.transaction():
        one = store.branches.add(branch("一", chat=-100, paired=(BranchId(2),)))
    with store.transaction():
        store.branches.put(branch("一", id=one.id))
    assert store.branches[one.id] == branch("一", id=one.id)


def test_ids_of_people_are_random_53_bits(store: Store) -> None:
    with store.transaction():
        ids = [store.people.add(person(str(n))).id for n in range(40)]
    assert len(set(ids)) == 40
    assert all(0 < id < 2**53 for id in ids)
    assert max(ids) > 2**45


def test_an_id_that_is_taken_is_not_given_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter([0, 5, 5, 6])
    monkeypatch.setattr("secrets.randbits", lambda bits: next(drawn) if bits == 53 else 0)
    with store.transaction():
        assert [store.people.add(person(number)).id for number in "12"] == [5, 6]


@pytest.mark.parametrize("snapshot", [False, True])
def test_the_id_of_a_removed_record_is_never_given_again(store: Store, *, snapshot: bool) -> None:
    with store.transaction():
        store.talks.add(talk(1))
        removed = store.talks.add(talk(2))
    with store.transaction():
        store.talks.remove(removed.id)
    if snapshot:
        store.snapshot()
    store.reopen()
    with store.transaction():
        assert store.talks.add(talk(3)).id == removed.id + 1


def test_table_is_found_by_the_name_that_deeds_use(store: Store) -> None:
    assert store.table_named("talks") is store.talks
    with pytest.raises(KeyError):
        store.table_named("meals")


def test_where_is_sorted_by_id_and_empty_for_an_unknown_key(store: Store) -> None:
    with store.transaction():
        people = [store.people.add(person(str(n))) for n in range(9)]
    assert store.people.where("branch", 1) == sorted(people, key=lambda each: each.id)
    assert store.people.where("branch", 2) == []
    assert store.people.count("branch", 1) == 9
    assert store.people.count("branch", 2) == 0


def test_index_that_is_not_declared_is_a_key_error(store: Store) -> None:
    with pytest.raises(KeyError):
        store.people.where("phone", "138")


def test_one_is_the_single_record_or_none(store: Store) -> None:
    with store.transaction():
        found = store.people.add(person("1"))
        assert store.people.one("name", "李明") == found
        store.people.add(person("2"))
    assert store.people.one("name", "王芳") is None
    with pytest.raises(StoreError, match="not one"):
        store.people.one("name", "李明")


def test_one_is_the_last_that_is_left_under_a_key(store: Store) -> None:
    with store.transaction():
        people = [store.people.add(person(str(number))) for number in range(3)]
        for gone in people[1:]:
            store.people.put(replace(gone, name="王芳"))
    assert store.people.one("name", "李明") == people[0]
    assert store.people.count("name", "李明") == 1
    assert store.people.count("name", "王芳") == 2


def test_duty_of_someone_who_left_is_nobodys(store: Store) -> None:
    with store.transaction():
        found = store.people.add(person(duties=(Duty.SECRETARY, Duty.OFFICE)))
        assert store.people.where("duty", Duty.OFFICE) == [found]
        store.people.put(replace(found, left=date(2026, 9, 1)))
    assert store.people.where("duty", Duty.OFFICE) == []


@pytest.mark.parametrize("same", [{"person": WANG}, {"telegram": 501}])
def test_account_is_the_only_live_one_of_person_and_telegram_id(
    store: Store, same: dict[str, Any]
) -> None:
    with store.transaction():
        old = store.accounts.add(account())
    with pytest.raises(ConstraintBroken), store.transaction():
        store.accounts.add(account(**same))
    with store.transaction():
        store.accounts.put(replace(old, until=NOON))
        new = store.accounts.add(account(**same))
    assert store.accounts.one("person", new.person) == new
    assert store.accounts.one("telegram", new.telegram) == new
    with pytest.raises(ConstraintBroken), store.transaction():
        store.accounts.put(replace(old, until=None))


UNIQUE: list[tuple[str, list[Any]]] = [
    ("people", [person("1"), person("1", name="王芳")]),
    ("branches", [branch("一"), branch("一", chat=5)]),
    ("talks", [talk(1), talk(1, TalkState.CLAIMED)]),
    (
        "forms",
        [
            Form(student=LI, term=TERM, kind=FormKind.ACTIVIST, state=state)
            for state in (FormState.RECEIVED, FormState.ARCHIVED)
        ],
    ),
    ("invites", [invite(), invite(used=NOON)]),
    ("outbox", [row("k", "x"), row("y", "k", state=RowState.SENT)]),
]


@pytest.mark.parametrize(("table", "pair"), UNIQUE, ids=[name for name, _ in UNIQUE])
def test_unique_key_belongs_to_one_record(store: Store, table: str, pair: list[Any]) -> None:
    first, second = pair
    with store.transaction():
        held = store.table_named(table).add(first)
    with pytest.raises(ConstraintBroken) as refusal, store.transaction():
        store.table_named(table).add(second)
    assert (refusal.value.table, refusal.value.holder) == (table, held.id)
    assert list(store.table_named(table)) == [held]


def test_refusal_names_no_personal_key(store: Store) -> None:
    with store.transaction():
        store.people.add(person("2026000001"))
    with pytest.raises(ConstraintBroken) as refusal, store.transaction():
        store.people.add(person("2026000001"))
    assert "2026000001" not in str(refusal.value)


def test_refused_record_inside_a_transaction_leaves_the_rest_of_it_whole(store: Store) -> None:
    with store.transaction():
        store.branches.add(branch("一"))
        with pytest.raises(ConstraintBroken):
            store.branches.add(branch("一"))
        store.branches.add(branch("二"))
    assert [each.name for each in store.branches] == ["一", "二"]


def test_keys_of_the_outbox_stay_taken_after_sending(store: Store) -> None:
    with store.transaction():
        sent = store.outbox.add(row("2026-1/S1/11/w2", "2026-1/S0/11"))
        store.outbox.put(replace(sent, state=RowState.SENT, message=77))
    assert store.outbox.one("key", "2026-1/S0/11") == store.outbox[sent.id]
    assert store.outbox.one("chat_message", (500, 77)) == store.outbox[sent.id]
    assert store.outbox.where("chat_state", (500, RowState.PENDING)) == []


def test_open_things_leave_their_index_when_they_close(store: Store) -> None:
    with store.transaction():
        pairing = store.pairings.add(Pairing(student=LI, mentor=WANG, role=Role.CONTACT))
        obstacle = store.obstacles.add(Obstacle(student=LI, term=TERM, at=NOON))
        claimed = store.invites.add(invite(claimed_by=500))
        live = store.outbox.add(row("k", live=True))
    assert store.pairings.where("open_mentor", WANG) == [pairing]
    assert store.obstacles.where("open_term", TERM) == [obstacle]
    assert store.invites.one("claimed_by", 500) == claimed
    assert store.outbox.one("live", (LI, "S1")) == live
    with store.transaction():
        store.pairings.put(replace(pairing, until=date(2026, 9, 2)))
        store.obstacles.put(replace(obstacle, answered=NOON))
        store.invites.put(replace(claimed, revoked=NOON))
        store.outbox.put(replace(live, live=False))
    assert store.pairings.where("open_mentor", WANG) == []
    assert len(store.pairings.where("mentor", WANG)) == 1
    assert store.obstacles.where("open_term", TERM) == []
    assert store.invites.where("claimed_by", 500) == []
    assert store.outbox.where("live", (LI, "S1")) == []


def test_deeds_are_found_by_actor_subject_batch_and_row(store: Store) -> None:
    with store.transaction():
        store.deeds.add(Deed(at=NOON, by=None, what="tick"))
        done = store.deeds.add(
            Deed(at=NOON, by=WANG, what="done", about=LI, table="talks", row=3, batch=2)
        )
    for index, key in (("by", WANG), ("about", LI), ("batch", 2), ("row", ("talks", 3))):
        assert store.deeds.where(index, key) == [done]
    assert store.deeds.where("by", None) == []


def test_record_that_json_cannot_hold_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="JSON"), store.transaction():
        store.outbox.add(row("k", args={"share": float("nan")}))
    assert len(store.outbox) == 0


def test_what_a_caller_does_to_arguments_afterwards_is_not_stored(store: Store) -> None:
    args: dict[str, Any] = {"ids": [1]}
    with store.transaction():
        added = store.outbox.add(row("k", args=args))
    args["ids"].append(2)
    assert store.outbox[added.id].args == {"ids": [1]}


TALKS = st.builds(talk, st.integers(1, 3), st.sampled_from(TalkState), id=st.integers(1, 4))
ROWS = st.builds(
    lambda keys, state, live, id: row(*keys, state=state, live=live, id=RowId(id)),
    st.lists(st.sampled_from("abcd"), max_size=2),
    st.sampled_from(RowState),
    st.booleans(),
    st.integers(1, 4),
)
STEP = st.tuples(st.sampled_from(["add", "put", "remove"]), TALKS | ROWS)


class Aborted(Exception):  # noqa: N818 - no error, only the end of a transaction
    """Raised by a test to have its transaction taken back."""


def run(store: Store, steps: list[tuple[str, Any]], *, stays: bool) -> None:
    for verb, record in steps:
        table: Table[Any] = store.talks if isinstance(record, Talk) else store.outbox
        if verb == "remove":
            table.remove(record.id)
        else:
            getattr(table, verb)(record)
    if not stays:
        raise Aborted


@given(st.lists(st.tuples(st.lists(STEP, max_size=4), st.booleans()), max_size=6))
def test_indexes_agree_with_a_scan_whatever_happened(
    transactions: list[tuple[list[tuple[str, Any]], bool]],
) -> None:
    store = Store.in_memory()
    for steps, stays in transactions:
        before = everything(store)
        with suppress(ConstraintBroken, KeyError, Aborted):
            with store.transaction():
                run(store, steps, stays=stays)
            before = everything(store)
        assert everything(store) == before
        agree_with_a_scan(store)
    before = everything(store)
    store.reopen()
    assert everything(store) == before
    agree_with_a_scan(store)


def agree_with_a_scan(store: Store) -> None:
    for pairing in (1, 2, 3):
        scanned = [each for each in store.talks if each.pairing == pairing]  # one at most
        assert store.talks.where("pairing", PairingId(pairing)) == scanned
        assert store.talks.one("pairing_term", (pairing, 1)) == (scanned[0] if scanned else None)
    for state in TalkState:
        assert store.talks.count("term_state", (1, state)) == sum(
            each.state is state for each in store.talks
        )
    for key in "abcd":
        holders = [each for each in store.outbox if key in each.keys]
        assert store.outbox.where("key", key) == holders
    assert store.outbox.count("live", (LI, "S1")) == sum(each.live for each in store.outbox)
