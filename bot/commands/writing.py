"""Commands that change the store. They run in whichever process holds its lock (decision 10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot import college
from bot.actions import enrol, term
from bot.actions.roster_intake import take_in
from bot.commands.assigning import assign
from bot.commands.backups import backup
from bot.commands.look_ahead import look_ahead
from bot.commands.purging import purge
from bot.desk import Desk
from bot.outcome import Outcome, refused
from bot.refusal import Refused
from storage.records import Person
from storage.workbook_apart import Found


def import_roster(desk: Desk, *, found: str, remove_missing: bool) -> Outcome:
    """Make the store agree with a workbook; with any fault nothing changes.

    ``found``: what was read of it, as JSON. Whoever asks has read it: the bot has people to answer.
    """
    said = Found.from_json(found)
    with desk.store.transaction():
        report = take_in(desk, said.roster, said.faults, remove_missing=remove_missing)
    code = 0 if report.accepted else 1
    return Outcome(lines=tuple(report.lines()), document=report.as_json(), code=code)


def set_term(desk: Desk, *, week1: str, name: str | None) -> Outcome:
    """Open a round or move the running one, then look ahead."""
    with desk.store.transaction():
        opened = term.set_week1(desk, date.fromisoformat(week1), name)
    desk.wake()
    return Outcome(lines=tuple(look_ahead(desk, opened)))


def invite(desk: Desk, *, people: list[str], everyone: bool) -> Outcome:
    """Make new links, for the people named or for everyone who has no account yet."""
    if not len(desk.store.people):
        raise Refused("还没有导入花名册，请先运行 yinlu roster import FILE。")
    if not desk.bot_name:
        raise Refused("还没有连上 Telegram，不知道机器人的用户名，请等它连上后再试。")
    named = dict.fromkeys(people)  # twice in one request, the first link would be dead at once
    chosen = _everyone(desk) if everyone else [_person(desk, number) for number in named]
    with desk.store.transaction():
        issued = enrol.issue(desk, chosen)
    document = [
        {
            "person": person.number,
            "link": f"{desk.link()}?start={token}",
            "token": token,
            "expires": made.expires.isoformat(),
        }
        for person, token, made in issued
    ]
    lines = [
        f"{person.name}\t{entry['link']}" for person, entry in zip(chosen, document, strict=True)
    ]
    return Outcome(lines=tuple(lines or ["人人都已开通，没有要生成的链接。"]), document=document)


def _everyone(desk: Desk) -> list[Person]:
    here = (one for one in desk.store.people if one.left is None)
    without = (one for one in here if not college.is_enrolled(desk.store, one.id))
    return sorted(without, key=lambda one: (one.branch, one.number))


def _person(desk: Desk, number: str) -> Person:
    found = desk.store.people.one("number", number)
    if found is None or found.left is not None:
        raise Refused(f"花名册里没有编号 {number}，请核对后再试。")
    if college.is_enrolled(desk.store, found.id):
        raise Refused(f"{found.name} 已经开通，不需要新的链接。")
    return found


WRITERS: Mapping[str, Callable[..., Outcome]] = {
    "roster import": import_roster,
    "term set": set_term,
    "invite": invite,
    "assign": assign,
    "backup": backup,
    "purge": purge,
}


def carry_out(desk: Desk, command: str, arguments: dict[str, Any]) -> Outcome:
    """Run one writing command; what it refuses becomes one line and exit code 1."""
    try:
        return WRITERS[command](desk, **arguments)
    except Refused as refusal:
        return refused(str(refusal))
