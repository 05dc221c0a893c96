"""How long a text may be on Telegram, as it counts: in UTF-16 units, once the HTML is read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

# The Bot API takes 4096 and 1024; the rest is for the mark of a second copy.
MESSAGE_UNITS = 4090  # sendMessage
CAPTION_UNITS = 1000  # sendPhoto
ALERT_UNITS = 200  # Bot API, answerCallbackQuery

_TAG = re.compile(r"<[^<>]*>")


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def plain(text: str) -> str:
    """The words a person reads of an HTML text."""
    return html.unescape(_TAG.sub("", text))


def paginate(lines: Iterable[str], limit: int = MESSAGE_UNITS) -> list[str]:
    """The lines as pages of at most ``limit`` units, whole lines each; no lines: no page.

    Raises ValueError for a line that no page can hold.
    """
    pages: list[list[str]] = []
    room = -1
    for line in lines:
        length = utf16_length(plain(line))
        if length > limit:
            raise ValueError(f"a line of {length} units does not fit {limit}")
        if length + 1 > room:
            pages.append([])
            room = limit + 1
        pages[-1].append(line)
        room -= length + 1
    return ["\n".join(page) for page in pages]
