"""A pile of forms received at once, by name: one act, so that one press takes it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bot.actions import form, form_lists
from bot.actions.own_talks import running_term
from bot.desk import Desk
from bot.rules import forms as rules
from bot.rules import talks as talk_rules
from bot.rules.forms import FormAct
from storage.records import Deed, Person, PersonId


@dataclass(slots=True)
class Receipts:
    """What became of each form named. ``act``: for /undo; 0 where nothing was recorded.

    ``already``: in before; ``left_out``: this round does not ask the student (A16).
    """

    act: int = 0
    taken: list[PersonId] = field(default_factory=list)
    already: list[PersonId] = field(default_factory=list)
    left_out: list[PersonId] = field(default_factory=list)


def receive(desk: Desk, keeper: Person, students: Iterable[Person], day: date) -> Receipts:
    """Record the receipt of every form that is not in yet, as of ``day`` (R39)."""
    said, batch = Receipts(), None
    for student in students:
        into = _where(desk, student, said)
        if into is said.taken:
            batch = _received(desk, keeper, student, day, batch)
        into.append(student.id)
    said.act = batch.batch if batch else 0
    form_lists.refresh(desk, keeper)
    return said


def _where(desk: Desk, student: Person, said: Receipts) -> list[PersonId]:
    term, windows = running_term(desk), desk.windows()
    if windows is None or not talk_rules.takes_part(student, windows):
        return said.left_out
    waits = rules.waits_for(form.current(desk, student, term), FormAct.RECEIVE)
    return said.taken if waits else said.already


def _received(desk: Desk, keeper: Person, student: Person, day: date, batch: Deed | None) -> Deed:
    written = form.advance(desk, keeper, student, FormAct.RECEIVE, day, batch)
    return batch or written
