"""Where pairings fall short: what the branch's list names, and that it agrees with the secretary's summary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.audience import matters
from bot.rules.eligibility import Held
from bot.rules.shortfalls import Shortfall, shortfalls, silent
from bot.rules.situation import Situation, Timing, student_facts
from bot.rules.talks import mentors_in_charge
from bot.rules.term import windows
from storage.records import (
    BranchId,
    Calendar,
    Kind,
    Pairing,
    PairingId,
    Person,
    PersonId,
    Role,
    Stage,
    TalkState,
    TermId,
)
from tests.support.cast import WEEK1
from tests.support.clock import at

TODAY = date(2026, 9, 15)
STUDENT = Person(
    id=PersonId(1),
    number="S1",
    name="李明",
    branch=BranchId(1),
    kind=Kind.STUDENT,
    stage=Stage.ACTIVIST,
)
TEACHER = Person(
    id=PersonId(2),
    number="T1",
    name="周文",
    branch=BranchId(2),
    kind=Kind.TEACHER,
    stage=Stage.FULL,
)
SECOND = replace(TEACHER, id=PersonId(3), number="T2")
PEER = replace(TEACHER, id=PersonId(4), number="S2", branch=BranchId(1), kind=Kind.STUDENT)
CONTACT, INTRODUCER = Role.CONTACT, Role.INTRODUCER
ACTIVIST, CANDIDATE, PROBATIONARY = Stage.ACTIVIST, Stage.CANDIDATE, Stage.PROBATIONARY
Mentors = list[tuple[Role, Person]]


def of(stage: Stage, mentors: Mentors, last: date | None = None) -> tuple[Shortfall, ...]:
    answering = [Held(role, mentor) for role, mentor in mentors]
    return shortfalls(replace(STUDENT, stage=stage), answering, last, TODAY)


@pytest.mark.parametrize(
    ("stage", "mentors", "found"),
    [
        (ACTIVIST, [], {Shortfall.NO_MENTOR}),
        (CANDIDATE, [], {Shortfall.NO_MENTOR}),
        (PROBATIONARY, [], {Shortfall.NO_MENTOR}),
        (ACTIVIST, [(CONTACT, TEACHER)], {Shortfall.ONE_CONTACT}),
        (ACTIVIST, [(CONTACT, TEACHER), (CONTACT, PEER)], set()),
        (ACTIVIST, [(CONTACT, PEER)], {Shortfall.ONE_CONTACT, Shortfall.NO_TEACHER}),
        (CANDIDATE, [(CONTACT, TEACHER), (CONTACT, SECOND)], {Shortfall.FEW_INTRODUCERS}),
        (CANDIDATE, [(INTRODUCER, TEACHER)], {Shortfall.FEW_INTRODUCERS}),
        (CANDIDATE, [(INTRODUCER, TEACHER), (INTRODUCER, PEER)], set()),
        (PROBATIONARY, [(INTRODUCER, TEACHER), (INTRODUCER, SECOND)], set()),
        (
            PROBATIONARY,
            [(INTRODUCER, PEER)],
            {Shortfall.FEW_INTRODUCERS, Shortfall.NO_TEACHER},
        ),
    ],
)
def test_counts_and_teachers_are_held_to_the_rules(
    stage: Stage, mentors: Mentors, found: set[Shortfall]
) -> None:
    assert set(of(stage, mentors)) == found


@pytest.mark.parametrize(
    ("last", "is_stale"),
    [(None, False), (date(2026, 2, 16), False), (date(2026, 2, 15), True), (TODAY, False)],
)
def test_talk_of_seven_months_ago_is_pointed_out_also_to_whom_nobody_answers_for(
    last: date | None, is_stale: bool
) -> None:
    for mentors in ([], [(CONTACT, TEACHER), (CONTACT, SECOND)]):
        assert (Shortfall.STALE_TALK in of(ACTIVIST, mentors, last)) is is_stale


def test_mentor_is_silent_who_has_confirmed_no_talk_with_anybody() -> None:
    confirmed, claimed, none = TalkState.CONFIRMED, TalkState.CLAIMED, TalkState.NONE
    talks = [
        (SECOND.id, none),
        (TEACHER.id, none),
        (SECOND.id, confirmed),
        (PEER.id, claimed),
        (TEACHER.id, TalkState.DISPUTED),
        (SECOND.id, none),
    ]
    assert silent(talks) == (TEACHER.id, PEER.id)
    assert silent([]) == ()


@st.composite
def pairings(draw: st.DrawFn) -> list[Pairing]:
    days = st.none() | st.integers(-5, 5).map(lambda one: TODAY + timedelta(days=one))
    return [
        Pairing(
            id=PairingId(place),
            student=STUDENT.id,
            mentor=mentor.id,
            role=draw(st.sampled_from(Role)),
            since=draw(days),
            until=draw(days),
        )
        for place, mentor in enumerate(draw(st.lists(st.sampled_from([TEACHER, SECOND, PEER]))))
    ]


@given(st.sampled_from([ACTIVIST, CANDIDATE, PROBATIONARY]), pairings())
def test_list_and_summary_name_the_same_students(stage: Stage, held: list[Pairing]) -> None:
    """B1 tells of them on Friday, the list whenever it is asked: they must not differ."""
    student = replace(STUDENT, stage=stage)
    own = windows(WEEK1, Calendar())
    facts = student_facts(
        student, windows=own, on=TODAY, pairings=held, talks=(), form=None, obstacles=()
    )
    view = Situation(term=TermId(1), timing=Timing(windows=own), students=(facts,), branches=())
    summary = matters(view, student.branch, at(2026, 9, 15, 10))
    people = {one.id: one for one in (TEACHER, SECOND, PEER)}
    answering = [
        Held(one.role, people[one.mentor]) for one in mentors_in_charge(student, held, TODAY)
    ]
    found = shortfalls(student, answering, None, TODAY)
    assert (Shortfall.NO_MENTOR in found) is bool(summary.without_mentor)
    assert (Shortfall.FEW_INTRODUCERS in found) is bool(summary.few_introducers)
