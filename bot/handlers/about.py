"""/start, /help, /mydata, /status, /undo, and what is no command of ours."""

from __future__ import annotations

from typing import Any

from bot import college
from bot import path as ways
from bot.actions import enrol, opinion, undo
from bot.actions.say import MENU, strip, tell
from bot.compose.mentors import is_finished
from bot.compose.reading import Reading
from bot.compose.students import missing
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules import talks as talk_rules
from storage.records import Kind, Row


def start(turn: Turn) -> None:
    """/start opens an invite, or says hello again to somebody enrolled."""
    hashed = turn.text.partition(" ")[2].strip()
    if not turn.private:
        turn.reply("enrol_private" if turn.person is None else "help_group")
        return
    if not hashed:
        if turn.person is None:
            raise Refusal("stranger")
        _back_again(turn)
        return
    enrol.open_link(turn.desk, turn.telegram, hashed)
    turn.reply("enrol_ask")


def _back_again(turn: Turn) -> None:
    tell(turn.desk, turn.who.id, MENU)
    turn.reply("enrol_already")


def help(turn: Turn) -> None:
    turn.reply("help" if turn.private else "help_group")


def mydata(turn: Turn) -> None:
    turn.reply("mydata")


def status(turn: Turn) -> None:
    """/status: a student the own round, a mentor own students, a branch's people the branch, the office all."""
    if turn.desk.term() is None:
        raise Refusal("no_term")
    if not turn.private:
        branch = turn.branch
        if branch is None:
            raise Refusal("group_unlinked")
        turn.reply("G1", branch_id=branch.id)
        return
    kinds = _status_kinds(turn)
    if not kinds:
        raise Refusal("status_nothing")
    for kind in kinds:
        turn.reply(kind)


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
        "status_intro_branch": college.is_secretary(desk.store, person)
        and bool(ways.paths(desk, person.branch)),
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


def take_back(turn: Turn) -> None:
    undo.undo(turn.desk, turn.who)


def pressed_undo(turn: Turn, args: dict[str, Any]) -> None:
    """撤销 under a message takes back what that message has told of, and nothing later."""
    undo.undo(turn.desk, turn.who, args.get("act"))
    if turn.row is not None:
        strip(turn.desk, turn.row)


def unknown(turn: Turn) -> None:
    if turn.private:
        raise Refusal("unknown_command")


def not_text(turn: Turn) -> None:
    """A picture, a voice message, a file: nothing here reads them."""
    if turn.person is None:
        raise Refusal("stranger")
    is_draft = opinion.is_awaited(turn.desk, turn.person.id)
    raise Refusal("opinion_not_text" if is_draft else "not_text")
