"""没拿到表: the committee member hears once a day (C7), the student whom to see (S20)."""

from __future__ import annotations

from collections.abc import Iterable

from bot import college
from bot.actions import deed
from bot.actions.form import WHAT
from bot.actions.gather import gather
from bot.actions.own_talks import running_term
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules.forms import FormAct, is_in
from storage.records import BranchId, Duty, Person, PersonId

SAID = "no_form"


def report(desk: Desk, student: Person) -> None:
    """The student has no form, whatever is recorded: somebody absent is easily ticked off with the rest."""
    state = college.form_state(desk.store, student.id, running_term(desk))
    if is_in(state):
        raise Refusal("form_is_in", form_state=state)
    deed.record(desk, SAID, student.id, about=student.id)
    keepers = _enrolled_keepers(desk, student.branch)
    for keeper in keepers:
        gather(desk, keeper.id, "C7", about=(student.id,))
    tell(desk, student.id, "S20", {"told": bool(keepers)})


def _enrolled_keepers(desk: Desk, branch: BranchId) -> list[Person]:
    """Return the committee members who can be told; where none can, the secretaries (A23)."""
    for duty in (Duty.COMMITTEE, Duty.SECRETARY):
        found = college.duty_holders(desk.store, duty, branch)
        if here := [one for one in found if college.is_enrolled(desk.store, one.id)]:
            return here
    return []


def still_without(desk: Desk, students: Iterable[PersonId]) -> list[PersonId]:
    """Return those of them to whom no form was given after they last said so."""
    return [one for one in students if _is_without(desk, one)]


def _is_without(desk: Desk, student: PersonId) -> bool:
    person = desk.store.people[student]
    if person.left is not None or is_in(
        college.form_state(desk.store, student, running_term(desk))
    ):
        return False
    since = [
        one.what
        for one in desk.store.deeds.where("about", student)
        if one.undone is None and one.what in {SAID, WHAT[FormAct.HAND_OUT]}
    ]
    return bool(since) and since[-1] == SAID
