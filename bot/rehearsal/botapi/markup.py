"""Reply markup: what may stand under a message. Stricter than Telegram on unknown fields."""

from __future__ import annotations

import re
from typing import Any

from telegram.constants import (
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    KeyboardButtonStyle,
    ReplyLimit,
)

from bot.rehearsal.botapi.entities import utf16_length
from bot.rehearsal.botapi.errors import bad_request
from bot.rehearsal.botapi.model import Json

ACTIONS = {"callback_data", "url", "copy_text"}
LOOKS = {"text", "style"}
OTHER_KINDS = {
    "keyboard": {
        "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder",
        "selective",
    },
    "remove_keyboard": {"selective"},
    "force_reply": {"input_field_placeholder", "selective"},
}  # fmt: skip
LINK = re.compile(r"(?:https?://|tg://)\S+")


def checked_markup(markup: Any) -> Json:
    """``markup`` itself if it is in order, else `RefusedError` (400).

    Known are inline keyboards and the three reply kinds.
    """
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        _fields(markup, {"inline_keyboard"}, "reply markup")
        _check_rows(markup["inline_keyboard"])
        return markup
    for kind, optional in OTHER_KINDS.items():
        if kind in markup:
            _fields(markup, {kind} | optional, "reply markup")
            _check_reply_kind(kind, markup)
            return markup
    raise bad_request("unsupported reply markup")


def inline_only(markup: Json | None) -> Json | None:
    """An edited message takes inline keyboards only."""
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _fields(given: Json, known: set[str], what: str) -> None:
    if unknown := sorted(set(given) - known):
        raise bad_request(f"unknown field {unknown[0]} in {what}")


def _check_rows(rows: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("inline keyboard must be an array of arrays of buttons")
    if any(len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in rows):
        raise bad_request("too many buttons in a row of the reply markup")
    if sum(map(len, rows)) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        raise bad_request("reply markup is too long")
    if not all(rows):
        raise bad_request("empty row in the reply markup")
    for row in rows:
        for button in row:
            _check_button(button)


def _check_button(button: Any) -> None:
    """One inline button: a text and exactly one action."""
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: object expected")
    _fields(button, ACTIONS | LOOKS, "inline keyboard button")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    if len(ACTIONS & set(button)) != 1:
        raise bad_request("can't parse inline keyboard button: exactly one action is expected")
    if "style" in button and button["style"] not in list(KeyboardButtonStyle):
        raise bad_request("can't parse inline keyboard button: unknown style")
    _check_action(button)


def _check_action(button: Json) -> None:
    match button:
        case {"callback_data": str(carried)}:
            size = len(carried.encode())
            limit = InlineKeyboardButtonLimit
            if not limit.MIN_CALLBACK_DATA <= size <= limit.MAX_CALLBACK_DATA:
                raise bad_request("BUTTON_DATA_INVALID")
        case {"url": str(url)} if LINK.fullmatch(url):
            pass
        case {"copy_text": {"text": str(text), **others}} if (
            not others and 1 <= utf16_length(text) <= InlineKeyboardButtonLimit.MAX_COPY_TEXT
        ):
            pass
        case {"url": _}:
            raise bad_request("BUTTON_URL_INVALID")
        case _:
            raise bad_request("can't parse inline keyboard button: wrong action")


def _check_reply_kind(kind: str, markup: Json) -> None:
    hint = markup.get("input_field_placeholder", "-")
    most = ReplyLimit.MAX_INPUT_FIELD_PLACEHOLDER
    if not isinstance(hint, str) or not 1 <= utf16_length(hint) <= most:
        raise bad_request("wrong input field placeholder")
    if kind != "keyboard":
        if markup[kind] is not True:
            raise bad_request(f"{kind} must be true")
        return
    rows = markup["keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("keyboard must be an array of arrays of buttons")
    for button in (button for row in rows for button in row):
        text = button.get("text") if isinstance(button, dict) else button
        if not isinstance(text, str) or not text.strip():
            raise bad_request("can't parse keyboard button: text must be non-empty")
