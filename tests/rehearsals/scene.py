"""A scene through the real dispatcher, told a line for each thing that happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.rehearsal.transcript import shortened
from tests.support.chat import Chat, Shown

WIDTH = 140  # columns
WEEKDAYS = "一二三四五六日"


class Scene:
    """Plays through the real dispatcher and tells a line for each thing that happens."""

    def __init__(self, chat: Chat, tell: Callable[[str], None]) -> None:
        self._chat = chat
        self._tell = tell
        self._read: dict[tuple[int, int], str] = {}
        self.listen(aloud=False)

    def listen(self, *, aloud: bool = True) -> None:
        """Tell what the bot has said or changed since."""
        for name in self._chat.cast.telegram:
            for shown in self._chat.in_chat(name):
                text = f"{shown.text} {''.join(f'[{label}]' for label in shown.buttons)}"
                known = self._read.get((shown.chat, shown.id))
                if aloud and text != known:
                    self._line("引路", "→" if known is None else "✎", name, text)
                self._read[shown.chat, shown.id] = text

    async def says(self, who: str, words: str) -> None:
        self._line(who, "→", "引路", words)
        await self._chat.say(who, words)
        self.listen()

    async def presses(self, who: str, label: str, *, on: Shown | None = None) -> None:
        self._line(who, "→", "引路", f"[{label}]")
        if note := await self._chat.press(who, label, on=on):
            self._line("引路", "◦", who, note)
        self.listen()

    async def at(self, moment: datetime) -> None:
        self._tell(f"{_moment(moment)}  ──")
        await self._chat.tick(moment)
        self.listen()

    def latest(self, who: str, beginning: str = "") -> Shown:
        """Return the newest message there that begins so."""
        return [one for one in self._chat.in_chat(who) if one.text.startswith(beginning)][-1]

    def _line(self, who: str, arrow: str, whom: str, text: str) -> None:
        head = f"{_moment(self._chat.clock.now())}  {who} {arrow} {whom}  "
        self._tell(shortened(head + " ".join(text.split()), WIDTH))


def _moment(moment: datetime) -> str:
    return f"{moment:%m-%d} 周{WEEKDAYS[moment.weekday()]} {moment:%H:%M}"
