"""One thing looked at by `yinlu doctor`: what it is, how it stands, what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """``facts``: the same for programs, JSON values. ``remedy``: what to do; None: it is in order.

    ``details``: lines below it, of ids and reasons only.
    """

    name: str
    label: str
    stands: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    details: tuple[str, ...] = ()
    remedy: str | None = None


def lasting(seconds: float) -> str:
    """Write a duration in its largest whole unit: 45 秒, 12 分钟, 3 小时, 2 天."""
    for unit, word in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= unit:
            return f"{int(seconds // unit)} {word}"
    return f"{int(seconds)} 秒"


def size(count: float) -> str:
    """Write a number of bytes: 812 B, 3.4 MB, 12.0 GB."""
    for unit in ("B", "KB", "MB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} GB"


RECENT = timedelta(days=7)  # what is older has been seen, or will not be mended any more
