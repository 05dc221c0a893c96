"""What is no text: a roster from the office, where the setting lets it in; nothing else is read."""

from __future__ import annotations

from typing import Any

from bot.actions import upload
from bot.handlers import about
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from storage.records import Upload
from storage.workbook_rows import MOST_BYTES

Args = dict[str, Any]


def not_text(turn: Turn) -> None:
    """A file, a picture, a voice message."""
    if not turn.may(upload.UPLOAD):
        about.not_text(turn)
    elif turn.document is not None:
        _roster(turn, turn.document.file_id, turn.document.file_size or 0)
    elif turn.is_picture and turn.desk.settings.roster_by_chat:
        raise Refusal("roster_is_picture")
    else:
        about.not_text(turn)


def _roster(turn: Turn, file: str, size: int) -> None:
    if not turn.desk.settings.roster_by_chat:
        raise Refusal("roster_off")
    if size > MOST_BYTES:
        raise Refusal("roster_too_big")
    upload.ask(turn.desk, turn.who, file)
    turn.reply("roster_reading")


def applied(turn: Turn, args: Args) -> None:
    """应用: what was shown, once; if the store has changed since, it is shown anew."""
    if not upload.apply(turn.desk, turn.who, _own(turn, args), args["shown"]):
        turn.pop("roster_moved_on")


def dropped(turn: Turn, args: Args) -> None:
    """放弃."""
    upload.close(turn.desk, _own(turn, args), "roster_dropped")


def _own(turn: Turn, args: Args) -> Upload:
    if not turn.desk.settings.roster_by_chat:
        raise Refusal("roster_off")
    found = turn.desk.store.uploads.get(args["upload"])
    if found is None or found.person != turn.who.id:
        raise Refusal("roster_settled")
    return found
