"""A roster judged by the rules: faults and warnings with their place in its sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bot.actions.roster_draft import Draft
from bot.actions.roster_report import SUMMARIES, sentence
from bot.rules.eligibility import (
    Held,
    Reason,
    Verdict,
    counts,
    judge,
    judge_history,
    lacks_teacher,
    unfit,
)
from storage.records import Branch, BranchId, Kind, Person, PersonId, Stage
from storage.workbook_rows import PAIRING_SHEET, PERSON_SHEET, Fault, PairingRow, Roster


class Staying(NamedTuple):
    """A mentor whom a student keeps although the file does not list the pairing; all as after the import."""

    student: Person
    held: Held
    home: Branch


STAYING = "名册没有列出的结对{student}—{mentor}将不合规定（{why}），请先更换或结束，再导入"
OF_THE_STUDENT = frozenset({Reason.TEACHER_AS_STUDENT, Reason.NO_TEACHER})


def judged(
    roster: Roster, draft: Draft, staying: Iterable[Staying]
) -> tuple[list[Fault], list[Fault]]:
    """Faults and warnings, by row.

    ``staying`` are open pairings that the file does not list and that the import would leave open:
    they count (R10, R11), and must still be right. Rows whose people are at fault are passed over.
    """
    held: defaultdict[PersonId, list[Held]] = defaultdict(list)
    homes = {change.after.id: change.after for change in draft.branches.values()}
    students: dict[PersonId, tuple[Person, Branch]] = {}
    for one in staying:
        held[one.student.id].append(one.held)
        students[one.student.id] = one.student, one.home
    faults = [
        _fault_of_staying(student, found.mentor, reason)
        for student, home in students.values()
        for found, reason in unfit(student, held[student.id], home=home)
    ]
    warnings: list[Fault] = []
    first_row: dict[PersonId, tuple[PairingRow, Person]] = {}
    for row in roster.pairings:
        if row.student not in draft.people or row.mentor not in draft.people:
            continue
        student, mentor = (draft.people[number].after for number in (row.student, row.mentor))
        verdict = _verdict(row, student, mentor, homes[student.branch], held[student.id])
        held[student.id].append(Held(row.role, mentor))
        first_row.setdefault(student.id, (row, mentor))
        faults += [_fault(row, r, student, mentor, homes) for r in verdict.refusals]
        warnings += [
            _fault(row, r, student, mentor, homes)
            for r in verdict.warnings
            if r is not Reason.NO_TEACHER  # said below, of all mentors together
        ]
    for row, mentor in first_row.values():
        student = draft.people[row.student].after
        counted = [other.mentor for other in held[student.id] if counts(other.role, student)]
        if lacks_teacher(counted):
            warnings.append(_fault(row, Reason.NO_TEACHER, student, mentor, homes))
    return faults, [*_misplaced(roster, draft, homes), *sorted(warnings, key=_row)]


def _fault_of_staying(student: Person, mentor: Person, reason: Reason) -> Fault:
    text = STAYING.format(student=student.name, mentor=mentor.name, why=SUMMARIES[reason])
    return Fault(PAIRING_SHEET, None, None, None, text)


def _row(fault: Fault) -> int:
    return fault.row or 0


def _verdict(
    row: PairingRow, student: Person, mentor: Person, home: Branch, held: Iterable[Held]
) -> Verdict:
    if not counts(row.role, student):
        return judge_history(student, mentor)
    return judge(student, mentor, row.role, home=home, held=held)


def _fault(
    row: PairingRow,
    reason: Reason,
    student: Person,
    mentor: Person,
    homes: Mapping[BranchId, Branch],
) -> Fault:
    home = homes[student.branch]
    text = sentence(
        reason,
        student=student,
        mentor=mentor,
        home=home,
        mentor_home=homes[mentor.branch],
        paired=tuple(homes[id].name for id in home.paired if id in homes),
    )
    if reason in OF_THE_STUDENT:
        return Fault(PAIRING_SHEET, row.row or None, "学生编号", row.student, text)
    return Fault(PAIRING_SHEET, row.row or None, "导师编号", row.mentor, text)


def _misplaced(roster: Roster, draft: Draft, homes: Mapping[BranchId, Branch]) -> Iterator[Fault]:
    """Students on the way into the Party outside the student branches: nobody would see them."""
    for row in roster.people:
        if row.number not in draft.people:
            continue
        person = draft.people[row.number].after
        at_work = homes[person.branch].kind is Kind.TEACHER
        if at_work and person.kind is Kind.STUDENT and person.stage is not Stage.FULL:
            text = "学生一般在学生支部，这样不会出现在任何学生支部的进度里"
            yield Fault(PERSON_SHEET, row.row or None, "支部", row.branch, text)
