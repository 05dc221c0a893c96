"""免除, 推迟 and 恢复 on the card of a student with something overdue: a press, then the reason in words."""

from __future__ import annotations

from typing import Any

from bot.actions import exemption
from bot.handlers.acting import ask_reason, student_of
from bot.handlers.turn import Turn
from storage.records import Item, Person, Relief

Args = dict[str, Any]


def asked(turn: Turn, args: Args) -> None:
    """A press on the card: the next text is the reason."""
    student, item, relief = _meant(turn, args)
    exemption.require(turn.desk, turn.who, student, item, relief)
    label = exemption.name_of(item, relief)
    ask_reason(turn, {**args, "act": "exempt", "label": label})


def decide(turn: Turn, args: Args, why: str) -> None:
    student, item, relief = _meant(turn, args)
    done = exemption.decide(turn.desk, turn.who, student, item, relief, why)
    turn.reply("exemption_noted", student=student.id, what=done.what, act=done.batch)


def _meant(turn: Turn, args: Args) -> tuple[Person, Item, Relief | None]:
    relief = None if args["relief"] is None else Relief(args["relief"])
    return student_of(turn, args), Item(args["item"]), relief
