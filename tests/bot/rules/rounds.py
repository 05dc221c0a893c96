"""Rounds to test on: the holidays of 2026 as announced, and one small branch with named people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.rules.situation import BranchFacts, Situation, StudentFacts, Timing, WaitingClaim
from bot.rules.term import moment, windows
from storage.records import BranchId, Calendar, PersonId, Stage, TalkId, TermId


def days(first: date, last: date) -> Iterator[date]:
    """Every day from ``first`` to ``last``, both included."""
    while first <= last:
        yield first
        first += timedelta(days=1)


YEAR_2026 = Calendar(
    holidays=frozenset(
        {
            *days(date(2026, 4, 4), date(2026, 4, 6)),
            *days(date(2026, 9, 25), date(2026, 9, 27)),
            *days(date(2026, 10, 1), date(2026, 10, 7)),
        }
    ),
    makeup=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
    announced=frozenset({2026}),
)

SPRING = date(2026, 3, 2)  # a round without any holiday
NATIONAL_DAY = date(2026, 9, 14)  # a round whose weeks 3 and 4 are full of them

BRANCH = BranchId(1)
TERM = TermId(7)

LI_MING, ZHANG_SAN, CHEN_JIE = PersonId(11), PersonId(12), PersonId(13)  # students
WANG, OUYANG = PersonId(21), PersonId(22)  # mentors
SUN_LI, ZHAO_MIN, OFFICE = PersonId(31), PersonId(32), PersonId(41)
EVERYBODY = frozenset({LI_MING, ZHANG_SAN, CHEN_JIE, WANG, OUYANG, SUN_LI, ZHAO_MIN, OFFICE})

HOME = BranchFacts(id=BRANCH, secretaries=(ZHAO_MIN,), committee=(SUN_LI,), group=True)


def timing(week1: date = SPRING, calendar: Calendar = YEAR_2026, **changed: Any) -> Timing:
    """A round in the default cadence and hours."""
    return Timing(windows=windows(week1, calendar), calendar=calendar, **changed)


def student(who: PersonId = LI_MING, **changed: Any) -> StudentFacts:
    """An activist with one teacher who has done nothing yet."""
    return StudentFacts(
        **{"id": who, "branch": BRANCH, "stage": Stage.ACTIVIST, "mentors": (WANG,), **changed}
    )


def claim(at: datetime, talk: int = 1, mentor: PersonId = WANG) -> WaitingClaim:
    return WaitingClaim(talk=TalkId(talk), mentor=mentor, at=at)


def situation(
    *students: StudentFacts, week1: date = SPRING, calendar: Calendar = YEAR_2026, **changed: Any
) -> Situation:
    """The small branch with these students; everybody is enrolled."""
    return Situation(
        **{
            "term": TERM,
            "timing": timing(week1, calendar),
            "students": students,
            "branches": (HOME,),
            "office": (OFFICE,),
            "enrolled": EVERYBODY,
            **changed,
        }
    )


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return moment(day, time(hour, minute))


mondays = st.integers(0, 208).map(lambda weeks: date(2024, 1, 1) + timedelta(weeks=weeks))


@st.composite
def calendars(draw: st.DrawFn, around: date) -> Calendar:
    """Any holidays and any 调休 in the eight weeks around a term's first Monday."""
    near = [around + timedelta(days=offset) for offset in range(-14, 56)]
    holidays = draw(st.sets(st.sampled_from(near), max_size=40))
    weekends = [day for day in near if day.weekday() >= 5 and day not in holidays]
    makeup = draw(st.sets(st.sampled_from(weekends), max_size=4)) if weekends else set()
    return Calendar(
        holidays=frozenset(holidays), makeup=frozenset(makeup), announced=frozenset({around.year})
    )


@st.composite
def timings(draw: st.DrawFn) -> Timing:
    """Any round from 2024 to 2027 among any holidays, long ones too."""
    week1 = draw(mondays)
    calendar = draw(calendars(week1))
    if draw(st.booleans()):
        start = draw(st.integers(-3, 28))
        length = draw(st.integers(1, 16))
        block = days(week1 + timedelta(days=start), week1 + timedelta(days=start + length - 1))
        calendar = Calendar(
            holidays=calendar.holidays | frozenset(block), announced=calendar.announced
        )
    return timing(week1, calendar)
