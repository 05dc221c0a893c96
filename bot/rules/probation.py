"""The 预备期: one year from the meeting that accepted, extended once by half a year to a year (R32)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

YEAR: Final = 12  # months
SHORTEST_EXTENSION: Final = 6
LONGEST_EXTENSION: Final = 12


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year += day.year
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def due(accepted: date, extended: int = 0) -> date:
    """From which day on 转正 is due: a year after the meeting, later by the months of the extension."""
    return add_months(accepted, YEAR + extended)


def last_day(accepted: date, extended: int = 0) -> date:
    """The last day of the 预备期, as the form has it: the day before 转正 is due."""
    return due(accepted, extended) - timedelta(days=1)


def reminder_day(accepted: date, extended: int = 0) -> date:
    """When the introducers are told that it ends: a month before (T16)."""
    return add_months(accepted, YEAR - 1 + extended)


def may_extend(extended: int, months: int) -> bool:
    """Once, and by half a year at least, a year at most (细则)."""
    return extended == 0 and SHORTEST_EXTENSION <= months <= LONGEST_EXTENSION
