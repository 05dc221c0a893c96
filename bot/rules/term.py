"""Weeks, windows and working days of a term, and the hours in which a reminder may leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from storage.records import Calendar, Windows

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(weeks=1)
FIRST_DAY: Final = date(2000, 1, 1)  # no date of ours lies outside: there is always a day before
LAST_DAY: Final = date(2099, 12, 31)  # and a year after
YEARS: Final = range(2000, 2100)  # the chat reads no others; outside there may be no day before
CORRECTION_WITHIN: Final = timedelta(weeks=8)  # PRODUCT: a new Monday this near moves the round

_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Reminders leave while ``opens`` ≤ t < ``closes``; what falls outside goes at ``moved_to``.

    Raises ValueError unless ``opens`` ≤ ``moved_to`` < ``closes``.
    """

    opens: time = time(8, 30)
    closes: time = time(20, 30)
    moved_to: time = time(9, 0)

    def __post_init__(self) -> None:
        if not self.opens <= self.moved_to < self.closes:
            raise ValueError(
                f"提醒时段应为 开始 ≤ 顺延到 < 结束，现为 {self.opens:%H:%M}、"
                f"{self.moved_to:%H:%M}、{self.closes:%H:%M}。"
            )


class Week1Refusal(StrEnum):
    """Why a date cannot be the first day of a term."""

    NOT_MONDAY = "not_monday"


def refuse_week1(day: date) -> Week1Refusal | None:
    """The reason for which ``day`` cannot open week 1, or None (policy § 1.5)."""
    return Week1Refusal.NOT_MONDAY if day.weekday() else None


def is_correction(current_week1: date, new_week1: date) -> bool:
    """Whether the new Monday moves the running round instead of opening another."""
    return abs(new_week1 - current_week1) <= CORRECTION_WITHIN


def week_of(week1: date, day: date) -> int:
    """Teaching week of ``day``: 1 from ``week1`` on, 0 or less before, above 4 after the cycle."""
    return (day - week1).days // 7 + 1


def first_day_of_week(week1: date, week: int) -> date:
    """Monday of a teaching week."""
    return week1 + (week - 1) * WEEK


def last_day_of_week(week1: date, week: int) -> date:
    """Sunday of a teaching week."""
    return week1 + week * WEEK - DAY


def windows(week1: date, calendar: Calendar) -> Windows:
    """The dates of the round that begins on ``week1`` (A14).

    The deadline alone moves, and only if its Sunday lies in a public holiday. Where holidays fill
    week 4 the deadline, and with it ``last_working``, lies before ``hand_in_from``.
    """
    deadline = last_day_of_week(week1, 4)
    if deadline in calendar.holidays:
        deadline = previous_working(calendar, deadline)
    return Windows(
        week1=week1,
        week1_end=last_day_of_week(week1, 1),
        talk_from=first_day_of_week(week1, 2),
        talk_to=last_day_of_week(week1, 3),
        hand_in_from=first_day_of_week(week1, 4),
        deadline=deadline,
        last_working=previous_working(calendar, deadline + DAY),
    )


def unannounced_years(calendar: Calendar, dates: Windows) -> tuple[int, ...]:
    """Years of the round whose holidays are not known: there only weekends rest (A14). Sorted."""
    return tuple(sorted({dates.week1.year, dates.talk_to.year} - calendar.announced))


def is_working(calendar: Calendar, day: date) -> bool:
    """Whether people work on ``day``: 调休 days do, holidays and other weekends do not."""
    if day in calendar.makeup:
        return True
    return day not in calendar.holidays and day.weekday() < _SATURDAY


def next_working(calendar: Calendar, day: date) -> date:
    """First working day after ``day`` (never ``day`` itself)."""
    following = day + DAY
    while not is_working(calendar, following):
        following += DAY
    return following


def previous_working(calendar: Calendar, day: date) -> date:
    """Last working day before ``day`` (never ``day`` itself)."""
    preceding = day - DAY
    while not is_working(calendar, preceding):
        preceding -= DAY
    return preceding


def add_working_days(calendar: Calendar, day: date, count: int) -> date:
    """The ``count``-th working day after ``day``; ``day`` itself for 0."""
    for _ in range(count):
        day = next_working(calendar, day)
    return day


def moment(day: date, at: time) -> datetime:
    """Aware Shanghai time, whatever the zone of the host."""
    return datetime.combine(day, at, tzinfo=SHANGHAI)


def end_of(day: date) -> datetime:
    """The midnight that ends ``day``; itself no longer part of it."""
    return moment(day + DAY, time())


def may_send(now: datetime, calendar: Calendar, quiet: Quiet) -> bool:
    """Whether a reminder may leave at that moment: a working day, inside the hours."""
    here = now.astimezone(SHANGHAI)
    return is_working(calendar, here.date()) and quiet.opens <= here.time() < quiet.closes


def next_sending(at: datetime, calendar: Calendar, quiet: Quiet) -> datetime:
    """``at`` itself if a reminder may leave then, else ``moved_to`` of the next working day.

    Before the hours of a working day that is the same day.
    """
    here = at.astimezone(SHANGHAI)
    if may_send(here, calendar, quiet):
        return here
    eve = here.date() - DAY if here.time() < quiet.opens else here.date()
    return moment(next_working(calendar, eve), quiet.moved_to)


def sending_moment(
    at: datetime,
    calendar: Calendar,
    quiet: Quiet,
    until: datetime,
    *,
    not_before: datetime | None = None,
) -> datetime | None:
    """When something planned for ``at`` and useful before ``until`` leaves (A14); Shanghai time.

    Forward to the next sending moment; where that is not before ``until``, back to ``moved_to`` of
    the last working day before ``at``. None: that would be earlier than ``not_before``.
    """
    forward = next_sending(at, calendar, quiet)
    if forward < until:
        return forward
    here = at.astimezone(SHANGHAI)
    # An evening moves back to the morning of its own day, a morning to the day before.
    bound = here.date() + DAY if here.time() > quiet.moved_to else here.date()
    back = moment(previous_working(calendar, bound), quiet.moved_to)
    return None if not_before and back < not_before else back
