"""S0 to a student whose pause is over: what the round asks, instead of what was left out meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from bot.rules import pause as pause_rules
from bot.rules.audience import own_missing
from bot.rules.dated import Dated
from bot.rules.moments import key_of
from bot.rules.situation import StudentFacts, Timing
from bot.rules.term import end_of
from storage.records import Stage, TermId


def back_again(term: TermId, timing: Timing, student: StudentFacts) -> Iterator[Dated]:
    """S0 or S0b at the end of a pause inside the round, if something is still open; else nothing."""
    pause, windows = student.pause, timing.windows
    if pause is None or not student.takes_part or not own_missing(student):
        return
    at = pause_rules.is_back_at(pause, timing.calendar, timing.quiet)
    until = end_of(windows.deadline)
    if windows.week1 <= at.date() and at < until:
        yield Dated(
            kind="S0b" if student.stage is Stage.PROBATIONARY else "S0",
            to=student.id,
            about=student.id,
            key=key_of(term, "S0", student.id, f"pause{pause.id}"),
            at=at,
            until=until,
        )
