"""The transport of getUpdates: commits each batch, then lets Telegram forget it (DESIGN, decision 4)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest
from typing_extensions import override

from bot.delivery.heartbeat import CONFLICT, Heartbeat
from storage.store import StoreError

log = logging.getLogger(__name__)

LONGEST_NUMBER = 20  # digits; Telegram's have at most 52 bits
REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)
ALARM_SECONDS = 60  # of silence or Conflict
CONFLICT_SECONDS = 600  # with two processes on one token, people's answers go now here, now there


class InboxRequest(HTTPXRequest):
    """``take`` commits a batch of raw updates, or raises StoreError or OSError.

    ``refused`` is set once Telegram no longer takes the token: python-telegram-bot then ends its
    polling without a word (reliability F12). ``outrivalled`` is set once another process has been
    polling with it for ten minutes (F23).
    """

    def __init__(
        self,
        take: Callable[[list[dict[str, Any]]], None],
        heartbeat: Heartbeat,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._take = take
        self._heartbeat = heartbeat
        self._trouble: str | None = None
        self._alarmed: set[str] = set()
        self.refused = asyncio.Event()
        self.recovered: Callable[[], None] = lambda: None  # called when calls come through again
        self.outrivalled = asyncio.Event()

    @override
    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            code, payload = await super().do_request(url, *args, **kwargs)
        except TelegramError as error:
            self._came_back(type(error).__name__)
            raise
        self._came_back(_name_of(code))
        if code in REFUSED:
            if not _is_telegrams(payload):
                raise NetworkError(f"a {code} that is not Telegram's")
            self.refused.set()
        if code != HTTPStatus.OK or not url.endswith("/getUpdates"):
            return code, payload
        hollow = self._hollowed(json.loads(payload, parse_int=_whole_number))
        if self._trouble is not None:
            self._trouble = None
            self.recovered()
        return code, json.dumps(hollow).encode()

    def _hollowed(self, answer: Any) -> dict[str, Any]:
        """Commit the batch; return it with nothing but the numbers that move the offset."""
        updates = answer["result"]
        usable = [
            one for one in updates if isinstance(one, dict) and type(one.get("update_id")) is int
        ]
        if len(usable) < len(updates):
            log.error("%s updates without a number", len(updates) - len(usable))
        if updates and not usable:
            raise NetworkError("nothing that could be confirmed")  # and so: not at once again
        try:
            if usable:
                self._take(usable)
        except (StoreError, OSError) as error:
            raise NetworkError(f"inbox not written: {type(error).__name__}") from error
        return {"ok": True, "result": [{"update_id": one["update_id"]} for one in usable]}

    def _came_back(self, trouble: str | None) -> None:
        """Note it; sound the alarm, once, over what has lasted too long."""
        beat = self._heartbeat
        beat.polled(trouble)
        self._alarm("Telegram has not answered for %.0f s; trying on", beat.silence)
        self._alarm("another process has polled with this token for %.0f s", beat.conflict)
        if beat.conflict >= CONFLICT_SECONDS:
            self.outrivalled.set()

    def _alarm(self, words: str, seconds: float) -> None:
        if seconds < ALARM_SECONDS:
            self._alarmed.discard(words)
        elif words not in self._alarmed:
            self._alarmed.add(words)
            log.error(words, seconds)

    def failed(self, error: TelegramError) -> None:
        """Log what keeps getUpdates from working: once, until it works again."""
        name = type(error).__name__
        if name != self._trouble:
            log.warning("getUpdates: %s; trying on", name)
        self._trouble = name


def _is_telegrams(payload: bytes) -> bool:
    """Whether an answer is Telegram's own, and not the page of something on the way."""
    try:
        return json.loads(payload).get("ok") is False
    except (ValueError, AttributeError):
        return False


def _whole_number(digits: str) -> int | None:
    """Read a number; one that Python would refuse must not take its whole batch along."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else None


def _name_of(code: int) -> str | None:
    """Name what a call failed of, by its status."""
    if code == HTTPStatus.OK:
        return None
    return CONFLICT if code == HTTPStatus.CONFLICT else f"HTTP {code}"
