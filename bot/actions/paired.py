"""A student is told who the mentor is or has become (S17), after an import that is not the first."""

from __future__ import annotations

from collections.abc import Collection

from bot import college
from bot.actions import obstacle, welcome
from bot.actions.say import tell
from bot.desk import Desk
from storage.records import Answer, PairingId, PersonId, Role


def tell_of_new_pairings(desk: Desk, earlier: Collection[PairingId]) -> None:
    """Tell each enrolled student whose mentors have changed; an open 约不上老师 is answered by that."""
    term = desk.term()
    for student, role in _changed(desk, earlier).items():
        stuck = term and college.open_obstacle(desk.store, student, term)
        if stuck:
            obstacle.settle(desk, None, stuck, Answer.REPLACED)
        keys = welcome.unused_keys(desk, desk.store.people[student])
        tell(desk, student, "S17", {"role": role}, keys=keys)


def _changed(desk: Desk, earlier: Collection[PairingId]) -> dict[PersonId, Role]:
    """Return the students for whom somebody new answers as of today, and as what."""
    new = [
        pairing
        for pairing in desk.store.pairings
        if pairing.id not in earlier and pairing.until is None
    ]
    return {
        pairing.student: pairing.role
        for pairing in new
        if pairing
        in college.in_charge(desk.store, desk.store.people[pairing.student], desk.today())
    }
