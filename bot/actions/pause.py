"""Pausing a student who is away (休学, 交换, 其他), and going on before the last day (恢复)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot import college
from bot.actions import deed, welcome
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import pause as rules
from bot.rules.audience import own_missing
from bot.rules.pause import Until
from bot.situation import situation
from storage.records import Away, Deed, Pause, Person, PersonId

WORD_AFTER = timedelta(minutes=2)  # so that a slip of the finger tells nobody


def begin(desk: Desk, student: Person, reason: Away, until: date, by: PersonId) -> Deed:
    """Leave the student in peace from today to ``until``, inside the caller's transaction.

    Nobody is told. Refusals ``pause_is_on``, ``pause_past``, ``pause_long``: nothing has changed.
    """
    today = desk.today()
    running = college.pause_on(desk.store, student.id, today)
    if running is not None:
        raise Refusal("pause_is_on", student=student.id, last_day=running.until.isoformat())
    match rules.last_day(until, today):
        case Until.PAST:
            raise Refusal("pause_past")
        case Until.LONG:
            raise Refusal("pause_long", months=rules.LONGEST)
    begun = desk.store.pauses.add(
        Pause(student=student.id, reason=reason, since=today, until=until)
    )
    return deed.record(desk, "paused", by, about=student.id, after=begun, why=reason.value)


def end(desk: Desk, student: Person, by: PersonId) -> Deed:
    """Let the reminders go on from now, and tell the student what is open (S0).

    Refusal ``pause_is_over``: nothing has changed.
    """
    running = college.pause_on(desk.store, student.id, desk.today())
    if running is None:
        raise Refusal("pause_is_over", student=student.id)
    ended = desk.store.pauses.put(replace(running, ended=desk.today()))
    if _has_open(desk, student):
        welcome.into_term(desk, student, due=desk.now() + WORD_AFTER)
    return deed.record(desk, "resumed", by, about=student.id, before=running, after=ended)


def _has_open(desk: Desk, student: Person) -> bool:
    """Whether the round still waits for anything of the student."""
    term = desk.term()
    return term is not None and any(map(own_missing, situation(desk, term, [student]).students))
