"""The end of a pairing: why, who takes over, and word to both mentors without the reason (T7, T14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.actions import consent, deed, introduction_cards, mentor_list
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Refusal
from storage.records import Deed, Ending, Pairing, PersonId, Role


def end(
    desk: Desk,
    pairing: Pairing,
    reason: Ending,
    by: PersonId | None,
    *,
    day: date | None = None,
    successor: Pairing | None = None,
    note: str | None = None,
    batch: Deed | None = None,
) -> Deed:
    """End a pairing as of ``day`` (default today), inside the caller's transaction; history stays.

    ``successor``: the pairing that takes its place, begun already. ``note``: words for the record
    alone. ``batch``: the first deed of the act of which this is a part. Refusal ``pairing_ended``,
    ``pairing_end_future``, ``pairing_end_early``: nothing has changed.
    """
    last = day or desk.today()
    if pairing.until is not None:
        raise Refusal("pairing_ended")
    if last > desk.today():
        raise Refusal("pairing_end_future")
    if pairing.since is not None and last < pairing.since:
        raise Refusal("pairing_end_early", since=pairing.since.isoformat())
    noted = close(desk, pairing, reason, by, last, successor=successor, note=note, batch=batch)
    if successor is not None:
        tell_mentors(desk, pairing, successor)
    return noted


def close(
    desk: Desk,
    pairing: Pairing,
    reason: Ending,
    by: PersonId | None,
    last: date,
    *,
    successor: Pairing | None = None,
    note: str | None = None,
    batch: Deed | None = None,
) -> Deed:
    """Write the end down and tell nobody: it is a part of something of which they hear otherwise.

    What stands in a chat about the pairing, claims and questions for consent, is brought up to date.
    """
    taken_over = None if successor is None else successor.id
    ended = replace(pairing, until=last, ended=reason, successor=taken_over)
    noted = deed.record(
        desk,
        "pairing_end",
        by,
        about=pairing.student,
        before=pairing,
        after=desk.store.pairings.put(ended),
        batch=batch,
        why=note,
    )
    if pairing.role is Role.INTRODUCER:
        introduction_cards.follow(desk, pairing.student)
    mentor_list.show(desk, pairing.mentor)
    consent.settled(desk, pairing)
    return noted


def tell_mentors(desk: Desk, former: Pairing, successor: Pairing) -> None:
    """Ask the outgoing mentor to hand over, and the new one to take over; nothing if it is the same."""
    if former.mentor == successor.mentor:
        return
    student = former.student
    tell(desk, former.mentor, "T14", _args(student, successor.mentor), about=(student,))
    # The question for consent stands under T7 (A20), which is live while it waits for the answer.
    args = {**_args(student, former.mentor), "pairing": successor.id}
    is_asked = successor.asked is not None
    tell(desk, successor.mentor, "T7", args, about=(student,), live=is_asked)


def undone(desk: Desk, ended: Pairing, again: Pairing) -> None:
    """Tell both mentors that a hand-over has been taken back, if they had been told of it."""
    if ended.successor is None or again.until is not None:
        return
    successor = desk.store.pairings[ended.successor]
    if successor.mentor != again.mentor:
        for told in (again.mentor, successor.mentor):
            args = _args(again.student, again.mentor)
            tell(desk, told, "hand_over_undone", args, about=(again.student,))


def _args(student: PersonId, other: PersonId) -> dict[str, object]:
    return {"student": student, "mentor": other}
