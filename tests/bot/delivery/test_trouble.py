"""Whoever is in charge hears once a day of what did not arrive, and of what was not handled."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from telegram import Update

from bot.actions.say import EDIT
from bot.delivery.schedule import Tick
from storage.records import InboxState, RowState
from tests.bot.delivery.rows import minutes_pass, put, reason, state
from tests.support.chat import Chat, chatting
from tests.support.clock import at
from tests.support.line import Line, answer_lost, refusal, unplugged

BLOCKED = refusal(403, "Forbidden: bot was blocked by the user")
REFUSED = refusal(400, "Bad Request: message is too long")
FOUR = at(2026, 9, 15, 16)
BEGINS = "有提醒没有送到本人，请你当面或打电话转告。"
COMES_BACK = "本人在与机器人的私聊里发 /start 后恢复。"
numbers = itertools.count(500)


async def until(chat: Chat, when: datetime) -> None:
    """Let everything out that is due until then."""
    while chat.clock.now() < when:
        chat.clock.move_to(min(when, chat.clock.now() + timedelta(minutes=30)))
        await chat.app.outbox.drain()


def told(chat: Chat, who: str) -> list[str]:
    """What somebody has been told of messages that did not arrive: without the greeting."""
    return [one.partition("\n")[2] for one in chat.news(who) if "没有送到本人" in one]


async def test_secretary_hears_once_at_four_of_a_student_who_has_blocked_the_bot(
    chat: Chat, line: Line
) -> None:
    line.faults.append(BLOCKED)
    put(chat, "李明")
    await chat.app.outbox.drain()
    await until(chat, FOUR - timedelta(minutes=1))
    assert told(chat, "林峰") == []
    await until(chat, at(2026, 9, 23, 18))
    await chat.tick()
    assert told(chat, "林峰") == [f"收不到消息：李明。{COMES_BACK}"]
    assert told(chat, "何主任") == told(chat, "韩书记") == []


async def test_secretary_hears_again_only_after_the_student_was_back(
    chat: Chat, line: Line
) -> None:
    for day in (15, 16, 17):
        line.faults.append(BLOCKED)
        put(chat, "李明")
        await chat.app.outbox.drain()
        line.faults.clear()
        if day == 16:
            await chat.say("李明", "/start")
            line.faults.append(BLOCKED)
            put(chat, "李明")
            await chat.app.outbox.drain()
        await until(chat, at(2026, 9, day, 17))
    assert len(told(chat, "林峰")) == 2


async def test_what_was_never_sent_what_may_have_arrived_and_who_is_gone_share_one_message(
    chat: Chat, line: Line
) -> None:
    line.faults.extend([BLOCKED, REFUSED])
    put(chat, "李明")
    put(chat, "王小雨")
    await chat.app.outbox.drain()
    line.always = answer_lost
    row = put(chat, "赵一")
    await until(chat, at(2026, 9, 15, 11))
    line.always = None
    assert state(chat, row) is RowState.UNCERTAIN
    await until(chat, at(2026, 9, 16, 18))
    (text,) = told(chat, "林峰")
    assert text.splitlines() == [
        f"收不到消息：李明。{COMES_BACK}",
        "没有送到：王小雨",
        "不能确定是否送到：赵一",
    ]


async def test_nobody_is_told_that_an_edit_was_lost(chat: Chat, line: Line) -> None:
    row = put(chat, "李明")
    await chat.app.outbox.drain()
    line.faults.append(refusal(400, "Bad Request: message to edit not found"))
    edit = put(chat, "李明", EDIT, edits=row.id)
    await until(chat, FOUR)
    assert state(chat, edit) is RowState.DEAD
    assert told(chat, "林峰") == []


async def test_what_a_teacher_misses_is_told_where_the_students_are(
    chat: Chat, line: Line
) -> None:
    line.faults.append(BLOCKED)
    put(chat, "周老师")
    await chat.app.outbox.drain()
    await until(chat, FOUR)
    assert told(chat, "林峰") == [f"收不到消息：周文。{COMES_BACK}"]
    assert told(chat, "韩书记") == []


async def test_office_hears_of_a_secretary_and_of_what_the_secretary_was_to_hear(
    chat: Chat, line: Line
) -> None:
    line.faults.extend([REFUSED, BLOCKED])
    put(chat, "李明")
    put(chat, "林峰")
    await chat.app.outbox.drain()
    await until(chat, FOUR)
    assert told(chat, "林峰") == []
    (text,) = told(chat, "何主任")
    assert text.splitlines() == [f"收不到消息：林峰。{COMES_BACK}", "没有送到：李明"]


async def test_a_secretary_who_is_back_the_same_day_hears_all_the_same(
    chat: Chat, line: Line
) -> None:
    line.faults.extend([REFUSED, BLOCKED])
    put(chat, "李明")
    put(chat, "林峰")
    await chat.app.outbox.drain()
    chat.app.inbox.take([update(chat, "/help", "林峰")])
    await swept(chat, chat.app.telegram.process_update)
    await chat.app.outbox.drain()
    line.faults.append(REFUSED)
    put(chat, "王小雨")
    await chat.app.outbox.drain()
    await until(chat, FOUR)
    (text,) = told(chat, "林峰")
    assert "王小雨" in text


async def test_whoever_blocks_the_bot_is_known_at_once_and_nothing_more_is_tried(
    chat: Chat, line: Line
) -> None:
    waiting = put(chat, "李明", due=FOUR)
    telegram = chat.cast.telegram["李明"]
    member = {"user": {"id": 4242, "is_bot": True, "first_name": "引路"}}
    person = {"id": telegram, "is_bot": False, "first_name": "某"}
    await chat.feed(
        {
            "my_chat_member": {
                "chat": {"id": telegram, "type": "private"},
                "from": person,
                "date": 1,
                "old_chat_member": {**member, "status": "member"},
                "new_chat_member": {**member, "status": "kicked", "until_date": 0},
            }
        }
    )
    assert (state(chat, waiting), reason(chat, waiting)) == (RowState.CANCELLED, "unreachable")
    await until(chat, FOUR)
    assert line.arrivals == [chat.cast.telegram["林峰"]]


# An outage at the due hour (F18)


@pytest.fixture
def eve() -> datetime:
    return at(2026, 9, 14, 8, 59)


async def test_after_ten_minutes_without_network_at_the_due_hour_all_reminders_leave_once(
    line: Line, eve: datetime
) -> None:
    async with chatting(eve, recorder=line) as chat:
        line.always = unplugged
        await outage(chat, minutes=10)
        line.always = None
        chat.app.polling.recovered()
        await chat.app.outbox.drain()
        back = chat.clock.now()
        students = ["李明", "王小雨", "赵一", "钱二"]
        assert [len(chat.news(name)) for name in students] == [1] * 4
        await until(chat, at(2026, 9, 14, 18))
        assert back - at(2026, 9, 14, 9, 10) <= timedelta(minutes=5)
        assert told(chat, "林峰") == []


async def test_a_reminder_that_an_outage_made_useless_is_not_sent_but_told(
    line: Line, eve: datetime
) -> None:
    async with chatting(eve, recorder=line) as chat:
        line.always = unplugged
        await outage(chat, minutes=10)
        line.always = None
        (row,) = (
            one
            for one in chat.desk.store.outbox
            if (one.kind, one.to) == ("S1", chat.cast["李明"].id)
        )
        chat.clock.move_to(datetime.fromisoformat(row.args["until"]))
        chat.app.polling.recovered()
        await chat.app.outbox.drain()
        assert chat.news("李明") == []
        assert (state(chat, row), reason(chat, row)) == (RowState.CANCELLED, "late")
        await until(chat, chat.clock.now() + timedelta(days=2))
        (text,) = told(chat, "林峰")
        assert "李明" in text


async def outage(chat: Chat, minutes: float) -> None:
    """Nine o'clock comes, and so many minutes pass."""
    chat.clock.move_to(at(2026, 9, 14, 9))
    assert Tick(chat.desk).now()
    await minutes_pass(chat, minutes)


# Updates that were not handled


async def test_office_hears_once_a_day_that_something_was_not_handled_and_nothing_of_what(
    chat: Chat,
) -> None:
    async def broken(_: Update) -> None:
        raise LookupError("李明")

    for text in ("已谈", "已谈 昨天"):
        chat.app.inbox.take([update(chat, text)])
    chat.app.inbox.take([{"update_id": next(numbers), "message": {"entities": [5]}}])
    await swept(chat, broken)
    states = sorted(row.state for row in chat.desk.store.inbox)
    assert states == [InboxState.DEAD, InboxState.DEAD, InboxState.QUARANTINED]
    await until(chat, at(2026, 9, 16, 18))
    assert [one for one in chat.news("何主任") if "没有处理成功" in one] == [
        "何老师，您好。有发给机器人的消息没有处理成功。请您转告维护人员，用 yinlu doctor 查看原因。"
    ]
    assert not any("没有处理成功" in one for one in chat.news("林峰"))


def update(chat: Chat, text: str, who: str = "李明") -> dict[str, Any]:
    telegram = chat.cast.telegram[who]
    return {
        "update_id": next(numbers),
        "message": {
            "message_id": next(numbers),
            "date": int(chat.clock.now().timestamp()),
            "chat": {"id": telegram, "type": "private"},
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
            "text": text,
        },
    }


async def swept(chat: Chat, handle: Callable[[Update], Awaitable[None]]) -> None:
    """Handle until nothing waits."""
    while chat.desk.store.inbox.where("state", InboxState.WAITING):
        chat.clock.advance(seconds=await chat.app.inbox.sweep(handle, chat.app.telegram.bot))
