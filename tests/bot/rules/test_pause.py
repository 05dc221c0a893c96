"""Whoever is away is left in peace, and so is everybody else about them; afterwards things go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import pause as rules
from bot.rules import welcome
from bot.rules.audience import audience, matters
from bot.rules.dated import Dated
from bot.rules.pause import Until
from bot.rules.reminders import due, plan
from bot.rules.situation import Situation, StudentFacts, Timing, student_facts
from bot.rules.term import Quiet, may_send, moment
from storage.records import (
    Away,
    FormState,
    Kind,
    Pause,
    Person,
    PersonId,
    Stage,
    TalkState,
)
from tests.bot.rules.rounds import (
    BRANCH,
    LI_MING,
    SPRING,
    TERM,
    WANG,
    YEAR_2026,
    ZHANG_SAN,
    at,
    claim,
    situation,
    student,
    timing,
    timings,
)

QUIET = Quiet()
DAY = timedelta(days=1)
MONDAY = SPRING + timedelta(weeks=1)  # of week 2


def away(since: date, until: date, **changed: date | int) -> Pause:
    return replace(
        Pause(student=LI_MING, reason=Away.EXCHANGE, since=since, until=until),
        **changed,  # type: ignore[arg-type]  # names are checked by replace
    )


def whole(facts: StudentFacts, clock: Timing | None = None) -> Situation:
    """The round with that student and one who is there, and the word of welcome that follows."""
    clock = clock or timing()
    back = tuple(welcome.back_again(TERM, clock, facts))
    return situation(facts, student(ZHANG_SAN), timing=clock, dated=back)


def test_pause_covers_both_its_days_and_none_beside() -> None:
    pause = away(MONDAY, MONDAY + DAY)
    days = [MONDAY + n * DAY for n in (-1, 0, 1, 2)]
    assert [rules.is_on(pause, one) for one in days] == [False, True, True, False]
    assert not rules.is_on(None, MONDAY)
    assert not rules.is_on(replace(pause, ended=MONDAY), MONDAY)


def test_last_pause_counts_and_one_that_was_ended_early_does_not() -> None:
    old, new = away(SPRING, SPRING, id=1), away(MONDAY, MONDAY, id=2)
    assert rules.latest([]) is None
    assert rules.latest([new, old]) == new
    assert rules.latest([old, replace(new, ended=MONDAY)]) == old


@pytest.mark.parametrize(
    ("until", "verdict"),
    [
        (SPRING - DAY, Until.PAST),
        (SPRING, Until.FITS),
        (date(2028, 3, 2), Until.FITS),
        (date(2028, 3, 3), Until.LONG),
    ],
)
def test_pause_ends_today_at_the_earliest_and_in_two_years_at_the_latest(
    until: date, verdict: Until
) -> None:
    assert rules.last_day(until, SPRING) is verdict


pauses = st.builds(
    lambda clock, start, length: (
        clock,
        away(
            clock.windows.week1 + start * DAY, clock.windows.week1 + (start + length) * DAY, id=3
        ),
    ),
    timings(),
    st.integers(-10, 40),
    st.integers(0, 60),
)


@given(pauses, st.sampled_from(TalkState), st.sampled_from(FormState))
def test_nothing_is_planned_to_or_about_whoever_is_away(
    round_: tuple[Timing, Pause], state: TalkState, form: FormState
) -> None:
    clock, pause = round_
    claims = (claim(at(pause.since) - DAY),) if state is TalkState.CLAIMED else ()
    facts = student(state=state, form=form, pause=pause, claims=claims)
    start = at(clock.windows.week1 - 30 * DAY)
    planned = plan(whole(facts, clock), start, start + 150 * DAY)
    inside = [one for one in planned if pause.since <= one.at.date() <= pause.until]
    assert not [one for one in inside if LI_MING in (one.to, *one.about) and not one.group]
    without = plan(situation(facts, student(ZHANG_SAN), timing=clock), start, start + 150 * DAY)
    assert {one.keys for one in without if ZHANG_SAN in one.about} <= {
        one.keys for one in planned if ZHANG_SAN in one.about
    }


@given(pauses, st.integers(0, 70 * 24), st.integers(0, 20 * 24))
def test_nothing_leaves_to_or_about_whoever_is_away_even_after_an_outage(
    round_: tuple[Timing, Pause], hours: int, down: int
) -> None:
    clock, pause = round_
    now = at(clock.windows.week1 - 12 * DAY) + timedelta(hours=hours)
    view = whole(student(pause=pause), clock)
    leaving = due(view, now, lambda _: False, since=now - timedelta(hours=down))
    to_the_student = [one for one in leaving if one.to == LI_MING]
    if pause.since <= now.date() <= pause.until:
        assert not [one for one in leaving if LI_MING in (one.to, *one.about)]
    assert len(to_the_student) <= 1 or "S0" not in {one.kinds[0] for one in to_the_student}


def test_word_of_welcome_missed_together_with_a_window_leaves_alone() -> None:
    facts = student(pause=away(SPRING, SPRING + 10 * DAY))
    down = at(
        SPRING + 10 * DAY
    )  # from the last day of the pause until after the next window began
    leaving = due(whole(facts), at(SPRING + 16 * DAY), lambda _: False, since=down)
    assert [one.kinds for one in leaving if one.to == LI_MING] == [("S0",)]


@given(pauses)
def test_word_of_welcome_leaves_in_sending_hours_and_once(round_: tuple[Timing, Pause]) -> None:
    clock, pause = round_
    found = list(welcome.back_again(TERM, clock, student(pause=pause)))
    assert len(found) <= 1
    for one in found:
        assert one.at.date() > pause.until
        assert clock.windows.week1 <= one.at.date() <= clock.windows.deadline
        assert may_send(one.at, clock.calendar, clock.quiet)


def test_window_whose_beginning_was_missed_is_opened_by_the_word_of_welcome_alone() -> None:
    pause = away(MONDAY - DAY, MONDAY + 2 * DAY, id=4)
    planned = plan(whole(student(pause=pause)), at(SPRING), at(SPRING + 20 * DAY))
    own = [(one.at, one.kinds) for one in planned if one.to == LI_MING]
    assert own == [
        (at(MONDAY + 3 * DAY), ("S0",)),
        (at(MONDAY + 7 * DAY), ("S2",)),
        (at(MONDAY + 10 * DAY), ("S3",)),
    ]


def test_reminder_of_the_very_minute_in_which_the_welcome_leaves_is_spared() -> None:
    pause = away(SPRING, MONDAY - DAY)  # to Sunday; S1 is for Monday at nine
    planned = plan(whole(student(pause=pause)), at(SPRING), at(MONDAY + DAY))
    assert [one.kinds for one in planned if one.to == LI_MING] == [("S0",)]


@pytest.mark.parametrize(
    "facts",
    [
        student(),
        student(pause=away(MONDAY, MONDAY, ended=MONDAY)),
        student(pause=away(MONDAY, MONDAY), takes_part=False),
        student(pause=away(MONDAY, MONDAY), state=TalkState.CONFIRMED, form=FormState.RECEIVED),
        student(pause=away(MONDAY, SPRING + 100 * DAY)),
        student(pause=away(SPRING - 30 * DAY, SPRING - 20 * DAY)),
    ],
)
def test_nobody_is_welcomed_to_whom_the_round_says_nothing_more(facts: StudentFacts) -> None:
    if facts.pause and facts.pause.ended:
        facts = replace(facts, pause=rules.latest([facts.pause]))
    assert list(welcome.back_again(TERM, timing(), facts)) == []


def test_probationary_member_is_welcomed_as_such() -> None:
    facts = student(pause=away(MONDAY, MONDAY), stage=Stage.PROBATIONARY)
    assert [one.kind for one in welcome.back_again(TERM, timing(), facts)] == ["S0b"]


def test_secretary_reads_nothing_of_whoever_is_away_and_everything_again_afterwards() -> None:
    view = situation(student(mentors=(), pause=away(MONDAY, MONDAY)))
    assert matters(view, BRANCH, at(MONDAY)).without_mentor == ()
    assert matters(view, BRANCH, at(MONDAY + DAY)).without_mentor == (LI_MING,)
    assert audience(view, "B1", at(MONDAY)) == {}


def test_student_who_was_away_at_the_end_of_a_term_is_reminded_in_the_next() -> None:
    view = whole(student(pause=away(date(2025, 9, 1), date(2026, 1, 31))))
    own = [one.kinds for one in plan(view, at(SPRING), at(MONDAY + DAY)) if one.to == LI_MING]
    assert own == [("S1",)]


def reminder(kind: str, leaves: datetime, useful: timedelta) -> Dated:
    until = leaves + useful
    return Dated(kind=kind, to=WANG, about=LI_MING, key="k", at=leaves, until=until)


@pytest.mark.parametrize(
    ("kind", "useful", "moved_to", "until"),
    [
        ("S9", 4 * DAY, MONDAY + 3 * DAY, MONDAY + 4 * DAY),
        ("S9", 3 * DAY, None, None),
        ("T16", 2 * DAY, None, None),
        ("T15", 2 * DAY, MONDAY + 3 * DAY, MONDAY + 5 * DAY),
        ("T17", 9 * DAY, MONDAY + 3 * DAY, MONDAY + 9 * DAY),
    ],
)
def test_what_hangs_on_a_day_in_the_pause_comes_after_it_if_it_still_helps(
    kind: str, useful: timedelta, moved_to: date | None, until: date | None
) -> None:
    pause = away(MONDAY, MONDAY + 2 * DAY)
    moved = rules.around(reminder(kind, at(MONDAY), useful), pause, YEAR_2026, QUIET)
    assert (moved and moved.at) == (moved_to and at(moved_to))
    assert (moved and moved.until) == (until and at(until))


def test_what_hangs_on_a_day_outside_the_pause_stays_where_it_is() -> None:
    one = reminder("T15", at(MONDAY), DAY)
    for pause in (None, away(SPRING, MONDAY - DAY), away(MONDAY + DAY, MONDAY + 9 * DAY)):
        assert rules.around(one, pause, YEAR_2026, QUIET) == one


def test_own_reminder_rests_until_the_welcome_and_not_before_the_pause() -> None:
    pause = away(MONDAY, MONDAY + 4 * DAY)  # to Friday: back on Monday at nine
    moments = [MONDAY - DAY, MONDAY, MONDAY + 6 * DAY, MONDAY + 7 * DAY, MONDAY + 8 * DAY]
    rested = [rules.rests(pause, moment(day, time(9)), YEAR_2026, QUIET) for day in moments]
    assert rested == [False, True, True, True, False]
    ended = replace(pause, ended=MONDAY)
    assert not rules.rests(ended, at(MONDAY), YEAR_2026, QUIET)


def test_facts_of_a_student_hold_the_last_pause() -> None:
    person = Person(
        id=PersonId(LI_MING),
        number="1",
        name="李明",
        branch=BRANCH,
        kind=Kind.STUDENT,
        stage=Stage.ACTIVIST,
    )
    pause = away(MONDAY, MONDAY)
    windows = timing().windows
    facts = student_facts(
        person,
        windows=windows,
        on=SPRING,
        pairings=(),
        talks=(),
        form=None,
        obstacles=(),
        pauses=[pause],
    )
    assert facts.pause == pause


def test_reminder_missed_while_the_bot_was_down_and_the_student_away_does_not_go_late() -> None:
    back = MONDAY + 3 * DAY
    pause = away(MONDAY - 3 * DAY, MONDAY + DAY)
    for facts, told in ((student(), True), (student(pause=pause), False)):
        late = due(whole(facts), at(back, 15), lambda _: False)
        assert any("S1" in one.kinds and one.to == LI_MING for one in late) is told
