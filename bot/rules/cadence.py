"""When each reminder is meant to go: PRODUCT § 3's table, and how the settings write another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.rules.term import add_working_days, first_day_of_week
from storage.records import Calendar, Windows


class Anchor(StrEnum):
    """What a slot is counted from."""

    WEEK = "week"  # a weekday of a teaching week
    LAST_WORKING_DAY = "last_working_day"  # of week 4
    DEADLINE = "deadline"  # working days after it


_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SLOT: Final = re.compile(
    r"(?:week *(?P<week>[1-9]) +(?P<weekday>[a-z]{3})"
    r"|(?P<last>last_working_day)"
    r"|deadline(?: *\+ *(?P<days>[0-9]{1,2}))?)"
    r" +(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One moment of the table, before holidays move it.

    ``week`` and ``weekday`` (Monday is 0) belong to WEEK, ``working_days`` to DEADLINE.
    """

    anchor: Anchor
    at: time
    week: int = 0
    weekday: int = 0
    working_days: int = 0


def parse_slot(text: str) -> Slot:
    """A slot as the settings write it.

    ``week2 Mon 09:00``, ``last_working_day 09:00`` or ``deadline+3 09:00`` (in working days).
    Raises ValueError with a sentence for the office.
    """
    found = _SLOT.fullmatch(text.strip())
    if not found or (found["weekday"] and found["weekday"].lower() not in _WEEKDAYS):
        raise ValueError(_unreadable(text))
    try:
        at = time(int(found["hour"]), int(found["minute"]))
    except ValueError as wrong:
        raise ValueError(_unreadable(text)) from wrong
    if found["week"]:
        weekday = _WEEKDAYS.index(found["weekday"].lower())
        return Slot(anchor=Anchor.WEEK, at=at, week=int(found["week"]), weekday=weekday)
    if found["last"]:
        return Slot(anchor=Anchor.LAST_WORKING_DAY, at=at)
    return Slot(anchor=Anchor.DEADLINE, at=at, working_days=int(found["days"] or 0))


def _unreadable(text: str) -> str:
    return (
        f"“{text}”不是提醒时间，应写成 week2 Mon 09:00、last_working_day 09:00 "
        "或 deadline+3 09:00 这样。"
    )


def day_of(slot: Slot, windows: Windows, calendar: Calendar) -> date:
    """The day of the slot in a round; a day of a teaching week may be a rest day."""
    match slot.anchor:
        case Anchor.WEEK:
            return first_day_of_week(windows.week1, slot.week) + timedelta(days=slot.weekday)
        case Anchor.LAST_WORKING_DAY:
            return windows.last_working
        case _:  # DEADLINE
            return add_working_days(calendar, windows.deadline, slot.working_days)


# In the order in which kinds that share a message stand in it.
_DEFAULTS: Final[Mapping[str, tuple[str, ...]]] = {
    "C1": ("week1 Mon 09:00",),
    "T1": ("week1 Fri 09:00",),
    "S1": ("week2 Mon 09:00",),
    "S2": ("week3 Mon 09:00",),
    "T2": ("week3 Wed 09:00",),
    "S3": ("week3 Thu 09:00",),
    "S4": ("week4 Mon 09:00",),
    "S5": ("last_working_day 09:00",),
    "C3": ("week4 Mon 09:00",),
    "C4": ("last_working_day 09:00",),
    "B1": ("week2 Fri 17:00", "week3 Thu 09:00", "week4 Fri 17:00"),
    "B3": ("deadline+3 09:00",),
    "E1": ("deadline+7 09:00",),
    "G1": ("week2 Mon 09:00", "week3 Mon 09:00", "week4 Mon 09:00"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """Slots by message code, and the hours a mentor has to answer a claim before T10."""

    slots: Mapping[str, tuple[Slot, ...]] = field(
        default_factory=lambda: MappingProxyType(
            {kind: tuple(map(parse_slot, texts)) for kind, texts in _DEFAULTS.items()}
        )
    )
    claim_patience: timedelta = timedelta(hours=72)


DEFAULT: Final = Cadence()


def overridden(
    changes: Mapping[str, Sequence[str]], claim_patience: timedelta = DEFAULT.claim_patience
) -> Cadence:
    """The default cadence with the slots of some codes replaced; no slots switch a code off.

    Raises ValueError for a code that is not on the table or a slot that cannot be read.
    """
    for code in changes:
        if code not in DEFAULT.slots:
            raise ValueError(f"没有“{code}”这种提醒，可写的有 {'、'.join(DEFAULT.slots)}。")
    changed = {code: tuple(map(parse_slot, texts)) for code, texts in changes.items()}
    return Cadence(
        slots=MappingProxyType({**DEFAULT.slots, **changed}), claim_patience=claim_patience
    )
