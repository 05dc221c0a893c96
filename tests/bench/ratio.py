"""Ratios of two costs measured in one run: the machine's mood is in both, and cancels."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

Cost = Callable[[], float]  # does the thing once and returns what it cost

PRINTED = 300_000  # documents or students: a size that no college has, shown and never a gate
SLIDE = 10.0  # a gate stops an order of magnitude, not a busy machine


@dataclass(frozen=True, slots=True)
class Ratio:
    """A / B of one case of a goal. ``a``, ``b``: one cost per round, all in ``unit``.

    ``at_least``: the aim is reached from above. ``because``: what bounds it where the aim is not
    held. ``shown``: printed, and never a gate.
    """

    goal: str
    case: str
    unit: str
    a: tuple[float, ...]
    b: tuple[float, ...]
    aim: float
    at_least: bool = False
    because: str | None = None
    shown: bool = False

    @property
    def ratio(self) -> float:
        return median(self.a) / median(self.b)

    @property
    def held(self) -> bool:
        return self.ratio >= self.aim if self.at_least else self.ratio <= self.aim

    @property
    def has_slid(self) -> bool:
        """Whether it is an order of magnitude beyond its aim."""
        if self.shown:
            return False
        return self.ratio * SLIDE < self.aim if self.at_least else self.ratio > self.aim * SLIDE

    @property
    def bound(self) -> str | None:
        """Why the aim is not held; None: it is."""
        return None if self.held else (self.because or "this run; see the spread")


def interleaved(
    a: Cost, b: Cost, *, rounds: int = 5, calls: int = 1
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The median cost of either in each round, call by call in turn. One call each warms up.

    What is there before is not gone through for garbage meanwhile, as in the bot at work.
    """
    a()
    b()
    costs = []
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        pairs = [(a(), b()) for _ in range(calls)]
        costs.append((median(cost for cost, _ in pairs), median(cost for _, cost in pairs)))
    gc.unfreeze()
    return tuple(cost for cost, _ in costs), tuple(cost for _, cost in costs)


def milliseconds(action: Callable[[], object]) -> float:
    """How long it took, by the wall."""
    begin = perf_counter()
    action()
    return (perf_counter() - begin) * 1000


def microseconds_each(action: Callable[[], object], times: int) -> float:
    """The CPU of one call, as a mean over that many."""
    begin = process_time()
    for _ in range(times):
        action()
    return (process_time() - begin) * 1e6 / times


@contextmanager
def real_disk() -> Iterator[Path]:
    """An empty folder on the disk of the working directory: the system's own may be memory."""
    parent = Path(".bench")
    parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=parent) as folder:
        yield Path(folder)
    if not any(parent.iterdir()):
        parent.rmdir()
