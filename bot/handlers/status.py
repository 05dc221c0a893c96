"""/status: who reads what of a round; turning the pages of the pictures."""

from __future__ import annotations

from typing import Any

from bot import college
from bot import path as ways
from bot.actions import papers, reads
from bot.actions.say import redraw
from bot.compose.mentors import is_finished
from bot.compose.reading import Reading
from bot.compose.status_lists import is_empty
from bot.compose.students import missing
from bot.handlers.turn import Turn
from bot.refusal import Denied, Refusal
from bot.rules import talks as talk_rules
from storage.records import Kind, PersonId, Row

Args = dict[str, Any]


def status(turn: Turn) -> None:
    """/status: a student the own round, a mentor own students, a branch's people the branch, the office all."""
    if turn.desk.term() is None:
        raise Refusal("no_term")
    if not turn.private:
        for branch in turn.branches:
            turn.reply("G1", branch_id=branch.id)
        return
    kinds = _status_kinds(turn)
    if not kinds:
        raise Refusal("status_nothing")
    for kind in kinds:
        turn.reply(kind)
        if kind in reads.OF_STATUS:
            reads.note(turn.desk, turn.who, reads.OF_STATUS[kind])


def _status_kinds(turn: Turn) -> list[str]:
    desk, person = turn.desk, turn.who
    roles = college.roles(desk.store, person, desk.today())
    kinds = []
    if "student" in roles:
        kinds.append(_student_kind(turn))
    if "mentor" in roles:
        kinds.append(_mentor_kind(turn))
    in_student_branch = desk.store.branches[person.branch].kind is Kind.STUDENT
    if in_student_branch and {"committee", "secretary"} & set(roles):
        kinds.append("status_branch")
    if "office" in roles:
        kinds.append("status_office")
    return kinds + _introduction_kinds(turn)


def _introduction_kinds(turn: Turn) -> list[str]:
    """Where one is on the way to a branch meeting, /status says so too."""
    desk, person = turn.desk, turn.who
    kinds = {
        "status_intro_own": ways.open_path(desk, person.id) is not None,
        "status_intro_mine": bool(ways.charges_of(desk, person)),
        "status_intro_branch": college.is_secretary(desk.store, person),
    }
    return [kind for kind, is_said in kinds.items() if is_said]


def _mentor_kind(turn: Turn) -> str:
    """A mentor whose students' talks and papers are all done reads thanks (T4)."""
    return "T4" if is_finished(_own_reading(turn)) else "status_mentor"


def _own_reading(turn: Turn) -> Reading:
    now = turn.desk.now()
    row = Row(kind="status", chat=turn.chat, to=turn.who.id, due=now, created=now)
    return Reading(turn.desk, turn.catalogue, row)


def _student_kind(turn: Turn) -> str:
    """A student whom this round does not ask reads so (A16); after the deadline, what to do (S7)."""
    windows = turn.desk.windows()
    if windows is None or not talk_rules.takes_part(turn.who, windows):
        return "status_next_round"
    is_late = turn.desk.today() > windows.deadline and missing(_own_reading(turn))
    return "S7" if is_late else "status_student"


def turn_page(turn: Turn, args: Args) -> None:
    """Another page of the bars, for whoever would be shown them if asking now."""
    row = turn.row
    if row is None or row.kind not in _status_kinds(turn):
        raise Denied("not_allowed")
    redraw(turn.desk, row, **args)


def open_list(turn: Turn, args: Args) -> None:
    """未谈名单, 待确认, 未交表, 未开通: the names; of several branches their numbers first."""
    branches = papers.branches_of(turn.desk, turn.who)
    if "branch_id" in args:
        branches = [turn.desk.store.branches[args["branch_id"]]]
    reading = _own_reading(turn)
    if all(is_empty(reading, branch, args["listing"]) for branch in branches):
        raise Refusal("status_list_empty", listing=args["listing"])
    reads.note(turn.desk, turn.who, "read_list")
    turn.reply("status_list" if "branch_id" in args else "status_branches", **args)


def turn_list(turn: Turn, args: Args) -> None:
    """Another page, another branch, or back to the branches, in place."""
    redraw(turn.desk, turn.pressed, **args)


def open_card(turn: Turn, args: Args) -> None:
    """One person's card, for whoever reads of the person's branch."""
    student = turn.desk.store.people[PersonId(args["student"])]
    reads.note(turn.desk, turn.who, "read_card", student.id)
    turn.reply("person_card", student=student.id)


def turn_card(turn: Turn, args: Args) -> None:
    """办理 and 返回: the other buttons of the card, in place."""
    row = turn.row
    if row is None or row.kind != "person_card":
        raise Refusal("stale_button")
    redraw(turn.desk, row, **args)


def open_acts(turn: Turn, args: Args) -> None:
    """记录: everything recorded about one student, reasons too, for whoever assigns in the branch."""
    turn.reply("acts", student=args["student"])


def turn_acts(turn: Turn, args: Args) -> None:
    redraw(turn.desk, turn.pressed, **args)
