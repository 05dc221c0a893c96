"""The table of PRODUCT § 3 as slots, and how the settings override it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.cadence import DEFAULT, Anchor, Slot, day_of, overridden, parse_slot
from tests.bot.rules.rounds import YEAR_2026, timing

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@given(st.integers(1, 9), st.integers(0, 6), st.times().map(lambda t: time(t.hour, t.minute)))
def test_a_slot_of_a_week_is_read_as_written(week: int, weekday: int, at: time) -> None:
    text = f"week{week} {WEEKDAYS[weekday]} {at:%H:%M}"
    assert parse_slot(text) == Slot(anchor=Anchor.WEEK, at=at, week=week, weekday=weekday)


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("last_working_day 17:00", Slot(anchor=Anchor.LAST_WORKING_DAY, at=time(17))),
        ("deadline+3 09:00", Slot(anchor=Anchor.DEADLINE, at=time(9), working_days=3)),
        ("deadline + 12 9:05", Slot(anchor=Anchor.DEADLINE, at=time(9, 5), working_days=12)),
        ("deadline 09:00", Slot(anchor=Anchor.DEADLINE, at=time(9))),
        ("  WEEK 2  mon  09:00 ", Slot(anchor=Anchor.WEEK, at=time(9), week=2)),
    ],
)
def test_other_slots_are_read_with_any_blanks_and_case(text: str, slot: Slot) -> None:
    assert parse_slot(text) == slot


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Monday 09:00",
        "week2 Mon",
        "week0 Mon 09:00",
        "week2 Moo 09:00",
        "week2 Mon 24:00",
        "week2 Mon 09:60",
        "deadline-3 09:00",
        "第二周周一 09:00",
        "week２ Mon 09:00",
        "week2 Mon 09:00 sharp",
    ],
)
def test_an_unreadable_slot_is_named_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="week2 Mon 09:00") as refused:
        parse_slot(text)
    assert f"“{text}”" in str(refused.value)


def test_slots_of_the_deadline_fall_on_working_days_after_it() -> None:
    round_ = timing(date(2026, 9, 7))
    slot = parse_slot("deadline+3 09:00")
    assert day_of(slot, round_.windows, YEAR_2026) == date(2026, 10, 10)  # Saturday, 调休


def test_the_settings_replace_single_codes_and_keep_the_rest() -> None:
    changed = overridden({"S1": ["week2 Tue 10:00"], "G1": []}, timedelta(hours=48))
    assert changed.slots["S1"] == (parse_slot("week2 Tue 10:00"),)
    assert changed.slots["G1"] == ()
    assert changed.slots["S2"] == DEFAULT.slots["S2"]
    assert changed.claim_patience == timedelta(hours=48)


def test_a_code_that_is_not_on_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="S9"):
        overridden({"S9": ["week2 Mon 09:00"]})
