"""/assign: the desk of a branch's secretary – who lacks whom, or the card of one student."""

from __future__ import annotations

from typing import Any

from bot import college
from bot.actions import reads
from bot.actions.assigner import branches_of, students_of
from bot.actions.say import strip
from bot.handlers import graduation, invites, proposals
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules import names
from bot.rules.typed import fold
from storage.records import BranchId, Person, PersonId

Args = dict[str, Any]
WORD = "分配"


def assign(turn: Turn) -> None:
    """/assign: what the branch lacks; /assign NAME: that student's card; /assign 毕业: who graduates."""
    command, *rest = turn.text.split(maxsplit=1) or [""]
    words = rest[0] if rest and (command.startswith("/") or fold(command) == WORD) else ""
    if words:
        graduation.graduates(turn) if graduation.is_meant(turn, words) else _find(turn, words)
        return
    own = branches_of(turn.desk, turn.who)
    if len(own) == 1:
        proposals.show(turn, own[0])
    else:
        turn.reply("assign_branches", choices=[one.id for one in own])


def took(turn: Turn) -> bool:
    """Take 分配 with a name behind it; False: the text is something else."""
    command, *rest = fold(turn.text).split(maxsplit=1) or [""]
    if not (turn.private and rest and command == WORD):
        return False
    turn.admit("assign")
    assign(turn)
    return True


def opened(turn: Turn, args: Args) -> None:
    """A tap on one of the people whom a name may mean."""
    show_card(turn, turn.desk.store.people[PersonId(args["student"])])


def opened_branch(turn: Turn, args: Args) -> None:
    """The office has chosen a branch."""
    proposals.show(turn, turn.desk.store.branches[BranchId(args["branch_id"])])


def later(turn: Turn, _: Args) -> None:
    """以后再定: the buttons go, nothing else."""
    if turn.row is not None:
        strip(turn.desk, turn.row)
    turn.pop("assign_left")


def show_card(turn: Turn, student: Person) -> None:
    reads.note(turn.desk, turn.who, "read_card", student.id)
    turn.reply("person_card", student=student.id)


def _find(turn: Turn, words: str) -> None:
    own = students_of(turn.desk, branches_of(turn.desk, turn.who))
    found = names.find(words, own)
    exact = found.exact or tuple(one for one in own if _is_class(words, one))
    mentors = [] if exact else _mentors_named(turn, words, own)
    if len(mentors) == 1:
        invites.show_mentor(turn, mentors[0])
        return
    if mentors:
        choices = [one.id for one in mentors]
        turn.reply("assign_which", name=words, is_exact=True, choices=choices, then="mentor_card")
        return
    if not exact:
        _refuse_other_branch(turn, words)
    if len(exact) == 1:
        show_card(turn, exact[0])
        return
    near = exact or found.near
    if not near:
        raise Refusal("assign_unknown", name=words)
    choices = [one.id for one in near]
    is_exact = bool(exact)
    turn.reply("assign_which", name=words, is_exact=is_exact, choices=choices, then="assign_card")


def _mentors_named(turn: Turn, words: str, students: list[Person]) -> list[Person]:
    """Return the mentors of exactly that name who answer for one of the students."""
    store, today = turn.desk.store, turn.desk.today()
    held = {pair.mentor for one in students for pair in college.in_charge(store, one, today)}
    return list(names.find(words, [store.people[one] for one in held]).exact)


def _is_class(words: str, student: Person) -> bool:
    return bool(student.class_name) and fold(words) == fold(student.class_name or "")


def _refuse_other_branch(turn: Turn, words: str) -> None:
    everyone = students_of(turn.desk, college.student_branches(turn.desk.store))
    for other in names.find(words, everyone).exact:
        turn.admit("assign", {"student": other.id})
