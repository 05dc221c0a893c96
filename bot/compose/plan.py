"""/plan: the days to come in words, how many get what; names appear on no line of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from bot import outlook
from bot.compose.presses import Rows, named, page_of, turning
from bot.compose.reading import Reading
from bot.outlook import Wave
from bot.rules.arrangements import spans
from bot.rules.moments import Moment
from messages.date_facts import PlanDay, PlanLine, Shift
from messages.facts import REMINDERS
from storage.records import Branch, Duty

DAYS, PER_PAGE = 14, 7


def is_for_office(reading: Reading) -> bool:
    return Duty.OFFICE in reading.reader.duties


def _own(reading: Reading) -> Branch | None:
    """Return the branch whose plan is read; None: the college's."""
    if is_for_office(reading):
        return None
    return reading.desk.store.branches[reading.reader.branch]


def _span(reading: Reading) -> tuple[date, date, int, int]:
    """Return the days of the page that is shown, which page it is, and how many there are."""
    page, pages = page_of(reading, DAYS, PER_PAGE)
    first = date.fromisoformat(reading.row.args["since"]) + timedelta(days=(page - 1) * PER_PAGE)
    return first, first + timedelta(days=PER_PAGE - 1), page, pages


def line(wave: Wave) -> PlanLine:
    return PlanLine(
        clock=f"{wave.at:%H:%M}",
        words=REMINDERS[wave.kind],
        count=wave.count,
        strangers=wave.strangers,
        in_groups=wave.kind == "G1",
    )


def shift(one: Moment) -> Shift:
    """Return a reminder that leaves at another moment than it was meant to."""
    return Shift(words=REMINDERS[one.kind], was=one.nominal, now=one.at)


def _plan(reading: Reading) -> dict[str, Any] | None:
    own, (first, last, page, pages) = _own(reading), _span(reading)
    found = outlook.waves(reading.desk, reading.round, (first, last), own)
    concerned = {wave.kind for wave in found}
    calendar = reading.desk.calendar
    return {
        "of": reading.catalogue.labels["college"] if own is None else own.name,
        "from_day": first,
        "to_day": last,
        "agenda": [
            PlanDay(day=day, lines=tuple(map(line, those)))
            for day, those in groupby(found, key=lambda wave: wave.at.date())
        ],
        "shifts": [
            shift(one)
            for one in outlook.moved(reading.desk, reading.round)
            if _is_near(one, first, last) and (one.at is None or one.kind in concerned)
        ],
        "closed": spans(one for one in _between(first, last) if one in calendar.holidays),
        "unannounced": sorted({first.year, last.year} - calendar.announced),
        "page": page,
        "pages": pages,
    }


def _is_near(one: Moment, first: date, last: date) -> bool:
    return first <= one.nominal.date() <= last or (
        one.at is not None and first <= one.at.date() <= last
    )


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _rows(reading: Reading) -> Rows:
    _, _, page, pages = _span(reading)
    rows = turning(reading, page, pages, "plan_page")
    if is_for_office(reading):
        rows.append([named(reading, "dates_card", "dates_card", {})])
    return rows


BUILDERS: dict[str, Callable[[Reading], dict[str, Any] | None]] = {"plan": _plan}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {"plan": _rows}
