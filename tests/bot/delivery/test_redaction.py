"""What of an update is written down: neither tokens nor other people's words nor drafts."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from bot.delivery.redaction import LONGEST_KEPT, WITHHELD, redacted

DRAFT = "该同志" * 30
ENROLLED, STRANGER = 1, 2


def written(raw: dict[str, Any]) -> dict[str, Any]:
    return redacted(raw, lambda telegram: telegram == STRANGER)[0]


def handled(raw: dict[str, Any]) -> dict[str, Any]:
    return redacted(raw, lambda telegram: telegram == STRANGER)[1]


def message(text: str, sender: object = ENROLLED, chat: str = "private", **more: Any) -> Any:
    body = {"message_id": 5, "date": 0, "chat": {"id": 1, "type": chat}, "from": {"id": sender}}
    return {"update_id": 7, "message": body | {"text": text} | more}


@pytest.mark.parametrize("command", ["/start", "/start@yinlu_bot"])
@pytest.mark.parametrize("gap", [" ", "  ", "\n", "\t"])
def test_the_token_of_an_invite_is_written_as_its_hash(command: str, gap: str) -> None:
    token = "AbC-_" * 6
    raw = message(f"{command}{gap}{token}", STRANGER)
    hashed = hashlib.sha256(token.encode()).hexdigest()
    assert written(raw)["message"]["text"] == f"{command} {hashed}"
    assert handled(raw) == written(raw)


@pytest.mark.parametrize(
    "text", ["/start", "/help", "已谈", "/done 张三 李四 9.22", "x" * LONGEST_KEPT]
)
def test_short_words_of_somebody_enrolled_are_written_as_they_are(text: str) -> None:
    assert written(message(text)) == handled(message(text)) == message(text)


@pytest.mark.parametrize("text", [DRAFT, f"/guide {DRAFT}", f"/startled {DRAFT}"])
def test_a_long_private_text_is_kept_in_memory_only(text: str) -> None:
    raw = message(text, entities=[{"type": "bold", "offset": 0, "length": 2}])
    kept = written(raw)["message"]
    assert (kept["text"], kept["length"], "entities" in kept) == (WITHHELD, len(text), False)
    assert handled(raw) == raw


@pytest.mark.parametrize("text", ["0123", "李明"])
def test_any_plain_text_of_a_stranger_may_be_the_second_factor(text: str) -> None:
    assert written(message(text, STRANGER))["message"]["text"] == WITHHELD
    assert handled(message(text, STRANGER))["message"]["text"] == text


def test_a_long_text_in_a_group_may_be_a_draft_too() -> None:
    assert written(message(DRAFT, chat="group"))["message"]["text"] == WITHHELD
    assert handled(message(DRAFT, chat="group"))["message"]["text"] == DRAFT


def test_short_words_of_anybody_in_a_group_are_written_as_they_are() -> None:
    assert written(message("0123", STRANGER, chat="group"))["message"]["text"] == "0123"


def test_the_text_that_is_answered_or_quoted_is_not_written() -> None:
    answered = message("0123")["message"] | {"reply_markup": {}, "is_topic_message": True}
    raw = message("好", reply_to_message=answered, quote={"text": "0123"})
    kept = written(raw)["message"]
    assert kept["reply_to_message"] == {
        "message_id": 5, "date": 0, "chat": {"id": 1, "type": "private"}, "is_topic_message": True,
    }  # fmt: skip
    assert "0123" not in str(handled(raw))


def test_the_message_under_a_pressed_button_is_not_written() -> None:
    press = {"id": "9", "from": {"id": 1}, "data": "abc", "message": message("李明")["message"]}
    kept = written({"update_id": 7, "callback_query": press})["callback_query"]
    assert kept["data"] == "abc"
    assert kept["message"] == {"message_id": 5, "date": 0, "chat": {"id": 1, "type": "private"}}


def test_a_caption_is_not_written() -> None:
    raw = message("", caption=DRAFT, caption_entities=[], document={"file_id": "f"})
    assert DRAFT not in str(written(raw))
    assert written(raw)["message"]["document"] == {"file_id": "f"}


@pytest.mark.parametrize("kind", ["edited_message", "channel_post", "business_message", "poll"])
def test_of_kinds_nobody_asked_for_only_the_number_is_written(kind: str) -> None:
    assert written({"update_id": 7, kind: message(DRAFT)["message"]}) == {"update_id": 7}


@pytest.mark.parametrize(
    "body",
    [None, 5, [], {}, {"text": 5}, {"text": "x", "chat": 5}, {"text": "x", "chat": {"type": []}},
     {"text": "x", "chat": {"type": "private"}, "from": {"id": []}}, {"text": " \n"}],
)  # fmt: skip
def test_what_is_malformed_does_not_stop_the_intake(body: object) -> None:
    assert written({"update_id": 7, "message": body})["update_id"] == 7
