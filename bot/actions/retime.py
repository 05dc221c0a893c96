"""After the office has changed days or hours: what is on its way keeps to them, reminders are asked anew."""

from __future__ import annotations

from dataclasses import replace

from bot.actions.gather import AT
from bot.desk import Desk
from bot.rules import term as term_rules
from storage.records import RowState


def retime(desk: Desk) -> None:
    """Let the round follow the calendar and the hours as they are now; call inside the transaction.

    A reminder that moves to before the last tick would else never leave; what has gone does not go again.
    What is gathered for a day that has become a rest day waits for the next working day.
    """
    term = desk.term()
    if term is not None and term.settled is not None:
        desk.store.terms.put(replace(term, settled=None))
    for row in desk.store.outbox.where("state", RowState.PENDING):
        day = row.due.date()
        is_gathered = bool(row.keys) and row.due > desk.now() and row.due.time() == AT
        if is_gathered and not term_rules.is_working(desk.calendar, day):
            later = term_rules.moment(term_rules.next_working(desk.calendar, day), AT)
            desk.store.outbox.put(replace(row, due=later))
