"""Who has taken whose place, and what may be moved: people are numbers here, `matching` knows them.

Students who may have the same mentors are one `Demand`, so that the cost follows the number of
kinds of student and not of pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Students who are alike. Each of them takes ``each`` (1 or 2) different mentors.

    ``shelves``: where these stand. Of all mentors on ``once`` shelves a student takes one at most.
    ``barred`` mentors are left out. ``near``: how much a mentor is preferred among equally loaded
    ones, the most preferred first; 0 where absent. There must be enough mentors for one student.
    """

    students: int
    each: int
    shelves: tuple[int, ...]
    once: tuple[int, ...] = ()
    barred: frozenset[int] = frozenset()
    near: Mapping[int, int] = field(default_factory=dict)


class Move(NamedTuple):
    """A place of that demand goes from one mentor to another."""

    demand: int
    giver: int
    taker: int


class Places:
    """``load`` of each mentor; ``taken``: by demand, how many of its students each mentor takes."""

    def __init__(
        self, loads: Sequence[int], shelves: Sequence[Sequence[int]], demands: Sequence[Demand]
    ) -> None:
        self.load = list(loads)
        self.shelves = shelves
        self.shelf = {one: number for number, those in enumerate(shelves) for one in those}
        self.demands = demands
        self.taken: list[dict[int, int]] = [{} for _ in demands]
        self.holds: defaultdict[int, set[int]] = defaultdict(set)  # mentor → demands
        self._once = [frozenset(demand.once) for demand in demands]
        self._either = [frozenset((*demand.shelves, *demand.once)) for demand in demands]
        self._from_once = [0] * len(demands)  # places taken on ``once`` shelves

    def has_room(self, number: int, mentor: int) -> bool:
        """Whether a student of that demand does not have the mentor yet and may."""
        demand = self.demands[number]
        is_offered = self.shelf[mentor] in self._either[number] and mentor not in demand.barred
        return is_offered and self.taken[number].get(mentor, 0) < demand.students

    def is_once(self, number: int, mentor: int) -> bool:
        return self.shelf[mentor] in self._once[number]

    def once_has_room(self, number: int) -> bool:
        """Whether a student of that demand has nobody from the ``once`` shelves."""
        return self._from_once[number] < self.demands[number].students

    def put(self, number: int, mentor: int, places: int = 1) -> None:
        held = self.taken[number].get(mentor, 0) + places
        self.load[mentor] += places
        if self.is_once(number, mentor):
            self._from_once[number] += places
        if held:
            self.taken[number][mentor] = held
            self.holds[mentor].add(number)
        else:
            del self.taken[number][mentor]
            self.holds[mentor].remove(number)

    def may_move(self, move: Move) -> bool:
        """Whether the taker may have the place that the giver has."""
        number, giver, taker = move
        is_fit = self.once_has_room(number) or self.is_once(number, giver)
        return self.has_room(number, taker) and (is_fit or not self.is_once(number, taker))

    def move(self, move: Move) -> None:
        self.put(move.demand, move.giver, -1)
        self.put(move.demand, move.taker)
