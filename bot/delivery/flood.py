"""How much one account may say and press in a minute: what goes beyond it is not taken in at all (X20)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

SECONDS = 60.0
MANY = 5000  # accounts; from here on those who have been silent for a minute are forgotten
# What an account reads, once, when there is too much of it. To move the bot about is no talk with it.
NOTICES = {"message": "flooded", "callback_query": "pressed_too_often", "my_chat_member": None}


@dataclass(frozen=True, slots=True)
class Notice:
    """Whom to tell what; ``is_private``: it came from the account's own chat with the bot.

    ``press``: the query of a press, over which it is read; nobody else sees it there, whatever the chat.
    """

    account: int
    kind: str
    is_private: bool
    press: str | None = None


class Flood:
    """Counts by account, messages apart from all else: piles are ticked faster than anybody types.

    Messages count by Telegram's own clock, so that no backlog looks like a flood; presses bear no time.
    """

    def __init__(self, messages: int, presses: int) -> None:
        self._messages = messages
        self._presses = presses
        # By account, and whether they are messages: when, and which update; and the last refusal.
        self._taken: dict[tuple[int, bool], deque[tuple[float, int]]] = {}
        self._refused: dict[tuple[int, bool], float] = {}

    def is_over(self, update: dict[str, Any], now: float) -> tuple[bool, Notice | None]:
        """Whether to leave the update out, and whom to tell so: once, until a minute was quiet.

        ``now`` in seconds since the epoch. An update that comes once more counts once.
        """
        name = next((kind for kind in NOTICES if isinstance(update.get(kind), dict)), None)
        if name is None:
            return False, None
        body = update[name]
        account, is_message = _id(body.get("from")), name == "message"
        if account is None:
            return False, None
        said = body.get("date") if is_message else None
        at = min(float(said), now) if type(said) is int else now
        if self._is_room((account, is_message), at, update["update_id"]):
            return False, None
        is_told = at - self._refused.get((account, is_message), -SECONDS) < SECONDS
        self._refused[account, is_message] = at
        notice = NOTICES[name]
        press = None if is_message else _query_of(body)
        if is_told or notice is None or not (is_message or press):
            return True, None
        return True, Notice(account, notice, _chat_of(body) == account, press)

    def was_not_told(self, notice: Notice) -> None:
        """Tell that account again the next time: what said so to it was not kept."""
        self._refused.pop((notice.account, notice.press is None), None)

    def _is_room(self, key: tuple[int, bool], at: float, number: int) -> bool:
        """Count the update if it may still be taken."""
        taken = self._taken.setdefault(key, deque())
        if any(known == number for _, known in taken):
            return True
        while taken and at - taken[0][0] >= SECONDS:
            taken.popleft()
        _, is_message = key
        if len(taken) >= (self._messages if is_message else self._presses):
            return False
        taken.append((at, number))
        self._forget_the_silent(at)
        return True

    def _forget_the_silent(self, at: float) -> None:
        if len(self._taken) <= MANY:
            return
        self._taken = {
            key: taken
            for key, taken in self._taken.items()
            if taken and at - taken[-1][0] < SECONDS
        }
        self._refused = {key: last for key, last in self._refused.items() if at - last < SECONDS}


def _id(part: Any) -> int | None:
    id = part.get("id") if isinstance(part, dict) else None
    return id if isinstance(id, int) else None


def _query_of(body: dict[str, Any]) -> str | None:
    """Return what answers the press; of one that Telegram would not send, None."""
    query = body.get("id")
    return query if isinstance(query, str) and query.isascii() else None


def _chat_of(body: dict[str, Any]) -> int | None:
    """Return the chat of a message, or of that whose button was pressed."""
    shown = body.get("message")
    return _id((shown if isinstance(shown, dict) else body).get("chat"))
