"""What the office enters about holidays and hours: how it changes the calendar, and what it may not be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.rules.term import DAY, Quiet, is_working
from storage.records import Arrangement, ArrangementKind, Calendar, Hours

LONGEST: Final = 60  # days in one 放假: what is longer is a slip of the pen
YEARS_AHEAD: Final = 2


class Fault(StrEnum):
    """Why an arrangement is not taken."""

    BACKWARDS = "backwards"  # it ends before it begins
    TOO_LONG = "too_long"
    PAST = "past"
    FAR = "far"
    NO_CHANGE = "no_change"  # a 调休 on which people work anyway, or said before


def days_of(arrangement: Arrangement) -> Iterator[date]:
    """Every day of it, in order."""
    day = arrangement.first
    while day <= arrangement.last:
        yield day
        day += DAY


@lru_cache(maxsize=16)  # asked for every message and every tick; the answer changes once a year
def arranged(published: Calendar, own: tuple[Arrangement, ...]) -> Calendar:
    """The calendar with the office's own word on top, a later one over an earlier one (A14)."""
    holidays, makeup = set(published.holidays), set(published.makeup)
    announced = set(published.announced)
    for one in sorted((one for one in own if one.removed is None), key=lambda one: one.id):
        days = set(days_of(one))
        match one.kind:
            case ArrangementKind.REST:
                holidays, makeup = holidays | days, makeup - days
            case ArrangementKind.WORK:
                holidays, makeup = holidays - days, makeup | days
            case _:  # COMPLETE
                announced.add(one.first.year)
    return Calendar(
        holidays=frozenset(holidays), makeup=frozenset(makeup), announced=frozenset(announced)
    )


def fault_of(one: Arrangement, today: date, calendar: Calendar) -> Fault | None:
    """Why it is not taken, or None. ``calendar``: as it stands without it."""
    if one.last < one.first:
        return Fault.BACKWARDS
    if (one.last - one.first).days >= LONGEST:
        return Fault.TOO_LONG
    if one.last < today:
        return Fault.PAST
    if one.last.year > today.year + YEARS_AHEAD:
        return Fault.FAR
    if one.kind is ArrangementKind.WORK:
        changes = any(not is_working(calendar, day) for day in days_of(one))
    else:
        changes = any(day not in calendar.holidays for day in days_of(one))
    return None if changes else Fault.NO_CHANGE


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Runs of neighbouring days, each by its first and its last; ``days`` sorted."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and found[-1][1] + DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def quiet_of(hours: Hours) -> Quiet:
    """The hours as the rules want them. ValueError: see `Quiet`."""
    return Quiet(opens=time.fromisoformat(hours.opens), closes=time.fromisoformat(hours.closes))
