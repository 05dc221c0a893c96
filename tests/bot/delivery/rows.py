"""Rows for the outbox, and how they fare."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from storage.records import Row, RowState
from tests.support.chat import Chat

PLAIN = "not_understood"  # a kind that needs no facts


def put(chat: Chat, who: str | int, kind: str = PLAIN, **changes: Any) -> Row:
    """Put a row on the way, to a person by name or to a chat by its id."""
    person = chat.cast[who] if isinstance(who, str) else None
    place = chat.cast.telegram[who] if isinstance(who, str) else who
    now = chat.clock.now()
    made = Row(kind=kind, chat=place, to=person.id if person else None, due=now, created=now)
    with chat.desk.store.transaction():
        changed = {name: getattr(made, name) for name in made.__slots__} | changes
        return chat.desk.store.outbox.add(Row(**changed))


def state(chat: Chat, row: Row) -> RowState:
    return chat.desk.store.outbox[row.id].state


def reason(chat: Chat, row: Row) -> str | None:
    return chat.desk.store.outbox[row.id].reason


async def minutes_pass(chat: Chat, minutes: float) -> None:
    """Let the dispatcher do what it can for that long."""
    sending = asyncio.ensure_future(chat.app.outbox.run())
    end = chat.clock.now() + timedelta(minutes=minutes)
    while chat.clock.now() < end:
        await asyncio.sleep(0)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
