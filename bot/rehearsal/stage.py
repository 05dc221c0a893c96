"""What everybody in a rehearsal shares: the time, the dates of the round, the ledger, the dice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from bot.rehearsal.agenda import Agenda
from bot.rehearsal.ledger import Ledger
from bot.rehearsal.told_clock import ToldClock
from bot.rules.term import moment
from storage.records import Windows

WAKES, SLEEPS = time(8, 10), time(22, 0)


@dataclass(slots=True)
class Stage:
    """``chance`` is seeded: the same people do the same things in every rehearsal."""

    clock: ToldClock
    windows: Windows
    agenda: Agenda
    ledger: Ledger = field(default_factory=Ledger)
    chance: Random = field(default_factory=lambda: Random(2026))  # noqa: S311 - no secret
    links_wanted: list[str] = field(default_factory=list)  # 编号 of people who ask for a new link

    def on(self, week: int, weekday: int, hour: int, minute: int = 0) -> datetime:
        """A moment of a teaching week; weekday 0 is Monday."""
        day = self.windows.week1 + timedelta(weeks=week - 1, days=weekday)
        return moment(day, time(hour, minute))

    def today_at(self, hour: int, minute: int = 0) -> datetime:
        return moment(self.today(), time(hour, minute))

    def today(self) -> date:
        return self.clock.now().date()

    def awake(self, pause: timedelta) -> datetime:
        """The moment after the pause, or the next morning: people sleep."""
        then = self.clock.now() + pause
        if then.time() < WAKES:
            return moment(then.date(), WAKES)
        if then.time() >= SLEEPS:
            return moment(then.date() + timedelta(days=1), WAKES)
        return then
