"""What lies ahead of a round, as facts: moved reminders, gaps in the roster, what goes out when."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot import college
from bot.desk import Desk
from bot.rules import reminders
from bot.rules import term as term_rules
from bot.rules.cadence import DEFAULT
from bot.rules.dated import KINDS as DATED
from bot.rules.moments import Moment, moments
from bot.rules.reminders import Due
from bot.situation import situation, timing
from storage.records import Branch, Calendar, Duty, Person, PersonId, Term

_TABLE = (*DEFAULT.slots, *DATED, "T10")
REACH = timedelta(weeks=12)  # no reminder of a round lies farther ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a student branch lacks for a round. ``strangers``: its students without account."""

    branch: Branch
    secretary: bool
    committee: bool
    group: bool
    without_mentor: tuple[Person, ...]
    strangers: int
    students: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One kind of reminder at one moment: how many get it, how many of them have no account."""

    at: datetime
    kind: str
    count: int
    strangers: int


def moved(desk: Desk, term: Term) -> list[Moment]:
    """Return the reminders that leave when the cadence does not say, or (``at`` None) not at all."""
    return [one for one in moments(timing(desk, term)) if one.at != one.nominal]


def differences(desk: Desk, term: Term, calendar: Calendar) -> list[tuple[Moment, Moment | None]]:
    """Return the reminders that would leave at another moment by that calendar, as now and then.

    None then: another one would take its place. What would be over by both is left out.
    """
    now = timing(desk, term)
    then = replace(now, calendar=calendar, windows=term_rules.windows(term.week1, calendar))
    changed = {(one.kind, one.number): one for one in moments(then)}
    pairs = [(one, changed.get((one.kind, one.number))) for one in moments(now)]
    return [
        (one, other)
        for one, other in pairs
        if (other is None or other.at != one.at) and _is_ahead(desk.now(), one, other)
    ]


def _is_ahead(now: datetime, *either: Moment | None) -> bool:
    return any(one is not None and one.at is not None and one.at > now for one in either)


def gaps(desk: Desk, term: Term) -> Iterator[Gap]:
    """Return what each student branch lacks, in the roster's order; also those that lack nothing."""
    store, on = desk.store, max(desk.today(), term.week1)
    for branch in college.student_branches(store):
        people = college.students(store, branch.id)
        yield Gap(
            branch=branch,
            secretary=not college.duty_holders(store, Duty.SECRETARY, branch.id),
            committee=not college.duty_holders(store, Duty.COMMITTEE, branch.id),
            group=branch.chat is None,
            without_mentor=tuple(one for one in people if not college.in_charge(store, one, on)),
            strangers=sum(not college.is_enrolled(store, one.id) for one in people),
            students=len(people),
        )


def next_ones(desk: Desk, term: Term) -> list[Due]:
    """Return what leaves together next; empty: nothing any more this round."""
    now = desk.now()
    planned = reminders.plan(situation(desk, term), now, now + REACH)
    return [one for one in planned if one.at == planned[0].at]


def waves(desk: Desk, term: Term, days: tuple[date, date], own: Branch | None) -> list[Wave]:
    """Return what has still to leave in those days (both included), sorted by moment.

    ``own``: what concerns that student branch alone; None: the whole college.
    """
    everyone = None if own is None else college.students(desk.store, own.id)
    view = situation(desk, term, everyone)
    if own is not None:
        here = tuple(one for one in view.branches if one.id == own.id)
        view = replace(view, branches=here, office=())
    start = max(desk.now(), term_rules.moment(days[0], time.min))
    planned = reminders.plan(view, start, term_rules.end_of(days[1]))
    waiting = [one for one in planned if not _is_settled(desk, one)]
    return list(_counted(waiting, view.enrolled))


def _is_settled(desk: Desk, due: Due) -> bool:
    """Whether all of it has been said already, with something else: it will not leave again."""
    return all(desk.store.outbox.count("key", key) for key in due.keys)


def _counted(planned: Iterable[Due], enrolled: Container[PersonId]) -> Iterator[Wave]:
    """Return the waves in the order of the moments, those of one moment as the table has them."""
    counts: dict[tuple[datetime, str], list[bool]] = {}
    for one in planned:
        for kind in one.kinds:
            counts.setdefault((one.at, kind), []).append(one.group or one.to in enrolled)
    for (at, kind), reached in sorted(counts.items(), key=lambda one: _in_table_order(one[0])):
        yield Wave(at=at, kind=kind, count=len(reached), strangers=reached.count(False))


def _in_table_order(wave: tuple[datetime, str]) -> tuple[datetime, int]:
    at, kind = wave
    return at, _TABLE.index(kind)
