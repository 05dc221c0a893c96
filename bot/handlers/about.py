"""/start, /help, /status, /undo, and what is no command of ours."""

from __future__ import annotations

from typing import Any

from bot.actions import enrol, opinion, undo
from bot.actions.say import MENU, strip, tell
from bot.handlers.turn import Turn
from bot.refusal import Denied, Refusal


def start(turn: Turn) -> None:
    """/start opens an invite, or says hello again to somebody enrolled."""
    hashed = turn.text.partition(" ")[2].strip()
    if not turn.private:
        turn.reply("enrol_private" if turn.person is None else "help_group")
        return
    if not hashed:
        if turn.person is None:
            raise Denied("stranger")
        _back_again(turn)
        return
    turn.reply(enrol.open_link(turn.desk, turn.telegram, hashed))


def _back_again(turn: Turn) -> None:
    tell(turn.desk, turn.who.id, MENU)
    turn.reply("enrol_already")


def help(turn: Turn) -> None:
    turn.reply("help" if turn.private else "help_group")


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
        raise Denied("stranger")
    is_draft = opinion.is_awaited(turn.desk, turn.person.id)
    raise Refusal("opinion_not_text" if is_draft else "not_text")
