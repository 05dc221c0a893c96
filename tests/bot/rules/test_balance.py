"""Even load: never worse than what trying everything finds, at any shape of shelves and limits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.balance import spread
from bot.rules.places import Demand


def choices(demand: Demand, shelves: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Every set of mentors that one student of the demand may have."""
    once = {one for shelf in demand.once for one in shelves[shelf]}
    free = {one for shelf in demand.shelves for one in shelves[shelf]}
    offered = sorted((once | free) - demand.barred)
    return [those for those in combinations(offered, demand.each) if len(once & {*those}) <= 1]


def least_unevenness(
    loads: Sequence[int], shelves: Sequence[Sequence[int]], demands: Sequence[Demand]
) -> int:
    """Try everything."""
    reached = {tuple(loads)}
    for demand in demands:
        options = choices(demand, shelves)
        for _ in range(demand.students):
            reached = {
                tuple(load + (one in those) for one, load in enumerate(before))
                for before in reached
                for those in options
            }
    return min(unevenness(each) for each in reached)


def unevenness(loads: Sequence[int]) -> int:
    return sum(load * load for load in loads)


def loads_after(loads: Sequence[int], taken: Sequence[dict[int, int]]) -> list[int]:
    return [load + sum(each.get(one, 0) for each in taken) for one, load in enumerate(loads)]


@st.composite
def colleges(draw: st.DrawFn) -> tuple[list[int], list[list[int]], list[Demand]]:
    """Up to 5 mentors on up to 3 shelves, and up to 6 students of up to 4 kinds."""
    loads = draw(st.lists(st.integers(0, 3), min_size=1, max_size=5))
    mentors = range(len(loads))
    shelves: list[list[int]] = [[], [], []]
    for one in mentors:
        shelves[draw(st.integers(0, 2))].append(one)
    demands, left = [], 6
    for _ in range(draw(st.integers(1, 4))):
        kinds = draw(st.tuples(*[st.sampled_from(["shelves", "once", "neither"])] * 3))
        demand = Demand(
            students=draw(st.integers(1, max(left, 1))),
            each=draw(st.integers(1, 2)),
            shelves=tuple(shelf for shelf in range(3) if kinds[shelf] == "shelves"),
            once=tuple(shelf for shelf in range(3) if kinds[shelf] == "once"),
            barred=frozenset(draw(st.sets(st.sampled_from(mentors), max_size=2))),
            near=draw(st.sampled_from([{}, {0: 1}, {len(loads) - 1: 2, 0: 1}])),
        )
        offered = {one for shelf in (*demand.shelves, *demand.once) for one in shelves[shelf]}
        if choices(demand, shelves) and offered >= demand.near.keys() and demand.students <= left:
            demands.append(demand)
            left -= demand.students
    return loads, shelves, demands


@given(colleges())
def test_nobody_could_spread_it_more_evenly(
    college: tuple[list[int], list[list[int]], list[Demand]],
) -> None:
    loads, shelves, demands = college
    taken = spread(loads, shelves, demands)
    assert unevenness(loads_after(loads, taken)) == least_unevenness(loads, shelves, demands)


@given(colleges())
def test_each_student_gets_as_many_mentors_as_asked_out_of_those_allowed(
    college: tuple[list[int], list[list[int]], list[Demand]],
) -> None:
    _, shelves, demands = college
    for demand, shares in zip(demands, spread(*college), strict=True):
        once = {one for shelf in demand.once for one in shelves[shelf]}
        offered = once | {one for shelf in demand.shelves for one in shelves[shelf]}
        assert sum(shares.values()) == demand.students * demand.each
        assert shares.keys() <= offered - demand.barred
        assert all(0 < share <= demand.students for share in shares.values())
        assert sum(shares[one] for one in shares.keys() & once) <= demand.students


@given(colleges())
def test_nearness_never_costs_evenness(
    college: tuple[list[int], list[list[int]], list[Demand]],
) -> None:
    loads, shelves, demands = college
    plain = [
        Demand(
            students=each.students,
            each=each.each,
            shelves=each.shelves,
            once=each.once,
            barred=each.barred,
        )
        for each in demands
    ]
    near = sorted(loads_after(loads, spread(loads, shelves, demands)))
    assert near == sorted(loads_after(loads, spread(loads, shelves, plain)))


def test_a_free_mentor_is_reached_through_other_students_mentors() -> None:
    """Whoever chooses A or B makes room for those who have A only, by going to B; and so on to C."""
    demands = [
        Demand(students=4, each=1, shelves=(0,)),
        Demand(students=4, each=1, shelves=(0, 1)),
        Demand(students=4, each=1, shelves=(1, 2)),
    ]
    taken = spread([0, 0, 0], [[0], [1], [2]], demands)
    assert loads_after([0, 0, 0], taken) == [4, 4, 4]


def test_a_way_that_has_been_used_up_is_given_up() -> None:
    """Two could hand on to A's student, and there is one place to hand on to."""
    demands = [
        Demand(students=1, each=1, shelves=(0, 1)),
        Demand(students=2, each=1, shelves=(0, 2)),
    ]
    taken = spread([0, 0, 1], [[0], [1], [2]], demands)
    assert taken[0] == {1: 1}
    assert unevenness(loads_after([0, 0, 1], taken)) == 6


def test_a_place_is_handed_on_past_a_mentor_who_is_barred() -> None:
    demands = [
        Demand(students=1, each=1, shelves=(0, 1), barred=frozenset({1})),
        Demand(students=2, each=1, shelves=(0, 2), barred=frozenset({3, 4})),
    ]
    taken = spread([0, 1, 1, 1, 1], [[0], [1, 2], [3, 4]], demands)
    assert taken == [{2: 1}, {0: 2}]


def test_those_who_bear_more_already_get_less() -> None:
    taken = spread([3, 0, 1], [[0, 1, 2]], [Demand(students=5, each=1, shelves=(0,))])
    assert loads_after([3, 0, 1], taken) == [3, 3, 3]


def test_students_go_to_near_mentors_where_the_loads_stay_as_they_are() -> None:
    demands = [
        Demand(students=2, each=1, shelves=(0,), near={1: 1}),
        Demand(students=2, each=1, shelves=(0,), near={0: 1}),
    ]
    assert spread([0, 0], [[0, 1]], demands) == [{1: 2}, {0: 2}]


def test_the_odd_student_goes_to_the_near_mentor() -> None:
    demand = Demand(students=1, each=1, shelves=(0,), near={2: 1})
    assert spread([0, 0, 0], [[0, 1, 2]], [demand]) == [{2: 1}]


def test_of_two_students_who_want_one_mentor_the_first_one_keeps_the_place() -> None:
    demands = [Demand(students=1, each=1, shelves=(0,), near={0: 1}) for _ in range(2)]
    assert spread([0, 0], [[0, 1]], demands) == [{0: 1}, {1: 1}]


def test_a_student_does_not_get_a_near_mentor_twice() -> None:
    demand = Demand(students=1, each=2, shelves=(0,), near={0: 1})
    assert spread([0, 0], [[0, 1]], [demand]) == [{0: 1, 1: 1}]


def test_a_student_gets_one_only_from_the_shelves_that_give_one_however_little_these_bear() -> (
    None
):
    demand = Demand(students=1, each=2, shelves=(0,), once=(1,))
    assert spread([5, 0, 0], [[0], [1, 2]], [demand]) == [{0: 1, 1: 1}]


def test_no_students_change_nothing() -> None:
    assert spread([1, 5], [[0, 1]], []) == []
    assert spread([], [], []) == []
