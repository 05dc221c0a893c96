"""The transcript of a rehearsal: a line for each message, read as people would."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from bot.rehearsal.botapi import Exchange
from bot.rehearsal.told_clock import ToldClock

BOT = "引路"
WEEKDAYS = "一二三四五六日"
NARROWEST = 60  # columns
SHOWN = {
    "sendMessage": "→",
    "sendPhoto": "→",
    "editMessageText": "✎",
    "editMessageCaption": "✎",
    "editMessageMedia": "✎",
    "answerCallbackQuery": "◦",
}


class Record(Protocol):
    """Whoever follows a rehearsal. ``names``: who or what a chat is."""

    names: dict[int, str]

    def day(self, now: datetime, done: float, /) -> None: ...

    def did(self, who: str, chat: int, what: str) -> None: ...

    def said(self, exchange: Exchange) -> None: ...

    def remark(self, text: str) -> None: ...


class Transcript:
    """Prints while it happens. ``names``: who or what a chat is."""

    def __init__(self, console: Console, clock: ToldClock) -> None:
        self._console = console
        self._clock = clock
        self.names: dict[int, str] = {}
        self._width = max(console.width, NARROWEST)
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), console=console, transient=True
        )
        self._task = self._bar.add_task("")

    def progress(self) -> AbstractContextManager[object]:
        """The bar that follows the days, on a terminal only."""
        self._bar.disable = not self._console.is_terminal
        return self._bar

    def day(self, now: datetime, done: float) -> None:
        """How far the play is, from 0 to 1."""
        self._bar.update(self._task, description=_moment(now), completed=100 * done)

    def did(self, who: str, chat: int, what: str) -> None:
        """Somebody did something in a chat."""
        where = self.names.get(chat, "")
        self._line(who, "→", BOT if chat > 0 else where, what)

    def said(self, exchange: Exchange) -> None:
        """The bot said something; what nobody sees is left out."""
        arrow = SHOWN.get(exchange.method)
        whom = exchange.to or exchange.chat
        if arrow is None or whom is None or not exchange.text:
            return
        labels = "".join(f"[{label}]" for row in exchange.buttons for label in row)
        self._line(BOT, arrow, self.names.get(whom, str(whom)), f"{exchange.text} {labels}")

    def remark(self, text: str) -> None:
        """Something that happened outside the chats."""
        self._print(f"{_moment(self._clock.now())}  ── {text}")

    def _line(self, who: str, arrow: str, whom: str, text: str) -> None:
        head = f"{_moment(self._clock.now())}  {who} {arrow} {whom}  "
        self._print(head + " ".join(text.split()))

    def _print(self, line: str) -> None:
        self._console.print(shortened(line, self._width), markup=False, soft_wrap=True)


def _moment(at: datetime) -> str:
    return f"{at:%m-%d} 周{WEEKDAYS[at.weekday()]} {at:%H:%M:%S}"


def shortened(line: str, width: int) -> str:
    """The line cut to so many columns; Chinese characters take two."""
    return line if cell_len(line) <= width else f"{set_cell_size(line, width - 1).rstrip()}…"
