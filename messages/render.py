"""A message's key and the facts become what is said: HTML text and the names of its buttons.

The text is for Telegram's HTML mode; what a fact contains is escaped.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

from markupsafe import escape

from messages.catalogue import Catalogue, Entry
from messages.facts import Named
from messages.filters import NAMES_SHOWN, SHOWN
from messages.lengths import MESSAGE_UNITS, paginate, plain, utf16_length

__all__ = [
    "FactMissingError",
    "Said",
    "TooLongError",
    "join",
    "label",
    "paginate",
    "plain",
    "render",
    "utf16_length",
]

log = logging.getLogger(__name__)

_CUTS = (NAMES_SHOWN, 20, 5, 1)  # names shown per list, fewer until the message fits


class FactMissingError(Exception):
    """A message was composed without a fact that it needs; the text names message and facts."""


class TooLongError(Exception):
    """A message does not fit Telegram even with its lists cut short."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one person reads. ``text`` is HTML; ``buttons`` are rows of the catalogue's labels."""

    body: str
    greeting: str = ""
    signature: str = ""
    buttons: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        return f"{self.greeting}{self.body}{self.signature}"


def render(
    catalogue: Catalogue, kind: str, facts: Mapping[str, Any], *, limit: int = MESSAGE_UNITS
) -> Said:
    """Says message ``kind``. Facts beyond its needs are ignored, so callers may share one set.

    ``limit``: UTF-16 units, where there is less room than for its kind.
    Raises KeyError for an unknown kind, FactMissingError, TooLongError.
    """
    entry = catalogue.entries[kind]
    if lacking := entry.needs - facts.keys():
        raise FactMissingError(f"{kind} needs {', '.join(sorted(lacking))}")
    needed = {name: facts[name] for name in entry.needs}
    limit = min(limit, entry.limit)
    for shown in _CUTS:
        said = _said(entry, {**needed, SHOWN: shown})
        if utf16_length(plain(said.text)) <= limit:
            return said
    raise TooLongError(f"{kind} is over {limit} units")


def _said(entry: Entry, facts: Mapping[str, Any]) -> Said:
    to: Named | None = facts.get("to")
    greeting = f"{escape(to.greeting)}。" if entry.greet and to is not None else ""
    signature = f"——{entry.signature.render(facts)}" if entry.signature else ""
    return Said(_body(entry, facts).strip(), greeting, signature, entry.buttons)


def _body(entry: Entry, facts: Mapping[str, Any]) -> str:
    """Return the text; where the office's fails on what it is given, ours: nobody goes without."""
    if entry.ours is None:
        return entry.body.render(facts)
    try:
        return entry.body.render(facts)
    except Exception as error:  # noqa: BLE001 - a text may fail in any way; the start can't try them all
        log.error("the replaced text of %s fails (%s)", entry.key, type(error).__name__)  # noqa: TRY400 - no facts in a log
        return entry.ours.render(facts)


def join(parts: Sequence[Said]) -> Said:
    """One message of several, a paragraph each: greeted once, signed once where neighbours agree.

    Raises IndexError for no parts: nothing empty is ever sent.
    """
    paragraphs = [
        Said(part.body, signature="" if part.signature == following.signature else part.signature)
        for part, following in pairwise(parts)
    ]
    paragraphs.append(Said(parts[-1].body))
    return Said(
        body="\n\n".join(paragraph.text for paragraph in paragraphs),
        greeting=next((part.greeting for part in parts if part.greeting), ""),
        signature=parts[-1].signature,
        buttons=tuple(chain.from_iterable(part.buttons for part in parts)),
    )


def label(
    catalogue: Catalogue, name: str, who: Named | None = None, *, ticked: bool = False
) -> str:
    """The words on a button (plain text), with the name where several are listed: 属实 李明."""
    words = catalogue.labels[name] if who is None else f"{catalogue.labels[name]} {who.label}"
    return tick(words) if ticked else words


def tick(words: str) -> str:
    """The words of a button that has been pressed."""
    return f"✓ {words}"
