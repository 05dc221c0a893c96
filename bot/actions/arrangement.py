"""放假, 调休 and the hours of reminders, as the office enters them; every change a deed that can be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from bot.actions import deed
from bot.actions.retime import retime
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules.arrangements import Fault, fault_of
from bot.rules.term import Quiet
from storage.records import Arrangement, ArrangementKind, Deed, Hours, PersonId

_REFUSALS = {
    Fault.BACKWARDS: "arrangement_backwards",
    Fault.TOO_LONG: "arrangement_too_long",
    Fault.PAST: "arrangement_past",
    Fault.FAR: "arrangement_far",
    Fault.NO_CHANGE: "arrangement_no_change",
}


def require_sound(desk: Desk, one: Arrangement) -> None:
    """Refuse what can't be meant: it ends before it begins, lies in the past, or changes nothing."""
    fault = fault_of(one, desk.today(), desk.calendar)
    if fault is not None:
        first, last = one.first.isoformat(), one.last.isoformat()
        raise Refusal(_REFUSALS[fault], arrangement=one.kind, days=[first, last])


def enter(desk: Desk, one: Arrangement, by: PersonId) -> Deed:
    """Let it hold from now on; return the act. Refusals as `require_sound`."""
    if one.kind is not ArrangementKind.COMPLETE:
        require_sound(desk, one)
    kept = desk.store.arrangements.add(one)
    retime(desk)
    return deed.record(desk, "arranged", by, after=kept)


def whole_year(year: int) -> Arrangement:
    """已录完: what is entered of the year is all there is."""
    return Arrangement(
        kind=ArrangementKind.COMPLETE, first=date(year, 1, 1), last=date(year, 12, 31)
    )


def remove(desk: Desk, id: int, by: PersonId) -> Deed:
    """Let it hold no more; return the act. Refusal ``arrangement_gone``: it does not hold any more."""
    present = desk.store.arrangements[id]
    if present.removed is not None:
        raise Refusal("arrangement_gone")
    gone = desk.store.arrangements.put(replace(present, removed=desk.now()))
    retime(desk)
    return deed.record(desk, "arrangement_removed", by, before=present, after=gone)


def set_hours(desk: Desk, opens: time, closes: time, by: PersonId) -> Deed:
    """Let reminders leave from ``opens`` to ``closes``; return the act. Refusals ``hours_unfit``, ``hours_same``."""
    try:
        wanted = Quiet(opens=opens, closes=closes)
    except ValueError:
        raise Refusal("hours_unfit") from None
    if wanted == desk.quiet:
        raise Refusal("hours_same")
    present = next(iter(desk.store.hours), None)
    own = Hours(id=present.id if present else 0, opens=f"{opens:%H:%M}", closes=f"{closes:%H:%M}")
    kept = desk.store.hours.put(own) if present else desk.store.hours.add(own)
    retime(desk)
    return deed.record(desk, "hours", by, before=present, after=kept)
