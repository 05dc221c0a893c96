"""Which of a student's talks words may be about: those still to be had, and those still to be judged."""

from __future__ import annotations

from bot import college
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import talks as rules
from storage.records import Pairing, Person, Talk, TalkState, Term


def running_term(desk: Desk) -> Term:
    """Return the round that is running; refuse where none has been opened yet."""
    term = desk.term()
    if term is None:
        raise Refusal("no_term")
    return term


def open_pairings(desk: Desk, student: Person) -> list[Pairing]:
    """Return the student's pairings whose talk is still to be had (none or disputed)."""
    term = running_term(desk)
    return [
        pairing
        for pairing in college.in_charge(desk.store, student, desk.today())
        if rules.is_open(college.talk_state(desk.store, pairing, term))
    ]


def may_redate(desk: Desk, talk: Talk) -> bool:
    """Whether the student may put the talk on another day.

    A claim until the mentor answers; what the mentor recorded unasked, because S12 asks for the
    right day. What both have said is the secretary's to correct.
    """
    return talk.state is TalkState.CLAIMED or is_unasked(desk, talk)


def is_unasked(desk: Desk, talk: Talk) -> bool:
    """Whether it is confirmed because the mentor recorded it without a claim (S12)."""
    if talk.state is not TalkState.CONFIRMED:
        return False
    for one in reversed(desk.store.deeds.where("row", ("talks", talk.id))):
        before = TalkState((one.before or {}).get("state", TalkState.NONE))
        if one.undone is None and one.what != "undo" and before is not TalkState.CONFIRMED:
            return one.what == "done" and before is not TalkState.CLAIMED
    return False


def talks_to_redate(desk: Desk, student: Person) -> list[Talk]:
    """Return the student's talks that another day would correct."""
    term = running_term(desk)
    found = (
        college.talk_of(desk.store, pairing, term)
        for pairing in college.in_charge(desk.store, student, desk.today())
    )
    return [talk for talk in found if talk and may_redate(desk, talk)]
