"""The states of a talk, and who answers for a student."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.talks import (
    TRANSITIONS,
    Act,
    DayVerdict,
    Side,
    Timeliness,
    after,
    best_state,
    day_verdict,
    in_force,
    is_open,
    is_stale,
    may_undo,
    mentors_in_charge,
    state_in_round,
    takes_part,
    timeliness,
)
from bot.rules.term import SHANGHAI, windows
from storage.records import (
    BranchId,
    Kind,
    Pairing,
    PairingId,
    Person,
    PersonId,
    Role,
    Stage,
    Talk,
    TalkId,
    TalkState,
    TermId,
)
from tests.bot.rules.rounds import LI_MING, SPRING, WANG, YEAR_2026, at

WINDOWS = windows(SPRING, YEAR_2026)
TODAY = date(2026, 3, 11)


def person(stage: Stage = Stage.ACTIVIST, since: date | None = None, **changed: Any) -> Person:
    one = Person(
        id=LI_MING,
        number="2024001",
        name="李明",
        branch=BranchId(1),
        kind=Kind.STUDENT,
        stage=stage,
        stage_since=since,
    )
    return replace(one, **changed)


def pairing(
    number: int = 1,
    role: Role = Role.CONTACT,
    since: date | None = None,
    until: date | None = None,
    student: PersonId = LI_MING,
) -> Pairing:
    return Pairing(
        id=PairingId(number), student=student, mentor=WANG, role=role, since=since, until=until
    )


def talk(state: TalkState, of: int = 1) -> Talk:
    return Talk(
        id=TalkId(of),
        pairing=PairingId(of),
        term=TermId(7),
        state=state,
        day=TODAY,
        recorded=at(TODAY),
        by=LI_MING,
    )


@pytest.mark.parametrize(
    ("side", "act", "before", "reached"),
    [
        (Side.STUDENT, Act.CLAIM, TalkState.NONE, TalkState.CLAIMED),
        (Side.STUDENT, Act.CLAIM, TalkState.DISPUTED, TalkState.CLAIMED),
        (Side.STUDENT, Act.CLAIM, TalkState.CLAIMED, None),
        (Side.STUDENT, Act.CLAIM, TalkState.CONFIRMED, None),
        (Side.STUDENT, Act.REDATE, TalkState.CONFIRMED, TalkState.CLAIMED),
        (Side.STUDENT, Act.OBJECT, TalkState.CONFIRMED, TalkState.DISPUTED),
        (Side.STUDENT, Act.OBJECT, TalkState.CLAIMED, None),
        (Side.STUDENT, Act.CONFIRM, TalkState.CLAIMED, None),
        (Side.MENTOR, Act.CONFIRM, TalkState.NONE, TalkState.CONFIRMED),
        (Side.MENTOR, Act.CONFIRM, TalkState.CLAIMED, TalkState.CONFIRMED),
        (Side.MENTOR, Act.CONFIRM, TalkState.DISPUTED, TalkState.CONFIRMED),
        (Side.MENTOR, Act.CONFIRM, TalkState.CONFIRMED, None),
        (Side.MENTOR, Act.DENY, TalkState.CLAIMED, TalkState.DISPUTED),
        (Side.MENTOR, Act.DENY, TalkState.NONE, None),
        (Side.SECRETARY, Act.RECORD_FOR, TalkState.CLAIMED, TalkState.CONFIRMED),
        (Side.SECRETARY, Act.CONFIRM, TalkState.CLAIMED, None),
        (Side.SECRETARY, Act.CORRECT, TalkState.CLAIMED, TalkState.CLAIMED),
        (Side.SECRETARY, Act.CORRECT, TalkState.CONFIRMED, TalkState.CONFIRMED),
        (Side.SECRETARY, Act.CORRECT, TalkState.DISPUTED, None),
        (Side.SECRETARY, Act.CORRECT, TalkState.NONE, None),
        (Side.SECRETARY, Act.VOID, TalkState.DISPUTED, TalkState.NONE),
        (Side.SECRETARY, Act.VOID, TalkState.NONE, None),
        (Side.MENTOR, Act.VOID, TalkState.CONFIRMED, None),
    ],
)
def test_a_talk_moves_only_as_each_side_may_move_it(
    side: Side, act: Act, before: TalkState, reached: TalkState | None
) -> None:
    assert after(side, act, before) is reached


def test_a_student_alone_never_confirms_a_talk() -> None:
    reached = {
        state
        for (side, _), table in TRANSITIONS.items()
        if side is Side.STUDENT
        for state in table.values()
    }
    assert reached == {TalkState.CLAIMED, TalkState.DISPUTED}


def test_only_what_was_claimed_or_confirmed_can_be_disputed() -> None:
    disputed_from = {
        before
        for table in TRANSITIONS.values()
        for before, reached in table.items()
        if reached is TalkState.DISPUTED
    }
    assert disputed_from == {TalkState.CLAIMED, TalkState.CONFIRMED}


def test_an_act_can_be_taken_back_for_ten_minutes() -> None:
    done = at(TODAY)
    assert may_undo(done, done + timedelta(minutes=10))
    assert not may_undo(done, done + timedelta(minutes=10, seconds=1))


def test_a_disputed_talk_is_open_again() -> None:
    assert {state for state in TalkState if is_open(state)} == {
        TalkState.NONE,
        TalkState.DISPUTED,
    }


@given(st.lists(st.sampled_from(TalkState), max_size=4))
def test_a_student_counts_under_the_best_of_several_talks(states: list[TalkState]) -> None:
    ranks = {
        TalkState.NONE: 0,
        TalkState.DISPUTED: 1,
        TalkState.CLAIMED: 2,
        TalkState.CONFIRMED: 3,
    }
    best = max((ranks[state] for state in states), default=0)
    assert ranks[best_state(map(talk, states))] == best


def test_a_confirmed_talk_counts_after_its_mentor_was_replaced_but_a_claim_does_not() -> None:
    successor = (pairing(2),)
    assert state_in_round(successor, [talk(TalkState.CONFIRMED, 1)]) is TalkState.CONFIRMED
    assert state_in_round(successor, [talk(TalkState.CLAIMED, 1)]) is TalkState.NONE
    assert state_in_round(successor, [talk(TalkState.CLAIMED, 2)]) is TalkState.CLAIMED


def test_a_pairing_is_in_force_from_its_first_day_to_the_day_before_its_last() -> None:
    one = pairing(since=date(2026, 3, 1), until=date(2026, 3, 10))
    assert not in_force(one, date(2026, 2, 28))
    assert in_force(one, date(2026, 3, 1))
    assert in_force(one, date(2026, 3, 9))
    assert not in_force(one, date(2026, 3, 10))
    assert in_force(pairing(), TODAY)


CONTACT = pairing(1)
INTRODUCERS = (pairing(2, Role.INTRODUCER), pairing(3, Role.INTRODUCER))


@pytest.mark.parametrize(
    ("stage", "pairings", "expected"),
    [
        (Stage.ACTIVIST, (CONTACT, *INTRODUCERS), (CONTACT,)),
        (Stage.CANDIDATE, (CONTACT,), (CONTACT,)),
        (Stage.CANDIDATE, (CONTACT, *INTRODUCERS), INTRODUCERS),
        (Stage.PROBATIONARY, (CONTACT, *INTRODUCERS), INTRODUCERS),
        (Stage.PROBATIONARY, (CONTACT,), ()),
        (Stage.FULL, (CONTACT, *INTRODUCERS), ()),
        (Stage.ACTIVIST, (pairing(4, student=PersonId(99)),), ()),
        (Stage.ACTIVIST, (pairing(5, until=TODAY),), ()),
    ],
)
def test_contacts_answer_for_activists_and_introducers_from_then_on(
    stage: Stage, pairings: tuple[Pairing, ...], expected: tuple[Pairing, ...]
) -> None:
    assert mentors_in_charge(person(stage), pairings, TODAY) == expected


def test_introducers_take_over_on_the_day_on_which_they_begin() -> None:
    both = (CONTACT, pairing(2, Role.INTRODUCER, since=TODAY))
    candidate = person(Stage.CANDIDATE)
    assert mentors_in_charge(candidate, both, TODAY - timedelta(days=1)) == (CONTACT,)
    assert mentors_in_charge(candidate, both, TODAY) == both[1:]


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (SPRING - timedelta(days=1), DayVerdict.BEFORE_TERM),
        (SPRING, DayVerdict.OK),
        (TODAY, DayVerdict.OK),
        (TODAY + timedelta(days=1), DayVerdict.FUTURE),
    ],
)
def test_a_talk_lies_between_the_first_day_of_term_and_today(
    day: date, verdict: DayVerdict
) -> None:
    assert day_verdict(day, TODAY, SPRING) is verdict


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 8), Timeliness.EARLY),
        (date(2026, 3, 9), Timeliness.ON_TIME),
        (date(2026, 3, 22), Timeliness.ON_TIME),
        (date(2026, 3, 23), Timeliness.LATE),
    ],
)
def test_a_talk_is_on_time_from_monday_of_week_2_to_sunday_of_week_3(
    day: date, expected: Timeliness
) -> None:
    assert timeliness(day, WINDOWS) is expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (person(), True),
        (person(since=date(2026, 3, 29)), True),
        (person(since=date(2026, 3, 30)), False),  # A16
        (person(Stage.CANDIDATE, since=date(2026, 3, 30)), True),  # was an activist in week 1
        (person(Stage.FULL), False),
        (person(left=date(2026, 3, 1)), False),
        (person(kind=Kind.TEACHER), False),
    ],
)
def test_the_review_is_asked_of_students_on_the_way_who_were_there_by_week_4(
    who: Person, expected: bool
) -> None:
    assert takes_part(who, WINDOWS) is expected


@pytest.mark.parametrize(
    ("last", "today", "stale"),
    [
        (date(2026, 3, 20), date(2026, 10, 19), False),
        (date(2026, 3, 20), date(2026, 10, 20), True),
        (date(2025, 9, 20), date(2026, 9, 20), True),
        (date(2026, 9, 20), date(2026, 9, 20), False),
    ],
)
def test_a_talk_is_long_ago_after_seven_months(last: date, today: date, stale: bool) -> None:
    assert is_stale(last, today) is stale


# With each mentor, where the office wants that of probationary members (A11).


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (TalkState.CONFIRMED, TalkState.CONFIRMED, TalkState.CONFIRMED),
        (TalkState.CONFIRMED, TalkState.CLAIMED, TalkState.CLAIMED),
        (TalkState.CONFIRMED, TalkState.DISPUTED, TalkState.DISPUTED),
        (TalkState.CLAIMED, TalkState.NONE, TalkState.NONE),
    ],
)
def test_a_talk_owed_to_each_mentor_counts_under_the_least(
    first: TalkState, second: TalkState, state: TalkState
) -> None:
    pairings = [
        Pairing(id=PairingId(one), student=PersonId(1), mentor=PersonId(one), role=Role.INTRODUCER)
        for one in (11, 12)
    ]
    talks = [
        Talk(
            pairing=pairing.id,
            term=TermId(1),
            state=of,
            day=None,
            recorded=datetime(2026, 9, 15, 12, tzinfo=SHANGHAI),
            by=pairing.mentor,
        )
        for pairing, of in zip(pairings, (first, second), strict=True)
        if of is not TalkState.NONE
    ]
    assert state_in_round(pairings, talks, with_each=True) is state
    assert state_in_round([], [], with_each=True) is TalkState.NONE
