"""Reminders before a meeting and before a 预备期 ends: whom, when, moved by rest days, keyed by the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import audience, moments, reminders
from bot.rules.dated import Dated, before_meeting, probation_ends, year_over
from bot.rules.introduction import Path
from bot.rules.term import Quiet, may_send, moment
from storage.records import BranchId, Calendar, IntroductionId, Kind, Person, PersonId, Stage
from tests.bot.rules import rounds
from tests.bot.rules.rounds import CHEN_JIE, YEAR_2026
from tests.bot.rules.ways import (
    OUYANG,
    SECRETARY,
    STUDENT,
    WANG,
    introducer,
    opinion,
    path,
)

QUIET = Quiet()
UNDONE: dict[str, Any] = {"basics": None, "reviewed": None, "reviewed_at": None}


def nine(month: int, day: int, year: int = 2026) -> datetime:
    return moment(date(year, month, day), time(9))


def asked(way: Path, calendar: Calendar = YEAR_2026) -> list[Dated]:
    return list(before_meeting(way, [SECRETARY], calendar, QUIET))


def unfinished(**changed: Any) -> Path:
    """Nobody has done anything."""
    people = [introducer(one, talk=None, opinion=None) for one in (WANG, OUYANG)]
    return path(*people, **{**UNDONE, **changed})


def test_everybody_who_is_missing_is_asked_three_times() -> None:
    found = asked(unfinished())
    assert {(one.kind, one.to) for one in found} == {
        ("S9", STUDENT),
        ("T8", WANG),
        ("T8", OUYANG),
        ("B4", SECRETARY),
    }
    assert [one.at for one in found if one.kind == "S9"] == [
        nine(11, 13),
        nine(11, 17),
        nine(11, 19),
    ]
    assert len({one.key for one in found}) == len(found) == 12


def test_nobody_is_asked_without_a_date_or_when_nothing_is_missing() -> None:
    assert asked(unfinished(meeting=None)) == []
    assert asked(path()) == []


def test_a_lone_missing_attitude_asks_the_introducer_and_the_secretary_but_not_the_candidate() -> (
    None
):
    way = path(introducer(WANG, opinion=opinion(consent=None)), introducer(OUYANG))
    assert {(one.kind, one.to) for one in asked(way)} == {("T8", WANG), ("B4", SECRETARY)}


def test_a_refusal_asks_the_secretary_only() -> None:
    way = path(introducer(WANG, opinion=opinion(consent=False)), introducer(OUYANG))
    assert {(one.kind, one.to) for one in asked(way)} == {("B4", SECRETARY)}


def test_a_moved_meeting_has_keys_of_its_own() -> None:
    before = {one.key for one in asked(unfinished())}
    after = {one.key for one in asked(unfinished(meeting=date(2026, 11, 27)))}
    assert not before & after


def test_the_day_before_a_monday_is_asked_about_on_friday_and_only_once_that_morning() -> None:
    found = [one for one in asked(unfinished(meeting=date(2026, 11, 16))) if one.kind == "S9"]
    assert [(one.at, one.until) for one in found] == [
        (nine(11, 9), nine(11, 13)),
        (nine(11, 13), moment(date(2026, 11, 16), time())),
    ]


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_reminders_leave_in_sending_hours_and_are_useful_before_the_meeting(day: date) -> None:
    for one in asked(unfinished(meeting=day)):
        assert may_send(one.at, YEAR_2026, QUIET)
        assert one.at < one.until <= moment(day, time())


def probationer(since: date | None = date(2025, 11, 20)) -> Person:
    return Person(
        id=PersonId(12),
        number="12",
        name="孙三",
        branch=BranchId(1),
        kind=Kind.STUDENT,
        stage=Stage.PROBATIONARY,
        stage_since=since,
    )


def test_introducers_are_asked_a_month_before_the_probation_ends() -> None:
    found = list(probation_ends(probationer(), 0, [WANG, OUYANG], YEAR_2026, QUIET))
    assert [(one.kind, one.to, one.at) for one in found] == [
        ("T16", WANG, nine(10, 20)),
        ("T16", OUYANG, nine(10, 20)),
    ]
    assert found[0].until == moment(date(2026, 11, 20), time())


def test_an_extension_asks_anew_and_an_unknown_day_asks_nobody() -> None:
    (early,) = probation_ends(probationer(), 0, [WANG], YEAR_2026, QUIET)
    (late,) = probation_ends(probationer(), 6, [WANG], YEAR_2026, QUIET)
    assert late.key != early.key
    assert late.at == nine(4, 20, 2027)
    assert not list(probation_ends(probationer(None), 0, [WANG], YEAR_2026, QUIET))


def activist(since: date | None) -> Person:
    return replace(probationer(since), stage=Stage.ACTIVIST)


def test_contacts_are_asked_once_a_year_has_passed_as_activist() -> None:
    found = list(year_over(activist(date(2025, 11, 20)), [WANG, OUYANG], YEAR_2026, QUIET))
    assert [(one.kind, one.to, one.about, one.at) for one in found] == [
        ("T15", WANG, PersonId(12), nine(11, 20)),
        ("T15", OUYANG, PersonId(12), nine(11, 20)),
    ]
    assert len({one.key for one in found}) == 2


def test_year_that_ends_on_a_rest_day_is_spoken_of_on_the_next_working_day() -> None:
    (found,) = year_over(activist(date(2025, 10, 3)), [WANG], YEAR_2026, QUIET)
    assert found.at == nine(10, 8)


def test_nobody_is_asked_about_an_activist_whose_day_is_unknown() -> None:
    assert list(year_over(activist(None), [WANG], YEAR_2026, QUIET)) == []


# In the plan and at the tick.

DATED = tuple(asked(unfinished(student=rounds.LI_MING)))


def test_the_plan_holds_them_and_the_tick_sends_each_once() -> None:
    view = rounds.situation(dated=DATED)
    planned = reminders.plan(view, nine(11, 1), nine(11, 30))
    assert [(one.kinds, one.at) for one in planned if one.to == rounds.LI_MING] == [
        (("S9",), nine(11, 13)),
        (("S9",), nine(11, 17)),
        (("S9",), nine(11, 19)),
    ]
    everybody = rounds.EVERYBODY | {SECRETARY}
    now = replace(view, enrolled=everybody)
    sent = reminders.due(now, nine(11, 17), lambda _: False, since=nine(11, 16))
    assert {one.kinds for one in sent} == {("S9",), ("T8",), ("B4",)}
    keys = {key for one in sent for key in one.keys}
    assert reminders.due(now, nine(11, 17), keys.__contains__, since=nine(11, 16)) == []


def test_the_next_moment_knows_them() -> None:
    timing = rounds.timing(rounds.SPRING)
    assert moments.next_moment(timing, nine(11, 14), (), DATED) == nine(11, 17)


def test_two_candidates_of_one_introducer_are_one_message() -> None:
    other = unfinished(id=IntroductionId(2), student=PersonId(12))
    view = rounds.situation(dated=(*asked(unfinished()), *asked(other)))
    planned = reminders.plan(view, nine(11, 13), nine(11, 14))
    (told,) = [one for one in planned if one.to == WANG]
    assert (told.about, len(told.keys)) == ((STUDENT, PersonId(12)), 2)


def test_a_reminder_is_open_while_its_student_is_still_in_it() -> None:
    view = rounds.situation(dated=DATED)
    student = rounds.LI_MING
    assert audience.still_open(view, "T8", WANG, (student, CHEN_JIE), nine(11, 13)) == (student,)
    assert audience.still_open(rounds.situation(), "T8", WANG, (student,), nine(11, 13)) == ()


@pytest.mark.parametrize("kind", ["S1", "S4"])
def test_a_candidates_reminder_joins_the_half_years_of_the_same_minute(kind: str) -> None:
    view = rounds.situation(rounds.student())
    (first,) = [
        one
        for one in reminders.plan(view, nine(3, 1), nine(4, 1))
        if one.kinds == (kind,) and one.to == rounds.LI_MING
    ]
    meeting = first.at.date() + timedelta(days=7)
    way = unfinished(student=rounds.LI_MING, meeting=meeting)
    joined = reminders.plan(replace(view, dated=tuple(asked(way))), first.at, nine(4, 1))
    (told,) = [one for one in joined if one.at == first.at and one.to == rounds.LI_MING]
    assert told.kinds == (kind, "S9")
