"""/export and its button: the progress workbook, sent as a file."""

from __future__ import annotations

from typing import Any

from bot.actions import papers
from bot.handlers.turn import Turn


def export(turn: Turn, _: dict[str, Any] | None = None) -> None:
    papers.send_report(turn.desk, turn.who)
