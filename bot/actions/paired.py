"""What new pairings bring with them: the same mentor's talk, and word to the student (S17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot import college
from bot.actions import deed, hand_over, introduction_news, mentor_list, obstacle, welcome
from bot.actions.say import tell
from bot.desk import Desk
from storage.records import Answer, Deed, Ending, Pairing, Term


def tell_of_new_pairings(desk: Desk, begun: Sequence[Pairing], batch: Deed | None = None) -> None:
    """Announce pairings that have just begun, and who hands over to whom.

    ``batch``: the act, with which a talk taken over is taken back.
    """
    for pairing in begun:
        _take_over(desk, pairing)
    announce(desk, begun, batch)
    introduction_news.joined(desk, begun)


def announce(
    desk: Desk, pairings: Iterable[Pairing], batch: Deed | None = None, *, are_new: bool = True
) -> None:
    """Tell each enrolled student whose mentors have changed; an open 约不上老师 is answered by a new one.

    Only of pairings in which somebody answers for a student as of today. ``batch``: the act.
    """
    term = desk.term()
    if term is None:
        return
    begun = [one for one in pairings if _is_in_charge(desk, one)]
    for pairing in begun:
        _take_over_talk(desk, pairing, term, batch)
    for student, role in {pairing.student: pairing.role for pairing in begun}.items():
        stuck = college.open_obstacle(desk.store, student, term)
        if stuck is not None and are_new:
            by = None if batch is None else batch.by
            obstacle.settle(desk, by, stuck, Answer.REPLACED, batch=batch)
        keys = welcome.unused_keys(desk, desk.store.people[student])
        tell(desk, student, "S17", {"role": role}, keys=keys)


def _is_in_charge(desk: Desk, pairing: Pairing) -> bool:
    student = desk.store.people[pairing.student]
    return pairing in college.in_charge(desk.store, student, desk.today())


def _take_over(desk: Desk, pairing: Pairing) -> None:
    """Name the pairing as successor of one whose mentor the roster has taken away or let go."""
    for former in desk.store.pairings.where("student", pairing.student):
        if former.mentor == pairing.mentor or former.successor is not None:
            continue
        if former.until is None and desk.store.people[former.mentor].left is not None:
            hand_over.end(desk, former, Ending.ROSTER, None, successor=pairing)
            return
        if former.ended is Ending.ROSTER and former.until == desk.today():
            named = desk.store.pairings.put(replace(former, successor=pairing.id))
            deed.record(desk, "successor", None, about=pairing.student, before=former, after=named)
            hand_over.tell_mentors(desk, former, pairing)
            return


def _take_over_talk(desk: Desk, pairing: Pairing, term: Term, batch: Deed | None) -> None:
    """Move the round's talk from the same mentor's earlier pairing: a contact becomes introducer.

    A24: the same persons, no visible change. What was claimed stays claimed, and can be answered.
    """
    if college.talk_of(desk.store, pairing, term) is not None:
        return
    for former in desk.store.pairings.where("student", pairing.student):
        talk = college.talk_of(desk.store, former, term)
        if talk is not None and former.mentor == pairing.mentor:
            moved = desk.store.talks.put(replace(talk, pairing=pairing.id))
            by = None if batch is None else batch.by
            deed.record(
                desk,
                "taken_over",
                by,
                about=pairing.student,
                before=talk,
                after=moved,
                batch=batch,
            )
            mentor_list.follow(desk, pairing, moved)
            return
