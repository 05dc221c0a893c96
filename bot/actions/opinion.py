"""Checking the form of an introducer's opinion: the text stays in memory, only codes and length are kept."""

from __future__ import annotations

from datetime import timedelta

from bot import college
from bot.actions import deed, question
from bot.desk import Desk
from bot.drafts import Draft
from bot.refusal import Refusal
from bot.rules import opinion
from bot.rules.opinion import Verdict
from bot.rules.opinion_text import length, prepare
from storage.records import Person, PersonId, Role

ASKS = "check_opinion"  # the button that asks for a text
OPINION = "opinion"  # the action of a question that waits for one
WAITS = timedelta(hours=1)  # for a text that was asked for, and for whom it is about


def candidates(desk: Desk, person: Person) -> list[Person]:
    """Return whose introducer the person is, by number."""
    return [
        desk.store.people[pairing.student]
        for pairing in college.charges(desk.store, person, desk.today())
        if pairing.role is Role.INTRODUCER
    ]


def may_check(desk: Desk, person: Person) -> bool:
    """Whether the bot takes this person's drafts: an introducer's, unless the office has switched it off."""
    return desk.settings.opinion.check and bool(candidates(desk, person))


def require_may_check(desk: Desk, person: Person) -> None:
    if not desk.settings.opinion.check:
        raise Refusal("opinion_off")
    if not candidates(desk, person):
        raise Refusal("opinion_not_yours")


def ask(desk: Desk, writer: Person) -> None:
    """Wait for the draft: meanwhile not even a short text of the writer's is written down."""
    question.ask(desk, writer.id, OPINION, {}, WAITS)


def is_awaited(desk: Desk, person: PersonId) -> bool:
    """Whether the person's next text is the draft that we have asked for."""
    asked = question.open_question(desk, person)
    return asked is not None and asked.action == OPINION


def hold(desk: Desk, writer: Person, text: str) -> None:
    """Keep a text in memory until its writer has said whom it is about."""
    desk.drafts.keep(writer.id, None, Draft(text, desk.now() + WAITS))


def check(desk: Desk, writer: Person, student: Person, text: str) -> Verdict:
    """Check a text, compared with the other introducer's if that is in memory; note codes and length."""
    everyone = college.charges(desk.store, writer, desk.today())
    verdict = opinion.check(
        text,
        _other_text(desk, writer, student),
        student=student.name,
        others=[desk.store.people[one.student].name for one in everyone],
    )
    noted = {"codes": [hint.code for hint in verdict.hints], "length": length(prepare(text))}
    deed.record(desk, "opinion_checked", writer.id, about=student.id, noted=noted)
    until = desk.now() + timedelta(hours=desk.settings.opinion.memory_hours)
    desk.drafts.keep(writer.id, student.id, Draft(text, until))
    desk.drafts.forget(writer.id, None)
    question.forget(desk, writer.id)
    return verdict


def _other_text(desk: Desk, writer: Person, student: Person) -> str | None:
    for pairing in college.in_charge(desk.store, student, desk.today()):
        if pairing.mentor != writer.id:
            return desk.drafts.read(pairing.mentor, student.id, desk.now())
    return None
