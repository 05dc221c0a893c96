"""A bot on a made-up line to Telegram, and a clock that is told: hours of sending in seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram.request import RequestData
from typing_extensions import override

from bot.app import App, build
from bot.clock import Clock, SystemClock
from bot.delivery.schedule import Tick
from bot.desk import Desk
from storage.records import RowState
from tests.support.chat import CATALOGUE, TOKEN, Recorder, words_alone
from tests.support.clock import PacedClock

Answer = tuple[int, bytes]
PER_SECOND = 25.0  # the limiter's default


class Running(SystemClock):
    """The machine's clock, as if it were that moment."""

    def __init__(self, now: datetime) -> None:
        self._offset = now - super().now()

    @override
    def now(self) -> datetime:
        return super().now() + self._offset


class Line(Recorder):
    """Notes when each message arrives; ``heard`` is told of each, and may answer in Telegram's stead."""

    def __init__(self) -> None:
        super().__init__()
        self.clock: Clock
        self.arrivals: list[tuple[float, int]] = []  # when (seconds), to which chat
        self.heard: Callable[[int], Answer | None] = lambda _: None

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,
        **options: Any,
    ) -> Answer:
        if url.endswith("/sendMessage") and request_data is not None:
            chat = int(str(request_data.parameters["chat_id"]))
            instead = self.heard(chat)
            if instead is not None:
                return instead
            self.arrivals.append((self.clock.monotonic(), chat))
        answer = await super().do_request(url, method, request_data, *timeouts, **options)
        self.calls.clear()  # a wave of thousands is not kept
        return answer


@dataclass(slots=True)
class Bench:
    """The bot, its line, and how fast it spoke."""

    app: App
    line: Line
    asked: dict[int, float] = field(default_factory=dict)  # by chat, when (seconds)
    waits: list[float] = field(default_factory=list)
    numbers: int = 0

    def wave(self) -> int:
        """Put what is due on the way; return how many messages."""
        return Tick(self.app.desk).now()

    async def ask(self, chat: int) -> None:
        """Somebody asks how things stand."""
        self.numbers += 1
        self.asked[chat] = self.line.clock.monotonic()
        self.app.inbox.take([_status(self.numbers, chat)])
        await self.app.inbox.sweep(self.app.telegram.process_update, self.app.telegram.bot)

    def answered(self, chat: int) -> None:
        asked = self.asked.pop(chat, None)
        if asked is not None:
            self.waits.append(self.line.clock.monotonic() - asked)

    def most_in_a_second(self) -> int:
        moments = [at for at, _ in self.line.arrivals]
        first, most = 0, 0
        for place, at in enumerate(moments):
            while moments[first] <= at - 1.0:
                first += 1
            most = max(most, place - first + 1)
        return most


@asynccontextmanager
async def on_the_line(desk: Desk, now: datetime, *, real: bool = False) -> AsyncIterator[Bench]:
    """The bot of that desk at that moment; ``real``: time passes by itself from there on."""
    outbox = desk.store.outbox
    clock: Clock = PacedClock(now, lambda: bool(outbox.count("state", RowState.SENDING)))
    if real:
        clock = Running(now)
    desk.clock = clock
    line = Line()
    line.clock = clock
    app = build(desk, CATALOGUE, TOKEN, request=line, draw=words_alone)
    async with app.telegram:
        yield Bench(app, line)


def _status(number: int, chat: int) -> dict[str, Any]:
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1,
            "chat": {"id": chat, "type": "private"},
            "from": {"id": chat, "is_bot": False, "first_name": "某"},
            "text": "/status",
            "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
        },
    }
