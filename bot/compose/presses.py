"""Which button does what: its words come from the catalogue, its action and arguments from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.compose.reading import Reading
from messages import render

# Buttons that say when: one action, so many days ago.
DAYS = {"today": 0, "yesterday": 1, "day_before": 2}
PAGE = 60  # names on one message
MOST = 100  # buttons on one message (Telegram; with more it takes none of it)
PER_ROW = 2


@dataclass(frozen=True, slots=True)
class Press:
    """One button before it has its token."""

    label: str
    action: str
    args: dict[str, Any]


Rows = list[list[Press]]


def standing(reading: Reading, names: Iterable[Iterable[str]]) -> Rows:
    """Return the buttons that stand in the message's text file; each carries the row's arguments."""
    return [[_standing(reading, name) for name in row] for row in names]


def _standing(reading: Reading, name: str) -> Press:
    words = render.label(reading.catalogue, name)
    args = {key: value for key, value in reading.row.args.items() if key != "until"}
    if name in DAYS:
        return Press(words, "day", {**args, "ago": DAYS[name]})
    return Press(words, name, args)


def named(
    reading: Reading, name: str, action: str, args: dict[str, Any], who: Any = None
) -> Press:
    """Return a button with the catalogue's words, and the name where several are listed."""
    return Press(render.label(reading.catalogue, name, who), action, args)


def in_rows(presses: list[Press], per_row: int = PER_ROW) -> Rows:
    return [presses[start : start + per_row] for start in range(0, len(presses), per_row)]


def within(rows: Rows) -> Rows:
    """Return the rows that one message may have: of more the end of the list gives way, the last row stays.

    What gave way comes up when those before it are answered.
    """
    room = MOST - len(rows[-1]) if rows else 0
    kept: Rows = []
    for row in rows[:-1]:
        room -= len(row)
        if room < 0:
            break
        kept.append(row)
    return [*kept, *rows[-1:]]


def paged(
    reading: Reading,
    presses: list[Press],
    page: int,
    *,
    per_page: int = PAGE,
    per_row: int = PER_ROW,
    turn: str = "turn",
) -> tuple[Rows, int, int]:
    """Return one page of names with the way to its neighbours; page and pages count from 1."""
    pages = max(1, -(-len(presses) // per_page))
    page = min(max(page, 1), pages)
    rows = in_rows(presses[(page - 1) * per_page : page * per_page], per_row)
    return [*rows, *turning(reading, page, pages, turn)], page, pages


def page_of(reading: Reading, count: int, per_page: int = PAGE) -> tuple[int, int]:
    """Return which page of so many things the row shows, and how many pages there are."""
    pages = max(1, -(-count // per_page))
    return min(max(reading.row.args.get("page", 1), 1), pages), pages


def turning(reading: Reading, page: int, pages: int, turn: str = "turn") -> Rows:
    """Return the row that leads to the neighbours of a page; none where there are none."""
    turns = []
    if page > 1:
        turns.append(named(reading, "previous_page", turn, {"page": page - 1}))
    if page < pages:
        turns.append(named(reading, "next_page", turn, {"page": page + 1}))
    return [turns] if turns else []
