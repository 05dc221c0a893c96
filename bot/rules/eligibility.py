"""May this person answer for that student? Verdicts on one pairing, with reasons (R1–R19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from storage.records import Branch, Kind, Person, Role, Stage

MOST: Final = 2  # contacts (R10), introducers (R11)


class Reason(StrEnum):
    """Why a pairing is refused, or why somebody should look at it."""

    SELF = "self"
    GONE = "gone"  # one of the two is no longer on the roster
    TEACHER_AS_STUDENT = "teacher_as_student"
    STUDENT_IS_FULL = "student_is_full"  # nobody answers for a full member any more (R32)
    NOT_FULL_MEMBER = "not_full_member"  # R6, R9, R11, R14
    EXCLUDED = "excluded"  # R15–R18: as introducer
    UNPAIRED = "unpaired"  # R1, R6, A9
    ALREADY_PAIRED = "already_paired"  # two introducers are two people (R11)
    TOO_MANY_CONTACTS = "too_many_contacts"  # R10
    TOO_MANY_INTRODUCERS = "too_many_introducers"  # R11

    EXCLUDED_AS_CONTACT = "excluded_as_contact"  # A10: contacts normally become introducers
    RELATIVE = "relative"  # R19: goes on with a written reason
    NO_TEACHER = "no_teacher"  # A8: goes on with a written reason


class Held(NamedTuple):
    """A mentor whom the student already has, and as what."""

    role: Role
    mentor: Person


@dataclass(frozen=True, slots=True)
class Verdict:
    """``refusals`` stand in the way; ``warnings`` are for a human to weigh."""

    refusals: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.refusals


def judge(
    student: Person, mentor: Person, role: Role, *, home: Branch, held: Iterable[Held] = ()
) -> Verdict:
    """The verdict on one more pairing.

    ``home`` is the student's branch; ``held`` are the student's other open pairings, of which
    those that are history (`counts`) are left aside.
    """
    others = [other for other in held if counts(other.role, student)]
    if student.number == mentor.number:
        return Verdict((Reason.SELF,))
    return Verdict(
        tuple(_refusals(student, mentor, role, home, others)),
        tuple(_warnings(student, mentor, role, others)),
    )


def unfit(student: Person, held: Iterable[Held], *, home: Branch) -> Iterator[tuple[Held, Reason]]:
    """What the rules would refuse of the mentors whom a student has, each beside those before it."""
    before: list[Held] = []
    for one in held:
        if counts(one.role, student):
            verdict = judge(student, one.mentor, one.role, home=home, held=before)
            yield from ((one, reason) for reason in verdict.refusals)
            before.append(one)


def judge_history(student: Person, mentor: Person) -> Verdict:
    """The verdict on a pairing that no longer counts: only what can never have been right."""
    if student.number == mentor.number:
        return Verdict((Reason.SELF,))
    return Verdict(tuple(_never_right(student, mentor)))


def counts(role: Role, student: Person) -> bool:
    """Whether a pairing in that role answers for the student, now or later.

    A contact of a probationary member is history (A24), so is any mentor of a full member (R32).
    """
    if role is Role.CONTACT:
        return student.stage in {Stage.ACTIVIST, Stage.CANDIDATE}
    return student.stage is not Stage.FULL


def are_relatives(one: Person, other: Person) -> bool:
    """Whether the row of either names the other (R19)."""
    return other.number in one.relatives or one.number in other.relatives


def lacks_teacher(mentors: Iterable[Person]) -> bool:
    """Whether no mentor of a student is a teacher (A8); false where there is no mentor."""
    kinds = {mentor.kind for mentor in mentors}
    return bool(kinds) and Kind.TEACHER not in kinds


def _never_right(student: Person, mentor: Person) -> Iterator[Reason]:
    if student.kind is not Kind.STUDENT:
        yield Reason.TEACHER_AS_STUDENT
    if mentor.stage is not Stage.FULL:
        yield Reason.NOT_FULL_MEMBER


def _refusals(
    student: Person, mentor: Person, role: Role, home: Branch, others: Sequence[Held]
) -> Iterator[Reason]:
    if student.left is not None or mentor.left is not None:
        yield Reason.GONE
    if student.stage is Stage.FULL:
        yield Reason.STUDENT_IS_FULL
    yield from _never_right(student, mentor)
    if role is Role.INTRODUCER and not mentor.may_introduce:
        yield Reason.EXCLUDED
    if mentor.branch not in {home.id, *home.paired}:
        yield Reason.UNPAIRED
    same_role = [other.mentor.number for other in others if other.role is role]
    if mentor.number in same_role:
        yield Reason.ALREADY_PAIRED
    elif len(same_role) >= MOST:
        contact = role is Role.CONTACT
        yield Reason.TOO_MANY_CONTACTS if contact else Reason.TOO_MANY_INTRODUCERS


def _warnings(
    student: Person, mentor: Person, role: Role, others: Sequence[Held]
) -> Iterator[Reason]:
    if role is Role.CONTACT and not mentor.may_introduce:
        yield Reason.EXCLUDED_AS_CONTACT
    if are_relatives(student, mentor):
        yield Reason.RELATIVE
    if lacks_teacher([mentor, *(other.mentor for other in others)]):
        yield Reason.NO_TEACHER
