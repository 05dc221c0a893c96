"""A full disk under the whole bot: Telegram keeps what cannot be written, and nobody waits for ever (F7)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.delivery import mending
from storage.records import Deed
from storage.store import Store, StoreClosedForWriting
from tests.support.chat import Chat, chatting
from tests.support.small_disk import fill, small_disk

PEOPLE = 30


def asks(chat: Chat, number: int) -> dict[str, Any]:
    """A stranger's question, as Telegram hands it over."""
    account = 7000 + number
    return {
        "update_id": 900 + number,
        "message": {
            "message_id": number,
            "date": int(chat.clock.now().timestamp()),
            "chat": {"id": account, "type": "private"},
            "from": {"id": account, "is_bot": False, "first_name": "某"},
            "text": "/help",
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        },
    }


def use_up_the_room(store: Store, chat: Chat) -> None:
    """Until the journal has no room left that it had made ahead."""
    with suppress(StoreClosedForWriting):
        while True:
            with store.transaction():
                store.deeds.add(Deed(at=chat.desk.now(), by=None, what="claim", why="字" * 900))


async def test_what_a_full_disk_does_not_take_is_answered_once_there_is_space(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        store = Store.open(disk / "store")
        async with chatting(store=store) as chat:
            filler = fill(disk)
            taken_before = asks(chat, 0)
            chat.app.inbox.take([taken_before])
            use_up_the_room(store, chat)
            handle, bot = chat.app.telegram.process_update, chat.app.telegram.bot
            updates = [asks(chat, number) for number in range(1, PEOPLE + 1)]
            for update in updates:
                with pytest.raises(StoreClosedForWriting):  # so Telegram is not told that it came
                    chat.app.inbox.take([update])
                assert await chat.app.inbox.sweep(handle, bot) == mending.SECONDS
                assert not store.inbox.where("update", update["update_id"])
            assert not chat.recorder.shown
            filler.unlink()
            await chat.settle()
            chat.app.inbox.take(updates)
            await chat.settle()
            for number in range(PEOPLE + 1):
                assert len(chat.in_chat(7000 + number)) == 1
        store.close()
        assert len(Store.read(disk / "store").inbox) == PEOPLE + 1
