"""/plan: what goes out in the next two weeks, in numbers; the office reads the college, a secretary the branch."""

from __future__ import annotations

from typing import Any

from bot.actions.say import redraw
from bot.handlers.turn import Turn
from bot.refusal import Refusal


def plan(turn: Turn, _: dict[str, Any] | None = None) -> None:
    if turn.desk.term() is not None:
        turn.reply("plan", since=turn.desk.today().isoformat())
    elif turn.may("dates_card"):  # who can set it
        turn.reply("dates_card")
    else:
        raise Refusal("no_term")


def turn_page(turn: Turn, args: dict[str, Any]) -> None:
    redraw(turn.desk, turn.pressed, page=args["page"])
