"""Ratios of two costs measured in one run: the machine's mood is in both, and cancels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Literal

Cost = Callable[[], float]  # does the thing once and returns what it cost


@dataclass(frozen=True, slots=True)
class Ratio:
    """A / B of one case of a goal. ``a``, ``b``: one cost per round, all in ``unit``."""

    goal: str
    case: str
    unit: str
    a: tuple[float, ...]
    b: tuple[float, ...]
    aim: float
    bound: Literal["<=", ">="] = "<="

    @property
    def ratio(self) -> float:
        return median(self.a) / median(self.b)

    @property
    def held(self) -> bool:
        return self.ratio <= self.aim if self.bound == "<=" else self.ratio >= self.aim


def interleaved(
    a: Cost, b: Cost, *, rounds: int, calls: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The median cost of either in each round, call by call in turn. One call each warms up."""
    a()
    b()
    costs = []
    for _ in range(rounds):
        pairs = [(a(), b()) for _ in range(calls)]
        costs.append((median(cost for cost, _ in pairs), median(cost for _, cost in pairs)))
    return tuple(cost for cost, _ in costs), tuple(cost for _, cost in costs)


def milliseconds(action: Callable[[], object]) -> float:
    """How long it took, by the wall."""
    begin = perf_counter()
    action()
    return (perf_counter() - begin) * 1000


@contextmanager
def real_disk() -> Iterator[Path]:
    """An empty folder on the disk of the working directory: the system's own may be memory."""
    parent = Path(".bench")
    parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=parent) as folder:
        yield Path(folder)
    if not any(parent.iterdir()):
        parent.rmdir()
