"""/assign: the card of one student, found by what was typed."""

from __future__ import annotations

from typing import Any

from bot import college
from bot.actions.assigner import branches_of, require_assigner, students_of
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules import names
from bot.rules.typed import fold
from storage.records import Person, PersonId

Args = dict[str, Any]
WORD = "分配"


def assign(turn: Turn) -> None:
    """/assign NAME: that student's card."""
    command, *rest = turn.text.split(maxsplit=1) or [""]
    words = rest[0] if rest and (command.startswith("/") or fold(command) == WORD) else ""
    if not words:
        raise Refusal("assign_whom")
    _find(turn, words)


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


def show_card(turn: Turn, student: Person) -> None:
    require_assigner(turn.desk, turn.who, student)
    turn.reply("person_card", student=student.id)


def _find(turn: Turn, words: str) -> None:
    own = students_of(turn.desk, branches_of(turn.desk, turn.who))
    found = names.find(words, own)
    exact = found.exact or tuple(one for one in own if _is_class(words, one))
    if not exact:
        _refuse_other_branch(turn, words)
    if len(exact) == 1:
        show_card(turn, exact[0])
        return
    near = exact or found.near
    if not near:
        raise Refusal("assign_unknown", name=words)
    turn.reply(
        "assign_which",
        name=words,
        is_exact=bool(exact),
        choices=[one.id for one in near],
        then="assign_card",
        **{"with": {}},
    )


def _is_class(words: str, student: Person) -> bool:
    return bool(student.class_name) and fold(words) == fold(student.class_name or "")


def _refuse_other_branch(turn: Turn, words: str) -> None:
    everyone = students_of(turn.desk, college.student_branches(turn.desk.store))
    for other in names.find(words, everyone).exact:
        require_assigner(turn.desk, turn.who, other)
