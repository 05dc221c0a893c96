"""What is sent as a file: /export, the progress workbook; 打印登记表, the registration forms."""

from __future__ import annotations

from typing import Any

from bot.actions import papers
from bot.handlers.turn import Turn


def export(turn: Turn, _: dict[str, Any] | None = None) -> None:
    papers.send_report(turn.desk, turn.who)


def print_forms(turn: Turn, _: dict[str, Any]) -> None:
    """打印登记表: the forms as Word files."""
    papers.send_forms(turn.desk, turn.who)
