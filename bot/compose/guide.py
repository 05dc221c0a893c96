"""The pages of /guide: their facts, and the buttons that turn from one to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot import college
from bot.actions.guide import pages
from bot.actions.opinion import may_check
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from messages import render
from storage.records import Duty

SHOWN = 40  # lines of the branch map on one message


def _ask(reading: Reading) -> dict[str, Any]:
    in_charge = college.in_charge(reading.desk.store, reading.reader, reading.today)
    return {
        "mentors": reading.all_named(pairing.mentor for pairing in in_charge),
        "class_name": reading.reader.class_name,
    }


def _branches(reading: Reading) -> dict[str, Any]:
    """Return the branch map as far as it is the reader's: the own branch's row, the office all (R8)."""
    store, reader = reading.desk.store, reading.reader
    is_office = Duty.OFFICE in reader.duties
    shown = college.student_branches(store) if is_office else [store.branches[reader.branch]]
    pairs = [
        (one.name, [other.name for other in college.paired_with(store, one)]) for one in shown
    ]
    return {"pairs": pairs[:SHOWN], "more": len(pairs[SHOWN:])}


BUILDERS: dict[str, Callable[[Reading], dict[str, Any] | None]] = {
    "guide_ask": _ask,
    "guide_branches": _branches,
}


def _page_rows(reading: Reading) -> Rows:
    """Return a button per page, always in the same place, ✓ on the one that is open; then the check."""
    rows = in_rows([_page(reading, page) for page in pages(reading.desk, reading.reader)])
    if may_check(reading.desk, reading.reader):
        rows.append([named(reading, "check_opinion", "check_opinion", {})])
    return rows


def _page(reading: Reading, page: str) -> Press:
    words = render.label(reading.catalogue, page, ticked=page == reading.row.kind)
    return Press(words, "guide_page", {"page": page})


BUTTONS: dict[str, Callable[[Reading], Rows]] = dict.fromkeys(
    (
        "guide_ask",
        "guide_contact",
        "guide_introducer",
        "guide_weeks",
        "guide_branches",
        "guide_writing",
        "guide_concrete",
        "guide_samples",
    ),
    _page_rows,
)
