"""How much Telegram takes: its flood limits, counted in sliding windows.

The real limits are unpublished and soft. These are the documented ones made hard: 30 messages in
any second overall, one a second in a chat, 20 in any minute in a group. Edits count overall and in
a group, but not for the one a second of a chat: pressing two buttons quickly is normal.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from telegram.constants import FloodLimit

from bot.rehearsal.botapi.errors import too_many_requests

SECOND = 1.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Messages per window. ``tolerance`` (s) forgives messages the network pushed together."""

    per_second: int = FloodLimit.MESSAGES_PER_SECOND
    per_second_in_chat: int = FloodLimit.MESSAGES_PER_SECOND_PER_CHAT
    per_minute_in_group: int = FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP
    tolerance: float = 0.2


class FloodGate:
    """Admits a message or refuses it with 429. ``seconds`` is a monotonic clock."""

    def __init__(self, limits: Limits, seconds: Callable[[], float]) -> None:
        self._limits = limits
        self._seconds = seconds
        self._passed: dict[tuple[str, int], deque[float]] = defaultdict(deque)

    def admit(self, chat: int, *, group: bool, edit: bool = False) -> None:
        """Count one message to ``chat``.

        Raises `RefusedError` with ``retry_after``; a refused message is not counted.
        """
        limits = self._limits
        windows = [(("overall", 0), limits.per_second, SECOND)]
        if not edit:
            windows.append((("chat", chat), limits.per_second_in_chat, SECOND - limits.tolerance))
        if group:
            windows.append((("group", chat), limits.per_minute_in_group, MINUTE))
        now = self._seconds()
        wait = max(self._wait(key, most, length, now) for key, most, length in windows)
        if wait > 0:
            raise too_many_requests(wait)
        for key, _, _ in windows:
            self._passed[key].append(now)

    def _wait(self, key: tuple[str, int], most: int, length: float, now: float) -> float:
        """Seconds until this window has room; 0 if it has."""
        passed = self._passed[key]
        while passed and now - passed[0] >= length:
            passed.popleft()
        return passed[0] + length - now if len(passed) >= most else 0.0
