"""Records become documents and come back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.documents import SHANGHAI, document, json_copy, record
from storage.records import (
    Branch,
    BranchId,
    Duty,
    Kind,
    Person,
    Row,
    RowId,
    RowState,
    TalkKind,
    TalkState,
)
from storage.tables import Record
from tests.storage.samples import NOON, branch, person, talk

RECORD_TYPES = get_args(Record)
SHORT = st.text(max_size=3)
NUMBER = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBER | SHORT,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(SHORT, part, max_size=3),
    max_leaves=5,
)


def row(**fields: Any) -> Row:
    return Row(kind="S1", chat=1, to=None, due=NOON, created=NOON, **fields)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Whatever a field of that type may hold."""
    hint = getattr(hint, "__supertype__", hint)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        (present,) = (part for part in get_args(hint) if part is not type(None))
        return st.none() | values(present)
    if origin is tuple:
        return st.lists(values(get_args(hint)[0]), max_size=3).map(tuple)
    if origin is not None:
        return st.dictionaries(st.text(max_size=3), JSON, max_size=3)
    if hint is datetime:
        return st.datetimes(
            min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis wants the bound without zone
            timezones=st.sampled_from([UTC, SHANGHAI]),
        )
    return st.from_type(hint)


def records() -> st.SearchStrategy[Any]:
    """Any record of any type."""
    return st.one_of(
        [
            st.builds(cls, **{name: values(hint) for name, hint in get_type_hints(cls).items()})
            for cls in RECORD_TYPES
        ]
    )


@given(records())
def test_every_record_comes_back_from_json_as_it_was(original: Any) -> None:
    text = json.dumps(document(original), allow_nan=False)
    assert record(type(original), json.loads(text), original.id) == original


def test_document_holds_every_field_but_the_id() -> None:
    assert document(branch("一", id=BranchId(3))) == {
        "name": "一",
        "kind": "student",
        "paired": [],
        "chat": None,
        "thread": None,
    }


def test_dates_and_moments_are_iso_text_in_shanghai() -> None:
    written = document(talk(day=date(2026, 9, 13)))
    assert written["recorded"] == "2026-09-14T12:00:00+08:00"
    assert written["day"] == "2026-09-13"


def test_moments_come_back_in_shanghai_time() -> None:
    moment = record(type(talk()), document(talk()), 1).recorded
    assert moment == NOON
    assert moment.tzinfo is SHANGHAI
    assert moment.hour == 12


def test_enums_are_written_as_plain_text_and_read_as_members() -> None:
    written = document(person(duties=(Duty.OFFICE, Duty.SECRETARY)))
    assert [type(each) for each in written["duties"]] == [str, str]
    assert record(Person, written, 1).duties == (Duty.OFFICE, Duty.SECRETARY)
    assert record(Person, written, 1).kind is Kind.STUDENT


def test_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        document(replace(talk(), recorded=NOON.replace(tzinfo=None)))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_json_does_not_know_are_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        document(row(args={"share": [number]}))


@pytest.mark.parametrize("args", [{"day": date(2026, 9, 1)}, {"ids": {1, 2}}, {1: "一"}])
def test_what_json_cannot_hold_is_refused(args: Any) -> None:
    with pytest.raises(TypeError, match="JSON"):
        document(row(args=args))


def test_enums_inside_json_fields_become_their_values() -> None:
    args = document(row(args={"state": TalkState.CLAIMED, TalkKind.HALF_YEAR: 1}))["args"]
    assert args == {"state": "claimed", "half_year": 1}
    assert {type(part) for part in (args["state"], *args)} == {str}


def test_document_shares_nothing_with_its_record() -> None:
    args: dict[str, Any] = {"ids": [1]}
    written = document(row(args=args))
    args["ids"].append(2)
    assert written["args"] == {"ids": [1]}


def test_record_shares_nothing_with_its_document() -> None:
    written = document(row(args={"ids": [1]}))
    found = record(Row, written, 1)
    written["args"]["ids"].append(2)
    assert found.args == {"ids": [1]}


def test_field_that_older_versions_did_not_write_takes_its_default() -> None:
    written = document(row())
    del written["state"], written["keys"]
    assert record(Row, written, 5) == replace(row(), id=RowId(5))


def test_field_that_this_version_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="mood"):
        record(Branch, document(branch()) | {"mood": "good"}, 1)


def test_field_that_this_version_does_not_know_is_refused_in_the_place_of_another_too() -> None:
    written = document(branch())
    del written["chat"]
    with pytest.raises(ValueError, match="mood"):
        record(Branch, written | {"mood": "good"}, 1)


def test_field_without_default_that_is_missing_is_refused() -> None:
    with pytest.raises(TypeError, match="name"):
        record(Branch, {"kind": "student"}, 1)


def test_value_that_is_no_member_is_refused() -> None:
    with pytest.raises(KeyError, match="lost"):
        record(Row, document(row()) | {"state": "lost"}, 1)


@given(JSON)
def test_copy_of_json_is_equal_and_new(value: Any) -> None:
    copied = json_copy(value)
    assert copied == value
    assert not isinstance(value, list | dict) or copied is not value


def test_other_zones_are_the_same_moment() -> None:
    moment = datetime(2026, 9, 14, 13, tzinfo=UTC) + timedelta(hours=3)
    found = record(Row, document(replace(row(), due=moment, state=RowState.SENT)), 1)
    assert found.due == moment
