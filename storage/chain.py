"""The chain of the audit: each deed carries a hash over itself and over the one before it.

The hash covers who, what, whom, when and which record; of the documents and the reason it covers a
digest only. So a recorded purge can take these out and leave their digest (``blanked``) behind: the
chain holds, and nothing that was said of the person is left. ``undone`` alone stands outside: that
something was taken back is a deed of its own.

A change by somebody who does not compute the whole chain anew is found and named; one by somebody
who does is found against a backup that lies elsewhere (`head`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

PURGED = "purged"  # the deed of a purge; its document names the deeds that it blanked
COVERED = ("at", "by", "what", "about", "table", "row", "batch")
PERSONAL = ("before", "after", "why")

Document = Mapping[str, Any]


def digest(deed: Document) -> str:
    """Of what a purge may take out; once it has, what it left in its place."""
    blanked: str = deed.get("blanked", "")
    return blanked or _hash([deed.get(name) for name in PERSONAL])


def link(before: str, id: int, deed: Document) -> str:
    """The hash that a deed carries whose predecessor carries ``before`` (the first: "")."""
    return _hash([before, id, *(deed.get(name) for name in COVERED), digest(deed)])


def head(deeds: Mapping[str, Document]) -> tuple[int, str]:
    """The number of the last deed and the hash that it carries; (0, "") where there is none."""
    last = max(map(int, deeds), default=0)
    return (last, deeds[str(last)].get("link", "")) if last else (0, "")


def faults(deeds: Mapping[str, Document]) -> Iterator[str]:
    """What does not agree, in words, by number; nothing where all does."""
    purged = {id for deed in deeds.values() for id in _named(deed)}
    before = ""
    for id in sorted(map(int, deeds)):
        deed = deeds[str(id)]
        if deed.get("link") != link(before, id, deed):
            yield f"第 {id} 条被改动，或它前面有记录被删去"
        if deed.get("blanked"):
            if any(deed.get(name) is not None for name in PERSONAL):
                yield f"第 {id} 条清除之后又被填写"
            if id not in purged:
                yield f"第 {id} 条被清空，但没有清除的记录"
        before = deed.get("link", "")


def chained(deeds: Mapping[str, Document]) -> dict[str, dict[str, Any]]:
    """The deeds of a time before the chain, linked in their order."""
    before, linked = "", {}
    for id in sorted(map(int, deeds)):
        before = link(before, id, deeds[str(id)])
        linked[str(id)] = {**deeds[str(id)], "link": before}
    return linked


def _named(deed: Document) -> list[int]:
    after = deed.get("after")
    return after["deeds"] if deed.get("what") == PURGED and after else []


def _hash(parts: list[Any]) -> str:
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
