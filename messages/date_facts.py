"""What /plan and the office's dates tell: what leaves when, what a holiday moves, what a round lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One kind of reminder at one time of a day. ``strangers``: of ``count``, how many it can't reach."""

    clock: str
    words: str
    count: int
    strangers: int = 0
    in_groups: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDay:
    """A day on which something goes out."""

    day: date
    lines: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A reminder that holidays or hours move; ``now`` None: it is not sent at all."""

    words: str
    was: datetime
    now: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """What a branch lacks for the round, in numbers; the posts as True where nobody holds them."""

    branch: str
    secretary: bool = False
    committee: bool = False
    without_mentor: int = 0
    strangers: int = 0
    students: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """放假 or 调休 as the office has entered it; ``is_work``: 调休."""

    first: date
    last: date
    is_work: bool = False

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1
