"""Opening a round, or correcting the Monday of the one that runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.actions import deed
from bot.desk import Desk
from bot.refusal import Refusal, Refused
from bot.rules import term as rules
from storage.records import PersonId, RowState, Term, TermId
from storage.workbook_cells import printable

AUTUMN_FROM = 7  # a round that begins in this month or later is the first of its academic year


def set_week1(desk: Desk, week1: date, name: str | None, by: PersonId | None = None) -> Term:
    """Open a round whose week 1 begins on that Monday; within 8 weeks of the last one, move that one.

    A moved round keeps its records; reminders not yet sent are planned anew, sent ones are not repeated.
    """
    require_monday(week1)
    _require_sayable(name)
    current = desk.term()
    now = desk.now()
    if current is not None and rules.is_correction(current.week1, week1):
        moved = replace(current, week1=week1, name=name or current.name, settled=None)
        term = desk.store.terms.put(moved)
        _forget_unsent_reminders(desk, term)
        deed.record(desk, "term_corrected", by, before=current, after=term)
        return term
    term = desk.store.terms.add(Term(name=name or name_of(week1), week1=week1, opened=now))
    deed.record(desk, "term_opened", by, after=term)
    return term


def require_monday(week1: date) -> None:
    """Refuse any other day as the first of a round."""
    if rules.refuse_week1(week1):
        weekday = "一二三四五六日"[week1.weekday()]
        raise Refused(f"{week1} 是周{weekday}，第一周应从周一开始，请改用周一的日期。")


def _require_sayable(name: str | None) -> None:
    """Refuse a name that no message, document or screen can hold as it is."""
    if name is not None and (not name.strip() or printable(name) != name):
        raise Refused("学期名里有显示不出来的字符，请改成如 2026-2027-1 的名字。")


def proposed(desk: Desk, week1: date) -> Term:
    """Return the round as `set_week1` would leave it, to look ahead; a new one has no records (id -1)."""
    current = desk.term()
    if current is not None and rules.is_correction(current.week1, week1):
        return replace(current, week1=week1, settled=None)
    return Term(id=TermId(-1), name=name_of(week1), week1=week1, opened=desk.now())


def require_settable(desk: Desk, week1: date) -> None:
    """Refuse in chat what nobody means: the Monday that holds, and a new round that is over already."""
    current = desk.term()
    if current is not None and current.week1 == week1:
        raise Refusal("term_same", day=week1.isoformat())
    is_new = proposed(desk, week1).id != (current and current.id)
    if is_new and rules.windows(week1, desk.calendar).deadline < desk.today():
        raise Refusal("term_over", day=week1.isoformat())


def name_of(week1: date) -> str:
    """Return the usual name: 2026-2027-1 for the autumn, 2026-2027-2 for the spring after it."""
    if week1.month >= AUTUMN_FROM:
        return f"{week1.year}-{week1.year + 1}-1"
    return f"{week1.year - 1}-{week1.year}-2"


def _forget_unsent_reminders(desk: Desk, term: Term) -> None:
    """Give the keys of unsent reminders back, so that the moved round can plan them anew.

    What may have arrived (uncertain) counts as sent.
    """
    for state in (RowState.PENDING, RowState.CANCELLED, RowState.DEAD):
        for row in desk.store.outbox.where("state", state):
            if row.reminder and any(key.startswith(f"{term.id}:") for key in row.keys):
                desk.store.outbox.put(
                    replace(row, keys=(), state=RowState.CANCELLED, reason="term corrected")
                )
