"""What exists in the made-up Telegram, and what passed between it and our bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal

from bot.rehearsal.botapi.errors import bad_request, forbidden
from bot.rehearsal.botapi.faults import Fault, Program
from bot.rehearsal.botapi.limits import FloodGate, Limits
from bot.rehearsal.botapi.model import (
    Chat,
    Exchange,
    File,
    Json,
    Message,
    Query,
    User,
    message_json,
)
from bot.rehearsal.botapi.updates import Bell, UpdateQueue


class State:
    """Users, chats and messages around one bot.

    ``now`` gives aware moments for message dates and the age of pressed buttons; ``seconds`` is
    the monotonic clock of the flood limits. ``log`` holds what was accepted, ``refused`` what was
    not; getUpdates is in neither.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        token: str = "4242:rehearsal",  # noqa: S107 -- opens nothing but this stand-in
        username: str = "yinlu_bot",
        first_name: str = "引路",
        limits: Limits | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.now = now
        self.token = token
        bot_id = int(token.split(":")[0])
        self.bot = User(id=bot_id, first_name=first_name, username=username, is_bot=True)
        self.users: dict[int, User] = {bot_id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.commands: dict[str, list[Json]] = {}  # scope and language as JSON text → menu
        self.profile: dict[str, str] = {}  # name, description, short_description
        self.gate = FloodGate(limits or Limits(), seconds)
        self.log: list[Exchange] = []
        self.refused: list[Exchange] = []
        self.fault: Fault | Program | None = None
        self._bell = Bell()
        self.updates = UpdateQueue(self._bell)
        self._listeners: list[Callable[[Exchange], None]] = []
        self._last_ids: dict[int, int] = {}
        self._under_way = 0
        self._last_request = float("-inf")

    # What there is

    def chat(self, chat_id: int) -> Chat:
        """The chat. Raises KeyError if there is none."""
        return self.chats[chat_id]

    def messages(self, chat_id: int) -> list[Message]:
        """Messages still visible in a chat, oldest first; none if there is no such chat."""
        chat = self.chats.get(chat_id)
        return list(chat.messages.values()) if chat else []

    def writable(self, chat_id: int | str) -> Chat:
        """The chat if our bot may write to it, else `RefusedError` with Telegram's reason."""
        if isinstance(chat_id, str):
            raise bad_request("chat not found")
        user, chat = self.users.get(chat_id), self.chats.get(chat_id)
        if user is not None and user.is_bot:
            raise forbidden("bots can't send messages to bots")
        if user is not None and chat is None:
            raise forbidden("bot can't initiate conversation with a user")
        if chat is None:
            raise bad_request("chat not found")
        if user is not None and user.deactivated:
            raise forbidden("user is deactivated")
        if user is not None and user.blocked:
            raise forbidden("bot was blocked by the user")
        if chat.moved_to is not None:
            reason = "group chat was upgraded to a supergroup chat"
            raise bad_request(reason, migrate_to_chat_id=chat.moved_to)
        if chat.is_group and not chat.bot_present:
            was = "was kicked from" if chat.bot_status == "kicked" else "is not a member of"
            raise forbidden(f"bot {was} the {chat.kind} chat")
        return chat

    def as_json(self, message: Message) -> Json:
        """The message on the wire."""
        return message_json(message, self.chats[message.chat], self.users)

    # What is written down

    def post(self, chat: Chat, sender: int, **fields: Any) -> Message:
        """Add a message to ``chat``. Supergroups number their own, other chats share numbers."""
        counter = chat.id if chat.kind == "supergroup" else 0
        self._last_ids[counter] = self._last_ids.get(counter, 0) + 1
        message = Message(
            id=self._last_ids[counter], chat=chat.id, sender=sender, date=self.now(), **fields
        )
        chat.messages[message.id] = message
        return message

    def keep(
        self,
        content: bytes,
        name: str,
        *,
        kind: Literal["document", "photo"] = "document",
        size: tuple[int, int] = (0, 0),
    ) -> File:
        """Store a file so that it can be sent, and downloaded by getFile's path."""
        number = len(self.files) + 1
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        path = f"{kind}s/file_{number}.{suffix}"
        file = File(
            id=f"file{number}", name=name, path=path, content=content, kind=kind, size=size
        )
        self.files[file.id] = file
        return file

    def record(self, exchange: Exchange) -> None:
        """Write an exchange down and tell the listeners of an accepted one."""
        if exchange.error is not None:
            self.refused.append(exchange)
            return
        self.log.append(exchange)
        for listener in tuple(self._listeners):
            listener(exchange)

    def listen(self, listener: Callable[[Exchange], None]) -> Callable[[], None]:
        """Call ``listener`` with every accepted exchange, at once; the result ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    # Traffic

    @contextmanager
    def request(self) -> Iterator[None]:
        """Marks a request as under way, for `quiet`."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._last_request = asyncio.get_running_loop().time()
            self._bell.ring()

    async def quiet(self, seconds: float) -> None:
        """Return once every update is confirmed and no request came for ``seconds`` (real ones).

        Waiting polls do not count as requests. It waits for ever on a bot that never polls: give
        it a time-out.
        """
        clock = asyncio.get_running_loop().time
        since = clock()
        while True:
            if self.updates.pending or self._under_way:
                await self._bell.heard()
                since = clock()
                continue
            left = max(since, self._last_request) + seconds - clock()
            if left <= 0:
                return
            await self._bell.heard(left)

    def struck(self, method: str) -> Fault | None:
        """The fault that strikes this request, if any."""
        return self.fault.strike(method) if self.fault else None
