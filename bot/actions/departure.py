"""Students who go elsewhere or graduate: off the roster as of a day, history kept, nothing deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.actions import deed, hand_over
from bot.desk import Desk
from bot.refusal import Refusal
from storage.records import Deed, Ending, Person, PersonId


def leave(desk: Desk, students: Sequence[Person], day: date, reason: Ending, by: PersonId) -> Deed:
    """Take the students off the roster, inside the caller's open transaction; return the act.

    Their pairings end for ``reason``, their reminders stop. Refusals ``leave_future`` and
    ``leave_gone`` (one of them is off the roster already): nothing has changed.
    """
    if day > desk.today():
        raise Refusal("leave_future")
    gone = [one.id for one in students if one.left is not None]
    if gone:
        raise Refusal("leave_gone", students=gone)
    first: Deed | None = None
    for student in students:
        left = desk.store.people.put(replace(student, left=day))
        noted = deed.record(
            desk, "left", by, about=student.id, before=student, after=left, batch=first
        )
        first = first or noted
        for pairing in desk.store.pairings.where("open_student", student.id):
            last = max(day, pairing.since or day)
            hand_over.close(desk, pairing, reason, by, last, batch=first)
    if first is None:
        raise ValueError("nobody leaves")
    return first
