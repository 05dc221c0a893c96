"""What a loop counted, and which promises it saw broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.soak.audit import Found


@dataclass(slots=True)
class Figures:
    """``counts`` by name; ``faults``: what was not as promised, by kind of promise."""

    loop: str
    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.counts[name]

    @property
    def held(self) -> bool:
        return not self.faults

    def count(self, name: str, many: int = 1) -> None:
        self.counts[name] += many

    def most(self, name: str, value: int) -> None:
        self.counts[name] = max(self.counts[name], value)

    def broken(self, promise: str, what: str) -> None:
        self.faults.setdefault(promise, []).append(what)

    def judge(self, found: Found) -> None:
        """Take over what an audit found."""
        for promise in ("lost", "half", "twice"):
            for what in getattr(found, promise):
                self.broken(promise, what)
