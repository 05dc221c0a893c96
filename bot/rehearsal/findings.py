"""What a rehearsal checks when it is over: the bot's book against the people's and the wire's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot import college
from bot.commands import reading
from bot.desk import Desk
from bot.rehearsal.botapi import World
from bot.rehearsal.company import STRANGER, Company
from bot.rehearsal.ledger import Ledger
from bot.rules import reminders
from bot.rules.term import may_send
from bot.situation import situation
from bot.standings import progress_of
from bot.texts import load_texts
from messages import render
from storage.records import FormState, PersonId, Row, RowState, TalkState

Places = Counter[tuple[int | None, int | None]]  # messages by chat and id
MOMENT = timedelta(microseconds=1)
POSTING = {"sendMessage", "sendPhoto"}
AS_WANTED = "message is not modified"  # no refusal: it looks as it should already
FORBIDDEN = "Forbidden: bot was blocked by the user"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; ``faults`` is empty if it holds."""

    about: str
    faults: tuple[str, ...]


@dataclass(slots=True)
class Expectations:
    """Keys of the reminders that had to go, written down just before each moment came."""

    keys: dict[str, str] = field(default_factory=dict)  # key → what it is, for people

    def note(self, desk: Desk, now: datetime) -> None:
        """Write down what has to go now, to people whom the bot can reach, and to groups."""
        term = desk.term()
        if term is None:
            return
        for one in reminders.plan(situation(desk, term), now, now + MOMENT):
            if not one.group and not _can_reach(desk, PersonId(one.to)):
                continue
            for key in one.keys:
                if not desk.store.outbox.count("key", key):
                    self.keys[key] = f"{now:%m-%d %H:%M} {key}"


def _can_reach(desk: Desk, person: PersonId) -> bool:
    account = college.account_of(desk.store, person)
    return account is not None and account.reachable


def findings(
    desk: Desk, company: Company, expected: Expectations, errors: list[str]
) -> Iterator[Finding]:
    """Everything that is checked, in the order of importance. Reads only."""
    world, store = company.world, desk.store
    rows = list(store.outbox)
    yield Finding("每条计划的提醒都发了，且只发一次", tuple(_reminders(rows, expected)))
    yield Finding("发出的每一条都只到一次，没有重复", tuple(_copies(rows, world)))
    yield Finding("提醒不在休息时间发，别的消息在休息时间不响", tuple(_quiet(desk, rows)))
    yield Finding("陌生人只收到那一句话", tuple(_strangers(world)))
    yield Finding("群里没有出现任何人的姓名", tuple(_groups(desk, world)))
    yield Finding("Telegram 没有拒绝任何请求（停用的人除外）", tuple(_refusals(world)))
    yield Finding("停用机器人的人不再收到消息", tuple(_blocked(world)))
    yield Finding("进度的各项加起来等于人数", tuple(_sums(reading.status(desk, None).document)))
    yield Finding("进度与大家实际做的一致", tuple(_progress(desk, company)))
    yield Finding("收表回执一人一条", tuple(_receipts(rows, company.stage.ledger)))
    yield Finding("机器人没有报错", tuple(errors))


def _reminders(rows: list[Row], expected: Expectations) -> Iterator[str]:
    sent = Counter(
        key for row in rows if row.reminder and row.state is RowState.SENT for key in row.keys
    )
    lost = {key for row in rows if row.state is RowState.DEAD for key in row.keys}
    for key, what in expected.keys.items():
        if sent[key] != 1 and key not in lost:
            yield f"{what}：发了 {sent[key]} 次"
    yield from (f"{key}：不在计划里" for key in sent if key not in expected.keys)


def _copies(rows: list[Row], world: World) -> Iterator[str]:
    posted: Places = Counter((one.chat, one.message) for one in world.log if one.method in POSTING)
    booked: Places = Counter((row.chat, row.message) for row in rows if row.message is not None)
    for place in posted.keys() | booked.keys():
        if posted[place] != booked[place]:
            yield f"会话 {place[0]} 的消息 {place[1]}：记了 {booked[place]} 次，发了 {posted[place]} 次"
    yield from (
        f"第 {row.id} 条（{row.kind}）：{row.state} {row.reason or ''}"
        for row in rows
        if row.state in {RowState.PENDING, RowState.SENDING, RowState.UNCERTAIN}
    )


def _quiet(desk: Desk, rows: list[Row]) -> Iterator[str]:
    for row in rows:
        if row.sent is None or row.message is None or row.to is None:
            continue
        if not may_send(row.sent, desk.calendar, desk.quiet) and (row.reminder or not row.silent):
            yield f"{row.sent:%m-%d %H:%M} {row.kind}"


def _strangers(world: World) -> Iterator[str]:
    sentence = render.plain(render.render(load_texts(None), "stranger", {}).text)
    for one in world.log:
        if one.chat == STRANGER and one.text != sentence:
            yield f"{one.at:%m-%d %H:%M} {one.method} {one.text}"


def _groups(desk: Desk, world: World) -> Iterator[str]:
    names = {person.name for person in desk.store.people}
    for one in world.log:
        if one.chat is None or one.chat > 0 or one.to is not None:
            continue
        shown = one.text + "".join(label for line in one.buttons for label in line)
        yield from (f"{one.at:%m-%d %H:%M} {name}" for name in names if name in shown)


def _refusals(world: World) -> Iterator[str]:
    expected = {(FORBIDDEN, one.id) for one in world.users.values() if one.blocked}
    for one in world.refused:
        if AS_WANTED not in (one.error or "") and (one.error, one.chat) not in expected:
            yield f"{one.at:%m-%d %H:%M:%S} {one.method} {one.chat}：{one.error}"


def _blocked(world: World) -> Iterator[str]:
    tried = Counter(one.chat for one in world.refused if one.error == FORBIDDEN)
    yield from (f"{chat}：试了 {times} 次" for chat, times in tried.items() if times > 1)


def _sums(status: dict[str, Any]) -> Iterator[str]:
    for branch in status["branches"]:
        for part in ("talk", "form"):
            total = sum(branch[part].values())
            if total != branch["students"]:
                yield f"{branch['name']} {part}：{total} 与 {branch['students']}"


def _progress(desk: Desk, company: Company) -> Iterator[str]:
    ledger = company.stage.ledger
    for branch in college.student_branches(desk.store):
        people = college.ids(college.students(desk.store, branch.id))
        told = progress_of(desk, branch)
        talks, forms = ledger.talk_totals(people), ledger.form_totals(people)
        pairs: list[tuple[str, int, int]] = [
            *((state, told.talk[state], talks[state]) for state in TalkState),
            *((state, told.form[state], forms[state]) for state in FormState),
            ("not_enrolled", told.not_enrolled, len(set(people) - ledger.enrolled)),
        ]
        for what, booked, done in pairs:
            if booked != done:
                yield f"{branch.name} {what}：进度 {booked}，实际 {done}"


def _receipts(rows: list[Row], ledger: Ledger) -> Iterator[str]:
    told = Counter(row.to for row in rows if row.kind == "S6" and row.state is RowState.SENT)
    yield from (f"{who}：{times} 条" for who, times in told.items() if times > 1)
    handed_in = {FormState.RECEIVED, FormState.ARCHIVED}
    received = {one for one, state in ledger.forms.items() if state in handed_in}
    yield from (f"{who}：没有交表却收到回执" for who in told if who not in received)
