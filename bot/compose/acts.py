"""记录: everything recorded about one student, the latest first: who, for whom, what, when, why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.compose.presses import Rows, page_of, turning
from bot.compose.reading import Reading
from messages.facts import AWAY, ActLine
from storage.records import Away, Deed, Json, PersonId

PER_PAGE = 10
# The days that a record gives to what it is about, a form's last step first.
_DAYS = (
    "day", "archived", "received", "handed_out", "reviewed", "meeting", "basics", "review",
    "written", "advised", "until", "since", "left", "stage_since",
)  # fmt: skip


def _deeds(reading: Reading) -> list[Deed]:
    """Return what was done, the latest first. Who has looked is for the audit alone."""
    about = PersonId(reading.row.args["student"])
    found = reading.desk.store.deeds.where("about", about)
    return [one for one in reversed(found) if not one.what.startswith("read_")]


def _acts(reading: Reading) -> dict[str, Any]:
    found = _deeds(reading)
    page, pages = page_of(reading, len(found), PER_PAGE)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    lines = [_line(reading, one) for one in shown]
    return {"acts": lines, "count": len(found), "page": page, "pages": pages}


def _line(reading: Reading, deed: Deed) -> ActLine:
    before, after = deed.before or {}, deed.after or {}
    name = _dated(before, after)
    return ActLine(
        what=deed.what,
        at=deed.at,
        by=None if deed.by is None else reading.named(deed.by),
        mentor=_mentor(reading, deed),
        was=_day(before, name),
        day=_day(after, name),
        why=_why(deed),
        undone=deed.undone is not None,
        took_back=_taken_back(reading, deed),
    )


def _taken_back(reading: Reading, deed: Deed) -> str:
    """Return what an undoing took back: the last act that left what the undoing found."""
    if deed.what != "undo" or deed.about is None:
        return ""
    done = reversed(reading.desk.store.deeds.where("about", deed.about))
    fits = (one for one in done if one.id < deed.id and one.undone and one.after == deed.before)
    return next((one.what for one in fits), "")


def _why(deed: Deed) -> str:
    """Return the reason in words; of a pause it was one of three."""
    if deed.what == "paused" and deed.why:
        return AWAY[Away(deed.why)]
    return deed.why or ""


def _mentor(reading: Reading, deed: Deed) -> Any:
    """Return the mentor whom it concerns besides the student; None: nobody, or no longer on record."""
    document, pairings = deed.after or deed.before or {}, reading.desk.store.pairings
    pairing = deed.row if deed.table == "pairings" else document.get("pairing")
    found = None if pairing is None else pairings.get(pairing)
    return None if found is None else reading.named(found.mentor)


def _dated(before: Json, after: Json) -> str | None:
    """Return which day it was about: the one that changed, else the one that is there; None: none is."""
    changed = (name for name in _DAYS if before.get(name) != after.get(name))
    present = (name for name in _DAYS if after.get(name))
    return next(changed, None) or next(present, None)


def _day(document: Json, name: str | None) -> date | None:
    found = None if name is None else document.get(name)
    return None if found is None else date.fromisoformat(found)


def _rows(reading: Reading) -> Rows:
    return turning(reading, *page_of(reading, len(_deeds(reading)), PER_PAGE), "acts_page")


BUILDERS: dict[str, Callable[[Reading], dict[str, Any]]] = {"acts": _acts}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {"acts": _rows}
