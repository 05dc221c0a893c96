"""The 预备期 counts from the meeting, is extended once, and is spoken of a month before it ends (R32)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import probation as rules


@pytest.mark.parametrize(
    ("accepted", "due"),
    [
        (date(2026, 11, 20), date(2027, 11, 20)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_it_lasts_a_year_from_the_meeting(accepted: date, due: date) -> None:
    assert rules.due(accepted) == due
    assert (rules.due(accepted) - rules.last_day(accepted)).days == 1


def test_introducers_are_told_a_month_before() -> None:
    assert rules.reminder_day(date(2026, 11, 20)) == date(2027, 10, 20)
    assert rules.reminder_day(date(2026, 3, 31)) == date(2027, 2, 28)


def test_an_extension_moves_the_end_and_the_reminder() -> None:
    assert rules.due(date(2026, 11, 20), 6) == date(2028, 5, 20)
    assert rules.reminder_day(date(2026, 11, 20), 12) == date(2028, 10, 20)


@pytest.mark.parametrize(
    ("extended", "months", "may"),
    [(0, 6, True), (0, 12, True), (0, 5, False), (0, 13, False), (6, 6, False)],
)
def test_it_is_extended_once_by_half_a_year_to_a_year(
    extended: int, months: int, may: bool
) -> None:
    assert rules.may_extend(extended, months) is may


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from([0, 6, 9, 12]))
def test_the_reminder_comes_before_the_last_day(accepted: date, extended: int) -> None:
    assert accepted < rules.reminder_day(accepted, extended) < rules.last_day(accepted, extended)
