"""The rehearsal's own checks: each of them holds when all is well, and says so when it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

import pytest
from rich.console import Console

from bot.calendar import calendar
from bot.commands import reading
from bot.desk import Desk
from bot.rehearsal.agenda import Agenda
from bot.rehearsal.botapi import Exchange, World
from bot.rehearsal.company import STRANGER, Company
from bot.rehearsal.findings import FORBIDDEN, Expectations, findings
from bot.rehearsal.stage import Stage
from bot.rehearsal.summary import print_summary
from bot.rehearsal.told_clock import ToldClock
from bot.settings import Settings
from storage.records import FormState, Row, RowState, TalkState
from storage.store import Store
from tests.support.cast import Cast, settle
from tests.support.clock import at

MONDAY = at(2026, 9, 14)
NIGHT = at(2026, 9, 14, 23)


@dataclass
class Over:
    """A rehearsal that is over: the bot's book, the wire, the ledger."""

    desk: Desk
    cast: Cast
    world: World
    company: Company
    expected: Expectations
    errors: list[str]

    def faulty(self) -> list[str]:
        found = findings(self.desk, self.company, self.expected, self.errors)
        return [one.about for one in found if one.faults]

    def row(self, kind: str, at: datetime, *keys: str, **others: object) -> Row:
        """A message that was sent to 李明, in the bot's book and on the wire."""
        number, chat = len(self.world.log) + 1, self.cast.telegram["李明"]
        row = Row(
            kind=kind, chat=chat, to=self.cast["李明"].id, keys=keys, due=at, created=at, sent=at,
            state=RowState.SENT, message=number, **others,  # type: ignore[arg-type]  # fields by name
        )  # fmt: skip
        self.world.log.append(Exchange(at=at, method="sendMessage", chat=chat, message=number))
        with self.desk.store.transaction():
            return self.desk.store.outbox.add(row)


@pytest.fixture
def over() -> Over:
    clock = ToldClock(MONDAY)
    desk = Desk(Store.in_memory(), clock, Settings(), calendar(Settings().holidays), "yinlu_bot")
    cast = settle(desk)
    windows = desk.windows()
    assert windows is not None
    stage, world = Stage(clock, windows, Agenda(clock)), World(clock.now)
    stage.ledger.enrolled |= {account.person for account in desk.store.accounts}
    company = Company(stage, world, lambda *_: None, {})
    expected = Expectations()
    expected.note(desk, MONDAY)
    return Over(desk, cast, world, company, expected, [])


def sends_all(over: Over) -> None:
    """Every reminder of Monday leaves."""
    for key in list(over.expected.keys):
        over.row("S1", MONDAY, key, reminder=True)


def test_nothing_is_found_when_everything_held(over: Over) -> None:
    assert any(":S1:" in key for key in over.expected.keys)
    sends_all(over)
    assert over.faulty() == []


def test_a_reminder_that_did_not_leave_is_found(over: Over) -> None:
    assert over.faulty() == ["每条计划的提醒都发了，且只发一次"]


def test_a_reminder_to_somebody_without_account_is_not_expected(over: Over) -> None:
    absent = over.cast["冯四"].id
    with over.desk.store.transaction():
        account = over.desk.store.accounts.one("person", absent)
        assert account is not None
        over.desk.store.accounts.remove(account.id)
    later = Expectations()
    later.note(over.desk, at(2026, 9, 21))
    assert any(":S2:" in key for key in later.keys)
    assert not any(key.split(":")[2] == str(absent) for key in later.keys)


def unplanned(over: Over) -> None:
    over.row("S1", MONDAY, "1:S9:1:1", reminder=True)


def twice(over: Over) -> None:
    over.row("help", MONDAY)
    over.world.log.append(over.world.log[-1])


def left_behind(over: Over) -> None:
    row = Row(kind="help", chat=1, to=None, due=MONDAY, created=MONDAY)
    with over.desk.store.transaction():
        over.desk.store.outbox.add(row)


def loud_at_night(over: Over) -> None:
    over.row("S10", NIGHT)


def reminder_at_night(over: Over) -> None:
    over.row("B1", NIGHT, silent=True, reminder=True)


def shown(over: Over, chat: int, text: str, labels: tuple[str, ...] = ()) -> None:
    exchange = Exchange(
        at=MONDAY, method="editMessageText", chat=chat, text=text, buttons=(labels,)
    )
    over.world.log.append(exchange)


def refused(over: Over, chat: int, error: str) -> None:
    over.world.refused.append(Exchange(at=MONDAY, method="sendMessage", chat=chat, error=error))


def blocked_twice(over: Over) -> None:
    over.world.add_user(5, "张三").blocked = True
    refused(over, 5, FORBIDDEN)
    refused(over, 5, FORBIDDEN)


def claimed_unnoticed(over: Over) -> None:
    over.company.stage.ledger.claim(over.cast["李明"].id, over.cast["周老师"].id)


def handed_in_unnoticed(over: Over) -> None:
    over.company.stage.ledger.forms[over.cast["李明"].id] = FormState.RECEIVED


def enrolled_unnoticed(over: Over) -> None:
    over.company.stage.ledger.enrolled.discard(over.cast["李明"].id)


def receipt_for_nothing(over: Over) -> None:
    over.row("S6", MONDAY)


REMINDERS, COPIES = "每条计划的提醒都发了，且只发一次", "发出的每一条都只到一次，没有重复"
QUIET, GROUPS = "提醒不在休息时间发，别的消息在休息时间不响", "群里没有出现任何人的姓名"
REFUSALS, PROGRESS = "Telegram 没有拒绝任何请求（停用的人除外）", "进度与大家实际做的一致"
WRONGS: list[tuple[Callable[[Over], None], str]] = [
    (unplanned, REMINDERS),
    (twice, COPIES),
    (left_behind, COPIES),
    (loud_at_night, QUIET),
    (reminder_at_night, QUIET),
    (lambda over: shown(over, STRANGER, "李明，你好"), "陌生人只收到那一句话"),
    (lambda over: shown(over, -5, "李明已谈"), GROUPS),
    (lambda over: shown(over, -5, "请选一位", ("✓ 王小雨",)), GROUPS),
    (lambda over: refused(over, 5, "Bad Request: message is too long"), REFUSALS),
    (lambda over: refused(over, 5, FORBIDDEN), REFUSALS),
    (blocked_twice, "停用机器人的人不再收到消息"),
    (claimed_unnoticed, PROGRESS),
    (handed_in_unnoticed, PROGRESS),
    (enrolled_unnoticed, PROGRESS),
    (receipt_for_nothing, "收表回执一人一条"),
    (lambda over: over.errors.append("Traceback"), "机器人没有报错"),
]


@pytest.mark.parametrize(("wrong", "found"), WRONGS)
def test_what_goes_wrong_is_found_and_nothing_else(
    over: Over, wrong: Callable[[Over], None], found: str
) -> None:
    sends_all(over)
    wrong(over)
    assert over.faulty() == [found]


def test_a_message_that_already_looked_as_wanted_is_no_refusal(over: Over) -> None:
    sends_all(over)
    refused(over, 5, "Bad Request: message is not modified: exactly the same")
    assert over.faulty() == []


def test_ledger_counts_a_student_of_two_mentors_under_the_best_talk(over: Over) -> None:
    ledger, student = over.company.stage.ledger, over.cast["赵一"].id
    ledger.claim(student, over.cast["周老师"].id)
    ledger.set_talk(student, over.cast["吴老师"].id, TalkState.CONFIRMED)
    ledger.claim(student, over.cast["吴老师"].id)  # a confirmed talk is not claimed again
    assert ledger.talk_totals([student]) == {TalkState.CONFIRMED: 1}


def test_reader_of_the_summary_sees_every_branch_and_a_line_per_check(over: Over) -> None:
    sends_all(over)
    enrolled_unnoticed(over)
    written = StringIO()
    console = Console(file=written, width=140)
    status = reading.status(over.desk, None).document
    found = list(findings(over.desk, over.company, over.expected, ["错误"] * 7))
    assert print_summary(console, status, found) == 2
    told = written.getvalue()
    assert "2026-2027-1 学期，第2周" in told
    assert "本科生第一党支部" in told
    assert "✗ 进度与大家实际做的一致\n    本科生第一党支部 not_enrolled：进度 0，实际 1\n" in told
    assert "✓ 群里没有出现任何人的姓名\n" in told
    assert "…… 共 7 处" in told
