"""What lies ahead of a round: windows, moved reminders, gaps in the roster, what goes out next."""

from __future__ import annotations

from collections.abc import Iterator

from bot import outlook
from bot.desk import Desk
from bot.rules import term as term_rules
from messages.facts import REMINDERS
from messages.filters import day, span
from storage.records import Term


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
        yield (
            f"{year} 年的放假安排未公布，暂按周末规则；公布后请在聊天里录入（发“日期”），"
            "或写进 settings.toml 的 [holidays]。"
        )


def _moved(desk: Desk, term: Term) -> Iterator[str]:
    for one in outlook.moved(desk, term):
        if one.at is None:
            yield f"“{_called(one.kind)}”原定 {day(one.nominal.date())}，因放假不发。"
        else:
            yield (
                f"“{_called(one.kind)}”原定 {day(one.nominal.date())} {one.nominal:%H:%M}，"
                f"因放假改到 {day(one.at.date())} {one.at:%H:%M}。"
            )


def _gaps(desk: Desk, term: Term) -> Iterator[str]:
    for gap in outlook.gaps(desk, term):
        name = gap.branch.name
        if gap.secretary:
            yield f"{name}：没有书记。"
        if gap.committee:
            yield f"{name}：没有组织委员，由书记代办。"
        if gap.group:
            yield f"{name}：还没有绑定群，由书记在群里发 /link。"
        if gap.without_mentor:
            alone = "、".join(one.name for one in gap.without_mentor)
            count = len(gap.without_mentor)
            yield f"{name}：{count} 人还没有培养联系人或入党介绍人：{alone}。"
        if gap.strangers:
            yield f"{name}：{gap.strangers} 名学生未开通，共 {gap.students} 人。"


def _next(desk: Desk, term: Term) -> Iterator[str]:
    first = outlook.next_ones(desk, term)
    if not first:
        yield "本学期没有要发的提醒了。"
        return
    kinds = "、".join(dict.fromkeys(f"“{_called(kind)}”" for one in first for kind in one.kinds))
    yield f"接下来：{day(first[0].at.date())} {first[0].at:%H:%M} 发{kinds}，共 {len(first)} 条。"


def _called(kind: str) -> str:
    """Return what the office reads for a reminder, as in /plan."""
    return REMINDERS.get(kind, kind)
