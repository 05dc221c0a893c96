"""Mentors for everyone who lacks them, as even a load as can be: a proposal for the secretary.

It asks for no written reason: everybody in it may be a mentor, and `judge` has nothing to remark.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from bot.rules.balance import spread
from bot.rules.eligibility import Held
from bot.rules.mentor_plan import (
    Charge,
    Choice,
    Gap,
    Plan,
    in_charge,
    plan,
    role_in_force,
    teachers_first,
)
from bot.rules.mentor_pool import MentorPool
from bot.rules.places import Demand
from storage.records import Person, Role


class Proposed(NamedTuple):
    student: Person
    mentor: Person
    role: Role


class Unassigned(NamedTuple):
    """``missing``: how many mentors the student will still lack."""

    student: Person
    role: Role
    missing: int
    gap: Gap


class Heavy(NamedTuple):
    """A mentor who would have more students in that role than the office thinks right."""

    mentor: Person
    role: Role
    students: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """By student's number; a student's pairings with teachers first."""

    pairings: tuple[Proposed, ...] = ()
    unassigned: tuple[Unassigned, ...] = ()


def propose(
    asked: Iterable[Charge], mentors: Iterable[Person], others: Iterable[Charge] = ()
) -> Proposal:
    """Return mentors for those of ``asked`` who lack any.

    ``others`` are students who are not asked about; they weigh on their mentors. A mentor's load
    is the number of students. The same people give the same proposal, in whatever order they come.
    """
    charges = sorted(asked, key=lambda one: one.student.number)
    pool = MentorPool(mentors, {one.home.id: one.home for one in charges}.values())
    plans = [plan(pool, charge) for charge in charges]
    loads = Counter(
        mentor.number
        for answering in chain(
            (in_charge(one.held, one.student) for one in others), (one.answering for one in plans)
        )
        for mentor in answering
    )
    chosen = _chosen(pool, plans, [loads[mentor.number] for mentor in pool.mentors])
    pairings = (
        Proposed(one.charge.student, mentor, one.role)
        for one in plans
        for mentor in teachers_first([*one.firsts, *chosen.get(one.charge.student.number, ())])
    )
    unassigned = (
        Unassigned(one.charge.student, one.role, one.missing, one.gap)
        for one in plans
        if one.gap is not None
    )
    return Proposal(tuple(pairings), tuple(unassigned))


def _chosen(pool: MentorPool, plans: Iterable[Plan], loads: list[int]) -> dict[str, list[Person]]:
    """Return by number of a student whom the even spread gives, ``loads`` being those before."""
    groups: defaultdict[Choice, list[Plan]] = defaultdict(list)
    for one in plans:
        if one.choice is not None:
            groups[one.choice].append(one)
    demands = [_demand(pool, choice, len(those)) for choice, those in groups.items()]
    shares = spread(loads, pool.shelves, demands)
    return {
        number: mentors
        for (choice, those), share in zip(groups.items(), shares, strict=True)
        for number, mentors in _deal(pool, choice, those, share)
    }


def _demand(pool: MentorPool, choice: Choice, students: int) -> Demand:
    return Demand(
        students=students,
        each=choice.each,
        shelves=choice.shelves,
        once=choice.once,
        barred=choice.barred,
        near=pool.near(choice.class_name, (*choice.shelves, *choice.once)),
    )


def _deal(
    pool: MentorPool, choice: Choice, those: Sequence[Plan], share: Mapping[int, int]
) -> Iterator[tuple[str, list[Person]]]:
    """Give each student of one demand, by number, the mentors out of what is shared out to all.

    A row with the ``once`` shelves in front, each mentor's places side by side: as no mentor and
    not all of ``once`` together have more places than there are students, a student who takes
    every n-th place has two different mentors and one of ``once`` at most.
    """
    once = set(choice.once)
    order = sorted(share, key=lambda one: (pool.shelf[one] not in once, one))
    row = [pool.mentors[one] for one in order for _ in range(share[one])]
    for place, one in enumerate(those):
        yield one.charge.student.number, row[place :: len(those)]


def heavy(
    charges: Iterable[Charge], proposal: Proposal, limits: Mapping[Role, int]
) -> list[Heavy]:
    """Return which proposed mentors come to more students than the limit, by number (policy § 7)."""
    added: defaultdict[str, list[Held]] = defaultdict(list)
    for one in proposal.pairings:
        added[one.student.number].append(Held(one.role, one.mentor))
    loads: Counter[tuple[str, Role]] = Counter()
    for charge in charges:
        held = (*charge.held, *added[charge.student.number])
        role = role_in_force(held, charge.student)
        loads.update((one.number, role) for one in in_charge(held, charge.student))
    proposed = {one.mentor.number: one.mentor for one in proposal.pairings}
    return [
        Heavy(proposed[number], role, load)
        for (number, role), load in sorted(loads.items())
        if number in proposed and load > limits[role]
    ]
