"""Which talks words may be about, half-year and introduction: still to be had, or still to be judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot import college
from bot import path as ways
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import talks as rules
from storage.records import Pairing, Person, Talk, TalkKind, TalkState, Term


class Owed(NamedTuple):
    """One talk of a pairing, whether anything of it is recorded or not."""

    pairing: Pairing
    kind: TalkKind = TalkKind.HALF_YEAR


def running_term(desk: Desk) -> Term:
    """Return the round that is running; refuse where none has been opened yet."""
    term = desk.term()
    if term is None:
        raise Refusal("no_term")
    return term


def talk_at(desk: Desk, owed: Owed) -> Talk | None:
    """Return what is recorded of that talk; of a half-year one in the running round."""
    if owed.kind is TalkKind.INTRODUCTION:
        return ways.introduction_talk(desk, owed.pairing)
    return college.talk_of(desk.store, owed.pairing, running_term(desk))


def state_at(desk: Desk, owed: Owed) -> TalkState:
    talk = talk_at(desk, owed)
    return TalkState.NONE if talk is None else talk.state


def owed_in(desk: Desk, pairings: Iterable[Pairing]) -> list[Owed]:
    """Return every talk asked for in those pairings now, whatever is recorded of it."""
    found = []
    for pairing in pairings:
        found.append(Owed(pairing))
        if ways.talk_is_due(desk, pairing):
            found.append(Owed(pairing, TalkKind.INTRODUCTION))
    return found


def of_kinds(found: Iterable[Owed], kinds: Sequence[str] | None) -> list[Owed]:
    """Narrow to the kinds that were named; None: none was."""
    return [one for one in found if kinds is None or one.kind in kinds]


def kinds_of(found: Iterable[Owed]) -> list[TalkKind]:
    """Return the kinds among them, 半年 first."""
    present = {one.kind for one in found}
    return [kind for kind in TalkKind if kind in present]


def open_talks(desk: Desk, student: Person) -> list[Owed]:
    """Return the student's talks that are still to be had (none or disputed)."""
    running_term(desk)
    in_charge = college.in_charge(desk.store, student, desk.today())
    return [one for one in owed_in(desk, in_charge) if rules.is_open(state_at(desk, one))]


def pairings_of(found: Iterable[Owed]) -> list[Pairing]:
    """Return their pairings, each once."""
    return list(dict.fromkeys(one.pairing for one in found))


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
        if one.undone is None and one.what == "corrected":
            return False  # settled by the secretary
        before = TalkState((one.before or {}).get("state", TalkState.NONE))
        if one.undone is None and one.what != "undo" and before is not TalkState.CONFIRMED:
            return one.what == "done" and before is not TalkState.CLAIMED
    return False


def talks_to_redate(desk: Desk, student: Person) -> list[Talk]:
    """Return the student's talks that another day would correct."""
    running_term(desk)
    in_charge = college.in_charge(desk.store, student, desk.today())
    found = (talk_at(desk, one) for one in owed_in(desk, in_charge))
    return [talk for talk in found if talk and may_redate(desk, talk)]


def owed_of(desk: Desk, talk: Talk) -> Owed:
    return Owed(desk.store.pairings[talk.pairing], talk.kind)
