"""Where the reminders of a round fall (PRODUCT § 3, A14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.cadence import Cadence, overridden, parse_slot
from bot.rules.moments import Moment, counted_as_sent, moments, next_moment
from bot.rules.situation import Timing
from bot.rules.term import end_of, is_working, may_send
from storage.records import Calendar
from tests.bot.rules.rounds import (
    LI_MING,
    NATIONAL_DAY,
    SPRING,
    TERM,
    YEAR_2026,
    at,
    claim,
    days,
    timing,
    timings,
)


def when(round_: Timing) -> dict[str, list[str]]:
    """Moments by kind as people would write them."""
    found: dict[str, list[str]] = {}
    for one in moments(round_):
        found.setdefault(one.kind, []).append(f"{one.at:%m-%d %a %H:%M}" if one.at else "dropped")
    return found


def only(round_: Timing, kind: str) -> Moment:
    (found,) = (one for one in moments(round_) if one.kind == kind)
    return found


def test_without_holidays_everything_falls_as_the_table_says() -> None:
    assert when(timing(SPRING)) == {
        "C1": ["03-02 Mon 09:00"],
        "T1": ["03-06 Fri 09:00"],
        "S1": ["03-09 Mon 09:00"],
        "G1": ["03-09 Mon 09:00", "03-16 Mon 09:00", "03-23 Mon 09:00"],
        "B1": ["03-13 Fri 17:00", "03-19 Thu 09:00", "03-27 Fri 17:00"],
        "S2": ["03-16 Mon 09:00"],
        "T2": ["03-18 Wed 09:00"],
        "S3": ["03-19 Thu 09:00"],
        "C3": ["03-23 Mon 09:00"],
        "S4": ["03-23 Mon 09:00"],
        "C4": ["03-27 Fri 09:00"],
        "S5": ["03-27 Fri 09:00"],
        "B3": ["04-01 Wed 09:00"],
        "E1": ["04-08 Wed 09:00"],
    }


def test_national_day_moves_the_last_call_back_and_the_forms_forward() -> None:
    found = when(timing(NATIONAL_DAY))
    assert found["T2"] == found["S3"] == ["09-30 Wed 09:00"]
    assert found["C3"] == found["S4"] == ["10-08 Thu 09:00"]
    assert found["C4"] == found["S5"] == ["10-10 Sat 09:00"]
    assert found["B1"] == ["09-28 Mon 09:00", "09-30 Wed 09:00", "10-09 Fri 17:00"]
    assert found["G1"] == ["09-21 Mon 09:00", "09-28 Mon 09:00", "10-08 Thu 09:00"]


def test_the_last_summary_comes_before_a_deadline_that_a_holiday_moved() -> None:
    found = when(timing(date(2026, 9, 7)))
    assert found["B1"][-1] == "09-30 Wed 09:00"
    assert found["S5"] == ["09-30 Wed 09:00"]


def test_a_missed_reminder_gives_way_to_the_next_of_its_chain() -> None:
    round_ = timing(SPRING)
    assert only(round_, "S1").until == only(round_, "S2").at
    assert only(round_, "S2").until == only(round_, "S3").at
    assert only(round_, "S3").until == end_of(date(2026, 3, 22))
    assert only(round_, "S4").until == only(round_, "S5").at
    assert only(round_, "S5").until == only(round_, "C4").until == end_of(date(2026, 3, 29))
    assert only(round_, "C1").until == end_of(date(2026, 3, 8))
    assert only(round_, "T1").until == only(round_, "T2").until == end_of(date(2026, 3, 22))
    summaries = [one for one in moments(round_) if one.kind == "B1"]
    assert [one.until for one in summaries] == [
        summaries[1].at,
        summaries[2].at,
        end_of(date(2026, 3, 29)),
    ]
    assert only(round_, "E1").until == end_of(date(2026, 4, 29))


def test_where_holidays_put_two_of_a_chain_together_the_later_one_goes() -> None:
    rest = days(date(2026, 3, 16), date(2026, 3, 18))  # Monday to Wednesday of week 3
    calendar = Calendar(holidays=frozenset(rest), announced=frozenset({2026}))
    found = when(timing(SPRING, calendar))
    assert "S2" not in found
    assert found["S3"] == ["03-19 Thu 09:00"]
    assert found["S1"] == ["03-09 Mon 09:00"]


def test_a_term_without_a_working_day_before_the_window_drops_the_reminder() -> None:
    rest = days(SPRING, date(2026, 3, 8))
    calendar = Calendar(holidays=frozenset(rest), announced=frozenset({2026}))
    found = when(timing(SPRING, calendar))
    assert found["C1"] == ["dropped"]
    assert found["T1"] == ["03-09 Mon 09:00"]


def test_a_reminder_of_a_chain_that_is_dropped_leaves_the_one_before_it_useful() -> None:
    # The slot on Monday of week 1 finds no working day before its window ends.
    early = overridden({"B1": ["week4 Fri 17:00", "week1 Mon 09:00"]})
    rest = days(SPRING, date(2026, 3, 22))
    calendar = Calendar(holidays=frozenset(rest), announced=frozenset({2026}))
    left, dropped = sorted(
        (one for one in moments(timing(SPRING, calendar, cadence=early)) if one.kind == "B1"),
        key=lambda one: one.number,
    )
    assert dropped.at is None
    assert (left.at, left.until) == (at(date(2026, 3, 27), 17), end_of(date(2026, 3, 29)))


def test_a_slot_that_the_settings_put_after_its_window_is_obeyed() -> None:
    late = overridden({"S3": ["week4 Tue 10:00"]})
    found = only(timing(SPRING, cadence=late), "S3")
    assert found.at == at(date(2026, 3, 24), 10)
    assert found.until == end_of(date(2026, 3, 24))


def test_a_code_without_slots_never_falls() -> None:
    sparse = Cadence(slots={"S1": (parse_slot("week2 Mon 09:00"),)})
    assert when(timing(SPRING, cadence=sparse)) == {"S1": ["03-09 Mon 09:00"]}


@given(timings())
def test_nothing_falls_into_quiet_hours_or_on_rest_days(round_: Timing) -> None:
    for at_, until in [(one.at, one.until) for one in moments(round_) if one.at]:
        assert may_send(at_, round_.calendar, round_.quiet)
        assert at_ < until


@given(timings())
def test_no_window_is_without_its_reminder_while_people_work_before_its_end(
    round_: Timing,
) -> None:
    found = {one.kind for one in moments(round_) if one.at}
    windows = round_.windows
    lasts = {
        "C1": windows.week1,
        "T1": windows.week1,
        "S3": windows.talk_to - timedelta(days=3),
        "T2": windows.talk_to - timedelta(days=4),
        "C3": windows.hand_in_from,
        "C4": windows.last_working,
        "S5": windows.last_working,
    }
    for kind, last in lasts.items():
        if any(is_working(round_.calendar, day) for day in days(windows.week1, last)):
            assert kind in found
    assert {"B3", "E1"} <= found


@given(timings())
def test_holidays_alone_change_the_order_of_nothing_in_a_chain(round_: Timing) -> None:
    for chain in (("S1", "S2", "S3"), ("S4", "S5")):
        placed = {one.kind: one for one in moments(round_) if one.at}
        left = [placed[kind] for kind in chain if kind in placed]
        for earlier, later in pairwise(left):
            assert earlier.at is not None
            assert later.at is not None
            assert earlier.at < earlier.until <= later.at


@given(timings(), st.integers(-48, 24 * 70))
def test_the_next_moment_is_the_first_of_those_to_come(round_: Timing, hours: int) -> None:
    now = at(round_.windows.week1) + timedelta(hours=hours)
    to_come = [one.at for one in moments(round_) if one.at and one.at > now]
    assert next_moment(round_, now) == min(to_come, default=None)


def test_a_claim_makes_a_moment_of_its_own() -> None:
    waiting = claim(at(date(2026, 3, 10), 14, 30))
    assert next_moment(timing(), at(date(2026, 3, 13), 9), [waiting]) == datetime(
        2026, 3, 13, 14, 30, tzinfo=waiting.at.tzinfo
    )


@pytest.mark.parametrize(
    ("now", "keys"),
    [
        (at(date(2026, 3, 8)), ()),
        (at(date(2026, 3, 11), 15), (f"{TERM}:S1:{LI_MING}:1",)),
        (at(date(2026, 3, 22), 23), (f"{TERM}:S3:{LI_MING}:1",)),
        (at(date(2026, 3, 24)), (f"{TERM}:S4:{LI_MING}:1",)),
        (at(date(2026, 3, 30)), ()),
    ],
)
def test_whoever_enrols_inside_a_window_has_had_its_reminder(
    now: datetime, keys: tuple[str, ...]
) -> None:
    assert counted_as_sent(TERM, timing(SPRING, YEAR_2026), LI_MING, now) == keys
