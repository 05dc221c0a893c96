"""Formatted text: Telegram's HTML into plain text and entities, and what the server finds itself.

Offsets and lengths are UTF-16 code units, as the Bot API counts them. Stricter than the real
server where that one quietly repairs: a bare ``&``, an unknown attribute and forbidden nesting
are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Never

from telegram.constants import MessageLimit

from bot.rehearsal.botapi.errors import bad_request
from bot.rehearsal.botapi.model import Json

TOKEN = re.compile(r"<[^<>]*>|<|&#?\w*;|&|[^<&]+")
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:=\"[^\"]*\"|='[^']*')?)*)\s*>")
ATTRIBUTE = re.compile(r"([\w-]+)(?:=(?:\"([^\"]*)\"|'([^']*)'))?")
NUMBER = re.compile(r"#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SIMPLE = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "tg-spoiler": "spoiler", "pre": "pre", "code": "code", "blockquote": "blockquote",
}  # fmt: skip
MONOSPACED = {"pre", "code"}
LINK = re.compile(r"(?:https?|tg|mailto|tel):\S+", re.IGNORECASE)
DETECTED = {
    "bot_command": re.compile(
        r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])"
    ),
    "mention": re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}\b"),
    "url": re.compile(r"https?://[^\s<>]+"),
}


@dataclass(frozen=True, slots=True)
class Formatted:
    """Plain text and its entities, ordered by offset, outer ones first."""

    text: str
    entities: list[Json]


def utf16_length(text: str) -> int:
    """UTF-16 code units in ``text``; a lone surrogate counts one."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def detected(text: str) -> list[Json]:
    """The entities the server finds by itself: commands, mentions, links."""
    found = [
        {"type": kind, "offset": utf16_length(text[: m.start()]), "length": utf16_length(m[0])}
        for kind, pattern in DETECTED.items()
        for m in pattern.finditer(text)
    ]
    return sorted(found, key=lambda entity: int(str(entity["offset"])))


def formatted(source: str, parse_mode: str | None) -> Formatted:
    """``source`` as it will be shown: parsed, cleaned and trimmed, and refused if HTML is faulty.

    The only parse mode spoken is HTML. More than 100 entities are refused: the real server would
    ignore the rest. Length is not judged here.
    """
    if parse_mode not in (None, "", "HTML", "html"):
        raise bad_request("unsupported parse_mode")
    try:
        source.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    source = source.replace("\r", "").replace("\0", "")
    parsed = _HtmlReader(source).read() if parse_mode else Formatted(source, [])
    text, marks = _trimmed(parsed)
    own = [e for e in detected(text) if not any(_overlap(e, mark) for mark in marks)]
    entities = sorted(marks + own, key=lambda e: (e["offset"], -e["length"]))
    if len(entities) > MessageLimit.MESSAGE_ENTITIES:
        raise bad_request("too many entities in the message")
    return Formatted(text, entities)


def _overlap(one: Json, other: Json) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )


def _trimmed(parsed: Formatted) -> tuple[str, list[Json]]:
    """Without white space at both ends; entities move along, and vanish where nothing is left."""
    text = parsed.text.strip()
    lead = utf16_length(parsed.text[: len(parsed.text) - len(parsed.text.lstrip())])
    total = utf16_length(text)
    kept = []
    for entity in parsed.entities:
        start = max(0, entity["offset"] - lead)
        end = min(total, entity["offset"] + entity["length"] - lead)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    mark: Json


class _HtmlReader:
    """One pass over the source. Byte offsets in its complaints are those of the UTF-8 source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._pieces: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Json] = []
        self._at = 0

    def read(self) -> Formatted:
        for match in TOKEN.finditer(self._source):
            self._at = match.start()
            token = match[0]
            if token.startswith("<"):
                self._tag(token)
            else:
                piece = self._reference(token) if token.startswith("&") else token
                self._pieces.append(piece)
                self._length += utf16_length(piece)
        if self._open:
            last = self._open[-1].tag
            raise bad_request(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{last}\""
            )
        return Formatted("".join(self._pieces), self._entities)

    def _fail(self, complaint: str, rest: str = "") -> Never:
        offset = len(self._source[: self._at].encode())
        raise bad_request(f"can't parse entities: {complaint} at byte offset {offset}{rest}")

    def _reference(self, token: str) -> str:
        name = token[1:-1]
        if token.endswith(";") and name in NAMED:
            return NAMED[name]
        number = NUMBER.fullmatch(name) if token.endswith(";") else None
        code = int(number[1], 16) if number and number[1] else int(number[2]) if number else 0
        if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            self._fail(f'Unescaped "&" or unknown entity "{token}"')
        return chr(code)

    def _tag(self, token: str) -> None:
        match = TAG.fullmatch(token)
        if match is None and len(token) == 1:
            self._fail("Unclosed start tag")
        if match is None:
            self._fail(f'Unsupported start tag "{token[1:-1].split(" ")[0]}"')
        closing, name, rest = match[1], match[2].lower(), match[3]
        if closing:
            self._close(name)
        else:
            given = {m[1]: m[2] if m[2] is not None else m[3] for m in ATTRIBUTE.finditer(rest)}
            self._begin(name, given)

    def _begin(self, name: str, given: dict[str, str | None]) -> None:
        inside = [entry.tag for entry in self._open]
        language = name == "code" and inside[-1:] == ["pre"]
        if MONOSPACED & set(inside) and not language:
            self._fail(f'Tag "{name}" can\'t be nested in "{inside[-1]}"')
        if name in ("blockquote", "a") and name in inside:
            self._fail(f'Tag "{name}" can\'t be nested in itself')
        self._open.append(_Open(name, self._length, self._mark(name, given, language=language)))

    def _mark(self, name: str, given: dict[str, str | None], *, language: bool) -> Json:
        """The entity that a start tag begins. Refuses unknown tags and attributes."""
        match name, given:
            case "a", {"href": str(url), **others} if not others and LINK.fullmatch(url):
                return {"type": "text_link", "url": url}
            case "span", {"class": "tg-spoiler", **others} if not others:
                return {"type": "spoiler"}
            case "tg-emoji", {"emoji-id": str(emoji), **others} if not others and emoji.isdigit():
                return {"type": "custom_emoji", "custom_emoji_id": emoji}
            case "blockquote", {"expandable": None, **others} if not others:
                return {"type": "expandable_blockquote"}
            case "code", {"class": str(kind), **others} if (
                language and not others and kind.startswith("language-")
            ):
                self._open[-1].mark["language"] = kind.removeprefix("language-")
                return {}
            case _ if name in SIMPLE and not given:
                return {} if language else {"type": SIMPLE[name]}
            case _:
                known = name in SIMPLE or name in ("a", "span", "tg-emoji")
                what = "Wrong attributes of" if known else "Unsupported"
                return self._fail(f'{what} start tag "{name}"')

    def _close(self, name: str) -> None:
        if not self._open:
            self._fail("Unexpected end tag")
        last = self._open.pop()
        if last.tag != name:
            self._fail("Unmatched end tag", f', expected "</{last.tag}>", found "</{name}>"')
        if last.mark:
            span = {"offset": last.offset, "length": self._length - last.offset}
            self._entities.append(last.mark | span)
