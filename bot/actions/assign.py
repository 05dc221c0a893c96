"""Mentors for those who lack them: proposed by the rules, accepted as a whole, told to both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from bot import college
from bot.actions import consent, deed, pair
from bot.actions.paired import tell_of_new_pairings
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import matching
from bot.rules.consent import is_unsettled
from bot.rules.eligibility import Held, judge
from bot.rules.matching import Heavy, Proposal, Proposed
from bot.rules.mentor_plan import Charge, lacking
from bot.rules.mentor_pool import MentorPool
from bot.rules.progress import is_counted
from storage.records import Branch, Deed, Kind, Pairing, Person, PersonId, Role, Stage


def propose(desk: Desk, branches: Collection[Branch] | None = None) -> Proposal:
    """Return mentors for everyone of those student branches who lacks any; None: of all branches."""
    chosen = college.student_branches(desk.store) if branches is None else branches
    asked = {one.id for one in chosen}
    charges = _charges(desk)
    mentors = [one for one in desk.store.people if one.stage is Stage.FULL and one.left is None]
    return matching.propose(
        [one for one in charges if one.home.id in asked],
        mentors,
        [one for one in charges if one.home.id not in asked],
    )


def heavy(desk: Desk, proposal: Proposal) -> list[Heavy]:
    """Return who would come to more students than the office thinks right, before it is accepted."""
    load = desk.settings.load
    limits = {Role.CONTACT: load.contact, Role.INTRODUCER: load.introducer}
    return matching.heavy(_charges(desk), proposal, limits)


def available(desk: Desk, branch: Branch) -> int:
    """Return how many teachers of the paired branches may be proposed to that branch (B2)."""
    members = (one for id in branch.paired for one in college.members(desk.store, id))
    pool = MentorPool(members, [branch])
    return pool.count(pool.shelves_of(branch, Kind.TEACHER))


def without_consent(desk: Desk, branch: Branch) -> list[Pairing]:
    """Return the branch's open pairings that the secretary is to decide on (A20), by the student's number."""
    return [
        pairing
        for student in college.students(desk.store, branch.id)
        for pairing in college.open_pairings_of(desk.store, student)
        if is_unsettled(pairing, desk.now(), desk.calendar, desk.quiet)
    ]


def accept(desk: Desk, proposal: Proposal, by: PersonId | None) -> list[Pairing]:
    """Begin the proposed pairings today, inside the caller's open transaction; the students are told,
    the mentors asked for their consent (A20).

    ``by`` None: the command line. Refusal ``assign_changed``: one of those students has got a mentor
    or left meanwhile, or a mentor may no longer be one; then nothing of the proposal holds.
    """
    wanted: defaultdict[PersonId, list[Proposed]] = defaultdict(list)
    for one in proposal.pairings:
        wanted[one.student.id].append(one)
    changed = [student for student, those in wanted.items() if not _still_fits(desk, those)]
    if changed:
        raise Refusal("assign_changed", students=changed)
    begun = [pair.new(desk, *one) for one in proposal.pairings]
    first: Deed | None = None
    for pairing in begun:
        noted = deed.record(desk, "assign", by, about=pairing.student, after=pairing, batch=first)
        first = first or noted
    tell_of_new_pairings(desk, begun, first)
    for pairing in begun:
        consent.ask(desk, pairing)
    return begun


def _charges(desk: Desk) -> list[Charge]:
    return [_charge(desk, one) for one in desk.store.people if is_counted(one)]


def _charge(desk: Desk, student: Person) -> Charge:
    held = college.open_pairings_of(desk.store, student)
    return Charge(
        student,
        desk.store.branches[student.branch],
        tuple(Held(one.role, desk.store.people[one.mentor]) for one in held),
    )


def _still_fits(desk: Desk, those: Sequence[Proposed]) -> bool:
    """Whether what was proposed for one student would be proposed of the records as they are now."""
    student = desk.store.people.get(those[0].student.id)
    if student is None or not is_counted(student):
        return False
    charge = _charge(desk, student)
    role, missing = lacking(charge)
    held = list(charge.held)
    for one in those:
        mentor = desk.store.people[one.mentor.id]
        verdict = judge(student, mentor, one.role, home=charge.home, held=held)
        if one.role is not role or verdict.refusals or verdict.warnings:
            return False
        held.append(Held(one.role, mentor))
    return len(those) <= missing
