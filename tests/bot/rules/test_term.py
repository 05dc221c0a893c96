"""The dates of a term: policy § 1.5's vectors, and what holds for every term (A14)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.situation import Timing
from bot.rules.term import (
    Quiet,
    Week1Refusal,
    add_working_days,
    end_of,
    is_correction,
    is_working,
    may_send,
    next_sending,
    next_working,
    previous_working,
    refuse_week1,
    sending_moment,
    unannounced_years,
    week_of,
    windows,
)
from tests.bot.rules.rounds import SPRING, YEAR_2026, at, mondays, timings

HOURS = Quiet()


@pytest.mark.parametrize(
    ("week1", "talk", "week4", "deadline", "last", "plus3", "plus7"),
    [
        ("2026-09-07", "09-14 09-27", "09-28", "09-30", "09-30", "10-10", "10-15"),
        ("2026-08-31", "09-07 09-20", "09-21", "09-24", "09-24", "09-30", "10-12"),
        ("2026-09-14", "09-21 10-04", "10-05", "10-11", "10-10", "10-14", "10-20"),
        ("2026-03-02", "03-09 03-22", "03-23", "03-29", "03-27", "04-01", "04-08"),
        ("2026-03-09", "03-16 03-29", "03-30", "04-03", "04-03", "04-09", "04-15"),
        ("2027-03-01", "03-08 03-21", "03-22", "03-28", "03-26", "03-31", None),
    ],
)
def test_dates_of_the_round_are_those_of_the_policy(
    week1: str, talk: str, week4: str, deadline: str, last: str, plus3: str, plus7: str | None
) -> None:
    def day(text: str) -> date:
        return date.fromisoformat(f"{week1[:4]}-{text}")

    found = windows(date.fromisoformat(week1), YEAR_2026)
    assert [found.talk_from, found.talk_to] == [day(text) for text in talk.split()]
    assert found.week1_end == found.week1 + timedelta(days=6)
    assert found.hand_in_from == day(week4)
    assert found.deadline == day(deadline)
    assert found.last_working == day(last)
    assert add_working_days(YEAR_2026, found.deadline, 3) == day(plus3)
    if plus7:
        assert add_working_days(YEAR_2026, found.deadline, 7) == day(plus7)


def test_only_a_monday_opens_a_term() -> None:
    assert refuse_week1(date(2026, 9, 9)) is Week1Refusal.NOT_MONDAY
    assert refuse_week1(date(2026, 9, 7)) is None


@pytest.mark.parametrize(
    ("new", "moves"),
    [("2026-03-02", True), ("2026-04-27", True), ("2026-01-05", True), ("2026-05-04", False)],
)
def test_a_monday_within_eight_weeks_corrects_the_round(new: str, moves: bool) -> None:
    assert is_correction(SPRING, date.fromisoformat(new)) is moves


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-03-01", 0),
        ("2026-03-02", 1),
        ("2026-03-08", 1),
        ("2026-03-09", 2),
        ("2026-03-30", 5),
    ],
)
def test_weeks_are_counted_from_monday_to_sunday(day: str, week: int) -> None:
    assert week_of(SPRING, date.fromisoformat(day)) == week


@given(mondays, st.integers(-60, 200))
def test_every_day_lies_in_the_week_that_its_monday_opens(week1: date, offset: int) -> None:
    day = week1 + timedelta(days=offset)
    monday = week1 + timedelta(weeks=week_of(week1, day) - 1)
    assert 0 <= (day - monday).days < 7


def test_a_year_that_is_not_announced_rests_at_weekends_and_is_named() -> None:
    spring_2027 = windows(date(2027, 3, 1), YEAR_2026)
    assert unannounced_years(YEAR_2026, spring_2027) == (2027,)
    assert is_working(YEAR_2026, date(2027, 10, 1))
    assert not is_working(YEAR_2026, date(2027, 10, 2))
    assert unannounced_years(YEAR_2026, windows(SPRING, YEAR_2026)) == ()


def test_a_term_over_new_year_names_only_the_year_not_known() -> None:
    over = windows(date(2026, 12, 21), YEAR_2026)
    assert unannounced_years(YEAR_2026, over) == (2027,)


def test_make_up_days_work_and_holidays_rest() -> None:
    assert is_working(YEAR_2026, date(2026, 9, 20))  # Sunday, 调休
    assert not is_working(YEAR_2026, date(2026, 10, 1))  # Thursday, National Day
    assert next_working(YEAR_2026, date(2026, 9, 30)) == date(2026, 10, 8)
    assert previous_working(YEAR_2026, date(2026, 10, 8)) == date(2026, 9, 30)


@given(timings())
def test_windows_keep_their_order_whatever_the_holidays(round_: Timing) -> None:
    found, calendar = round_.windows, round_.calendar
    assert found.week1 < found.talk_from < found.talk_to < found.hand_in_from
    assert found.last_working <= found.deadline <= found.hand_in_from + timedelta(days=6)
    assert is_working(calendar, found.last_working)
    assert found.deadline not in calendar.holidays


@given(timings(), st.integers(0, 10))
def test_working_days_are_counted_one_by_one(round_: Timing, count: int) -> None:
    start = round_.windows.deadline
    reached = add_working_days(round_.calendar, start, count)
    between = (reached - start).days
    passed = [start + timedelta(days=offset) for offset in range(1, between + 1)]
    assert sum(is_working(round_.calendar, day) for day in passed) == count


@pytest.mark.parametrize(
    ("planned", "leaves"),
    [
        ("2026-09-30 09:00", "2026-09-30 09:00"),
        ("2026-09-30 08:30", "2026-09-30 08:30"),
        ("2026-09-30 06:00", "2026-09-30 09:00"),  # before the hours of a working day: that day
        ("2026-09-29 20:30", "2026-09-30 09:00"),
        ("2026-09-30 23:15", "2026-10-08 09:00"),
        ("2026-10-03 06:00", "2026-10-08 09:00"),
        ("2026-10-03 12:00", "2026-10-08 09:00"),
        ("2026-09-20 12:00", "2026-09-20 12:00"),  # a Sunday on which people work
    ],
)
def test_what_falls_into_quiet_hours_waits_for_the_next_working_day(
    planned: str, leaves: str
) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    found = next_sending(
        datetime.fromisoformat(planned).replace(tzinfo=shanghai), YEAR_2026, HOURS
    )
    assert f"{found:%Y-%m-%d %H:%M}" == leaves


def test_a_reminder_that_would_pass_its_end_moves_back() -> None:
    until = end_of(date(2026, 10, 4))
    thursday = at(date(2026, 10, 1))
    assert sending_moment(thursday, YEAR_2026, HOURS, until) == at(date(2026, 9, 30))


def test_an_evening_that_would_pass_its_end_moves_back_to_its_own_morning() -> None:
    evening = at(date(2026, 9, 30), 21)
    until = end_of(date(2026, 9, 30))
    assert sending_moment(evening, YEAR_2026, HOURS, until) == at(date(2026, 9, 30))


def test_a_reminder_that_would_move_back_too_far_is_dropped() -> None:
    until = end_of(date(2026, 10, 4))
    floor = at(date(2026, 10, 1), 0)
    thursday = at(date(2026, 10, 1))
    assert sending_moment(thursday, YEAR_2026, HOURS, until, not_before=floor) is None


@given(timings(), st.integers(-5, 40), st.times(), st.integers(0, 20))
def test_a_moved_reminder_leaves_in_sending_hours_and_before_its_end(
    round_: Timing, offset: int, hour: time, useful_days: int
) -> None:
    day = round_.windows.week1 + timedelta(days=offset)
    planned = at(day).replace(hour=hour.hour, minute=hour.minute)
    until = end_of(day + timedelta(days=useful_days))
    found = sending_moment(planned, round_.calendar, round_.quiet, until)
    assert found is not None
    assert may_send(found, round_.calendar, round_.quiet)
    assert found < until


@given(timings(), st.integers(-5, 40), st.times())
def test_the_next_sending_moment_is_never_earlier(round_: Timing, offset: int, hour: time) -> None:
    day = round_.windows.week1 + timedelta(days=offset)
    planned = at(day).replace(hour=hour.hour, minute=hour.minute)
    found = next_sending(planned, round_.calendar, round_.quiet)
    assert found >= planned
    assert may_send(found, round_.calendar, round_.quiet)


def test_hours_are_shanghai_hours_whatever_the_zone_of_the_clock() -> None:
    new_york = at(date(2026, 9, 30)).astimezone(ZoneInfo("America/New_York"))
    assert new_york.hour == 21
    assert may_send(new_york, YEAR_2026, HOURS)
    moved = next_sending(at(date(2026, 9, 30), 22).astimezone(ZoneInfo("UTC")), YEAR_2026, HOURS)
    assert moved.isoformat() == "2026-10-08T09:00:00+08:00"


@pytest.mark.parametrize(
    "hours",
    [
        {"moved_to": time(8)},
        {"moved_to": time(20, 30)},
        {"opens": time(21), "closes": time(7)},
    ],
)
def test_hours_that_leave_no_room_are_refused(hours: dict[str, time]) -> None:
    with pytest.raises(ValueError, match="提醒时段"):
        Quiet(**hours)
