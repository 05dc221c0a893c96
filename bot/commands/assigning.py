"""`yinlu assign`: who lacks mentors, whom they get, and why somebody stays without."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from bot.actions.assign import accept, heavy, propose
from bot.commands.reading import student_branches
from bot.desk import Desk
from bot.outcome import Outcome
from bot.refusal import Refused
from bot.rules.matching import Heavy, Proposal, Proposed, Unassigned
from bot.rules.mentor_plan import Gap
from messages.facts import MENTOR_ROLES
from storage.records import Person

# None of them tells who was left out, or on what ground (R15–R19).
REASONS: Final[Mapping[Gap, str]] = {
    Gap.NO_FACULTY_BRANCH: "所在支部没有对接的教工支部，请在花名册填写“对接支部”后重新导入。",
    Gap.NO_TEACHER: "对接支部目前没有可以分配的教工党员，请与学院党委办公室商定。",
    Gap.NOBODY_FITS: "可以分配的教工党员中没有合适的人选，请支部书记另行安排。",
    Gap.ONE_SHORT: "入党介绍人还缺一名，没有其他合适的人选，请支部书记另行安排。",
}


def preview(desk: Desk, *, branch: str | None) -> Outcome:
    """Return what `assign` would do now; nothing changes."""
    proposal = _proposal(desk, branch)
    return _outcome(desk, proposal, heavy(desk, proposal), "以上是建议，没有作任何改动。")


def assign(desk: Desk, *, branch: str | None) -> Outcome:
    """Give mentors to everyone who lacks them, and tell the students."""
    with desk.store.transaction():
        proposal = _proposal(desk, branch)
        overloaded = heavy(desk, proposal)
        accept(desk, proposal, by=None)
    desk.wake()
    students = len({one.student.id for one in proposal.pairings})
    last = f"已为 {students} 名学生新增结对 {len(proposal.pairings)} 对，自今日起。"
    return _outcome(desk, proposal, overloaded, last)


def _proposal(desk: Desk, branch: str | None) -> Proposal:
    if not len(desk.store.people):
        raise Refused("还没有导入花名册，请先运行 yinlu roster import FILE。")
    return propose(desk, student_branches(desk, branch))


def _outcome(desk: Desk, proposal: Proposal, overloaded: list[Heavy], last: str) -> Outcome:
    """Return a line for each student, the ones who stay without after the others."""
    by_student = groupby(proposal.pairings, key=lambda one: one.student)
    lines = (
        *(_pairing_line(desk, student, list(those)) for student, those in by_student),
        *(_unassigned_line(desk, one) for one in proposal.unassigned),
        *(_heavy_line(one) for one in overloaded),
    )
    if not lines:
        return Outcome(
            lines=("没有缺培养联系人或入党介绍人的学生。",), document=_document(proposal)
        )
    ending = (last,) if proposal.pairings else ()
    return Outcome(lines=(*lines, *ending), document=_document(proposal))


def _document(proposal: Proposal) -> dict[str, Any]:
    return {
        "pairings": [
            {"student": one.student.number, "mentor": one.mentor.number, "as": str(one.role)}
            for one in proposal.pairings
        ],
        "unassigned": [
            {"student": one.student.number, "reason": REASONS[one.gap]}
            for one in proposal.unassigned
        ],
    }


def _pairing_line(desk: Desk, student: Person, those: list[Proposed]) -> str:
    mentors = "、".join(f"{one.mentor.name}（{_home(desk, one.mentor)}）" for one in those)
    return f"{_named(desk, student)}：{MENTOR_ROLES[those[0].role]} {mentors}"


def _unassigned_line(desk: Desk, one: Unassigned) -> str:
    return f"{_named(desk, one.student)}：待分配{MENTOR_ROLES[one.role]} {one.missing} 名。{REASONS[one.gap]}"


def _heavy_line(one: Heavy) -> str:
    role = MENTOR_ROLES[one.role]
    return f"请留意：{one.mentor.name}将担任 {one.students} 名学生的{role}，偏多。"


def _named(desk: Desk, student: Person) -> str:
    return f"{_home(desk, student)}\t{student.name}" + (
        f"（{student.class_name}）" if student.class_name else ""
    )


def _home(desk: Desk, person: Person) -> str:
    return desk.store.branches[person.branch].name
