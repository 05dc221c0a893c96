"""The plainest possible telling of the half-year talks of three students."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.rules.talks import may_undo
from storage.records import TalkState

NONE, CLAIMED = TalkState.NONE, TalkState.CLAIMED
CONFIRMED, DISPUTED = TalkState.CONFIRMED, TalkState.DISPUTED
MENTORS = {"李明": "周老师", "王小雨": "周老师", "钱二": "郑老师"}
PEOPLE = (*MENTORS, "周老师", "郑老师", "陈静", "林峰")


@dataclass(frozen=True, slots=True)
class Known:
    """What the model knows of a talk. ``version`` names the record: taking back brings an old one back."""

    state: TalkState = NONE
    day: date | None = None
    is_unasked: bool = False  # the mentor recorded it without a claim
    version: int = 0


@dataclass(slots=True)
class Act:
    by: str
    student: str
    at: datetime
    before: Known
    after: Known
    is_undone: bool = False


@dataclass(slots=True)
class Model:
    """The half-year talks of three students, as plainly as they can be told."""

    talks: dict[str, Known] = field(default_factory=lambda: dict.fromkeys(MENTORS, Known()))
    acts: list[Act] = field(default_factory=list)
    enrolled: set[str] = field(default_factory=lambda: {*PEOPLE} - {"郑老师"})
    versions: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def reach(self, by: str, student: str, now: datetime, known: Known) -> None:
        before = self.talks[student]
        self.talks[student] = replace(known, version=next(self.versions))
        self.acts.append(Act(by, student, now, before, self.talks[student]))

    def claim(self, student: str, now: datetime) -> None:
        if self.talks[student].state in {NONE, DISPUTED}:
            self.reach(student, student, now, Known(CLAIMED, now.date()))

    def confirm(self, student: str, now: datetime) -> None:
        """A claim is confirmed on its own day, unless that has not come yet: clocks are set back."""
        day = self.talks[student].day
        if self.talks[student].state is CLAIMED and day and day <= now.date():
            self.reach(MENTORS[student], student, now, Known(CONFIRMED, day))

    def done(self, student: str, now: datetime) -> None:
        if self.talks[student].state is CLAIMED:
            self.confirm(student, now)
        elif self.talks[student].state is not CONFIRMED:
            known = Known(CONFIRMED, now.date(), is_unasked=True)
            self.reach(MENTORS[student], student, now, known)

    def deny(self, student: str, now: datetime) -> None:
        known = self.talks[student]
        if known.state is CLAIMED:
            self.reach(MENTORS[student], student, now, Known(DISPUTED, known.day))

    def object(self, student: str, now: datetime) -> None:
        known = self.talks[student]
        if known.state is CONFIRMED and known.is_unasked:
            self.reach(student, student, now, Known(DISPUTED, known.day))

    def undo(self, by: str, now: datetime, act: Act | None = None) -> None:
        own = [one for one in self.acts if one.by == by and not one.is_undone]
        act = act or (own[-1] if own else None)
        if act is None or act.is_undone or not may_undo(act.at, now):
            return
        if self.talks[act.student] == act.after:
            self.talks[act.student] = act.before
            act.is_undone = True
