"""Whom a branch may be given as mentors without anybody having to weigh it (R1, R6, R9–R19)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from bot.rules.eligibility import judge
from storage.records import Branch, BranchId, Kind, Person, Role, Stage

SAME_CLASS: Final = 2
SAME_DEPARTMENT: Final = 1


class MentorPool:
    """The mentors by position (in the order of their numbers), on a shelf for each branch and kind.

    Only those whom `judge` would allow as introducers are on a shelf: a contact normally becomes
    one (R12), so that whoever may not introduce is never proposed (A10).
    """

    def __init__(self, mentors: Iterable[Person], homes: Iterable[Branch]) -> None:
        self.mentors = sorted(mentors, key=lambda one: one.number)
        self._place = {one.number: place for place, one in enumerate(self.mentors)}
        self.shelves: list[list[int]] = []
        self.shelf: dict[int, int] = {}  # position → shelf
        self._of: dict[tuple[BranchId, Kind], int] = {}
        self._by_branch: defaultdict[BranchId, list[int]] = defaultdict(list)
        self._by_department: defaultdict[str, list[int]] = defaultdict(list)
        self._related: defaultdict[str, set[int]] = defaultdict(set)
        self._near: dict[tuple[str, tuple[int, ...]], Mapping[int, int]] = {}
        for place, one in enumerate(self.mentors):
            self._by_branch[one.branch].append(place)
            for relative in one.relatives:
                self._related[relative].add(place)
            if one.class_name:
                self._by_department[department(one.class_name)].append(place)
        for home in homes:
            self._fill_shelves(home)

    def _fill_shelves(self, home: Branch) -> None:
        anybody = Person(
            number="", name="", branch=home.id, kind=Kind.STUDENT, stage=Stage.CANDIDATE
        )
        for place in (one for id in (home.id, *home.paired) for one in self._by_branch[id]):
            mentor = self.mentors[place]
            fits = judge(anybody, mentor, Role.INTRODUCER, home=home).allowed
            if fits and place not in self.shelf:
                shelf = self._of.setdefault((mentor.branch, mentor.kind), len(self._of))
                if shelf == len(self.shelves):
                    self.shelves.append([])
                self.shelves[shelf].append(place)
                self.shelf[place] = shelf

    def shelves_of(self, home: Branch, kind: Kind) -> tuple[int, ...]:
        """Return where the teachers (or the others) stand whom that branch may have."""
        found = (self._of.get((id, kind)) for id in dict.fromkeys((home.id, *home.paired)))
        return tuple(shelf for shelf in found if shelf is not None)

    def count(self, shelves: Iterable[int], barred: frozenset[int] = frozenset()) -> int:
        """Return how many mentors stand on those shelves, without the barred ones."""
        asked = set(shelves)
        everyone = sum(len(self.shelves[shelf]) for shelf in asked)
        return everyone - sum(self.shelf[one] in asked for one in barred)

    def relatives_of(self, student: Person) -> frozenset[int]:
        """Return who is a relative by the row of either (R19)."""
        named = {self._place[one] for one in student.relatives if one in self._place}
        return frozenset(named | self._related.get(student.number, set()))

    def places(self, people: Iterable[Person]) -> frozenset[int]:
        """Return the positions of those of them who are full members."""
        return frozenset(self._place[one.number] for one in people if one.number in self._place)

    def near(self, class_name: str | None, shelves: Iterable[int]) -> Mapping[int, int]:
        """Return who on those shelves is of that class or department, the same class first.

        Only as far as the roster says so: many teachers have no 班级.
        """
        if not class_name:
            return {}
        key = class_name, tuple(shelves)
        if key not in self._near:
            found = {
                one: SAME_CLASS if self.mentors[one].class_name == class_name else SAME_DEPARTMENT
                for one in self._by_department[department(class_name)]
                if self.shelf.get(one) in key[1]
            }
            self._near[key] = dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
        return self._near[key]


def department(class_name: str) -> str:
    """Return the part of a 班级 before its number: 小教 of 小教2401, 小教1班, 小教系 and 小教专业."""
    return re.split(r"[\d.·（(]|系|专业", class_name, maxsplit=1)[0] or class_name
