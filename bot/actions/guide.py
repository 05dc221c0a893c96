"""Which pages of /guide a person is shown: the own duties, the weeks, how to write, how to ask."""

from __future__ import annotations

from bot import college
from bot.desk import Desk
from storage.records import Person


def pages(desk: Desk, person: Person) -> list[str]:
    """Return the messages that are the person's pages, in order; never empty.

    A student alone reads how to ask and when; whoever else has to do with students, everything.
    """
    today = desk.today()
    roles = college.roles(desk.store, person, today)
    is_only_student = roles == ("student",)
    may_ask = "student" in roles and desk.term() and college.in_charge(desk.store, person, today)
    shown = {
        "guide_ask": may_ask,
        "guide_contact": not is_only_student,
        "guide_introducer": not is_only_student,
        "guide_weeks": True,
        "guide_branches": True,
        "guide_writing": not is_only_student,
        "guide_concrete": not is_only_student,
        "guide_samples": not is_only_student,
    }
    return [page for page, is_shown in shown.items() if is_shown]
