"""What new pairings bring with them: the same mentor's talk, and word to the student (S17)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot import college
from bot.actions import deed, mentor_list, obstacle, welcome
from bot.actions.say import tell
from bot.desk import Desk
from storage.records import Answer, Pairing, PairingId, Term


def tell_of_new_pairings(desk: Desk, earlier: Collection[PairingId]) -> None:
    """Tell each enrolled student whose mentors have changed; an open 约不上老师 is answered by that."""
    term = desk.term()
    if term is None:
        return
    begun = _begun(desk, earlier)
    for pairing in begun:
        _take_over_talk(desk, pairing, term)
    for student, role in {pairing.student: pairing.role for pairing in begun}.items():
        stuck = college.open_obstacle(desk.store, student, term)
        if stuck is not None:
            obstacle.settle(desk, None, stuck, Answer.REPLACED)
        keys = welcome.unused_keys(desk, desk.store.people[student])
        tell(desk, student, "S17", {"role": role}, keys=keys)


def _begun(desk: Desk, earlier: Collection[PairingId]) -> list[Pairing]:
    """Return the new pairings in which somebody answers for a student as of today."""
    new = [
        pairing
        for pairing in desk.store.pairings
        if pairing.id not in earlier and pairing.until is None
    ]
    return [
        pairing
        for pairing in new
        if pairing
        in college.in_charge(desk.store, desk.store.people[pairing.student], desk.today())
    ]


def _take_over_talk(desk: Desk, pairing: Pairing, term: Term) -> None:
    """Move the round's talk from the same mentor's earlier pairing: a contact becomes introducer.

    A24: the same persons, no visible change. What was claimed stays claimed, and can be answered.
    """
    if college.talk_of(desk.store, pairing, term) is not None:
        return
    for former in desk.store.pairings.where("student", pairing.student):
        talk = college.talk_of(desk.store, former, term)
        if talk is not None and former.mentor == pairing.mentor:
            moved = desk.store.talks.put(replace(talk, pairing=pairing.id))
            deed.record(desk, "taken_over", None, about=pairing.student, before=talk, after=moved)
            mentor_list.follow(desk, pairing, moved)
            return
