"""约不上老师: a first-class answer of the student, which goes to the secretary and blames nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot import college
from bot.actions import deed
from bot.actions.gather import gather
from bot.actions.say import redraw, tell
from bot.desk import Desk
from bot.refusal import Denied, Refusal
from storage.records import Answer, Deed, Duty, Obstacle, Person, PersonId, Term


def report(desk: Desk, student: Person, term: Term) -> None:
    """The student cannot reach the mentor: talk reminders rest, the secretary hears at 16:00 (B6)."""
    if college.open_obstacle(desk.store, student.id, term) is None:
        opened = desk.store.obstacles.add(
            Obstacle(student=student.id, term=term.id, at=desk.now())
        )
        deed.record(desk, "obstacle", student.id, about=student.id, after=opened)
        for secretary in college.holders(desk.store, Duty.SECRETARY, student.branch):
            gather(desk, secretary.id, "B6", about=(student.id,), live=True)
    tell(desk, student.id, "S15")


def close(desk: Desk, student: Person, *, by: PersonId, batch: Deed | None = None) -> None:
    """A student who has talked after all needs no help any more."""
    term = desk.term()
    open_one = term and college.open_obstacle(desk.store, student.id, term)
    if open_one:
        closed = desk.store.obstacles.put(replace(open_one, answered=desk.now()))
        deed.record(
            desk,
            "obstacle_closed",
            by,
            about=student.id,
            before=open_one,
            after=closed,
            batch=batch,
        )
        follow(desk, student)


def follow(desk: Desk, student: Person) -> None:
    """Bring the list of the secretaries up to date: a 约不上老师 was answered or taken back."""
    for secretary in college.holders(desk.store, Duty.SECRETARY, student.branch):
        lists = desk.store.outbox.where("live", (secretary.id, "B6"))
        if lists and lists[-1].sent is not None:
            redraw(desk, lists[-1])


def undone(desk: Desk, found: Obstacle, what: str) -> None:
    """Tell those concerned that an answer, or the 约不上老师 itself, has been taken back."""
    follow(desk, desk.store.people[found.student])
    if what == "obstacle_answer":
        tell(desk, found.student, "help_taken_back")


def require_open(desk: Desk, secretary: Person, found: Obstacle) -> None:
    """Refuse whoever is not the student's secretary, and where it has been answered."""
    is_secretary = college.is_secretary(desk.store, secretary)
    if not is_secretary or desk.store.people[found.student].branch != secretary.branch:
        raise Denied("not_allowed")
    if found.answered is not None:
        raise Refusal("obstacle_closed", student=found.student)


def answer(
    desk: Desk, secretary: Person, found: Obstacle, given: Answer, day: date | None = None
) -> None:
    """The secretary has helped: the student is told (S19), and the reminders start again."""
    require_open(desk, secretary, found)
    if day is not None and day < desk.today():
        raise Refusal("moved_day_past")
    settle(desk, secretary.id, found, given, day)
    if given is not Answer.REPLACED:
        tell(desk, found.student, "S19", {"day": None if day is None else day.isoformat()})


def settle(
    desk: Desk,
    by: PersonId | None,
    found: Obstacle,
    given: Answer,
    day: date | None = None,
    *,
    batch: Deed | None = None,
) -> None:
    """Write the answer down; ``by`` None: the roster gave the student another mentor.

    ``batch``: the act of which this is a part, and with which it is taken back.
    """
    closed = desk.store.obstacles.put(replace(found, answered=desk.now(), answer=given, day=day))
    deed.record(
        desk,
        "obstacle_answer",
        by,
        about=found.student,
        before=found,
        after=closed,
        batch=batch,
    )
    follow(desk, desk.store.people[found.student])
