"""/status of those who run a branch or the college: the totals as words and as a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from bot import college
from bot.compose import shortfalls
from bot.compose.presses import Rows, named, page_of, turning
from bot.compose.reading import Reading
from bot.compose.status_lists import openers
from bot.rules import progress as progress_rules
from bot.rules import talks as talk_rules
from bot.rules.talks import Timeliness
from bot.standings import standings
from messages import render
from messages.facts import BranchLine, Named
from messages.lengths import plain
from messages.picture import Bar, Picture
from storage.records import Branch, Person, Progress, Talk, TalkState

Facts = dict[str, Any] | None

BARS = 10  # in one picture: Telegram scales a higher one down until nobody can read it


def _status_branch(reading: Reading) -> Facts:
    branch = reading.branch
    if branch is None:
        return None
    store = reading.desk.store
    people = college.students(store, branch.id)
    groups = reading.by_state(college.ids(people))
    progress = college.progress_among(reading.desk, branch, people, reading.term, reading.today)
    strangers = [one.id for one in people if not college.is_enrolled(store, one.id)]
    return {
        "talk": progress.talk,
        "forms": progress.form,
        "not_talked": groups[TalkState.NONE],
        "disputed": groups[TalkState.DISPUTED],
        "claimed": groups[TalkState.CLAIMED],
        "not_enrolled": reading.listed(strangers),
        "no_group": branch.chat is None and college.is_secretary(store, reading.reader),
        "picture": _picture(
            reading, branch.name, _classes(reading, branch, people) or [(branch.name, progress)]
        ),
        **_out_of_time(reading, people),
    }


def _classes(reading: Reading, branch: Branch, people: list[Person]) -> list[tuple[str, Progress]]:
    """Return the branch's classes by name, whoever has none last."""

    def of(student: Person) -> tuple[bool, str]:
        return not student.class_name, student.class_name or ""

    return [
        (
            name or reading.catalogue.labels["no_class"],
            college.progress_among(reading.desk, branch, list(group), reading.term, reading.today),
        )
        for (_, name), group in groupby(sorted(people, key=of), of)
    ]


def _out_of_time(reading: Reading, people: list[Person]) -> dict[str, list[Named]]:
    """Return whose talk lay before or after weeks 2 and 3 (A13), and whose last one is long ago (A17)."""
    found: dict[str, list[Named]] = {"early": [], "late": [], "stale": []}
    for person in people:
        talks = college.all_talks_of(reading.desk.store, person)
        days = [talk.day for talk in talks if talk.state is TalkState.CONFIRMED and talk.day]
        if days and talk_rules.is_stale(max(days), reading.today):
            found["stale"].append(reading.named(person.id))
        when = {_timeliness(reading, talk) for talk in talks if talk.term == reading.round.id}
        for name in {"early", "late"} & when:
            found[name].append(reading.named(person.id))
    return found


def _timeliness(reading: Reading, talk: Talk) -> str:
    said = talk.state in {TalkState.CLAIMED, TalkState.CONFIRMED}
    if not said or talk.day is None or reading.windows is None:
        return Timeliness.ON_TIME
    return talk_rules.timeliness(talk.day, reading.windows)


def _status_office(reading: Reading) -> Facts:
    kept = standings(reading.desk)
    every = [
        (one.name, kept.progress(one.id)) for one in college.student_branches(reading.desk.store)
    ]
    page, pages = page_of(reading, len(every), BARS)
    shown = every[(page - 1) * BARS : page * BARS]
    return {
        "branches": [BranchLine(name=name, progress=progress) for name, progress in shown],
        "college": progress_rules.together(progress for _, progress in every),
        "page": page,
        "pages": pages,
        "picture": _picture(reading, None, every),
    }


def _picture(reading: Reading, of: str | None, groups: list[tuple[str, Progress]]) -> Picture:
    """Return a page of the groups as bars, what they are together first."""
    facts = reading.base() | {"of": of, "clock": f"{reading.desk.now():%H:%M}"}
    title, subtitle = plain(
        render.render(reading.catalogue, "picture_head", facts).text
    ).splitlines()
    page, _ = page_of(reading, len(groups), BARS)
    shown = groups[(page - 1) * BARS : page * BARS]
    if len(groups) > 1:
        together = progress_rules.together(progress for _, progress in groups)
        shown = [(reading.catalogue.labels["together"], together), *shown]
    return Picture(title=title, subtitle=subtitle, bars=tuple(_bars(shown)))


def _bars(groups: Iterable[tuple[str, Progress]]) -> Iterable[Bar]:
    for label, progress in groups:
        yield Bar(label=label, talk=progress.talk, received=progress.received)


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "status_branch": _status_branch,
    "status_office": _status_office,
}


def _office_rows(reading: Reading) -> Rows:
    turns = _turning(reading, len(college.student_branches(reading.desk.store)))
    return [*turns, *_leading_on(reading, {})]


def _branch_rows(reading: Reading) -> Rows:
    if reading.branch is None:
        return []
    people = college.students(reading.desk.store, reading.branch.id)
    turns = _turning(reading, len({one.class_name or "" for one in people}))
    return [*turns, *_leading_on(reading, {"branch_id": reading.branch.id})]


def _leading_on(reading: Reading, args: dict[str, Any]) -> Rows:
    """Return what a look at the bars makes one want next: the names behind them, the workbook."""
    export = [named(reading, "export", "export", {})]
    return [*openers(reading, args), export, *shortfalls.door(reading)]


def _turning(reading: Reading, count: int) -> Rows:
    return turning(reading, *page_of(reading, count, BARS), "status_page")


BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "status_branch": _branch_rows,
    "status_office": _office_rows,
}
