"""Handing places on until no mentor has two more than one who could help: augmenting paths."""

from __future__ import annotations

from collections import defaultdict, deque

from bot.rules.places import Move, Places


def even_out(places: Places) -> None:
    """Bring the sum of the squares of the loads to the least possible.

    Level by level: whoever could hand on to the least loaded is settled together with them. Their
    loads then differ by one at most, and nobody else can hand anything on to them.
    """
    loose = set(places.shelf)
    while loose:
        level = min(places.load[one] for one in loose)
        loose -= _settled_at(places, level, loose)


def _settled_at(places: Places, level: int, loose: set[int]) -> set[int]:
    while True:
        search = _Search(places, level, loose)
        high = [one for one in search.steps if places.load[one] > level + 1]
        if not sum(_relieve(places, one, level, search) for one in high):
            return set(search.steps)


def _relieve(places: Places, mentor: int, level: int, search: _Search) -> int:
    """Return how many places have gone from that mentor to the least loaded."""
    before = places.load[mentor]
    while places.load[mentor] > level + 1 and _hand_on(places, mentor, search):
        continue
    return before - places.load[mentor]


def _hand_on(places: Places, mentor: int, search: _Search) -> bool:
    """Whether a place could go from that mentor to one of the least loaded, depth first."""
    path: list[Move] = []
    here = mentor
    while search.steps[here]:
        move = search.onward(here)
        if move is not None:
            places.move(move)
            path.append(move)
            here = move.taker
            continue
        search.close(here)
        if not path:
            return False
        number, here, there = path.pop()
        places.move(Move(number, there, here))
    search.close(here)
    return True


class _Search:
    """Who can hand a place on to the least loaded, directly or through others, breadth first.

    ``steps``: through how many hands, 0 for the least loaded themselves.
    """

    def __init__(self, places: Places, level: int, loose: set[int]) -> None:
        self._places = places
        self._loose = loose
        self._waiting: dict[int, list[int]] = defaultdict(list)  # shelf → demands not entered
        for number, demand in enumerate(places.demands):
            for shelf in (*demand.shelves, *demand.once):
                self._waiting[shelf].append(number)
        self._entered: set[tuple[int, bool]] = set()
        self._queue = deque(sorted(one for one in loose if places.load[one] == level))
        self.steps = dict.fromkeys(self._queue, 0)
        while self._queue:
            self._look_behind(self._queue.popleft())
        self._closed: set[int] = set()
        self._open: dict[tuple[int, int], list[int]] = defaultdict(list)  # by shelf and steps
        for one in sorted(self.steps, reverse=True):
            self._open[places.shelf[one], self.steps[one]].append(one)

    def _look_behind(self, taker: int) -> None:
        shelf = self._places.shelf[taker]
        left = []
        for number in self._waiting[shelf]:
            if self._places.has_room(number, taker):
                self._enter(number, taker)
            else:
                left.append(number)
        self._waiting[shelf] = left

    def _enter(self, number: int, taker: int) -> None:
        places = self._places
        # With all ``once`` places taken, a mentor there takes over from another there only.
        narrow = places.is_once(number, taker) and not places.once_has_room(number)
        if (number, False) in self._entered or (number, narrow) in self._entered:
            return
        self._entered.add((number, narrow))
        for giver in places.taken[number]:
            if narrow and not places.is_once(number, giver):
                continue
            if giver in self._loose and giver not in self.steps:
                self.steps[giver] = self.steps[taker] + 1
                self._queue.append(giver)

    def onward(self, giver: int) -> Move | None:
        """Return a move that brings a place one step nearer to the least loaded, if any is left."""
        places, steps = self._places, self.steps[giver] - 1
        for number in sorted(places.holds[giver]):
            demand = places.demands[number]
            for shelf in (*demand.shelves, *demand.once):
                rest = self._open[shelf, steps]
                while rest and rest[-1] in self._closed:
                    rest.pop()
                for taker in reversed(rest):
                    move = Move(number, giver, taker)
                    if taker not in self._closed and places.may_move(move):
                        return move
        return None

    def close(self, mentor: int) -> None:
        """Send nothing there any more: the mentor has had a place, or can't hand it on."""
        self._closed.add(mentor)
