"""Holidays: the office's own word, then the library's, then plain weekends (A14)."""

from __future__ import annotations

from datetime import date

from bot.settings import Holidays
from storage.records import Calendar


def calendar(own: Holidays) -> Calendar:
    """Return what is known of rest days and make-up days. Loads the library on first use."""
    from chinese_calendar.constants import holidays, workdays  # 20 ms at every start

    rest = {day for day in holidays if day not in own.working} | set(own.rest)
    makeup = {day for day in workdays if day not in own.rest} | set(own.working)
    announced = {day.year for day in holidays if _is_spring_or_later(day)} | set(own.announced)
    return Calendar(
        holidays=frozenset(rest), makeup=frozenset(makeup), announced=frozenset(announced)
    )


def _is_spring_or_later(day: date) -> bool:
    """New Year's holiday alone does not make a year announced: it may reach over from the last."""
    return day.month > 1
