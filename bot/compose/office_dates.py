"""The office's own dates: the card of all of them, and what a new term, a 放假 or a 调休 would move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bot import outlook
from bot.actions import term as terms
from bot.compose.plan import shift
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from bot.outlook import Gap
from bot.rules import term as term_rules
from bot.rules.arrangements import arranged
from messages import render
from messages.date_facts import Arranged, GapLine, Shift
from messages.facts import REMINDERS
from storage.records import Arrangement, ArrangementKind, Calendar, RowState, Term

Facts = dict[str, Any] | None
GAPS = 8  # branches named on one message
SOON = timedelta(days=150)  # so long ahead a year without holidays is asked for
LAST_OF_ALL = 1 << 52  # the id of what is not entered yet: later than any


def read(one: Arrangement) -> Arranged:
    return Arranged(first=one.first, last=one.last, is_work=one.kind is ArrangementKind.WORK)


def _in_force(reading: Reading, *, are_years: bool) -> list[Arrangement]:
    """Return what holds and is not over, by day: the spans, or the years that are complete."""
    found = (
        one
        for one in reading.desk.store.arrangements
        if one.removed is None
        and one.last >= reading.today
        and (one.kind is ArrangementKind.COMPLETE) is are_years
    )
    return sorted(found, key=lambda one: (one.first, one.id))


def _years(reading: Reading) -> set[int]:
    """Return the years that the round, or the months to come, lie in."""
    near = {reading.today.year, (reading.today + SOON).year}
    dates = reading.windows
    return near if dates is None else near | {dates.week1.year, dates.deadline.year}


def _unannounced(reading: Reading) -> list[int]:
    return sorted(_years(reading) - reading.desk.calendar.announced)


def _hours(reading: Reading) -> dict[str, str]:
    quiet = reading.desk.quiet
    return {"opens": f"{quiet.opens:%H:%M}", "closes": f"{quiet.closes:%H:%M}"}


def _card(reading: Reading) -> Facts:
    return {
        **_hours(reading),
        "arranged": [read(one) for one in _in_force(reading, are_years=False)],
        "complete_years": [one.first.year for one in _in_force(reading, are_years=True)],
        "unannounced": _unannounced(reading),
    }


def _card_rows(reading: Reading) -> Rows:
    """Return what can be set, then what can be taken away, then the years that may be complete."""
    settable = [
        named(reading, f"dates_{what}", "dates_ask", {"what": what})
        for what in ("term", "hours", "rest", "work")
    ]
    entered = _in_force(reading, are_years=False)
    words = render.label(reading.catalogue, "dates_remove")
    removable = [
        Press(f"{words} {_brief(one)}", "dates_remove", {"arrangement": one.id}) for one in entered
    ]
    return [
        *in_rows(settable),
        *in_rows(removable),
        *in_rows(_of_years(reading, {one.first.year for one in entered})),
        [named(reading, "plan", "plan", {})],
    ]


def _of_years(reading: Reading, entered: set[int]) -> list[Press]:
    words, back = (
        render.label(reading.catalogue, f"dates_{name}") for name in ("complete", "incomplete")
    )
    begun = sorted(set(_unannounced(reading)) & entered)
    done = _in_force(reading, are_years=True)
    return [
        *(Press(f"{year}{words}", "dates_complete", {"year": year}) for year in begun),
        *(
            Press(f"{one.first.year}{back}", "dates_remove", {"arrangement": one.id})
            for one in done
        ),
    ]


def _brief(one: Arrangement) -> str:
    first = f"{one.first.year}.{one.first.month}.{one.first.day}"
    return first if one.first == one.last else f"{first}-{one.last.month}.{one.last.day}"


# --- the term ---


def _term_preview(reading: Reading) -> Facts:
    desk, current = reading.desk, reading.term
    wanted = terms.proposed(desk, date.fromisoformat(reading.row.args["week1"]))
    corrected = current if current is not None and current.id == wanted.id else None
    dates = term_rules.windows(wanted.week1, desk.calendar)
    lacking = [one for one in outlook.gaps(desk, wanted) if _is_lacking(one)]
    coming = outlook.next_ones(desk, wanted)
    return {
        "term_name": wanted.name,
        "was": None if corrected is None else reading.windows,
        "will": dates,
        "sent": 0 if corrected is None else _sent(reading, corrected),
        "shifts": [shift(one) for one in outlook.moved(desk, wanted)],
        "gaps": [_line(one) for one in lacking[:GAPS]],
        "more_gaps": len(lacking[GAPS:]),
        "unannounced": term_rules.unannounced_years(desk.calendar, dates),
        "next_at": coming[0].at if coming else None,
    }


def _is_lacking(gap: Gap) -> bool:
    return bool(gap.secretary or gap.committee or gap.without_mentor or gap.strangers)


def _line(gap: Gap) -> GapLine:
    return GapLine(
        branch=gap.branch.name,
        secretary=gap.secretary,
        committee=gap.committee,
        without_mentor=len(gap.without_mentor),
        strangers=gap.strangers,
        students=gap.students,
    )


def _sent(reading: Reading, term: Term) -> int:
    """Return how many messages of the round have gone."""
    gone = reading.desk.store.outbox.where("state", RowState.SENT)
    return sum(any(key.startswith(f"{term.id}:") for key in row.keys) for row in gone)


def _term_set(reading: Reading) -> Facts:
    return {"will": reading.windows, "term_name": reading.round.name}


def _mondays(reading: Reading) -> Rows:
    """Return the Mondays on both sides of the day, the nearer one first."""
    day = date.fromisoformat(reading.row.args["day"])
    before = day - timedelta(days=day.weekday())
    found = sorted((before, before + term_rules.WEEK), key=lambda one: abs(one - day))
    return [
        [Press(f"{one.month}月{one.day}日", "dates_pick", {"week1": one.isoformat()})]
        for one in found
    ]


# --- holidays ---


def meant(args: dict[str, Any]) -> Arrangement:
    """Return what a preview is about, as it would be entered."""
    first, last = map(date.fromisoformat, args["span"])
    return Arrangement(kind=ArrangementKind(args["of_kind"]), first=first, last=last)


def _arrangement_preview(reading: Reading) -> Facts:
    desk, one = reading.desk, meant(dict(reading.row.args))
    own = Arrangement(id=LAST_OF_ALL, kind=one.kind, first=one.first, last=one.last)
    then = arranged(desk.published, (*desk.store.arrangements, own))
    term = reading.term
    return {
        "one": read(one),
        "was_deadline": None if term is None else _deadline(term, desk.calendar),
        "will_deadline": None if term is None else _deadline(term, then),
        "shifts": [] if term is None else _shifts(reading, term, then),
    }


def _deadline(term: Term, calendar: Calendar) -> date:
    return term_rules.windows(term.week1, calendar).deadline


def _shifts(reading: Reading, term: Term, then: Calendar) -> list[Shift]:
    now = reading.desk.now()
    return [
        Shift(
            words=REMINDERS[one.kind],
            was=one.at or one.nominal,
            now=None if other is None or other.at is None else max(other.at, now),
        )
        for one, other in outlook.differences(reading.desk, term, then)
    ]


def _entered(reading: Reading) -> Facts:
    one = reading.desk.store.arrangements[reading.row.args["arrangement"]]
    return {"one": read(one), "is_year": one.kind is ArrangementKind.COMPLETE}


# --- the hours ---

CHOICES = (("20:00", "08:00"), ("20:30", "08:30"), ("21:00", "08:00"), ("21:30", "07:30"))


def _choices(_: Reading) -> Rows:
    return in_rows(
        [
            Press(f"{start}–{end}", "dates_hours", {"closes": start, "opens": end})
            for start, end in CHOICES
        ]
    )


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "dates_card": _card,
    "term_preview": _term_preview,
    "term_set": _term_set,
    "arrangement_preview": _arrangement_preview,
    "arrangement_done": _entered,
    "arrangement_removed": _entered,
    "year_complete": _entered,
    "hours_set": _hours,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "dates_card": _card_rows,
    "term_not_monday": _mondays,
    "ask_dates_hours": _choices,
}
