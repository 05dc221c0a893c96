"""Who hears of a step on the way to the meeting, and of one taken back (S8, T6, S18, T18, B7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bot import path as ways
from bot.actions.introduction_cards import follow, secretaries
from bot.actions.say import MENU, tell
from bot.desk import Desk
from bot.rules.introduction import Path
from storage.records import Introduction, Opinion, Pairing, Person, PersonId, Role


def begun(desk: Desk, students: Sequence[Person]) -> None:
    """支部审查会议 is recorded: each candidate reads S8, each introducer one T6 of all own candidates."""
    own: defaultdict[PersonId, list[PersonId]] = defaultdict(list)
    for student in students:
        tell(desk, student.id, "S8", {"student": student.id})
        path = ways.open_path(desk, student.id)
        for mentor in ways.people_on(path) if path else ():
            own[mentor].append(student.id)
    for mentor, candidates in own.items():
        tell(desk, mentor, "T6", {"students": candidates}, about=candidates)
    for student in students:
        _renew_menus(desk, student.id)


def ended(desk: Desk, student: PersonId) -> None:
    """The meeting has decided: nobody is told by us, but /intro leaves the menus."""
    _renew_menus(desk, student)


def joined(desk: Desk, pairings: Iterable[Pairing]) -> None:
    """Somebody becomes introducer on a way that has begun: reads T6, after the question for consent (A20)."""
    for one in pairings:
        if one.role is not Role.INTRODUCER:
            continue
        if ways.open_path(desk, one.student) is not None:
            args = {"students": [one.student]}
            tell(desk, one.mentor, "T6", args, about=[one.student], due=one.asked)
            _renew_menus(desk, one.student)
        follow(desk, one.student)


def _renew_menus(desk: Desk, student: PersonId) -> None:
    """Show /intro to those on the way, and to nobody else."""
    mentors = (one.mentor for one in desk.store.pairings.where("student", student))
    for reader in dict.fromkeys([student, *mentors]):
        tell(desk, reader, MENU)


def meeting_set(desk: Desk, earlier: Sequence[Path]) -> None:
    """The meeting is fixed or moved: everyone on the way reads the new day, an introducer once.

    ``earlier``: the ways as they were.
    """
    own: defaultdict[tuple[PersonId, bool], list[PersonId]] = defaultdict(list)
    for was in earlier:
        path = ways.open_path(desk, was.introduction.student)
        if path is None or path.meeting is None:
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
        if what in {"intro_review", "intro_decision"}:
            _renew_menus(desk, student)
    follow(desk, student)


def _tell_everyone(desk: Desk, earlier: Introduction, kind: str) -> None:
    path = ways.path_of(desk, earlier)
    day = earlier.meeting and earlier.meeting.isoformat()
    for reader in (earlier.student, *ways.people_on(path)):
        tell(desk, reader, kind, {"student": earlier.student, "day": day})
