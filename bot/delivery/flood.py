"""How much one account may say in a minute: what goes beyond it is not taken in at all (X20).

Presses do not count: a pile of forms is ticked faster than anybody types, and each is judged alone.
"""

from __future__ import annotations

from collections import deque
from typing import Any

SECONDS = 60.0
MANY = 5000  # accounts; from here on those who have been silent for a minute are forgotten


class Flood:
    """Counts messages per account by Telegram's own clock, so that no backlog looks like a flood."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: dict[int, deque[tuple[float, int]]] = {}  # when, and which update
        self._refused: dict[int, float] = {}  # by account: the last time

    def is_over(self, update: dict[str, Any], now: float) -> tuple[bool, int | None]:
        """Whether to leave the update out, and whom to tell so: once, until a minute was quiet.

        ``now`` in seconds since the epoch. An update that comes once more counts once.
        """
        message = update.get("message")
        sender = message.get("from") if isinstance(message, dict) else None
        account = sender.get("id") if isinstance(sender, dict) else None
        if not isinstance(message, dict) or not isinstance(account, int):
            return False, None
        said = message.get("date")
        at = min(float(said), now) if type(said) is int else now
        number = update["update_id"]
        taken = self._taken.setdefault(account, deque())
        if any(known == number for _, known in taken):
            return False, None
        while taken and at - taken[0][0] >= SECONDS:
            taken.popleft()
        if len(taken) < self._most:
            taken.append((at, number))
            self._forget_the_silent(at)
            return False, None
        is_told = at - self._refused.get(account, -SECONDS) < SECONDS
        self._refused[account] = at
        return True, None if is_told else account

    def _forget_the_silent(self, at: float) -> None:
        if len(self._taken) <= MANY:
            return
        self._taken = {
            account: taken
            for account, taken in self._taken.items()
            if taken and at - taken[-1][0] < SECONDS
        }
        self._refused = {
            account: last for account, last in self._refused.items() if at - last < SECONDS
        }
