"""What the rules propose for a branch: accepted as a whole, or one student after another in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.actions import assign, question
from bot.actions.say import redraw
from bot.handlers import choosing
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.matching import Proposal, Proposed
from storage.records import Branch, BranchId, PersonId, Role, Row

Args = dict[str, Any]
KINDS = {Role.CONTACT: "B2", Role.INTRODUCER: "B2b"}


def show(turn: Turn, branch: Branch) -> None:
    """Say what the branch lacks, a message per role; then whose consent is wanting."""
    found = assign.propose(turn.desk, [branch])
    said = False
    for role, kind in KINDS.items():
        args = _recipe(found, role)
        if args["pairs"] or args["left"]:
            turn.reply(kind, branch_id=branch.id, role=str(role), **args)
            said = True
    if assign.without_consent(turn.desk, branch):
        turn.reply("assign_consents", branch_id=branch.id)
        said = True
    if not said:
        turn.reply("assign_nothing", branch_id=branch.id)


def _recipe(found: Proposal, role: Role) -> Args:
    """Return the proposal as a message keeps it: pairs of ids, and who stays without and why."""
    return {
        "pairs": [[one.student.id, one.mentor.id] for one in found.pairings if one.role is role],
        "left": [[one.student.id, str(one.gap)] for one in found.unassigned if one.role is role],
    }


def all_at_once(turn: Turn, _: Args) -> None:
    """全部确定. If one of the students has changed meanwhile nothing holds, and the new state is shown."""
    row = turn.pressed
    pairs = _proposed(turn, row, row.args["pairs"])
    try:
        begun = assign.accept(turn.desk, Proposal(tuple(pairs)), turn.who.id)
    except Refusal as refusal:
        turn.refuse(refusal.kind, **refusal.args_said)
        redraw(turn.desk, row, kind="assign_outdated")
        show(turn, turn.desk.store.branches[BranchId(row.args["branch_id"])])
        return
    act = turn.desk.store.deeds.where("row", ("pairings", begun[0].id))[-1].batch
    students = list(dict.fromkeys(one.student for one in begun))
    redraw(turn.desk, row, kind="assign_done", students=students, act=act)


def _proposed(turn: Turn, row: Row, pairs: Sequence[Sequence[int]]) -> list[Proposed]:
    people, role = turn.desk.store.people, Role(row.args["role"])
    return [
        Proposed(people[PersonId(student)], people[PersonId(mentor)], role)
        for student, mentor in pairs
    ]


def one_by_one(turn: Turn, _: Args) -> None:
    """逐个看: everyone who lacks somebody, those without a proposal too."""
    row = turn.pressed
    listed = [one[0] for one in (*row.args["pairs"], *row.args["left"])]
    walk_on(turn, row, list(dict.fromkeys(listed)))


def walk_on(turn: Turn, row: Row, queue: Sequence[int]) -> None:
    """Show the next student of the queue who still lacks somebody, in place; at last that it is done."""
    question.forget(turn.desk, turn.who.id)
    branch = turn.desk.store.branches[BranchId(row.args["branch_id"])]
    found = assign.propose(turn.desk, [branch])
    args = _recipe(found, Role(row.args["role"]))
    lacking = {one[0] for one in (*args["pairs"], *args["left"])}
    rest = [one for one in queue if one in lacking]
    if not rest:
        redraw(turn.desk, row, kind="assign_finished", queue=[])
        return
    mentors = [mentor for student, mentor in args["pairs"] if student == rest[0]]
    redraw(turn.desk, row, kind="assign_one", student=rest[0], mentors=mentors, queue=rest[1:])


def accepted(turn: Turn, args: Args) -> None:
    """确定 under one student."""
    row = turn.pressed
    student = args["student"]
    pairs = _proposed(turn, row, [[student, one] for one in args["mentors"]])
    try:
        assign.accept(turn.desk, Proposal(tuple(pairs)), turn.who.id)
    except Refusal as refusal:
        turn.refuse(refusal.kind, **refusal.args_said)
        walk_on(turn, row, [student, *row.args["queue"]])
        return
    turn.pop("assign_noted", student=student)
    walk_on(turn, row, row.args["queue"])


def skipped(turn: Turn, _: Args) -> None:
    """先不定."""
    row = turn.pressed
    walk_on(turn, row, row.args["queue"])


def another(turn: Turn, args: Args) -> None:
    """换一位: the candidates, in the same message; the walk goes on behind the choice."""
    row = turn.pressed
    student = turn.desk.store.people[PersonId(args["student"])]
    queue = [student.id, *row.args["queue"]]
    choosing.offer(turn, row, student, Role(row.args["role"]), queue=queue)
