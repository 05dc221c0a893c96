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

from storage.store import StoreError

log = logging.getLogger(__name__)

LONGEST_NUMBER = 20  # digits; Telegram's have at most 52 bits
REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)


class InboxRequest(HTTPXRequest):
    """``take`` commits a batch of raw updates, or raises StoreError or OSError.

    ``refused`` is set once Telegram no longer takes the token: python-telegram-bot then ends its
    polling without a word (reliability F12). ``finished`` counts the calls that came back.
    """

    def __init__(self, take: Callable[[list[dict[str, Any]]], None], **options: Any) -> None:
        super().__init__(**options)
        self._take = take
        self._trouble: str | None = None
        self.finished = 0
        self.refused = asyncio.Event()
        self.recovered: Callable[[], None] = lambda: None  # called when calls come through again

    @override
    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(url, *args, **kwargs)
        self.finished += 1
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
