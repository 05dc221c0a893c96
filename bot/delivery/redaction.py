"""What of an update may be written down: secrets and other people's words stay out (DESIGN, decision 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.actions import enrol

LONGEST_KEPT = 60  # characters; a longer text may be a draft opinion, wherever it is said
WITHHELD = "\ufffc"  # stands on disk for a text that is kept in memory only
ASKED_FOR = ("message", "callback_query", "my_chat_member")
# All that is needed of a message which another one answers, or whose button was pressed.
REFERENCE = ("message_id", "date", "chat", "message_thread_id", "is_topic_message")
# All that is needed to fetch a file: its sender's name for it may name people.
FILE = ("file_id", "file_unique_id", "file_size")
# Texts that no handler reads.
UNREAD = ("caption", "caption_entities", "quote", "external_reply", "pinned_message")

Update = dict[str, Any]


def redacted(raw: Update, is_withheld: Callable[[int], bool]) -> tuple[Update, Update]:
    """Return the update as it may be written down, and as it is to be handled; often the same one.

    They differ where a text is withheld: a long one may be a draft opinion; ``is_withheld`` tells of
    which accounts every plain private text is, because it may be the second factor or a short draft.
    """
    update = {"update_id": raw["update_id"]} | {
        kind: _bare(raw[kind]) for kind in ASKED_FOR if kind in raw
    }
    message = _part(update, "message")
    text = message.get("text")
    if not isinstance(text, str) or not _is_withheld(message, text, is_withheld):
        return update, update
    written = {key: value for key, value in message.items() if key != "entities"}
    return update | {"message": {**written, "text": WITHHELD, "length": len(text)}}, update


def _bare(body: Any) -> Any:
    """Return a message or a press without what nobody reads; what is malformed stays as it came."""
    if not isinstance(body, dict):
        return body
    bare = {key: value for key, value in body.items() if key not in UNREAD}
    for other in ("reply_to_message", "message"):
        if isinstance(bare.get(other), dict):
            bare[other] = {key: bare[other][key] for key in REFERENCE if key in bare[other]}
    if isinstance(bare.get("document"), dict):
        bare["document"] = {key: bare["document"][key] for key in FILE if key in bare["document"]}
    if isinstance(bare.get("text"), str):
        bare["text"] = _without_token(bare["text"])
    return bare


def _without_token(text: str) -> str:
    """Return the text with the token of an invite replaced by its hash."""
    command, *rest = text.split(maxsplit=1) or [""]
    if not _is_start(text) or not rest:
        return text
    return f"{command} {enrol.token_hash(rest[0].strip())}"


def _is_start(text: str) -> bool:
    return (text.split(maxsplit=1) or [""])[0].split("@")[0] == "/start"


def _is_withheld(message: Update, text: str, is_withheld: Callable[[int], bool]) -> bool:
    if _is_start(text):
        return False
    if len(text) > LONGEST_KEPT:
        return True
    if _part(message, "chat").get("type") != "private" or text.startswith("/"):
        return False
    sender = _part(message, "from").get("id")
    return not isinstance(sender, int) or is_withheld(sender)


def _part(whole: Update, name: str) -> Update:
    part = whole.get(name)
    return part if isinstance(part, dict) else {}
