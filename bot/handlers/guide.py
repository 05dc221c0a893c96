"""/guide and the buttons that turn its pages."""

from __future__ import annotations

from typing import Any

from bot.actions.guide import pages
from bot.actions.say import redraw
from bot.handlers.turn import Turn
from bot.refusal import Refusal


def guide(turn: Turn) -> None:
    turn.reply(pages(turn.desk, turn.who)[0])


def open_at(turn: Turn, page: str) -> None:
    """Open the guide at a page, or at the first where that page is not the person's."""
    shown = pages(turn.desk, turn.who)
    turn.reply(page if page in shown else shown[0])


def turn_page(turn: Turn, args: dict[str, Any]) -> None:
    """Show another page in place; one that is no longer the person's is not shown."""
    page = args["page"]
    if page not in pages(turn.desk, turn.who):
        raise Refusal("stale_button")
    if turn.row is not None and turn.row.kind != page:
        redraw(turn.desk, turn.row, kind=page)
