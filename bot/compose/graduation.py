"""The list of those who graduate: a button per class and per person, ticked in place."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from bot.actions import departure
from bot.compose.presses import Press, Rows, named, paged
from bot.compose.reading import Reading
from messages import render
from storage.records import BranchId, Person

PER_PAGE = 60


def _leavers(reading: Reading) -> list[Person]:
    branch = reading.desk.store.branches[BranchId(reading.row.args["branch_id"])]
    return departure.leavers(reading.desk, branch, reading.reader)


def _picked(reading: Reading) -> dict[str, Any]:
    picked = reading.row.args["picked"]
    here = [one.id for one in _leavers(reading) if one.id in picked]
    return {"students": reading.all_named(here)}


def _rows(reading: Reading) -> Rows:
    here = _leavers(reading)
    classes = [
        (name, [one.id for one in those])
        for name, those in groupby(here, key=lambda one: one.class_name)
        if name
    ]
    people = [(reading.named(one.id).label, [one.id]) for one in here]
    picked = set(reading.row.args["picked"])
    presses = [
        Press(render.tick(words) if picked.issuperset(ids) else words, "graduate_toggle", tapped)
        for words, ids in (*classes, *people)
        for tapped in ({"tapped": ids},)
    ]
    page = reading.row.args["page"]
    rows, _, _ = paged(reading, presses, page, per_page=PER_PAGE, turn="graduate_page")
    ends = [named(reading, one, one, {}) for one in ("graduate_chosen", "assign_later")]
    return [*rows, ends]


def _branches(reading: Reading) -> Rows:
    branches = reading.desk.store.branches
    return [
        [Press(branches[one].name, "graduate_open", {"branch_id": one})]
        for one in reading.row.args["choices"]
    ]


def _done(reading: Reading) -> dict[str, Any]:
    return {"without_mentor": reading.all_named(reading.row.args["orphans"])}


BUILDERS: dict[str, Callable[[Reading], dict[str, Any] | None]] = {
    "graduate_pick": _picked,
    "graduate_done": _done,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "graduate_pick": _rows,
    "graduate_branches": _branches,
}
