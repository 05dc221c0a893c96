"""What the bot holds for a student's registration form, read out of the store (policy § 3)."""

from __future__ import annotations

from datetime import date

from bot import college
from bot.desk import Desk
from bot.rules import forms as form_rules
from bot.rules import probation
from bot.rules import talks as talk_rules
from messages.registration import BOXES, MENTORS, FormMentor, Registration
from storage.records import (
    Branch,
    FormKind,
    Person,
    PersonId,
    Role,
    Stage,
    TalkState,
    Term,
)

ROLES = {FormKind.ACTIVIST: Role.CONTACT, FormKind.PROBATIONARY: Role.INTRODUCER}


def of_branch(desk: Desk, branch: Branch, kind: FormKind) -> list[Person]:
    """Return whose form of that kind the branch keeps, by number."""
    people = college.students(desk.store, branch.id)
    return [one for one in people if form_rules.kind_for(one.stage) is kind]


def registration(desk: Desk, student: Person, *, numbered: bool = False) -> Registration:
    """Return the student's form; ``numbered`` only where it never crosses Telegram."""
    kind = form_rules.kind_for(student.stage)
    accepted = student.stage_since if kind is FormKind.PROBATIONARY else None
    return Registration(
        kind=kind,
        name=student.name,
        branch=desk.store.branches[student.branch].name,
        class_name=student.class_name,
        number=student.number if numbered else None,
        rounds=_rounds(desk, student, kind),
        mentors=_mentors(desk, student, ROLES[kind]),
        accepted=accepted,
        ends=None if accepted is None else probation.last_day(accepted),
    )


def _rounds(desk: Desk, student: Person, kind: FormKind) -> tuple[tuple[str, date | None], ...]:
    """Return the last rounds that belong on this form, as many as it has boxes, this one included."""
    found = [term for term in desk.store.terms if _is_on(desk, student, kind, term)]
    return tuple((term.name, _talked(desk, student, term)) for term in found[-BOXES[kind] :])


def _is_on(desk: Desk, student: Person, kind: FormKind, term: Term) -> bool:
    windows = desk.windows()
    if term == desk.term() and windows is not None:
        return talk_rules.takes_part(student, windows)
    form = college.form_of(desk.store, student.id, term)
    return form is not None and form.kind is kind


def _talked(desk: Desk, student: Person, term: Term) -> date | None:
    talks = college.talks_of(desk.store, student, term)
    days = [one.day for one in talks if one.day and one.state is TalkState.CONFIRMED]
    return max(days, default=None)


def _mentors(desk: Desk, student: Person, role: Role) -> tuple[FormMentor, ...]:
    """Return whom the form names; of a candidate the contacts, whoever is in charge by now (A24)."""
    held = college.open_pairings_of(desk.store, student)
    current = [
        one.mentor for one in held if one.role is role and talk_rules.in_force(one, desk.today())
    ]
    return tuple(_mentor(desk, one) for one in current[:MENTORS])


def _mentor(desk: Desk, id: PersonId) -> FormMentor:
    mentor = desk.store.people[id]
    return FormMentor(
        name=mentor.name,
        branch=desk.store.branches[mentor.branch].name,
        duties=mentor.duties,
        is_full=mentor.stage is Stage.FULL,
    )
