"""免除, 推迟, 恢复: the secretary decides of what is overdue, with a reason (PRODUCT § 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot import college
from bot.actions import deed
from bot.actions.on_behalf import require_own_secretary
from bot.actions.own_talks import running_term
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules.forms import is_in
from bot.rules.talks import takes_part
from storage.records import Deed, Exemption, Item, Person, Relief, TalkState

RESTORED: Final = "restored"


def of_student(desk: Desk, student: Person) -> dict[Item, Exemption]:
    """Return what is released or put off for the student in this round."""
    found = desk.store.exemptions.where("student_term", (student.id, running_term(desk).id))
    return {one.item: one for one in found if one.relief is not None}


def may_be(desk: Desk, student: Person) -> list[Item]:
    """Return what is overdue and not decided; nothing before the deadline has passed."""
    windows, decided = desk.windows(), of_student(desk, student)
    if windows is None or desk.today() <= windows.deadline or not takes_part(student, windows):
        return []
    return [item for item in Item if item not in decided and _is_lacking(desk, student, item)]


def _is_lacking(desk: Desk, student: Person, item: Item) -> bool:
    term = running_term(desk)
    if item is Item.FORM:
        return not is_in(college.form_state(desk.store, student.id, term))
    return college.student_state(desk, student, term, desk.today()) is not TalkState.CONFIRMED


def decide(
    desk: Desk, secretary: Person, student: Person, item: Item, relief: Relief | None, why: str
) -> Deed:
    """Release an overdue item, put it off, or (None) ask for it again."""
    require(desk, secretary, student, item, relief)
    term = running_term(desk)
    before = desk.store.exemptions.one("item", (student.id, term.id, item))
    given = Exemption(student=student.id, term=term.id, item=item, relief=relief, day=desk.today())
    if before is None:
        after = desk.store.exemptions.add(given)
    else:
        after = desk.store.exemptions.put(replace(given, id=before.id))
    what = name_of(item, relief)
    return deed.record(
        desk, what, secretary.id, about=student.id, before=before, after=after, why=why
    )


def name_of(item: Item, relief: Relief | None) -> str:
    """Return the name of that decision: of its button, and of its deed."""
    return f"{relief or RESTORED}_{item}"


def require(
    desk: Desk, secretary: Person, student: Person, item: Item, relief: Relief | None
) -> None:
    """Refuse what is not the secretary's, not overdue, or decided already."""
    require_own_secretary(desk, secretary, student)
    is_possible = (
        item in of_student(desk, student) if relief is None else item in may_be(desk, student)
    )
    if not is_possible:
        raise Refusal("exemption_closed", student=student.id)
