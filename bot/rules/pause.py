"""A student who is away (休学, 交换, 其他): whom reminders leave in peace, and what comes afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.dated import Dated
from bot.rules.probation import add_months
from bot.rules.term import Quiet, moment, next_sending
from storage.records import Calendar, Pause

AT: Final = time(9)  # when somebody who is back hears of what is open
LONGEST: Final = 24  # months; a slip of the finger in the year is longer

# What a pause may not swallow, because it is said once and hangs on no window: it comes afterwards.
_WAIT: Final = frozenset({"T15", "T17"})


class Until(StrEnum):
    """What there is to say of a pause's last day."""

    FITS = "fits"
    PAST = "past"
    LONG = "long"


def last_day(until: date, today: date) -> Until:
    """Whether a pause that begins today may end then; today itself is possible."""
    if until < today:
        return Until.PAST
    return Until.LONG if until > add_months(today, LONGEST) else Until.FITS


def latest(pauses: Iterable[Pause]) -> Pause | None:
    """The student's last pause, over or not; one that was ended early says nothing any more."""
    kept = (one for one in pauses if one.ended is None)
    return max(kept, key=lambda one: (one.since, one.id), default=None)


def is_on(pause: Pause | None, on: date) -> bool:
    """Whether the student is away that day."""
    return pause is not None and pause.ended is None and pause.since <= on <= pause.until


def is_back_at(pause: Pause, calendar: Calendar, quiet: Quiet) -> datetime:
    """When the student is told what is open: at the first sending hours after the last day."""
    return next_sending(moment(pause.until + timedelta(days=1), AT), calendar, quiet)


def rests(pause: Pause | None, at: datetime, calendar: Calendar, quiet: Quiet) -> bool:
    """Whether the student's own reminder of that moment is dropped.

    Also on the rest days that follow the pause, and when the student is told anyway (S0).
    """
    if pause is None or pause.ended is not None or at.date() < pause.since:
        return False
    return at <= is_back_at(pause, calendar, quiet)


def around(one: Dated, pause: Pause | None, calendar: Calendar, quiet: Quiet) -> Dated | None:
    """The reminder with its day moved out of the pause; None: by then it is of no use."""
    if pause is None or not is_on(pause, one.at.date()):
        return one
    back = is_back_at(pause, calendar, quiet)
    if back < one.until:
        return replace(one, at=back)
    if one.kind in _WAIT:
        return replace(one, at=back, until=back + (one.until - one.at))
    return None
