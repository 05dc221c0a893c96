"""What one student lacks, who comes first, and among whom the rest may be chosen.

An activist lacks a contact, who is a teacher (R3); a second one is possible (R10), not proposed. A
candidate or probationary member lacks introducers up to two (R11): the contacts first (R12), one
of the two a teacher (A8). Nobody excluded and no relative is proposed, in whatever role (A10, R19).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.rules.eligibility import MOST, Held
from bot.rules.mentor_pool import MentorPool
from storage.records import Branch, Kind, Person, Role, Stage


@dataclass(frozen=True, slots=True)
class Charge:
    """A student on the way into the Party, the branch, and the mentors of the open pairings."""

    student: Person
    home: Branch
    held: tuple[Held, ...] = ()


class Gap(StrEnum):
    """Why a student stays without a mentor. None of them tells who was left out, or why."""

    NO_FACULTY_BRANCH = "no_faculty_branch"  # the roster pairs the branch with none
    NO_TEACHER = "no_teacher"  # no teacher of the paired branches may be proposed
    NOBODY_FITS = "nobody_fits"  # none of the teachers who may be suits this student
    ONE_SHORT = "one_short"  # one introducer, and nobody for the second


class Choice(NamedTuple):
    """How many mentors a student may choose, and among whom; see `Demand`.

    ``class_name`` only where a mentor is of that class or department.
    """

    each: int
    shelves: tuple[int, ...]
    once: tuple[int, ...]
    barred: frozenset[int]
    class_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do about one student. ``firsts``: the contacts who become introducers.

    ``answering``: who goes on answering for the student, ``firsts`` included. ``missing``: how
    many mentors the student will still lack, because of ``gap``.
    """

    charge: Charge
    role: Role
    answering: tuple[Person, ...]
    firsts: tuple[Person, ...] = ()
    choice: Choice | None = None
    missing: int = 0
    gap: Gap | None = None


def lacking(charge: Charge) -> tuple[Role, int]:
    """Return as what the student lacks mentors, and how many; 0: none."""
    is_activist = charge.student.stage is Stage.ACTIVIST
    role, needed = (Role.CONTACT, 1) if is_activist else (Role.INTRODUCER, MOST)
    return role, max(needed - len(_holding(charge.held, role)), 0)


def role_in_force(held: Iterable[Held], student: Person) -> Role:
    """Return as what the student's mentors answer now: contacts until introducers are named (A24)."""
    is_named = any(other.role is Role.INTRODUCER for other in held)
    is_candidate = student.stage is Stage.CANDIDATE
    if student.stage is Stage.ACTIVIST or (is_candidate and not is_named):
        return Role.CONTACT
    return Role.INTRODUCER


def in_charge(held: Iterable[Held], student: Person) -> tuple[Person, ...]:
    """Return who answers for the student, also those whose day of beginning is still to come."""
    held = tuple(held)
    return _holding(held, role_in_force(held, student))


def plan(pool: MentorPool, charge: Charge) -> Plan:
    """Return what to do about that student; for one who lacks nobody: nothing."""
    role, missing = lacking(charge)
    present = in_charge(charge.held, charge.student)
    if not missing:
        return Plan(charge=charge, role=role, answering=present)
    held = _holding(charge.held, role)
    firsts = _firsts(_known(pool, charge, role), held, missing)
    choice = _choice(pool, charge, (*held, *firsts), missing - len(firsts))
    if not (_has_teacher((*held, *firsts)) or choice.each):
        gap = _why_no_teacher(pool, charge.home)
        return Plan(charge=charge, role=role, answering=present, missing=missing, gap=gap)
    short = missing - len(firsts) - choice.each
    return Plan(
        charge=charge,
        role=role,
        answering=(*held, *firsts),
        firsts=firsts,
        choice=choice if choice.each else None,
        missing=short,
        gap=Gap.ONE_SHORT if short else None,
    )


def teachers_first(mentors: Iterable[Person]) -> list[Person]:
    """Return them in the order in which they are named: a peer is no mentor without a teacher."""
    return sorted(mentors, key=lambda one: (one.kind is not Kind.TEACHER, one.number))


def _holding(held: Iterable[Held], role: Role) -> tuple[Person, ...]:
    return tuple(other.mentor for other in held if other.role is role)


def _has_teacher(mentors: Iterable[Person]) -> bool:
    return any(one.kind is Kind.TEACHER for one in mentors)


def _known(pool: MentorPool, charge: Charge, role: Role) -> list[Person]:
    """Return the student's mentors in another role who may be proposed in this one."""
    offered = _offered(pool, charge.home)
    barred = _barred(pool, charge, _holding(charge.held, role), offered)
    known = pool.places(other.mentor for other in charge.held if other.role is not role)
    return [pool.mentors[one] for one in known - barred if pool.shelf.get(one) in offered]


def _offered(pool: MentorPool, home: Branch) -> tuple[int, ...]:
    return (*pool.shelves_of(home, Kind.TEACHER), *pool.shelves_of(home, Kind.STUDENT))


def _barred(
    pool: MentorPool, charge: Charge, going_on: Iterable[Person], shelves: Collection[int]
) -> frozenset[int]:
    """Return who of those shelves is the student's relative (R19) or mentor already (R11)."""
    out = pool.relatives_of(charge.student) | pool.places(going_on)
    return frozenset(one for one in out if pool.shelf.get(one) in shelves)


def _firsts(known: Iterable[Person], held: Sequence[Person], missing: int) -> tuple[Person, ...]:
    """Return which of the mentors known to the student come first; a place is kept for a teacher."""
    chosen: list[Person] = []
    for one in teachers_first(known):
        places = missing if _has_teacher((*held, *chosen, one)) else missing - 1
        if len(chosen) < places:
            chosen.append(one)
    return tuple(chosen)


def _choice(pool: MentorPool, charge: Charge, going_on: Sequence[Person], missing: int) -> Choice:
    """Return among whom the rest is chosen, ``each`` being as many as there are, at most ``missing``."""
    teachers = pool.shelves_of(charge.home, Kind.TEACHER)
    peers = pool.shelves_of(charge.home, Kind.STUDENT)
    barred = _barred(pool, charge, going_on, _offered(pool, charge.home))
    free_teachers, free_peers = pool.count(teachers, barred), pool.count(peers, barred)
    shelves, once = teachers, peers
    if _has_teacher(going_on):
        each = min(missing, free_teachers + free_peers)
        shelves, once = (*teachers, *peers), ()
    else:
        each = min(missing, free_teachers + min(free_peers, 1)) if free_teachers else 0
        once = peers if each > 1 else ()
    near = pool.near(charge.student.class_name, (*shelves, *once))
    return Choice(each, shelves, once, barred, charge.student.class_name if near else None)


def _why_no_teacher(pool: MentorPool, home: Branch) -> Gap:
    if pool.count(pool.shelves_of(home, Kind.TEACHER)):
        return Gap.NOBODY_FITS
    return Gap.NO_TEACHER if home.paired else Gap.NO_FACULTY_BRANCH
