"""One mentor for one student by a secretary's own choice: weighed by the rules, begun, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from bot import college
from bot.actions import consent, deed, hand_over, mentor_list
from bot.actions.assigner import require_assigner
from bot.actions.paired import tell_of_new_pairings
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules.eligibility import Held, Reason, judge
from storage.records import Deed, Ending, Json, Pairing, Person, Role


class Wish(NamedTuple):
    """Who shall answer for whom, as what. ``instead``: the open pairing that it replaces."""

    student: Person
    mentor: Person
    role: Role
    instead: Pairing | None = None


def held_by(desk: Desk, student: Person, without: Pairing | None = None) -> list[Held]:
    """Return the student's mentors as the rules want them, ``without`` one that is to end."""
    return [
        Held(one.role, desk.store.people[one.mentor])
        for one in college.open_pairings_of(desk.store, student)
        if one != without
    ]


def require_allowed(desk: Desk, wish: Wish) -> tuple[str, ...]:
    """Return what asks for a written reason: ``unsuitable``, ``no_teacher``, ``heavy``.

    Refuses what the rules refuse, in the words of policy § 5.6. ``unsuitable`` covers relatives
    and those who may not introduce, so that nobody can tell the ground.
    """
    if wish.instead is not None and wish.instead.mentor == wish.mentor.id:
        raise refusal(desk, wish, Reason.ALREADY_PAIRED)
    verdict = judge(
        wish.student,
        wish.mentor,
        wish.role,
        home=desk.store.branches[wish.student.branch],
        held=held_by(desk, wish.student, wish.instead),
    )
    if verdict.refusals:
        raise refusal(desk, wish, verdict.refusals[0])
    found = (
        ["unsuitable"]
        if {Reason.RELATIVE, Reason.EXCLUDED_AS_CONTACT} & {*verdict.warnings}
        else []
    )
    if Reason.NO_TEACHER in verdict.warnings:
        found.append("no_teacher")
    charges = college.charges(desk.store, wish.mentor, desk.today())
    if sum(one.role is wish.role for one in charges) >= _mark(desk, wish.role):
        found.append("heavy")
    return tuple(found)


def _mark(desk: Desk, role: Role) -> int:
    load = desk.settings.load
    return load.contact if role is Role.CONTACT else load.introducer


def refusal(desk: Desk, wish: Wish, reason: Reason) -> Refusal:
    """Return the sentence for that reason. Neither family nor exclusion is ever named."""
    student, mentor = wish.student, wish.mentor
    match reason:
        case Reason.NOT_FULL_MEMBER:
            return Refusal("not_full_member")
        case Reason.EXCLUDED:
            return Refusal("excluded")
        case Reason.UNPAIRED:
            return Refusal("unpaired_branch", **_branches(desk, student, mentor))
        case Reason.ALREADY_PAIRED:
            return Refusal(
                "assign_already", student=student.id, mentor=mentor.id, role=str(wish.role)
            )
        case Reason.TOO_MANY_CONTACTS:
            return Refusal("third_contact", student=student.id)
        case Reason.TOO_MANY_INTRODUCERS:
            return Refusal("third_introducer")
        case _:  # the roster has changed since the student or the mentor was shown
            return Refusal("assign_changed", students=[student.id])


def _branches(desk: Desk, student: Person, mentor: Person) -> dict[str, Any]:
    branches = desk.store.branches
    home = branches[student.branch]
    return {
        "branch_id": home.id,
        "faculty_branch": branches[mentor.branch].name,
        "paired": [branches[one].name for one in home.paired],
    }


def begin(desk: Desk, by: Person, wish: Wish, why: str | None = None) -> Deed:
    """Begin the pairing today, inside the caller's transaction; return the first deed of the act.

    ``why``: the written reason, kept in the deed and shown to nobody. Refusals as
    `require_allowed`; ``assign_changed`` where a reason is wanted and none was given, or where
    what is to be replaced has ended already.
    """
    student, instead = wish.student, wish.instead
    require_assigner(desk, by, student)
    if instead is not None and instead.until is not None:
        raise Refusal("assign_changed", students=[student.id])
    if require_allowed(desk, wish) and not why:
        raise Refusal("assign_changed", students=[student.id])
    # Whoever has said 不便 has nothing to hand over and hears nothing further of it.
    takes_over = instead is not None and instead.consent is not False
    pairing = new(desk, student, wish.mentor, wish.role, at_once=takes_over)
    first = deed.record(desk, "assign", by.id, about=student.id, after=pairing, why=why)
    if instead is not None:
        successor = pairing if takes_over else None
        hand_over.end(desk, instead, Ending.OTHER, by.id, successor=successor, batch=first)
    if not takes_over:
        consent.ask(desk, pairing)
    tell_of_new_pairings(desk, [pairing], first)
    return first


def new(
    desk: Desk, student: Person, mentor: Person, role: Role, *, at_once: bool = False
) -> Pairing:
    """Store a pairing that begins today, with the moment at which its mentor is asked (A20)."""
    return desk.store.pairings.add(
        Pairing(
            student=student.id,
            mentor=mentor.id,
            role=role,
            since=desk.today(),
            asked=consent.moment(desk, mentor.id, at_once=at_once),
        )
    )


def undone(desk: Desk, pairing: Pairing, taken_back: Deed) -> None:
    """Tell whoever was told of a pairing that it, or the answer to it, has been taken back."""
    if taken_back.what == "assign":
        act = desk.store.deeds.where("batch", taken_back.batch)
        _withdraw(desk, pairing, [one.after or {} for one in act if one.what == "pairing_end"])
    consent.settled(desk, pairing)
    mentor_list.show(desk, pairing.mentor)


def _withdraw(desk: Desk, pairing: Pairing, ended: Sequence[Json]) -> None:
    """``ended``: what it had replaced and what is open again; of that the student is told anyway,
    and of a hand-over both mentors."""
    args = {"student": pairing.student, "mentor": pairing.mentor, "role": pairing.role}
    if not ended and desk.term() is not None:  # before the first term nobody has been told
        tell(desk, pairing.student, "mentor_withdrawn", args)
    is_asked = pairing.asked is not None and pairing.asked <= desk.now()
    if is_asked and not any(one.get("successor") for one in ended):
        tell(desk, pairing.mentor, "pairing_withdrawn", args, about=(pairing.student,))


def candidates(desk: Desk, student: Person, role: Role, instead: Pairing | None) -> list[Person]:
    """Return who may be offered in chat, least loaded first, after the teachers whom A8 wants.

    Neither relatives nor those who may not introduce, in whatever role (A10, R19): nobody about
    whom one must keep silent.
    """
    home, on = desk.store.branches[student.branch], desk.today()
    held = held_by(desk, student, instead)
    placed = []
    for one in (one for id in (home.id, *home.paired) for one in college.members(desk.store, id)):
        verdict = judge(student, one, role, home=home, held=held)
        is_silent = Reason.RELATIVE in verdict.warnings or not one.may_introduce
        if verdict.allowed and not is_silent and not (instead and one.id == instead.mentor):
            is_no_teacher = Reason.NO_TEACHER in verdict.warnings
            placed.append((is_no_teacher, college.load(desk.store, one, on), one.number, one))
    return [one for *_, one in sorted(placed, key=lambda place: place[:3])]
