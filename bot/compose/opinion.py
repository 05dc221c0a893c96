"""What the writer of an opinion reads of it: hints by their codes, and whom it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.compose.presses import Press, Rows, in_rows
from bot.compose.reading import Reading
from messages import render
from messages.catalogue import Catalogue

LEVELLED = frozenset({"K5", "K6", "K7"})  # worded by how sure the check is


def hint_text(catalogue: Catalogue, code: str, level: str, found: str = "") -> str:
    """Return a hint's words, without a full stop. ``found``: the placeholder of K9, said only where it was typed."""
    key = f"{code}{level}" if code in LEVELLED else code
    return render.plain(render.render(catalogue, key, {"found": found}).text)


def _hints(reading: Reading) -> dict[str, Any]:
    return {
        "hints": [hint_text(reading.catalogue, *hint) for hint in reading.row.args["hints"]],
    }


def _whom(reading: Reading) -> dict[str, Any]:
    """Return the one who was picked, or None while the question is open."""
    picked = reading.row.args.get("student")
    return {"student": None if picked is None else reading.named(picked)}


BUILDERS: dict[str, Callable[[Reading], dict[str, Any] | None]] = {
    "O3": _hints,
    "opinion_whom": _whom,
}


def _whom_rows(reading: Reading) -> Rows:
    if "student" in reading.row.args:
        return []
    return in_rows(
        [
            Press(reading.named(one).label, "opinion_about", {"student": one})
            for one in reading.row.args["choices"]
        ]
    )


BUTTONS: dict[str, Callable[[Reading], Rows]] = {"opinion_whom": _whom_rows}
