"""Totals of a branch add up, and count whom they should."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.progress import is_counted, progress, together
from storage.records import (
    BranchId,
    FormState,
    Kind,
    Person,
    PersonId,
    Stage,
    TalkState,
)

HERE, ELSEWHERE = BranchId(1), BranchId(2)


@st.composite
def people(draw: st.DrawFn) -> list[Person]:
    return [
        Person(
            id=PersonId(number),
            number=str(number),
            name="某人",
            branch=draw(st.sampled_from([HERE, ELSEWHERE])),
            kind=draw(st.sampled_from(Kind)),
            stage=draw(st.sampled_from(Stage)),
            left=draw(st.sampled_from([None, date(2026, 1, 1)])),
        )
        for number in range(1, draw(st.integers(0, 12)) + 1)
    ]


ids = st.integers(1, 12).map(PersonId)


@given(
    people(),
    st.dictionaries(ids, st.sampled_from(TalkState)),
    st.dictionaries(ids, st.sampled_from(FormState)),
    st.sets(ids),
)
def test_every_part_adds_up_to_the_students_of_the_branch(
    everyone: list[Person],
    talks: dict[PersonId, TalkState],
    forms: dict[PersonId, FormState],
    enrolled: set[PersonId],
) -> None:
    found = progress(HERE, everyone, talks, forms, enrolled)
    counted = [one for one in everyone if one.branch == HERE and is_counted(one)]
    assert found.students == len(counted)
    assert set(found.talk) == set(TalkState)
    assert set(found.form) == set(FormState)
    assert sum(found.talk.values()) == sum(found.form.values()) == found.students
    assert found.not_enrolled == len({one.id for one in counted} - enrolled)


@given(people())
def test_before_the_first_term_all_are_none(everyone: list[Person]) -> None:
    found = progress(HERE, everyone, {}, {}, set())
    assert found.talk[TalkState.NONE] == found.students
    assert found.form[FormState.NOT_HANDED_OUT] == found.students
    assert found.not_enrolled == found.students


def test_claimed_and_confirmed_are_counted_apart() -> None:
    pair = [
        Person(
            id=PersonId(number),
            number=str(number),
            name="某人",
            branch=HERE,
            kind=Kind.STUDENT,
            stage=Stage.PROBATIONARY,
        )
        for number in (1, 2)
    ]
    states = {PersonId(1): TalkState.CLAIMED, PersonId(2): TalkState.CONFIRMED}
    found = progress(HERE, pair, states, {PersonId(1): FormState.RECEIVED}, {PersonId(2)})
    assert found.talk[TalkState.CLAIMED] == found.talk[TalkState.CONFIRMED] == 1
    assert (found.form[FormState.RECEIVED], found.not_enrolled) == (1, 1)


@given(people(), people())
def test_groups_that_share_nobody_add_up(some: list[Person], others: list[Person]) -> None:
    parts = [progress(HERE, some, {}, {}, set()), progress(HERE, others, {}, {}, set())]
    found = together(parts)
    assert found.students == sum(found.talk.values()) == parts[0].students + parts[1].students
    assert found.not_enrolled == found.students
    assert found.received == 0
    assert together([]).talk == dict.fromkeys(TalkState, 0)
