"""Students who go elsewhere or graduate: off the roster as of a day, history kept, nothing deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot import college
from bot.actions import deed, hand_over
from bot.desk import Desk
from bot.refusal import Refusal
from storage.records import Branch, Deed, Ending, Kind, Person, PersonId


def leavers(desk: Desk, branch: Branch, by: Person) -> list[Person]:
    """Return the branch's students of every stage, by class and number; nobody sends himself away."""
    here = college.members(desk.store, branch.id)
    students = [one for one in here if one.kind is Kind.STUDENT and one.id != by.id]
    return sorted(students, key=lambda one: (one.class_name or "", one.number))


def leave(desk: Desk, students: Sequence[Person], day: date, reason: Ending, by: PersonId) -> Deed:
    """Take the students off the roster, inside the caller's open transaction; return the act.

    Their pairings end for ``reason``, their reminders stop; whom they led as mentors the secretary
    finds on the list (R7). Refusals ``leave_future``, ``leave_gone`` (one of them is off the roster
    already), ``leave_early`` (before the present stage of one): nothing has changed.
    """
    if day > desk.today():
        raise Refusal("leave_future")
    gone = [one.id for one in students if one.left is not None]
    if gone:
        raise Refusal("leave_gone", students=gone)
    early = [one.id for one in students if one.stage_since is not None and day < one.stage_since]
    if early:
        raise Refusal("leave_early", students=early)
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
