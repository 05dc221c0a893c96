"""A line to Telegram with trouble on it, and a journal that stumbles."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData
from typing_extensions import override

from storage.contents import Contents
from storage.errors import StoreClosedForWriting
from storage.journal import MemoryJournal
from storage.live import Changes
from tests.support.chat import Recorder

Answer = tuple[int, bytes]
Call = Callable[[], Awaitable[Answer]]
Fault = Callable[[Call], Awaitable[Answer]]


class Line(Recorder):
    """The kit's recorder; each fault strikes one call. ``arrivals``: the chats written to, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: deque[Fault] = deque()
        self.always: Fault | None = None  # strikes every call
        self.attempts = 0

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,
        **options: Any,
    ) -> Answer:
        if url.endswith("/getMe"):
            return await super().do_request(url, method, request_data, **options)
        self.attempts += 1

        async def call() -> Answer:
            return await super(Line, self).do_request(url, method, request_data, **options)

        fault = self.always or (self.faults.popleft() if self.faults else None)
        return await (fault(call) if fault else call())

    @property
    def arrivals(self) -> list[int]:
        return [given["chat_id"] for name, given in self.calls if name == "sendMessage"]


def refusal(code: int, description: str, **parameters: object) -> Fault:
    """What the server says no with."""

    async def fault(_: Call) -> Answer:
        body = {"ok": False, "error_code": code, "description": description}
        return code, json.dumps(body | ({"parameters": parameters} if parameters else {})).encode()

    return fault


async def unplugged(_: Call) -> Answer:
    """No connection comes about: surely nothing was sent."""
    raise NetworkError("httpx.ConnectError") from httpx.ConnectError("")


async def lost_on_the_way(_: Call) -> Answer:
    """The connection breaks before the request has arrived; nobody can know that."""
    raise NetworkError("httpx.ReadError") from httpx.ReadError("")


async def answer_lost(call: Call) -> Answer:
    """It has arrived, but nobody hears of it."""
    await call()
    raise TimedOut from httpx.ReadTimeout("")


class StumblingJournal(MemoryJournal):
    """Fails the write that ``fails`` counts down to, then refuses all until it is read back."""

    def __init__(self) -> None:
        super().__init__()
        self.fails: int | None = None
        self.unreadable = 0  # times that reading back fails
        self._stopped = False

    @override
    def append(self, changes: Changes) -> int:
        if self.fails is not None:
            self.fails -= 1
        if self.fails == 0:
            self.fails, self._stopped = None, True
        self.require_writable()
        return super().append(changes)

    @override
    def require_writable(self) -> None:
        if self._stopped:
            raise StoreClosedForWriting("写入失败：空间不足")

    @override
    def read_back(self) -> Contents:
        if self.unreadable:
            self.unreadable -= 1
            raise OSError(28, "No space left on device")
        self._stopped = False
        return super().read_back()
