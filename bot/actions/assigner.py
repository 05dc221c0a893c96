"""Who assigns mentors to whom (R5): a student branch's secretary to its own, the office to all."""

from __future__ import annotations

from collections.abc import Iterable

from bot import college
from bot.desk import Desk
from bot.refusal import Denied
from storage.records import Branch, BranchId, Duty, Person


def branches_of(desk: Desk, assigner: Person) -> list[Branch]:
    """Return the student branches in which the person assigns: the own one, or all of them."""
    if college.is_secretary(desk.store, assigner):
        return [desk.store.branches[assigner.branch]]
    is_office = Duty.OFFICE in assigner.duties
    return college.student_branches(desk.store) if is_office else []


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
