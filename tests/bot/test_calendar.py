"""Which days rest: the office's own word, then the library's, then plain weekends."""

from __future__ import annotations

from datetime import date

import chinese_calendar

from bot.calendar import calendar
from bot.rules.term import is_working
from bot.settings import Holidays

NATIONAL_DAY = date(2025, 10, 1)
MAKEUP_SUNDAY = date(2025, 9, 28)


def test_public_holidays_rest_and_makeup_days_work() -> None:
    known = calendar(Holidays())
    assert not is_working(known, NATIONAL_DAY)
    assert is_working(known, MAKEUP_SUNDAY)


def test_the_library_and_the_calendar_agree_on_every_day_of_a_known_year() -> None:
    known = calendar(Holidays())
    days = [date.fromordinal(date(2025, 1, 1).toordinal() + number) for number in range(365)]
    assert [is_working(known, day) for day in days] == [
        chinese_calendar.is_workday(day) for day in days
    ]


def test_the_office_has_the_last_word() -> None:
    own = Holidays(rest=(date(2025, 9, 22), MAKEUP_SUNDAY), working=(NATIONAL_DAY,))
    known = calendar(own)
    assert not is_working(known, date(2025, 9, 22))
    assert not is_working(known, MAKEUP_SUNDAY)
    assert is_working(known, NATIONAL_DAY)


def test_a_year_without_arrangement_is_not_taken_for_announced() -> None:
    known = calendar(Holidays())
    assert 2025 in known.announced
    assert 2099 not in known.announced
    assert is_working(known, date(2099, 10, 1))  # a Thursday: weekends alone rest


def test_the_office_may_announce_a_year_itself() -> None:
    assert 2099 in calendar(Holidays(announced=(2099,))).announced
