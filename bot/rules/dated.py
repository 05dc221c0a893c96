"""Reminders that hang on a day of somebody's own, not on the round: once each, keyed by that day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from bot.rules import consent as consent_rules
from bot.rules import introduction as introduction_rules
from bot.rules import probation as probation_rules
from bot.rules.introduction import Path
from bot.rules.stages import YEAR
from bot.rules.term import Quiet, moment, sending_moment
from storage.records import Calendar, Pairing, Person, PersonId

# In the order in which they stand in one message.
KINDS: Final = ("S0", "S0b", "S9", "T8", "B4", "T15", "T16", "T17")
AT: Final = time(9)
YEAR_OVER_FOR: Final = timedelta(days=30)  # how long T15 stays useful
USEFUL: Final = timedelta(days=7)  # how long T17 may wait for an outage to end
DAYS_BEFORE: Final = (7, 3, 1)  # the meeting (PRODUCT § 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One reminder about one student. It leaves ``at`` and is useful before ``until``."""

    kind: str
    to: PersonId
    about: PersonId
    key: str
    at: datetime
    until: datetime


def before_meeting(
    path: Path, secretaries: Iterable[PersonId], calendar: Calendar, quiet: Quiet
) -> Iterator[Dated]:
    """S9, T8 and B4 to whoever is missing, 7, 3 and 1 days before the meeting.

    Each is useful until the next; where holidays put two on one minute only the later goes. The
    day stands in the key, so that a moved meeting is reminded of anew.
    """
    if path.meeting is None:
        return
    slots = list(_slots(path.meeting, calendar, quiet))
    for kind, to in _asked(path, secretaries):
        for number, at, until in slots:
            key = f"introduction:{path.introduction.id}@{path.meeting}:{kind}:{to}:{number}"
            student = path.introduction.student
            yield Dated(kind=kind, to=to, about=student, key=key, at=at, until=until)


def _slots(
    meeting: date, calendar: Calendar, quiet: Quiet
) -> Iterator[tuple[int, datetime, datetime]]:
    end = moment(meeting, time())
    nominal = [moment(meeting - timedelta(days=days), AT) for days in DAYS_BEFORE]
    # Without a bound in the past nothing is dropped.
    planned = [sending_moment(one, calendar, quiet, end) or one for one in nominal]
    ends = [*planned, end]
    for number, (at, until) in enumerate(pairwise(ends), start=1):
        if at < until:
            yield number, at, until


def _asked(path: Path, secretaries: Iterable[PersonId]) -> Iterator[tuple[str, PersonId]]:
    """Who still has something to do, and by which message each is asked."""
    if introduction_rules.candidate_lacks(path):
        yield "S9", path.introduction.student
    for one in path.introducers:
        if introduction_rules.introducer_lacks(path, one.mentor):
            yield "T8", one.mentor
    if introduction_rules.lacks(path):
        for secretary in secretaries:
            yield "B4", secretary


def probation_ends(
    student: Person,
    extended: int,
    introducers: Iterable[PersonId],
    calendar: Calendar,
    quiet: Quiet,
) -> Iterator[Dated]:
    """T16 to the introducers a month before the 预备期 ends (R32); nothing where its day is unknown."""
    if student.stage_since is None:
        return
    due = probation_rules.due(student.stage_since, extended)
    end = moment(due, time())
    nominal = moment(probation_rules.reminder_day(student.stage_since, extended), AT)
    at = sending_moment(nominal, calendar, quiet, end) or nominal
    for to in introducers:
        key = f"probation:{student.id}@{due}:T16:{to}"
        yield Dated(kind="T16", to=to, about=student.id, key=key, at=at, until=end)


def year_over(
    student: Person, contacts: Iterable[PersonId], calendar: Calendar, quiet: Quiet
) -> Iterator[Dated]:
    """T15 to the contacts once a year has passed as activist (R25); nothing where its day is unknown."""
    if student.stage_since is None:
        return
    day = probation_rules.add_months(student.stage_since, YEAR)
    nominal = moment(day, AT)
    end = nominal + YEAR_OVER_FOR
    at = sending_moment(nominal, calendar, quiet, end) or nominal
    for to in contacts:
        key = f"activist:{student.id}@{day}:T15:{to}"
        yield Dated(kind="T15", to=to, about=student.id, key=key, at=at, until=end)


def consent_unanswered(
    pairings: Iterable[Pairing], calendar: Calendar, quiet: Quiet
) -> Iterator[Dated]:
    """T17 to each mentor whose consent is waited for, once per pairing (A20)."""
    for one in pairings:
        if one.asked is None or not consent_rules.is_waiting(one):
            continue
        at = consent_rules.nudge_at(one.asked, calendar, quiet)
        key = f"consent:{one.id}:T17"
        yield Dated(
            kind="T17", to=one.mentor, about=one.student, key=key, at=at, until=at + USEFUL
        )
