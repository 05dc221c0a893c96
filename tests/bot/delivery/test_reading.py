"""An update whose parts are missing or of the wrong kind is nobody's word: nothing is done, nobody answered."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from bot.delivery.reading import read
from storage.records import InboxState
from tests.bot.delivery import poison
from tests.support.chat import Chat, chatting

Body = dict[str, Any]
ACCOUNT = 1001
GROUP = {"id": -100, "type": "supergroup", "title": "群"}


def message(**parts: Any) -> Body:
    return {"message": poison.words(ACCOUNT, 5)["message"] | parts}


def press(**parts: Any) -> Body:
    return {"callback_query": poison.press(ACCOUNT, 5)["callback_query"] | parts}


def standing(**parts: Any) -> Body:
    return {"my_chat_member": poison.membership(ACCOUNT, 5)["my_chat_member"] | parts}


SPOILT = {
    "a text that is none": message(text=["随便说说"]),
    "a number for a text": message(text=7),
    "no date": message(date=None),
    "a date before Telegram": message(date=-1),
    "a date after everything": message(date=2**40),
    "a truth for a number": message(message_id=True),
    "an account that is a list": message(**{"from": {**poison.person(ACCOUNT), "id": [5]}}),
    "an account that is a group's": message(**{"from": poison.person(-1)}),
    "no account": press(**{"from": None}),
    "a chat of no kind": message(chat={"id": ACCOUNT}),
    "a chat of many kinds": message(chat={"id": ACCOUNT, "type": ["private"]}),
    "an id beyond all ids": message(chat={"id": 2**70, "type": "private"}),
    "an entity before the text": message(entities=[{"type": "bold", "offset": -1, "length": 2}]),
    "an answer to nothing": message(reply_to_message={}),
    "a file without a name": message(document={"file_size": 1}),
    "a press that carries a list": press(data=[5]),
    "a press of no number": press(id=7),
    "a standing of nobody": standing(new_chat_member=None),
    "a standing that nobody gave": standing(**{"from": {**poison.person(ACCOUNT), "id": {}}}),
    "two kinds in one": message() | press(),
}
WHOLE = {
    "words": message(),
    "a command": poison.command(ACCOUNT, 5),
    "an answer in a topic": poison.reply(ACCOUNT, 5),
    "a file": poison.file(ACCOUNT, 5),
    "a group that moves": poison.upgrade(ACCOUNT, 5),
    "a press": press(),
    "a press under a message that is gone": press(
        message={"message_id": 5, "date": 0, "chat": GROUP}
    ),
    "a press under another bot's words": press(message=None, inline_message_id="A"),
    "a standing": standing(),
    "somebody without a name": message(**{"from": {**poison.person(ACCOUNT), "first_name": ""}}),
    "a channel": {
        "message": {
            "message_id": 5,
            "date": 1,
            "chat": GROUP,
            "sender_chat": {"id": -5, "type": "channel", "title": "频道"},
        }
    },
    "what was not asked for": {},
}


@pytest.mark.parametrize("body", WHOLE.values(), ids=WHOLE)
def test_what_telegram_sends_is_read(body: Body) -> None:
    assert read({"update_id": 9, **body}, None).update_id == 9


@pytest.mark.parametrize("body", SPOILT.values(), ids=SPOILT)
def test_what_is_spoilt_is_not_read(body: Body) -> None:
    with pytest.raises(ValidationError):
        read({"update_id": 9, **body}, None)


async def test_whatever_is_spoilt_is_put_aside_at_once_and_nobody_is_answered() -> None:
    async with chatting() as chat:
        for body in SPOILT.values():
            await chat.feed(body)
        assert {row.state for row in chat.desk.store.inbox} == {InboxState.QUARANTINED}
        assert {row.attempts for row in chat.desk.store.inbox} == {0}
        assert not told(chat)
        await chat.feed(message())
        assert told(chat) == {ACCOUNT}


def told(chat: Chat) -> set[int]:
    return {row.chat for row in chat.desk.store.outbox if row.kind != "unhandled"}
