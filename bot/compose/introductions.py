"""News and reminders on a candidate's way to the meeting (S8, S9, S18, T6, T8, T13, T18, B4, B5, B7)."""

from __future__ import annotations

from collections.abc import Callable

from bot import path as ways
from bot.compose.presses import Rows
from bot.compose.reading import Reading
from bot.compose.way import (
    OVER,
    Facts,
    Way,
    about_one,
    basics_button,
    opinion_row,
    way_of,
    way_on,
    ways_about,
)
from bot.rules import introduction as rules


def _begun(way: Way) -> Facts:
    found = way.path.introduction
    mentors = way.reading.all_named(ways.people_on(way.path))
    return {"day": found.review, "meeting": found.meeting, "mentors": mentors}


def _to_introducer(reading: Reading) -> Facts:
    found = [way for way in ways_about(reading) if way.own()]
    if not found:
        return None
    store = reading.desk.store
    home = store.people[found[0].student].branch
    return {
        "students": [reading.named(way.student) for way in found],
        "meeting": found[0].path.meeting,
        "no_vote": reading.desk.settings.outside_introducers_do_not_vote
        and reading.reader.branch != home,
    }


def _own_missing(way: Way) -> Facts:
    lacking = rules.candidate_lacks(way.path)
    if way.path.meeting is None or not lacking:
        return None
    return {"meeting": way.path.meeting, "basics": lacking.basics, "mentors": way.open_talks()}


def _ask_candidate(reading: Reading) -> Facts:
    way = way_on(reading, reading.reader.id)
    return None if way is None else _own_missing(way)


def unfinished(reading: Reading) -> list[Way]:
    """Return the ways in the row on which this introducer still has something to do."""
    reader = reading.reader.id
    return [
        way
        for way in ways_about(reading)
        if way.path.meeting and rules.introducer_lacks(way.path, reader)
    ]


def _ask_introducer(reading: Reading) -> Facts:
    found = unfinished(reading)
    if not found:
        return None if reading.row.sent is None else {"kind": "intro_all_set"}
    reader = reading.reader.id
    return {
        "candidates": [way.candidate(rules.introducer_lacks(way.path, reader)) for way in found]
    }


def _shut(reading: Reading) -> Facts:
    """B4: of the candidates in the row, or of the one for whom the gate was tried."""
    tried = "student" in reading.row.args
    found = [way_of(reading)] if tried else ways_about(reading)
    lines = [way.candidate(gate=True) for way in found if way and rules.lacks(way.path)]
    return {"candidates": lines} if lines else None


def _review_due(way: Way) -> Facts:
    is_due = rules.waits_for_review(way.path)
    return {"meeting": way.path.meeting} if is_due else None


def _to_talk_over(way: Way) -> Facts:
    mentor = way.reading.row.args["mentor"]
    refused = any(one.mentor == mentor and one.consent is False for one in way.path.introducers)
    return {} if refused else None


def _meeting_to_candidate(way: Way) -> Facts:
    return {"mentors": way.open_talks()}


def _meeting_to_introducer(reading: Reading) -> Facts:
    reader = reading.reader.id
    own = [rules.introducer_lacks(way.path, reader) for way in ways_about(reading)]
    return {"talks_open": any("intro_talk" in missing for missing in own)}


def _attitude(way: Way) -> Facts:
    waits = any(one.written and one.consent is None for one in way.own())
    return {} if waits else dict(OVER)


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "S8": about_one(_begun),
    "S9": _ask_candidate,
    "S18": about_one(_meeting_to_candidate),
    "T6": _to_introducer,
    "T8": _ask_introducer,
    "T13": about_one(_attitude),
    "T18": _meeting_to_introducer,
    "B4": _shut,
    "B5": about_one(_review_due),
    "B7": about_one(_to_talk_over),
}


def _begun_rows(reading: Reading) -> Rows:
    return basics_button(reading, way_on(reading, reading.reader.id))


def _write_rows(reading: Reading) -> Rows:
    """Return 意见已写 for each candidate whose opinion is to be written, or 愿意 and 暂不."""
    found = unfinished(reading)
    rows: Rows = []
    for way in found:
        who = reading.named(way.student) if len(found) > 1 else None
        rows += [opinion_row(reading, way, one, who) for one in way.own()]
    return [row for row in rows if row]


def _attitude_rows(reading: Reading) -> Rows:
    way = way_of(reading)
    return [] if way is None else [opinion_row(reading, way, one, None) for one in way.own()]


BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "S8": _begun_rows,
    "S9": _begun_rows,
    "T8": _write_rows,
    "T13": _attitude_rows,
}
