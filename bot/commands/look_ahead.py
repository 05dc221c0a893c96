"""What lies ahead of a round: windows, moved reminders, gaps in the roster, what goes out next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot import college
from bot.desk import Desk
from bot.rules import reminders
from bot.rules import term as term_rules
from bot.rules.moments import moments
from bot.situation import situation, timing
from messages.filters import day, span
from storage.records import Duty, Term

REACH = timedelta(weeks=12)  # no reminder of a round lies farther ahead


def look_ahead(desk: Desk, term: Term) -> list[str]:
    """Return lines for the office, the windows first."""
    return [
        *_windows(desk, term),
        *_moved(desk, term),
        *_gaps(desk, term),
        *_next(desk, term),
    ]


def _windows(desk: Desk, term: Term) -> Iterator[str]:
    dates = term_rules.windows(term.week1, desk.calendar)
    yield f"{term.name} 学期，第一周从 {dates.week1.year}年{day(dates.week1)} 开始。"
    yield f"发表：{span(dates.week1, dates.week1_end)}"
    yield f"谈话：{span(dates.talk_from, dates.talk_to)}"
    yield f"交表：{span(dates.hand_in_from, dates.deadline)}，截止日 {day(dates.deadline)}"
    for year in term_rules.unannounced_years(desk.calendar, dates):
        yield f"{year} 年的放假安排未公布，暂按周末规则；公布后请写进 settings.toml 的 [holidays]。"


def _moved(desk: Desk, term: Term) -> Iterator[str]:
    for one in moments(timing(desk, term)):
        if one.at is None:
            yield f"提醒 {one.kind} 原定 {day(one.nominal.date())}，因放假不发。"
        elif one.at != one.nominal:
            yield (
                f"提醒 {one.kind} 原定 {day(one.nominal.date())} {one.nominal:%H:%M}，"
                f"因放假改到 {day(one.at.date())} {one.at:%H:%M}。"
            )


def _gaps(desk: Desk, term: Term) -> Iterator[str]:
    store = desk.store
    on = max(desk.today(), term.week1)
    for branch in college.student_branches(store):
        if not college.duty_holders(store, Duty.SECRETARY, branch.id):
            yield f"{branch.name}：没有书记。"
        if not college.duty_holders(store, Duty.COMMITTEE, branch.id):
            yield f"{branch.name}：没有组织委员，由书记代办。"
        people = college.students(store, branch.id)
        alone = [one.name for one in people if not college.in_charge(store, one, on)]
        if alone:
            yield f"{branch.name}：{len(alone)} 人还没有培养联系人或入党介绍人：{'、'.join(alone)}。"
        strangers = sum(not college.is_enrolled(store, one.id) for one in people)
        if strangers:
            yield f"{branch.name}：{strangers} 名学生未开通，共 {len(people)} 人。"


def _next(desk: Desk, term: Term) -> Iterator[str]:
    now = desk.now()
    planned = reminders.plan(situation(desk, term), now, now + REACH)
    if not planned:
        yield "本学期没有要发的提醒了。"
        return
    first = [one for one in planned if one.at == planned[0].at]
    kinds = "、".join(dict.fromkeys("+".join(one.kinds) for one in first))
    yield f"接下来：{day(first[0].at.date())} {first[0].at:%H:%M} 发 {kinds}，共 {len(first)} 条。"
