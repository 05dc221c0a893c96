"""Matching 10,000 students with 2,000 mentors against 5 seconds and 300 MiB, in a fresh interpreter.

Colleges of three shapes: as the real one; one where everybody's choice differs, by relatives and
by a contact of before; one whose branches share their teachers in a chain, the worst to even out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from time import perf_counter

from bot.rules.eligibility import Held
from bot.rules.matching import propose
from bot.rules.mentor_plan import Charge
from storage.records import Branch, BranchId, Kind, Person, Role, Stage
from tests.bench.fresh import interpreter, peak
from tests.bench.ratio import Ratio

GOAL = "matching"
SECONDS, MEBIBYTES = 5.0, 300.0
MOST, FEW = (10_000, 2_000), (1_000, 200)
STUDENT_BRANCHES = 40
STAGES = (Stage.ACTIVIST, Stage.ACTIVIST, Stage.CANDIDATE)


@dataclass(frozen=True, slots=True)
class College:
    charges: list[Charge]
    mentors: list[Person]


def measure(*, quick: bool) -> Iterator[Ratio]:
    students, mentors = FEW if quick else MOST
    for shape in SHAPES:
        runs = [_fresh(shape, students, mentors) for _ in range(1 if quick else 3)]
        case = f"{students:,} × {mentors:,}, {shape}"
        seconds = tuple(run["seconds"] for run in runs)
        peaks = tuple(run["mebibytes"] for run in runs)
        yield Ratio(GOAL, f"{case}, time / {SECONDS:.0f} s", "s", seconds, (SECONDS,), 1)
        yield Ratio(GOAL, f"{case}, memory / {MEBIBYTES:.0f} MiB", "MiB", peaks, (MEBIBYTES,), 1)


def _fresh(shape: str, students: int, mentors: int) -> dict[str, float]:
    words = ("-m", "tests.bench.matching", shape, str(students), str(mentors))
    found: dict[str, float] = json.loads(interpreter(*words))
    return found


def as_the_real_one(students: int, mentors: int) -> College:
    """Two faculty branches to each student branch, ten classes in it, some mentors of a class."""
    homes = [_home(each, (2 * each, 2 * each + 1)) for each in range(STUDENT_BRANCHES)]
    staff = [_mentor(each, each % (2 * STUDENT_BRANCHES)) for each in range(mentors)]
    return College([_charge(each, home) for each, home in _placed(students, homes)], staff)


def everybody_differs(students: int, mentors: int) -> College:
    """One student branch and one faculty branch; two relatives each, and a contact of before."""
    random = Random(2026)  # noqa: S311 - the same college every time
    home = _home(0, (0,))
    staff = [_mentor(each, 0) for each in range(mentors)]
    charges = []
    for each in range(students):
        relatives = tuple(one.number for one in random.sample(staff, 2))
        held = (Held(Role.CONTACT, random.choice(staff)),) if each % 2 else ()
        charges.append(_charge(each, home, relatives, held))
    return College(charges, staff)


def in_a_chain(students: int, mentors: int) -> College:
    """Each faculty branch serves two student branches, and most students are in the first ones."""
    homes = [_home(each, (each, each + 1)) for each in range(STUDENT_BRANCHES)]
    staff = [_mentor(each, each % (STUDENT_BRANCHES + 1)) for each in range(mentors)]
    crowded = [home for place, home in enumerate(homes) for _ in range(STUDENT_BRANCHES - place)]
    return College([_charge(each, home) for each, home in _placed(students, crowded)], staff)


SHAPES: dict[str, Callable[[int, int], College]] = {
    "as the real one": as_the_real_one,
    "everybody differs": everybody_differs,
    "in a chain": in_a_chain,
}


def _placed(students: int, homes: list[Branch]) -> Iterator[tuple[int, Branch]]:
    return enumerate(islice(cycle(homes), students))


def _home(number: int, paired: tuple[int, ...]) -> Branch:
    return Branch(
        id=BranchId(number + 1),
        name=f"学生第{number}党支部",
        kind=Kind.STUDENT,
        paired=tuple(BranchId(1_000 + each) for each in paired),
    )


def _mentor(number: int, branch: int) -> Person:
    return Person(
        number=f"T{number:05}",
        name="师",
        branch=BranchId(1_000 + branch),
        kind=Kind.TEACHER,
        stage=Stage.FULL,
        class_name=f"小教{number % 400}班" if number % 3 == 0 else None,
    )


def _charge(
    number: int, home: Branch, relatives: tuple[str, ...] = (), held: tuple[Held, ...] = ()
) -> Charge:
    student = Person(
        number=f"S{number:05}",
        name="生",
        branch=home.id,
        kind=Kind.STUDENT,
        stage=Stage.CANDIDATE if held else STAGES[number % len(STAGES)],
        class_name=f"小教{number % 400}班",
        relatives=relatives,
    )
    return Charge(student, home, held)


def main() -> None:
    shape, students, mentors = sys.argv[1:]
    college = SHAPES[shape](int(students), int(mentors))
    begin = perf_counter()
    propose(college.charges, college.mentors)
    seconds = perf_counter() - begin
    print(json.dumps({"seconds": seconds, "mebibytes": peak()}))


if __name__ == "__main__":
    main()
