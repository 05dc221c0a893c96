"""What the bot has asked and still waits for: at most one question per person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.desk import Desk
from storage.records import PersonId, Question

WAITS = timedelta(hours=12)


def ask(
    desk: Desk, person: PersonId, action: str, args: dict[str, Any], waits: timedelta = WAITS
) -> None:
    """Remember what the person's next plain text answers; an older question is forgotten."""
    forget(desk, person)
    now = desk.now()
    desk.store.questions.add(
        Question(person=person, action=action, args=args, at=now, expires=now + waits)
    )


def open_question(desk: Desk, person: PersonId) -> Question | None:
    """Return what we wait for from the person; None: nothing, or no longer."""
    found = desk.store.questions.where("person", person)
    return found[-1] if found and desk.now() < found[-1].expires else None


def forget(desk: Desk, person: PersonId) -> None:
    for question in desk.store.questions.where("person", person):
        desk.store.questions.remove(question.id)
