"""From stage to stage: one step at a time, forwards, on a day that can be (细则 Art. 13, 32)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from bot.rules import probation
from storage.records import Person, Stage

ORDER: Final = tuple(Stage)
NEXT: Final[Mapping[Stage, Stage]] = dict(pairwise(ORDER))
YEAR: Final = 12  # months as activist before somebody is listed as candidate (细则 Art. 13)


class StageVerdict(StrEnum):
    """Whether somebody can have reached a stage on a day. All but OK and EARLY are refused."""

    OK = "ok"
    EARLY = "early"  # a human confirms: the year is not over
    SAME = "same"
    BACK = "back"  # only the office, through the roster
    SKIPPED = "skipped"  # likewise
    FUTURE = "future"
    BEFORE = "before"  # the day lies before that of the present stage


def judge(
    student: Person, to: Stage, day: date, today: date, *, extended: int = 0
) -> StageVerdict:
    """The verdict on reaching ``to`` on ``day``; an unknown day of the present stage bars nothing.

    ``extended``: months by which the 预备期 was extended.
    """
    step = ORDER.index(to) - ORDER.index(student.stage)
    if step != 1:
        if step > 1:
            return StageVerdict.SKIPPED
        return StageVerdict.BACK if step else StageVerdict.SAME
    if day > today:
        return StageVerdict.FUTURE
    if student.stage_since is not None and day < student.stage_since:
        return StageVerdict.BEFORE
    first = earliest(student, extended)
    return StageVerdict.EARLY if first is not None and day < first else StageVerdict.OK


def earliest(student: Person, extended: int = 0) -> date | None:
    """From which day on the next stage is regular; None: no period is kept, or its start is unknown."""
    if student.stage_since is None:
        return None
    if student.stage is Stage.ACTIVIST:
        return probation.add_months(student.stage_since, YEAR)
    if student.stage is Stage.PROBATIONARY:
        return probation.due(student.stage_since, extended)
    return None
