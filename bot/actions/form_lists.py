"""The keepers' lists of forms: whom a step waits for, all at once, and one live list per keeper and step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import college
from bot.actions import form
from bot.actions.own_talks import running_term
from bot.actions.say import redraw, strip, tell
from bot.desk import Desk
from bot.rules import forms as rules
from bot.rules import talks as talk_rules
from bot.rules.forms import FormAct, Step, Tick
from storage.records import Deed, Duty, Person, Row, RowState

LISTS: dict[Step, str] = {
    FormAct.HAND_OUT: "forms_hand_out",
    FormAct.RECEIVE: "forms_receive",
    FormAct.ARCHIVE: "forms_archive",
    Tick.RECORD: "forms_record",
    Tick.OPINION: "forms_opinion",
    Tick.UNSIGNED: "forms_unsigned",
}
OF_MONDAY = "C3"  # the list of week 4 is one to receive
KINDS = (*LISTS.values(), OF_MONDAY)


@dataclass(frozen=True, slots=True)
class AllAtOnce:
    """What one press recorded. ``left``: what was left out. ``act``: for /undo; 0 where nothing was."""

    act: int
    count: int
    left: int


def forms_at(desk: Desk, keeper: Person, step: Step) -> list[Person]:
    """Return the keeper's students whose form waits for that step, by number."""
    term, windows = running_term(desk), desk.windows()
    return [
        student
        for student in college.students(desk.store, keeper.branch)
        if windows
        and talk_rules.takes_part(student, windows)
        and rules.waits_for(form.current(desk, student, term), step)
    ]


def complete(desk: Desk, students: Iterable[Person]) -> list[Person]:
    """Return those whose paper lacks nothing before it is archived."""
    term = running_term(desk)
    return [one for one in students if not rules.ticks_missing(form.current(desk, one, term))]


def advance_all(desk: Desk, keeper: Person, step: Step, day: date) -> AllAtOnce:
    """Record the step for everyone who waits for it.

    Archiving leaves out forms that lack a tick, handing out leaves out whoever is away.
    """
    waiting = ready = forms_at(desk, keeper, step)
    if step is FormAct.ARCHIVE:
        ready = complete(desk, waiting)
    elif step is FormAct.HAND_OUT:
        ready = [one for one in waiting if not college.pause_on(desk.store, one.id, desk.today())]
    batch: Deed | None = None
    for student in ready:
        written = form.advance(desk, keeper, student, step, day, batch)
        batch = batch or written
    return AllAtOnce(batch.batch if batch else 0, len(ready), len(waiting) - len(ready))


def show(desk: Desk, keeper: Person, step: Step, args: dict[str, Any] | None = None) -> None:
    """Send the list afresh; an older one of the same step loses its buttons."""
    for older in _live(desk, keeper, LISTS[step]):
        strip(desk, older)
    tell(desk, keeper.id, LISTS[step], args, live=True)


def newest(desk: Desk, keeper: Person) -> Row | None:
    """Return the list that the keeper got last in this round, whose taps still count; None: there is none."""
    since = running_term(desk).opened
    found = [row for kind in KINDS for row in _live(desk, keeper, kind) if row.created >= since]
    return max(found, key=lambda row: row.id, default=None)


def refresh(desk: Desk, keeper: Person) -> None:
    """Bring the branch's lists of today up to date with what has just been recorded or undone.

    Older ones are left as they were read; a tap on them is judged by what they showed.
    """
    found = {
        one.id: one
        for duty in (Duty.COMMITTEE, Duty.SECRETARY)
        for one in college.holders(desk.store, duty, keeper.branch)
    }
    for one in found.values():
        for kind in KINDS:
            for row in _live(desk, one, kind):
                if row.created.date() == desk.today():
                    redraw(desk, row)


def undone(desk: Desk, keeper: Person, taken_back: Deed) -> None:
    """A step has been undone by command: the student is told, the lists follow."""
    form.undone(desk, taken_back)
    refresh(desk, keeper)


def _live(desk: Desk, keeper: Person, kind: str) -> list[Row]:
    rows = desk.store.outbox.where("live", (keeper.id, kind))
    return [row for row in rows if row.state is RowState.SENT]
