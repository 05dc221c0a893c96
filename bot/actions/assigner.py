"""Who assigns mentors to whom (R5): a student branch's secretary to its own, the office to all."""

from __future__ import annotations

from collections.abc import Iterable

from bot import access, college
from bot.access import Who
from bot.desk import Desk
from bot.refusal import Denied
from storage.records import Branch, BranchId, Duty, Person, PersonId


def branches_of(desk: Desk, assigner: Person) -> list[Branch]:
    """Return the student branches in which the person assigns: the own one, or all of them."""
    return access.works_for(desk, assigner, Who.ASSIGNER)


def students_of(desk: Desk, branches: Iterable[Branch]) -> list[Person]:
    """Return their students on the way into the Party, by branch and number."""
    return [one for branch in branches for one in college.students(desk.store, branch.id)]


def require_branch(desk: Desk, person: Person, branch: BranchId) -> Branch:
    """Return the branch; refuse whoever does not assign in it, and say who does (policy § 5.6)."""
    own = {one.id: one for one in branches_of(desk, person)}
    if branch not in own:
        raise Denied("not_assigner", branch_id=branch)
    return own[branch]


def require_assigner(desk: Desk, person: Person, student: Person) -> None:
    """Refuse whoever does not assign in the student's branch, and say who does (policy § 5.6)."""
    require_branch(desk, person, student.branch)


def mentors_without_account(desk: Desk, branch: Branch) -> list[Person]:
    """Return who answers for a student of the branch and has no account, by number, each once."""
    store, found = desk.store, set[PersonId]()
    for student in college.students(store, branch.id):
        near = {one.mentor for one in college.open_pairings_of(store, student)}
        if near <= found or all(college.is_enrolled(store, one) for one in near):
            continue
        found |= {one.mentor for one in college.in_charge(store, student, desk.today())}
    people = [store.people[one] for one in found if not college.is_enrolled(store, one)]
    return sorted(people, key=lambda one: one.number)


def students_with(desk: Desk, assigner: Person, mentor: Person) -> list[PersonId]:
    """Return the students for whom the mentor answers, as far as the assigner assigns to them."""
    own = {one.id for one in branches_of(desk, assigner)}
    people = [one.student for one in college.charges(desk.store, mentor, desk.today())]
    return [one for one in people if desk.store.people[one].branch in own]


def require_reach(desk: Desk, assigner: Person, person: Person) -> None:
    """Refuse whoever gives that person no link and no other account.

    The office reaches everybody; a secretary the own branch, and the mentors of its students: but
    not whoever holds a duty elsewhere, for an account of the office or of another branch's secretary
    opens more than the own branch.
    """
    if Duty.OFFICE in assigner.duties:
        return
    if person.branch in {one.id for one in branches_of(desk, assigner)}:
        return
    if not students_with(desk, assigner, person):
        require_assigner(desk, assigner, person)
    if person.duties:
        raise Denied("invite_by_office", student=person.id)
