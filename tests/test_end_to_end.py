"""Real processes and real HTTP: an office, its people, and a bot that is killed in between."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.rehearsal.college import sample
from storage.records import Kind, Role
from tests.support.processes import Telegram, Yinlu, telegram, until

pytestmark = pytest.mark.processes
MENTORS_FROM = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """A student with one mentor, and the Telegram accounts that they will use."""

    student: str  # 编号
    mentor: str
    name: str
    account: int

    @property
    def mentor_account(self) -> int:
        return self.account + MENTORS_FROM


def pairs(count: int) -> list[Pair]:
    """Activists with exactly one contact, a teacher, each another one."""
    roster = sample()
    people = {person.number: person for person in roster.people}
    names = [person.name for person in roster.people]
    of: dict[str, list[str]] = {}
    for row in roster.pairings:
        if row.role is Role.CONTACT:
            of.setdefault(row.student, []).append(row.mentor)
    found: dict[str, Pair] = {}
    for student, mentors in of.items():
        person = people[student]
        plain = len(mentors) == 1 and people[mentors[0]].kind is Kind.TEACHER
        if plain and person.stage == "activist" and names.count(person.name) == 1:
            account = 5000 + len(found)
            found.setdefault(mentors[0], Pair(student, mentors[0], person.name, account))
    return list(found.values())[:count]


@pytest.fixture
def world() -> Iterator[Telegram]:
    with telegram() as running:
        yield running


@pytest.fixture
def yinlu(world: Telegram, tmp_path: Path) -> Yinlu:
    """The office has put its roster in; today is in week 2 of the term."""
    environment = {name: value for name, value in os.environ.items() if "YINLU" not in name}  # noqa: TID251 - for a child
    command = Yinlu(tmp_path / "data", world.url, environment)
    command("roster", "template", "--sample", tmp_path / "roster.xlsx")
    command("roster", "import", tmp_path / "roster.xlsx")
    today = SystemClock().now().date()
    monday = today - timedelta(days=today.weekday(), weeks=1)
    command("term", "set", monday.isoformat())
    return command


def enrol(world: Telegram, yinlu: Yinlu, people: list[tuple[str, int]]) -> None:
    """Each opens the own link and types the last four characters of the own number."""
    numbers = [part for number, _ in people for part in ("--person", number)]
    links = json.loads(yinlu("invite", *numbers, "--json"))
    tokens = {link["person"]: link["token"] for link in links}
    for number, account in people:
        world.act("user", user_id=account, first_name="某")
        world.act("start", user_id=account, payload=tokens[number])
        world.reads(account, "最后四个字符")
        world.act("send", user_id=account, chat_id=account, text=number[-4:])
        world.reads(account, "开通好了")


def both(pairs: list[Pair]) -> list[tuple[str, int]]:
    return [
        one
        for pair in pairs
        for one in ((pair.student, pair.account), (pair.mentor, pair.mentor_account))
    ]


def totals(yinlu: Yinlu) -> dict[str, int]:
    """How many students stand where, over all branches."""
    branches = json.loads(yinlu("status", "--json"))["branches"]
    return {
        state: sum(branch["talk"][state] for branch in branches)
        for state in ("claimed", "confirmed", "disputed")
    }


def test_what_people_saw_accepted_outlives_every_kill(world: Telegram, yinlu: Yinlu) -> None:
    words, reply, button, done, late = pairs(5)
    with yinlu.running(kill=True):
        enrol(world, yinlu, both([words, reply, button, done, late]))
        world.act("send", user_id=words.account, chat_id=words.account, text="已谈")
        world.reads(words.account, "已记下")
        reminder = world.reads(reply.account, "主动约谈")
        world.act(
            "send",
            user_id=reply.account,
            chat_id=reply.account,
            text="谈过了",
            reply_to=reminder["id"],
        )
        world.reads(reply.account, "已记下")
        world.press(button.account, "已谈话")
        world.press(button.account, "今天")
        world.reads(button.account, "已记下")
    assert totals(yinlu) == {"claimed": 3, "confirmed": 0, "disputed": 0}

    with yinlu.running(kill=True):
        world.press(words.mentor_account, "属实")
        world.reads(words.account, "已确认")
        world.act(
            "send",
            user_id=done.mentor_account,
            chat_id=done.mentor_account,
            text=f"/done {done.name}",
        )
        world.reads(done.mentor_account, "已记下")
        world.reads(done.account, "如果没有谈")
        world.act("send", user_id=late.account, chat_id=late.account, text="已谈")
    # Killed at once: whether it was fetched or not, it is not lost.
    with yinlu.running():
        world.reads(late.account, "已记下")
        world.press(reply.mentor_account, "还没谈")
        world.reads(reply.account, "还没有核对上")
        until("the last claim stands", lambda: totals(yinlu)["claimed"] == 2)
        assert totals(yinlu) == {"claimed": 2, "confirmed": 2, "disputed": 1}
    assert totals(yinlu) == {"claimed": 2, "confirmed": 2, "disputed": 1}
    for account in (words.account, reply.account, button.account, late.account):
        unmarked = [one for one in world.said(account, "已记下") if "（补发）" not in one["text"]]
        assert len(unmarked) == 1


def test_reading_commands_agree_beside_the_running_bot(world: Telegram, yinlu: Yinlu) -> None:
    with yinlu.running():
        beside = yinlu("plan", "--json"), yinlu("status", "--json")
    assert beside == (yinlu("plan", "--json"), yinlu("status", "--json"))


def test_a_running_bot_keeps_a_backup_a_day(yinlu: Yinlu) -> None:
    with yinlu.running():
        folder = yinlu.data / "backups"
        hour = SystemClock().now().hour
        if hour < 3:  # the night's backup is not due yet
            pytest.skip("before 03:00 in Shanghai")
        (kept,) = until("a backup", lambda: list(folder.glob("*.backup")))
    assert "完好" in yinlu("verify", kept)
