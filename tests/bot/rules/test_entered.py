"""Dates and hours as the office types them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.entered import (
    Entry,
    Span,
    is_year_doubtful,
    looks_entered,
    read_entry,
    read_hours,
    read_monday,
    read_span,
)
from messages.filters import day as in_words

TODAY = date(2026, 11, 25)
NATIONAL_DAY = Span(date(2027, 10, 1), date(2027, 10, 8))


@pytest.mark.parametrize(
    "text",
    [
        "2027年10月1日至10月8日",
        "2027年10月1日-8日",
        "2027.10.1-10.8",
        "2027-10-01 至 2027-10-08",
        "２０２７年１０月１日～１０月８日",
        "从2027年十月一日起至十月八日止，共8天",
        "2027年10月1日（周五）至10月8日（周五）",
        "10月1日到2027年10月8日",
        "2027/10/1—10/8。",
    ],
)
def test_span_with_its_year_is_read(text: str) -> None:
    assert read_span(text, TODAY) == NATIONAL_DAY


@pytest.mark.parametrize(
    ("text", "today", "first", "last"),
    [
        ("10.1-10.8", TODAY, date(2027, 10, 1), date(2027, 10, 8)),
        ("10.1-10.8", date(2026, 10, 3), date(2026, 10, 1), date(2026, 10, 8)),
        ("12月31日至1月2日", TODAY, date(2026, 12, 31), date(2027, 1, 2)),
        ("12月31日至1月2日", date(2027, 1, 1), date(2026, 12, 31), date(2027, 1, 2)),
        ("9月27日", TODAY, date(2027, 9, 27), date(2027, 9, 27)),
        ("10月8日至10月1日", TODAY, date(2027, 10, 8), date(2027, 10, 1)),
        ("2月29日", TODAY, None, None),
        ("2月29日", date(2027, 11, 1), date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_span_without_a_year_is_the_coming_one(
    text: str, today: date, first: date | None, last: date | None
) -> None:
    found = read_span(text, today)
    expected = None if first is None or last is None else Span(first, last, guessed=True)
    assert found == expected


def test_year_behind_the_last_day_counts_for_both() -> None:
    assert read_span("12月31日至2027年1月2日", TODAY) == Span(date(2026, 12, 31), date(2027, 1, 2))
    assert read_span("2026年12月31日至2027年1月2日", TODAY) == Span(
        date(2026, 12, 31), date(2027, 1, 2)
    )


def test_past_year_that_is_written_stays_past() -> None:
    assert read_span("2025.10.1", TODAY) == Span(date(2025, 10, 1), date(2025, 10, 1))


def test_day_in_plain_words_is_a_span_of_one_day() -> None:
    assert read_span("明天", TODAY) == Span(date(2026, 11, 26), date(2026, 11, 26))


@pytest.mark.parametrize("text", ["国庆", "13月1日", "2027年2月30日", "十十月一日", "", "10月"])
def test_what_names_no_day_is_not_read(text: str) -> None:
    assert read_span(text, TODAY) is None
    assert read_monday(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9月7日", date(2026, 9, 7)),
        ("3.1", date(2027, 3, 1)),
        ("2027年3月1日（周一）", date(2027, 3, 1)),
        ("下周一", date(2026, 11, 30)),
    ],
)
def test_day_of_a_term_without_a_year_is_the_nearest(text: str, day: date) -> None:
    assert read_monday(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("日期", Entry("card")),
        ("日期设置", Entry("card")),
        ("学期", Entry("term")),
        ("学期日期 9月7日", Entry("term", "9月7日")),
        ("放假：10.1-10.8", Entry("rest", "10.1-10.8")),
        ("放假10.1-10.8", Entry("rest", "10.1-10.8", apart=False)),
        ("调休 9月27日", Entry("work", "9月27日")),
        ("安静时段21-7", Entry("hours", "21-7", apart=False)),
        ("我们放假", None),
        ("已谈", None),
    ],
)
def test_word_of_the_office_is_told_from_what_stands_behind_it(
    text: str, entry: Entry | None
) -> None:
    assert read_entry(text) == entry


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("12月31日", False),
        ("5月27日", False),  # 183 days on
        ("5月28日", True),
        ("2027年9月27日", False),
    ],
)
def test_year_is_asked_about_only_where_it_was_guessed_more_than_half_a_year_ahead(
    text: str, doubtful: bool
) -> None:
    span = read_span(text, TODAY)
    assert span is not None
    assert is_year_doubtful(span, TODAY) is doubtful


@pytest.mark.parametrize(
    ("text", "entered"),
    [
        ("10.1-10.8", True),
        ("13月1日", True),
        ("晚上8点半到次日早上八点", True),
        ("明天", False),
        ("9月30日谈过了", False),
        ("李明2201", False),
    ],
)
def test_dates_and_hours_are_known_by_their_looks_readable_or_not(
    text: str, entered: bool
) -> None:
    assert looks_entered(text) is entered


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("20:30–08:30", (time(20, 30), time(8, 30))),
        ("20：30至8：30", (time(20, 30), time(8, 30))),
        ("21-7", (time(21), time(7))),
        ("晚上8点半到次日早上八点", (time(20, 30), time(8))),
        ("22时至7时", (time(22), time(7))),
        ("25:00-8:00", None),
        ("20:75-8:00", None),
        ("晚上", None),
    ],
)
def test_hours_are_read(text: str, hours: tuple[time, time] | None) -> None:
    assert read_hours(text) == hours


@given(st.dates(TODAY, TODAY + timedelta(360)), st.integers(0, 59))
def test_span_as_the_bot_writes_it_is_read_back(first: date, length: int) -> None:
    last = first + timedelta(length)
    written = f"{first.year}年{in_words(first)}至{last.year}年{in_words(last)}"
    assert read_span(written, TODAY) == Span(first, last)


@given(st.text(max_size=30))
def test_no_text_is_too_odd_to_be_looked_at(text: str) -> None:
    read_span(text, TODAY)
    read_monday(text, TODAY)
    read_hours(text)
