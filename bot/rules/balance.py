"""Even load: who takes how many of which students, and whom they would rather have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import Final

from bot.rules.handing_on import even_out
from bot.rules.places import Demand, Move, Places

TRIES: Final = 100_000  # exchanges for nearness: a large college does not wait for a nicety

Heap = list[tuple[int, int]]  # (load, mentor); an entry is stale once the load has grown


def spread(
    loads: Sequence[int], shelves: Sequence[Sequence[int]], demands: Sequence[Demand]
) -> list[dict[int, int]]:
    """Return for each demand how many of its students each mentor takes: never 0, at most all.

    ``loads`` by mentor are those before; ``shelves`` hold every mentor once. The sum of the
    squares of the loads after is the least possible, and so is the greatest load. The same input
    gives the same answer.
    """
    places = Places(loads, shelves, demands)
    _fill(places)
    even_out(places)
    _bring_near(places)
    return places.taken


def _fill(places: Places) -> None:
    """Give each place to the least loaded. Whoever has few to choose from goes first."""
    heaps = [[(places.load[one], one) for one in those] for those in places.shelves]
    for heap in heaps:
        heapify(heap)

    def choices(number: int) -> int:
        demand = places.demands[number]
        return sum(len(heaps[shelf]) for shelf in (*demand.shelves, *demand.once))

    for number in sorted(range(len(places.demands)), key=choices):
        for _ in range(places.demands[number].students * places.demands[number].each):
            _take_least(places, number, heaps)


def _take_least(places: Places, number: int, heaps: Sequence[Heap]) -> None:
    demand = places.demands[number]
    once = demand.once if places.once_has_room(number) else ()
    passed: Heap = []
    tops = [
        top
        for shelf in (*demand.shelves, *once)
        for top in _top(places, number, heaps[shelf], passed)
    ]
    _, least = min(tops)
    places.put(number, least)
    for entry in (*passed, (places.load[least], least)):
        heappush(heaps[places.shelf[entry[1]]], entry)


def _top(places: Places, number: int, heap: Heap, passed: Heap) -> Iterator[tuple[int, int]]:
    """Give the least loaded who has room, if any; those above move over to ``passed``."""
    while heap:
        load, mentor = heap[0]
        if load == places.load[mentor]:
            if places.has_room(number, mentor):
                yield heap[0]
                return
            passed.append(heap[0])
        heappop(heap)


def _bring_near(places: Places) -> None:
    """Exchange places for nearer ones where that leaves the loads as even as they are."""
    for move in islice(_nearer(places), TRIES):
        _trade(places, move)


def _nearer(places: Places) -> Iterator[Move]:
    """Give moves to a nearer mentor, the nearest first; one comes again after it was made."""
    for number, demand in enumerate(places.demands):
        near, taken = demand.near, places.taken[number]
        for taker in near:
            givers = [one for one in sorted(taken) if near.get(one, 0) < near[taker]]
            if not givers:
                break
            for giver in givers:
                left = taken.get(giver, 0) + 1
                while 0 < taken.get(giver, 0) < left:
                    left = taken[giver]
                    yield Move(number, giver, taker)


def _trade(places: Places, move: Move) -> bool:
    """Whether the move could be made: alone, or in exchange for another place."""
    number, giver, taker = move
    if not places.may_move(move):
        return False
    if places.load[giver] == places.load[taker] + 1:
        places.move(move)
        return True
    for other in sorted(places.holds[taker] - {number}):
        back = Move(other, taker, giver)
        if _gain(places, move) + _gain(places, back) > 0 and places.may_move(back):
            places.move(move)
            places.move(back)
            return True
    return False


def _gain(places: Places, move: Move) -> int:
    near = places.demands[move.demand].near
    return near.get(move.taker, 0) - near.get(move.giver, 0)
