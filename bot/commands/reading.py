"""Commands that only look; they work beside a running bot, without its lock."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

from bot import college
from bot.actions import roster
from bot.commands.look_ahead import look_ahead
from bot.desk import Desk
from bot.outcome import Outcome
from bot.outlook import REACH
from bot.refusal import Refused
from bot.rules import reminders
from bot.rules import term as term_rules
from bot.situation import situation
from bot.standings import standings
from messages.facts import FORM_WORDS, TALK_WORDS
from storage import workbook_apart
from storage.records import Branch, PersonId, Progress, Term


def running_term(desk: Desk) -> Term:
    term = desk.term()
    if term is None:
        raise Refused("还没有设定学期，请先运行 yinlu term set YYYY-MM-DD。")
    return term


def check_roster(desk: Desk, file: Path, *, remove_missing: bool = False) -> Outcome:
    """Return what an import would find and do."""
    found = workbook_apart.read(file)
    report = roster.check(desk.store, found.roster, found.faults, remove_missing=remove_missing)
    return Outcome(
        lines=tuple(report.lines()), document=report.as_json(), code=0 if report.accepted else 1
    )


def show_term(desk: Desk) -> Outcome:
    term = running_term(desk)
    dates = term_rules.windows(term.week1, desk.calendar)
    document = {
        "name": term.name,
        "week1": term.week1.isoformat(),
        "week": term_rules.week_of(term.week1, desk.today()),
        "windows": {
            "talk": [dates.talk_from.isoformat(), dates.talk_to.isoformat()],
            "hand_in": [dates.hand_in_from.isoformat(), dates.deadline.isoformat()],
        },
    }
    return Outcome(lines=tuple(look_ahead(desk, term)), document=document)


def plan(desk: Desk, start: date | None, end: date | None) -> Outcome:
    """Return what would go to whom in those days (both included), groups left out."""
    term = running_term(desk)
    first = start or min(term.week1, desk.today())
    last = end or max(first, term.week1) + REACH
    begin = term_rules.moment(first, time.min)
    planned = reminders.plan(situation(desk, term), begin, term_rules.end_of(last))
    people = desk.store.people
    rows = [
        {
            "at": one.at.isoformat(),
            "kind": "+".join(one.kinds),
            "to": people[PersonId(one.to)].number,
            "about": [people[about].number for about in one.about],
        }
        for one in planned
        if not one.group
    ]
    lines = [
        f"{one.at:%Y-%m-%d %H:%M}  {'+'.join(one.kinds):<6} {people[PersonId(one.to)].name}"
        f"（{len(one.about)} 人）"
        for one in planned
        if not one.group
    ]
    return Outcome(lines=tuple(lines or ["这段时间没有要发的提醒。"]), document=rows)


def student_branches(desk: Desk, name: str | None) -> list[Branch]:
    """Return the student branch of that name; None: all. An unknown name is refused."""
    existing = college.student_branches(desk.store)
    chosen = [one for one in existing if name in (None, one.name)]
    if name is not None and not chosen:
        names = "、".join(one.name for one in existing)
        raise Refused(f"没有学生支部“{name}”。现有：{names or '（还没有导入花名册）'}。")
    return chosen


def status(desk: Desk, branch: str | None) -> Outcome:
    """Return where every student branch stands; before the first term all are none."""
    term = desk.term()
    chosen = student_branches(desk, branch)
    kept = standings(desk)
    totals = [(one, kept.progress(one.id)) for one in chosen]
    document = {
        "term": None if term is None else term.name,
        "week": None if term is None else term_rules.week_of(term.week1, desk.today()),
        "branches": [_as_json(one, progress) for one, progress in totals],
    }
    lines = tuple(_line(one, progress) for one, progress in totals)
    return Outcome(lines=lines or ("还没有学生支部，请先导入花名册。",), document=document)


def _as_json(branch: Branch, progress: Progress) -> dict[str, Any]:
    return {
        "name": branch.name,
        "students": progress.students,
        "talk": {str(state): number for state, number in progress.talk.items()},
        "form": {str(state): number for state, number in progress.form.items()},
        "not_enrolled": progress.not_enrolled,
    }


def _line(branch: Branch, progress: Progress) -> str:
    talk = "，".join(f"{word} {progress.talk[state]}" for state, word in TALK_WORDS.items())
    form = "，".join(f"{word} {progress.form[state]}" for state, word in FORM_WORDS.items())
    return (
        f"{branch.name}：学生 {progress.students}；谈话 {talk}；登记表 {form}；"
        f"未开通 {progress.not_enrolled}"
    )
