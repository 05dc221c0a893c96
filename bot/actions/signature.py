"""缺导师签名: the mentor whose record or signature a paper lacks is told once, at 16:00 (T3)."""

from __future__ import annotations

from collections.abc import Iterable

from bot import college
from bot.actions.gather import gather
from bot.actions.own_talks import running_term
from bot.desk import Desk
from bot.rules.forms import lacks_signature
from storage.records import Person, PersonId, RowState, TalkState

KIND = "T3"


def ask_for(desk: Desk, student: Person) -> None:
    """Have those mentors told today who have not been told of this student's form in this round."""
    for mentor in _who_writes(desk, student):
        if not _has_heard(desk, mentor, student):
            gather(desk, mentor, KIND, about=(student.id,))


def to_hear(desk: Desk, student: Person) -> list[PersonId]:
    """Return the mentors to whom a message about the student's form is on its way."""
    return [
        one for one in _who_writes(desk, student) if _rows(desk, one, student, RowState.PENDING)
    ]


def still_lacking(desk: Desk, mentor: PersonId, students: Iterable[PersonId]) -> list[PersonId]:
    """Return those of them whose form still lacks what this mentor writes."""
    return [one for one in students if _lacks(desk, mentor, desk.store.people[one])]


def _lacks(desk: Desk, mentor: PersonId, student: Person) -> bool:
    form = college.form_of(desk.store, student.id, running_term(desk))
    if form is None or student.left is not None:
        return False
    return lacks_signature(form) and mentor in _who_writes(desk, student)


def _who_writes(desk: Desk, student: Person) -> list[PersonId]:
    """Return the mentors who have talked with the student; where none has, all in charge."""
    term = running_term(desk)
    held = college.in_charge(desk.store, student, desk.today())
    states = {one.mentor: college.talk_state(desk.store, one, term) for one in held}
    talked = [mentor for mentor, state in states.items() if state is TalkState.CONFIRMED]
    return talked or list(states)


def _has_heard(desk: Desk, mentor: PersonId, student: Person) -> bool:
    return any(
        _rows(desk, mentor, student, state)
        for state in (RowState.SENT, RowState.SENDING, RowState.UNCERTAIN)
    )


def _rows(desk: Desk, mentor: PersonId, student: Person, state: RowState) -> bool:
    account, term = college.account_of(desk.store, mentor), running_term(desk)
    if account is None:
        return False
    return any(
        row.kind == KIND and student.id in row.about and row.created >= term.opened
        for row in desk.store.outbox.where("chat_state", (account.telegram, state))
    )
