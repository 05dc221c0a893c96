"""A mentor's consent to a new pairing (A20): asked at 16:00 of the working day; 不便 is an honest answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot import college
from bot.actions import deed
from bot.actions.gather import gather, next_gathering
from bot.actions.say import redraw, tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules.consent import is_waiting
from storage.records import Deed, Duty, Pairing, Person, PersonId, Role

KINDS = {Role.CONTACT: "T5", Role.INTRODUCER: "T5b"}
ASKING = ("T5", "T5b", "T7", "T17")  # the messages with a row of buttons per question
DECLINED = "consent_declined"  # what the secretaries hear of a 不便


def asks(desk: Desk, mentor: PersonId) -> bool:
    """Whether that mentor is asked: the office wants it so, and the bot can reach the mentor."""
    return desk.settings.consent and college.is_enrolled(desk.store, mentor)


def moment(desk: Desk, mentor: PersonId, *, at_once: bool = False) -> datetime | None:
    """Return when the question leaves; None: the mentor is not asked."""
    if not asks(desk, mentor):
        return None
    return desk.now() if at_once else next_gathering(desk)


def ask(desk: Desk, pairing: Pairing) -> None:
    """Put the question on the way, together with the others of the day."""
    if pairing.asked is not None:
        gather(desk, pairing.mentor, KINDS[pairing.role], about=(pairing.student,), live=True)


def ask_newcomer(desk: Desk, mentor: PersonId) -> None:
    """Ask a mentor who has just enrolled about what was assigned before; what the roster says is settled."""
    for pairing in desk.store.pairings.where("open_mentor", mentor):
        is_new = pairing.asked is None and pairing.consent is None
        if is_new and was_assigned(desk, pairing):
            asked = desk.store.pairings.put(replace(pairing, asked=moment(desk, mentor)))
            ask(desk, asked)


def was_assigned(desk: Desk, pairing: Pairing) -> bool:
    """Whether it was assigned here, so that the mentor is to be asked; not what came with the roster."""
    return any(
        one.what == "assign" for one in desk.store.deeds.where("row", ("pairings", pairing.id))
    )


def waiting(desk: Desk, mentor: PersonId) -> list[Pairing]:
    """Return the open pairings for which the mentor has still to answer, in the order of asking."""
    return [one for one in desk.store.pairings.where("open_mentor", mentor) if is_waiting(one)]


def answer(desk: Desk, mentor: Person, pairing: Pairing, agrees: bool) -> None:
    """同意 or 不便. The pairing stands either way, until the secretary has changed it."""
    _answer(desk, mentor, pairing, agrees)
    follow(desk, mentor.id)


def agree_for(desk: Desk, secretary: Person, pairing: Pairing, why: str) -> Deed:
    """代记: the mentor, who does not use Telegram, has told the secretary that it is well."""
    if pairing.until is not None:
        raise Refusal("consent_over", student=pairing.student)
    if pairing.consent is not None:
        raise Refusal("consent_answered", student=pairing.student)
    after = desk.store.pairings.put(replace(pairing, consent=True, proxy=True))
    noted = deed.record(
        desk,
        "consent",
        secretary.id,
        about=pairing.student,
        before=pairing,
        after=after,
        why=why,
    )
    follow(desk, pairing.mentor)
    return noted


def agree_to_all(desk: Desk, mentor: Person, pairings: Iterable[Pairing]) -> None:
    """同意 for those of them that still wait, as one act. Refusal ``consent_none``: none does."""
    first: Deed | None = None
    for one in pairings:
        if one.mentor == mentor.id and is_waiting(one):
            noted = _answer(desk, mentor, one, True, batch=first)
            first = first or noted
    if first is None:
        raise Refusal("consent_none")
    follow(desk, mentor.id)


def _answer(
    desk: Desk, mentor: Person, pairing: Pairing, agrees: bool, *, batch: Deed | None = None
) -> Deed:
    if pairing.mentor != mentor.id or pairing.until is not None or pairing.asked is None:
        raise Refusal("consent_over", student=pairing.student)
    if pairing.consent is not None:
        raise Refusal("consent_answered", student=pairing.student)
    after = desk.store.pairings.put(replace(pairing, consent=agrees))
    what = "consent" if agrees else "declined"
    noted = deed.record(
        desk, what, mentor.id, about=pairing.student, before=pairing, after=after, batch=batch
    )
    if not agrees:
        _tell_secretaries(desk, after)
    return noted


def _tell_secretaries(desk: Desk, pairing: Pairing) -> None:
    args = {
        "student": pairing.student,
        "mentor": pairing.mentor,
        "role": pairing.role,
        "pairing": pairing.id,
    }
    for secretary in _secretaries(desk, pairing):
        tell(desk, secretary.id, DECLINED, args, about=(pairing.student,), live=True)


def _secretaries(desk: Desk, pairing: Pairing) -> list[Person]:
    branch = desk.store.people[pairing.student].branch
    return college.holders(desk.store, Duty.SECRETARY, branch)


def follow(desk: Desk, mentor: PersonId) -> None:
    """Bring the mentor's questions up to date: one was answered, or its pairing has ended."""
    for kind in ASKING:
        for row in desk.store.outbox.where("live", (mentor, kind)):
            if row.sent is not None:
                redraw(desk, row)


def settled(desk: Desk, pairing: Pairing) -> None:
    """Bring up to date what mentor and secretaries have read of a pairing that changed."""
    follow(desk, pairing.mentor)
    for secretary in _secretaries(desk, pairing):
        for row in desk.store.outbox.where("live", (secretary.id, DECLINED)):
            if row.args["pairing"] == pairing.id and row.sent is not None:
                redraw(desk, row)
