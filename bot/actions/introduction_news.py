"""Who hears of a step on the way to the meeting, and of one taken back (S8, T6, S18, T18, B7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bot import path as ways
from bot.actions.introduction_cards import follow, secretaries
from bot.actions.say import tell
from bot.desk import Desk
from bot.rules.introduction import Path
from storage.records import Introduction, Opinion, Person, PersonId


def begun(desk: Desk, students: Iterable[Person]) -> None:
    """支部审查会议 is recorded: each candidate reads S8, each introducer one T6 of all own candidates."""
    own: defaultdict[PersonId, list[PersonId]] = defaultdict(list)
    for student in students:
        tell(desk, student.id, "S8", {"student": student.id})
        path = ways.open_path(desk, student.id)
        for mentor in ways.people_on(path) if path else ():
            own[mentor].append(student.id)
    for mentor, candidates in own.items():
        tell(desk, mentor, "T6", {"students": candidates}, about=candidates)


def meeting_set(desk: Desk, earlier: Sequence[Path]) -> None:
    """The meeting is fixed or moved: everyone on the way reads the new day, an introducer once.

    ``earlier``: the ways as they were. Whoever reads of the same day again is not told.
    """
    own: defaultdict[tuple[PersonId, bool], list[PersonId]] = defaultdict(list)
    for was in earlier:
        path = ways.open_path(desk, was.introduction.student)
        if path is None or path.meeting is None or path.meeting == was.meeting:
            continue
        student, moved = path.introduction.student, was.meeting is not None
        args = {"student": student, "moved": moved, "day": path.meeting.isoformat()}
        tell(desk, student, "S18", args)
        for mentor in ways.people_on(path):
            own[mentor, moved].append(student)
    for (mentor, moved), candidates in own.items():
        path = ways.open_path(desk, candidates[0])
        if path and path.meeting:
            args = {"students": candidates, "moved": moved, "day": path.meeting.isoformat()}
            tell(desk, mentor, "T18", args, about=candidates)


def refused(desk: Desk, path: Path, mentor: PersonId) -> None:
    """暂不: only the secretary hears, and not what it is (B7)."""
    student = path.introduction.student
    for secretary in secretaries(desk, student):
        tell(desk, secretary.id, "B7", {"student": student, "mentor": mentor}, about=(student,))


def undone(desk: Desk, earlier: Introduction | Opinion, what: str) -> None:
    """A step has been taken back: cards follow, and whoever was told of it is told."""
    if isinstance(earlier, Opinion):
        student = desk.store.introductions[earlier.introduction].student
        if what == "intro_consent":
            for secretary in secretaries(desk, student):
                tell(desk, secretary.id, "intro_changed", {"student": student}, about=(student,))
    else:
        student = earlier.student
        if what in {"intro_review", "intro_meeting"}:
            _tell_everyone(desk, earlier, f"{what}_taken_back")
    follow(desk, student)


def _tell_everyone(desk: Desk, earlier: Introduction, kind: str) -> None:
    path = ways.path_of(desk, earlier)
    day = earlier.meeting and earlier.meeting.isoformat()
    for reader in (earlier.student, *ways.people_on(path)):
        tell(desk, reader, kind, {"student": earlier.student, "day": day})
