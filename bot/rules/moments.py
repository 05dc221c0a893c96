"""Where the slots of the cadence fall in one round: moved by holidays, useful until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.rules.audience import Recipient, claim_moment
from bot.rules.cadence import day_of
from bot.rules.dated import Dated
from bot.rules.situation import Timing, WaitingClaim
from bot.rules.term import end_of, last_day_of_week, moment, sending_moment, week_of
from storage.records import PersonId, TermId, Windows

# Each reminder of a chain is useful only until the next one: a missed S1 gives way to S2.
# So where holidays put two of a chain on the same minute, only the later one goes.
CHAINS: Final = (("S1", "S2", "S3"), ("S4", "S5"), ("B1",), ("G1",))

_AFTERMATH: Final = timedelta(weeks=3)  # how long B3 and E1 stay useful


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One slot of the table in one round. ``number``: 1, 2 … among the slots of its kind.

    ``nominal`` is what the cadence says; ``at`` when it leaves, None if A14 drops it; it is useful
    before ``until``.
    """

    kind: str
    number: int
    nominal: datetime
    at: datetime | None
    until: datetime


def key_of(term: TermId, kind: str, to: Recipient, slot: int | str) -> str:
    """``term:kind:recipient:slot``; slots go by number, so that a changed cadence repeats none."""
    return f"{term}:{kind}:{to}:{slot}"


def _window_end(kind: str, windows: Windows, nominal: date) -> date:
    """The last day to which a holiday may move the slot; a slot set later has its own."""
    match kind:
        case "C1":
            last = windows.week1_end
        case "T1" | "S1" | "S2" | "S3" | "T2":
            last = windows.talk_to
        case "S4" | "S5" | "C3" | "C4":
            last = windows.deadline
        case "B1":  # what needs action before the talks end is said before they end
            week4_end = last_day_of_week(windows.week1, 4)
            last = windows.talk_to if nominal <= windows.talk_to else week4_end
        case "G1":
            last = last_day_of_week(windows.week1, week_of(windows.week1, nominal))
        case _:  # B3, E1
            last = nominal + _AFTERMATH
    return max(last, nominal)


def _placed(timing: Timing, kind: str) -> Iterator[Moment]:
    windows, calendar = timing.windows, timing.calendar
    for number, slot in enumerate(timing.cadence.slots.get(kind, ()), start=1):
        day = day_of(slot, windows, calendar)
        nominal, end = moment(day, slot.at), end_of(_window_end(kind, windows, day))
        at = sending_moment(
            nominal,
            calendar,
            timing.quiet,
            end,
            # Nobody is told of a round before its term: dropped instead (A14).
            not_before=end_of(windows.week1 - timedelta(days=1)),
        )
        # A missed summary says what is true when it leaves: useful until the next one.
        until = max(end, end_of(last_day_of_week(windows.week1, 4))) if kind == "B1" else end
        yield Moment(kind=kind, number=number, nominal=nominal, at=at, until=until)


def _chained(chain: Iterable[Moment]) -> Iterator[Moment]:
    """The chain, each useful only until the next that is not dropped; superseded ones left out."""
    successor: datetime | None = None
    for one in reversed(tuple(chain)):
        until = min(one.until, successor) if successor else one.until
        if one.at is None:
            yield one
        elif one.at < until:
            yield replace(one, until=until)
            successor = one.at


def moments(timing: Timing) -> tuple[Moment, ...]:
    """Every slot of the round, dropped ones too, in the order in which they are meant."""
    chained = {kind for chain in CHAINS for kind in chain}
    chains = (*CHAINS, *((kind,) for kind in timing.cadence.slots if kind not in chained))
    placed = (
        one
        for chain in chains
        for one in _chained(one for kind in chain for one in _placed(timing, kind))
    )
    return tuple(sorted(placed, key=lambda one: (one.nominal, one.kind, one.number)))


def next_moment(
    timing: Timing,
    after: datetime,
    claims: Iterable[WaitingClaim] = (),
    dated: Iterable[Dated] = (),
) -> datetime | None:
    """The first moment after ``after`` at which anything can become due; None: nothing this round.

    Between ticks without such a moment `due` need not be asked, except after a start: what was
    missed meanwhile leaves at once, or at `bot.rules.term.next_sending` of now.
    """
    planned = [one.at for one in moments(timing) if one.at]
    planned += [claim_moment(claim, timing) for claim in claims]
    planned += [one.at for one in dated]
    return min((at for at in planned if at > after), default=None)


def counted_as_sent(
    term: TermId, timing: Timing, student: PersonId, now: datetime
) -> tuple[str, ...]:
    """Keys of the student's reminders whose window ``now`` is in.

    Whoever enrols (S0), gets a mentor (S17), an answer (S19) or a denial (S13) inside a window was
    told just now: the keys go on that row, so that the window's reminder does not follow at once.
    """
    return tuple(
        key_of(term, one.kind, student, one.number)
        for one in moments(timing)
        if one.kind.startswith("S") and one.at and one.at <= now < one.until
    )
