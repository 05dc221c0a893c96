"""What the page is told while it happens: what people and the bot did, and which chats changed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bot.rehearsal.botapi import Exchange
from bot.rehearsal.told_clock import ToldClock
from bot.rehearsal.transcript import BOT, SHOWN

KEPT = 400  # lines of the journal that a page opened later still sees
PAUSE = 0.15  # real seconds between two pieces of news: a page need not follow every line

Json = dict[str, Any]


class Chronicle:
    """A transcript for pages: a line of the journal each, and news for whoever listens."""

    def __init__(self, clock: ToldClock) -> None:
        self._clock = clock
        self.names: dict[int, str] = {}
        self.journal: deque[Json] = deque(maxlen=KEPT)
        self._number = 0
        self._listeners: set[_Listener] = set()

    def day(self, _now: datetime, _done: float, /) -> None:
        """Time goes on; how far the play is, from 0 to 1, shows on the timeline."""
        self.touch()

    def did(self, who: str, chat: int, what: str) -> None:
        """Somebody did something in a chat."""
        self._write(who, BOT if chat > 0 else self.names.get(chat, ""), what, chat)

    def said(self, exchange: Exchange) -> None:
        """The bot said something; what nobody sees is left out."""
        whom = exchange.to or exchange.chat
        if whom is None:
            return
        if exchange.method == "answerCallbackQuery" and exchange.text:
            for one in self._listeners:
                one.pops.append({"to": whom, "text": exchange.text, "alert": exchange.alert})
        if exchange.method in SHOWN and exchange.text:
            labels = "".join(f"[{label}]" for row in exchange.buttons for label in row)
            words = f"{exchange.text} {labels}".strip()
            self._write(BOT, self.names.get(whom, str(whom)), words, whom)
        else:
            self._write_nothing(whom)

    def remark(self, text: str) -> None:
        """Something that happened outside the chats: a key of the page's words, or the words themselves."""
        self._write("──", "", text, None)

    def touch(self) -> None:
        """Something changed that no line tells: the time, a switch."""
        for one in self._listeners:
            one.bell.set()

    @contextmanager
    def listening(self) -> Iterator[Callable[[], AsyncIterator[Json]]]:
        """News from now on, gathered: {"journal": [...], "chats": [...], "pops": [...]}."""
        listener = _Listener()
        self._listeners.add(listener)
        try:
            yield listener.news
        finally:
            self._listeners.discard(listener)

    def _write(self, who: str, whom: str, text: str, chat: int | None) -> None:
        self._number += 1
        line = {
            "n": self._number,
            "at": self._clock.now().isoformat(),
            "who": who,
            "whom": whom,
            "text": " ".join(text.split()),
            "chat": chat,
        }
        self.journal.append(line)
        for one in self._listeners:
            one.journal.append(line)
        self._write_nothing(chat)

    def _write_nothing(self, chat: int | None) -> None:
        for one in self._listeners:
            if chat is not None:
                one.chats.add(chat)
        self.touch()


class _Listener:
    """One page."""

    def __init__(self) -> None:
        self.bell = asyncio.Event()
        self.journal: deque[Json] = deque(maxlen=KEPT)
        self.chats: set[int] = set()
        self.pops: list[Json] = []

    async def news(self) -> AsyncIterator[Json]:
        while True:
            await self.bell.wait()
            await asyncio.sleep(PAUSE)
            self.bell.clear()
            told = {"journal": list(self.journal), "chats": sorted(self.chats), "pops": self.pops}
            self.journal.clear()
            self.chats, self.pops = set(), []
            yield told
