"""结对情况: where the pairings of a branch fall short; the office reads all branches in numbers first."""

from __future__ import annotations

from typing import Any

from bot import college
from bot.actions.say import redraw
from bot.handlers.turn import Turn

Args = dict[str, Any]


def show(turn: Turn) -> None:
    if college.is_secretary(turn.desk.store, turn.who):
        turn.reply("shortfalls_branch", branch_id=turn.who.branch)
    else:
        turn.reply("shortfalls_college")


def opened(turn: Turn, args: Args) -> None:
    """The button under /status, or a branch that the office has chosen."""
    if "branch_id" not in args:
        show(turn)
        return
    turn.reply("shortfalls_branch", branch_id=args["branch_id"])


def turn_page(turn: Turn, args: Args) -> None:
    redraw(turn.desk, turn.pressed, page=args["page"])
