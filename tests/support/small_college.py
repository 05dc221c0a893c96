"""A few people of the made-up college: small enough to rehearse a whole round with them in seconds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.rehearsal.college import HOUSES, sample
from storage.records import Duty, Stage
from storage.workbook_rows import PersonRow, Roster

HOUSE = HOUSES[1].name
# A round opens after the last stage of its roster. In a year whose holidays nobody knows yet every
# day of a test is the same day, whenever it runs.
LAST_STAGE = date(2041, 2, 22)
KEPT = {Stage.ACTIVIST: 8, Stage.CANDIDATE: 1, Stage.PROBATIONARY: 2, Stage.FULL: 3}


def small_college() -> Roster:
    """One student branch with its secretary and committee member, 11 students, their mentors."""
    whole = sample()
    ours = [one for one in whole.people if one.branch == HOUSE]
    students: list[PersonRow] = []
    for stage, many in KEPT.items():
        students += [one for one in ours if one.stage is stage][:many]
    students[-1] = replace(students[-1], stage_since=LAST_STAGE)
    numbers = {one.number for one in students}
    pairings = tuple(one for one in whole.pairings if one.student in numbers)
    mentors = {one.mentor for one in pairings} - numbers
    people = [one for one in whole.people if one.number in mentors or Duty.OFFICE in one.duties]
    branches = {HOUSE, *(one.branch for one in people)}
    faculty = tuple(
        replace(one, paired=tuple(name for name in one.paired if name in branches))
        for one in whole.branches
        if one.name in branches
    )
    return Roster(branches=faculty, people=(*students, *people), pairings=pairings)
