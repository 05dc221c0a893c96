"""结对情况: a branch's shortfalls by name for whoever assigns in it, the college's in numbers for the office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bot import college
from bot.actions.assigner import branches_of
from bot.compose.presses import Press, Rows, in_rows, named, page_of, turning
from bot.compose.reading import Reading
from bot.rules.eligibility import Held
from bot.rules.shortfalls import Shortfall, shortfalls, silent
from messages.facts import SHORTFALLS
from storage.records import Branch, BranchId, Person, PersonId, TalkState

PER_PAGE = 10  # branches, a line and a button each
SILENT_TEACHERS = "silent_teachers"


def _found(reading: Reading, branch: Branch) -> dict[str, list[PersonId]]:
    """Return who is on which list of `SHORTFALLS`, by number; lists may be empty."""
    found: dict[str, list[PersonId]] = {key: [] for key in SHORTFALLS}
    for student in college.students(reading.desk.store, branch.id):
        for shortfall in _of(reading, student):
            found[shortfall].append(student.id)
    found[SILENT_TEACHERS] = _silent_teachers(reading, branch)
    return found


def _of(reading: Reading, student: Person) -> tuple[Shortfall, ...]:
    store, today = reading.desk.store, reading.today
    answering = [
        Held(one.role, store.people[one.mentor])
        for one in college.in_charge(store, student, today)
    ]
    days = [
        one.day
        for one in college.all_talks_of(store, student)
        if one.day and one.state is TalkState.CONFIRMED
    ]
    return shortfalls(student, answering, max(days, default=None), today)


def _silent_teachers(reading: Reading, branch: Branch) -> list[PersonId]:
    """Return the teachers of the paired branches who answer for a student here and have talked with none."""
    people = reading.desk.store.people
    found = [one for one in silent(_talks(reading, branch)) if people[one].branch in branch.paired]
    return sorted(found, key=lambda one: people[one].number)


def _talks(reading: Reading, branch: Branch) -> Iterator[tuple[PersonId, TalkState]]:
    store, term = reading.desk.store, reading.term
    if term is None:
        return
    for student in college.students(store, branch.id):
        for pairing in college.in_charge(store, student, reading.today):
            yield pairing.mentor, college.talk_state(store, pairing, term)


def _branch(reading: Reading) -> dict[str, Any]:
    branch = reading.desk.store.branches[BranchId(reading.row.args["branch_id"])]
    found = _found(reading, branch)
    return {
        "count": len(college.students(reading.desk.store, branch.id)),
        "short": {key: reading.all_named(those) for key, those in found.items()},
    }


def _branch_rows(reading: Reading) -> Rows:
    """Return the way to the proposal where somebody lacks a mentor."""
    id = BranchId(reading.row.args["branch_id"])
    found = _found(reading, reading.desk.store.branches[id])
    if not found[Shortfall.NO_MENTOR] + found[Shortfall.FEW_INTRODUCERS]:
        return []
    return [[named(reading, "assign", "assign_branch", {"branch_id": id})]]


def _college(reading: Reading) -> dict[str, Any]:
    shown, page, pages = _page(reading)
    return {
        "overview": [
            (
                one.name,
                len(college.students(reading.desk.store, one.id)),
                {key: len(those) for key, those in _found(reading, one).items()},
            )
            for one in shown
        ],
        "page": page,
        "pages": pages,
    }


def _page(reading: Reading) -> tuple[list[Branch], int, int]:
    """Return the branches on the page that is shown, of those in which the reader assigns."""
    every = branches_of(reading.desk, reading.reader)
    page, pages = page_of(reading, len(every), PER_PAGE)
    return every[(page - 1) * PER_PAGE : page * PER_PAGE], page, pages


def _college_rows(reading: Reading) -> Rows:
    shown, page, pages = _page(reading)
    presses = [Press(one.name, "shortfalls", {"branch_id": one.id}) for one in shown]
    return [*in_rows(presses, per_row=1), *turning(reading, page, pages, "shortfalls_page")]


def door(reading: Reading) -> Rows:
    """Return the button under /status, for whoever assigns."""
    if not branches_of(reading.desk, reading.reader):
        return []
    return [[named(reading, "shortfalls", "shortfalls", {})]]


BUILDERS: dict[str, Callable[[Reading], dict[str, Any] | None]] = {
    "shortfalls_branch": _branch,
    "shortfalls_college": _college,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "shortfalls_branch": _branch_rows,
    "shortfalls_college": _college_rows,
}
