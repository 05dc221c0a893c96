"""The queue behind getUpdates: numbered updates, kept until a higher offset confirms them."""

from __future__ import annotations

import asyncio

from telegram.constants import PollingLimit, UpdateType

from bot.rehearsal.botapi.errors import RefusedError, bad_request
from bot.rehearsal.botapi.model import Json

LONGEST_POLL = 50  # seconds; Telegram cuts longer ones
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
KINDS = {kind.value for kind in UpdateType}
CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


class Bell:
    """Wakes everyone who waits at the moment it rings."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def heard(self, seconds: float | None = None) -> bool:
        """True if it rang within ``seconds`` (None: wait for ever)."""
        try:
            # Not `wait_for`, which until Python 3.12 forgets that it was called off as it rang.
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        return True


class UpdateQueue:
    """Unconfirmed updates, oldest first. ``bell`` rings at every change and every poll."""

    def __init__(self, bell: Bell, first_id: int = 1) -> None:
        self.bell = bell
        self._next_id = first_id
        self._waiting: list[Json] = []
        self._allowed = KINDS - NOT_BY_DEFAULT
        self.polls = 0  # number of the latest getUpdates; an older one still waiting is terminated

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed, handed out or not."""
        return len(self._waiting)

    def push(self, kind: str, body: Json) -> int | None:
        """Queue an update; its id, or None if the bot did not ask for this kind."""
        if kind not in self._allowed:
            return None
        update_id = self._next_id
        self._next_id += 1
        self._waiting.append({"update_id": update_id, kind: body})
        self.bell.ring()
        return update_id

    def inject(self, body: Json) -> None:
        """Queue whatever that is as one update: what no server should send, and a test must."""
        self._waiting.append({"update_id": self._next_id, **body})
        self._next_id += 1
        self.bell.ring()

    def forget(self) -> None:
        """Drop everything (``drop_pending_updates``)."""
        self._waiting.clear()
        self.bell.ring()

    async def get(
        self,
        offset: int = 0,
        limit: int = PollingLimit.MAX_LIMIT,
        timeout: int = 0,  # noqa: ASYNC109 -- Telegram's own parameter, an answer and not an error
        allowed_updates: list[str] | None = None,
    ) -> list[Json]:
        """Updates from ``offset`` on, at most ``limit``; waits ``timeout`` seconds for the first.

        Everything before ``offset`` is confirmed and gone; a negative one keeps that many newest.
        A second getUpdates ends this one with 409. ``allowed_updates`` stays in force until it is
        given again.
        """
        if not PollingLimit.MIN_LIMIT <= limit <= PollingLimit.MAX_LIMIT or timeout < 0:
            raise bad_request("wrong limit or timeout")
        if allowed_updates is not None:
            self._allow(allowed_updates)
        self._confirm(offset)
        self.polls += 1
        mine = self.polls
        self.bell.ring()
        clock = asyncio.get_running_loop().time
        until = clock() + min(timeout, LONGEST_POLL)
        while not self._waiting and (left := until - clock()) > 0:
            await self.bell.heard(left)
            if self.polls != mine:
                raise RefusedError(409, CONFLICT)
        return self._waiting[:limit]

    def release(self) -> None:
        """End a waiting getUpdates with 409: the server closes."""
        self.polls += 1
        self.bell.ring()

    def _allow(self, allowed: list[str]) -> None:
        if unknown := sorted(set(allowed) - KINDS):
            raise bad_request(f"unknown update type {unknown[0]}")
        self._allowed = set(allowed) or KINDS - NOT_BY_DEFAULT

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._waiting = self._waiting[offset:]
        elif offset:
            self._waiting = [u for u in self._waiting if u["update_id"] >= offset]
