"""G6: the totals of the whole college, kept, against going through all of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from bot import college
from bot.desk import Desk
from bot.standings import progress_of, standings
from storage.records import Talk, TalkState
from tests.bench import town
from tests.bench.ratio import PRINTED, Cost, Ratio, interleaved, microseconds_each, milliseconds

GOAL = "G6"
AIM, GROWTH = 1 / 100, 1.5
FEW = "the aim is for 30,000 students: a scan of fewer costs less, what is kept the same"


def measure(*, quick: bool) -> Iterator[Ratio]:
    small, large = (300, 3_000) if quick else (300, 30_000)
    desks = {size: town.desk(size, town.moment(2, 1)) for size in (small, large)}
    yield against_a_scan(desks[large], large)  # what is kept costs its branches, a scan everybody
    for size in (large,) if quick else (large, PRINTED):
        many = desks.pop(size, None) or town.desk(size, town.moment(2, 1))
        a, b = interleaved(look(many), look(desks[small]), calls=3)
        case = f"a branch at {size:,} / at {small:,}"
        yield Ratio(GOAL, case, "µs", a, b, GROWTH, shown=size == PRINTED)


def against_a_scan(desk: Desk, size: int) -> Ratio:
    branches, term, today = college.student_branches(desk.store), desk.term(), desk.today()

    def scanned() -> list[object]:
        return [
            college.progress_among(desk, one, college.students(desk.store, one.id), term, today)
            for one in branches
        ]

    claims = claiming(desk)

    def kept() -> list[object]:
        told = standings(desk)
        return [told.progress(one.id) for one in branches]

    def ours() -> float:
        claims()
        return milliseconds(kept)

    assert kept() == scanned(), "the two must agree before their times count"
    a, b = interleaved(ours, lambda: milliseconds(scanned), calls=1)
    return Ratio(GOAL, f"kept / scan, {size:,} students", "ms", a, b, AIM, because=FEW)


def look(desk: Desk) -> Cost:
    """One branch's totals, each time after a student has said something."""
    branch = college.student_branches(desk.store)[0]
    claims = claiming(desk)

    def once() -> None:
        claims()
        progress_of(desk, branch)

    return lambda: microseconds_each(once, 200)


def claiming(desk: Desk) -> Cost:
    """Another student's talk begins or ends; returns nothing that costs."""
    store, term = desk.store, desk.term()
    assert term is not None
    by = store.people.where("branch", college.student_branches(store)[0].id)[0].id
    pairings = cycle(sorted(one.id for one in store.pairings)[:300])

    def once() -> float:
        pairing = store.pairings[next(pairings)]
        known = store.talks.one("pairing_term", (pairing.id, term.id))
        with store.transaction():
            if known is not None:
                store.talks.remove(known.id)
            else:
                store.talks.add(
                    Talk(
                        pairing=pairing.id,
                        term=term.id,
                        state=TalkState.CLAIMED,
                        day=desk.today(),
                        recorded=desk.now(),
                        by=by,
                    )
                )
        return 0.0

    return once
