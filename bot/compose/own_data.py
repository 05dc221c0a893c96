"""/mydata: what is kept about a person, as that person turns its pages, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot import college
from bot.actions import trouble
from bot.compose.own_sections import RECORDS, SECTIONS
from bot.compose.presses import Press, Rows, named, page_of, turning
from bot.compose.reading import Reading
from messages.own_facts import Held
from storage.records import Duty, PersonId

PER_PAGE = 20
VIEWS = ("mydata", "mydata_records", "mydata_traces")
# Tables of which the person reads a number, by its fact.
NUMBERS = {
    "from_me": "inbox",
    "failed": "failed_tries",
    **{name: name for name in ("buttons", "questions", "uploads", "denials")},
}


def _keepers(reading: Reading) -> dict[str, Any]:
    """Return by role whoever keeps the rest and answers a request: never the person itself."""
    store, me = reading.desk.store, reading.reader
    answering = trouble.in_charge(reading.desk, me)
    runs = college.is_secretary(store, me) or Duty.OFFICE in me.duties
    is_branch = any(college.is_secretary(store, one) for one in answering)
    return {"keepers": ["secretary" if is_branch or not (answering or runs) else "office"]}


def _person(reading: Reading) -> dict[str, Any]:
    return {
        **SECTIONS["people"](reading),
        **SECTIONS["accounts"](reading),
        **_keepers(reading),
    }


def _all_records(reading: Reading) -> list[Held]:
    return [line for table in RECORDS for line in SECTIONS[table](reading)]


def _records(reading: Reading) -> dict[str, Any]:
    lines = _all_records(reading)
    page, pages = page_of(reading, len(lines), PER_PAGE)
    shown = lines[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {"records": shown, "count": len(lines), "page": page, "pages": pages}


def _traces(reading: Reading) -> dict[str, Any]:
    return {
        **SECTIONS["outbox"](reading),
        **SECTIONS["deeds"](reading),
        **_keepers(reading),
        **{name: SECTIONS[table](reading) for name, table in NUMBERS.items()},
        "inbox_days": reading.desk.settings.keep.inbox_days,
        "message_days": reading.desk.settings.keep.message_days,
    }


def _rows(reading: Reading) -> Rows:
    """Return the pages of this view, the other views, and the two wishes."""
    rows: Rows = []
    if reading.row.kind == "mydata_records":
        page, pages = page_of(reading, len(_all_records(reading)), PER_PAGE)
        rows = turning(reading, page, pages, "mydata_page")
    others = [view for view in VIEWS if view != reading.row.kind]
    rows.append([_view(reading, view) for view in others])
    rows.append([named(reading, name, name, {}) for name in ("data_correct", "data_erase")])
    return rows


def _view(reading: Reading, view: str) -> Press:
    return named(reading, f"view_{view}", "mydata_page", {"kind": view, "page": 1})


def _request(reading: Reading) -> dict[str, Any]:
    found = reading.desk.store.requests[reading.row.args["request"]]
    return {
        "student": reading.named(PersonId(found.person)),
        "wish": found.wish,
        "said": found.text,
        "day": found.at.date(),
        "granted": found.granted,
        "reply": found.reply,
    }


def _answers(reading: Reading) -> Rows:
    found = reading.desk.store.requests[reading.row.args["request"]]
    if found.answered is not None:
        return []
    args = {"request": found.id}
    return [[named(reading, name, name, args) for name in ("data_done", "data_refuse")]]


BUILDERS: dict[str, Callable[[Reading], dict[str, Any] | None]] = {
    "mydata": _person,
    "mydata_records": _records,
    "mydata_traces": _traces,
    **dict.fromkeys(("data_ask", "data_sent", "data_asked"), _keepers),
    "data_request": _request,
    "data_done": lambda reading: _request(reading) | _keepers(reading),
    "data_refused": _request,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    **dict.fromkeys(VIEWS, _rows),
    "data_request": _answers,
}
