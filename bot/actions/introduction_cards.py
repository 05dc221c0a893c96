"""What follows a step on the way to the meeting: cards are drawn anew, the secretary hears when to review."""

from __future__ import annotations

from bot import college
from bot import path as ways
from bot.actions.say import redraw, strip, tell
from bot.desk import Desk
from bot.rules.introduction import Path, waits_for_review
from storage.records import Duty, Person, PersonId, Row, RowState

CARDS = ("intro_card", "intro_own", "intro_mine")  # of the secretary, the candidate, an introducer


def show(desk: Desk, reader: Person, kind: str, student: PersonId) -> None:
    """Send the reader's card of that student afresh; an older one loses its buttons."""
    for older in _live(desk, reader.id, kind, student):
        strip(desk, older)
    tell(desk, reader.id, kind, {"student": student}, about=(student,), live=True)


def follow(desk: Desk, student: PersonId) -> None:
    """Bring every card of the student up to date, and ask for the review once all else is there (B5)."""
    for reader in _readers(desk, student):
        for kind in CARDS:
            for row in _live(desk, reader, kind, student):
                redraw(desk, row)
    path = ways.open_path(desk, student)
    if path is not None and waits_for_review(path):
        _ask_for_review(desk, path)


def secretaries(desk: Desk, student: PersonId) -> list[Person]:
    return college.holders(desk.store, Duty.SECRETARY, desk.store.people[student].branch)


def _ask_for_review(desk: Desk, path: Path) -> None:
    """Once for what is there now: something taken back and done again asks again."""
    moments = [
        part.recorded for one in path.introducers for part in (one.talk, one.opinion) if part
    ]
    student = path.introduction.student
    for secretary in secretaries(desk, student):
        key = f"B5:{path.introduction.id}:{secretary.id}:{max(moments):%Y%m%dT%H%M%S}"
        if not desk.store.outbox.count("key", key):
            tell(desk, secretary.id, "B5", {"student": student}, about=(student,), keys=(key,))


def _readers(desk: Desk, student: PersonId) -> list[PersonId]:
    mentors = [one.mentor for one in desk.store.pairings.where("student", student)]
    return list(dict.fromkeys([student, *mentors, *college.ids(secretaries(desk, student))]))


def _live(desk: Desk, reader: PersonId, kind: str, student: PersonId) -> list[Row]:
    rows = desk.store.outbox.where("live", (reader, kind))
    return [row for row in rows if row.args["student"] == student and row.state is RowState.SENT]
