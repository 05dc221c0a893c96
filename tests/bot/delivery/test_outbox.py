"""In which order rows leave, and what holds them back."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions.say import EDIT, MENU, POP, STRIP
from bot.clock import SystemClock
from bot.delivery.outbox import IN_FLIGHT
from storage.records import RowState
from tests.bot.delivery.rows import PLAIN, put, reason, state
from tests.support.chat import Chat
from tests.support.clock import at
from tests.support.line import Answer, Call, Line

RATE = 25


async def test_answers_leave_before_reminders_that_waited_longer(chat: Chat, line: Line) -> None:
    put(chat, "王小雨", reminder=True)
    put(chat, "李明")
    await chat.app.outbox.drain()
    assert line.arrivals == [chat.cast.telegram["李明"], chat.cast.telegram["王小雨"]]


async def test_messages_to_one_chat_arrive_in_the_order_in_which_they_were_said(
    chat: Chat,
) -> None:
    for kind in (PLAIN, "not_text", "unknown_command", "undo_nothing"):
        put(chat, "李明", kind)
    await chat.app.outbox.drain()
    assert [text[:6] for text in chat.news("李明")] == [
        "没有看明白。",
        "这里只看文字",
        "没有这个命令",
        "没有可以撤销",
    ]


async def test_a_row_waits_for_its_hour(chat: Chat) -> None:
    row = put(chat, "李明", due=at(2026, 9, 15, 16))
    await chat.app.outbox.drain()
    assert chat.news("李明") == []
    chat.clock.move_to(at(2026, 9, 15, 16))
    await chat.app.outbox.drain()
    assert (len(chat.news("李明")), state(chat, row)) == (1, RowState.SENT)


async def test_a_slow_chat_holds_nobody_else_and_at_most_eight_are_on_the_wire(
    chat: Chat, line: Line
) -> None:
    gate, waiting = asyncio.Event(), asyncio.Semaphore(0)

    async def slow(call: Call) -> Answer:
        waiting.release()
        await gate.wait()
        return await call()

    line.always = slow
    chat.desk.clock = SystemClock()
    names = [name for name in chat.cast.people if name != "郑老师"][: IN_FLIGHT + 3]
    for name in [*names, *names]:
        put(chat, name, due=chat.desk.now())
    sending = asyncio.ensure_future(chat.app.outbox.run())
    for _ in range(IN_FLIGHT):
        await waiting.acquire()
    on_the_wire = chat.desk.store.outbox.where("state", RowState.SENDING)
    assert len({row.chat for row in on_the_wire}) == len(on_the_wire) == IN_FLIGHT
    line.always = None
    chat.app.outbox.close()
    gate.set()
    await sending
    assert len(line.arrivals) == IN_FLIGHT
    assert waiting.locked()


async def test_closing_lets_what_is_on_the_wire_arrive_and_starts_nothing_more(
    chat: Chat, line: Line
) -> None:
    first, second = put(chat, "李明"), put(chat, "李明")

    async def close_meanwhile(call: Call) -> Answer:
        chat.app.outbox.close()
        return await call()

    line.always = close_meanwhile
    await chat.app.outbox.run()
    assert (state(chat, first), state(chat, second)) == (RowState.SENT, RowState.PENDING)


# What has nothing to say any more


async def test_a_reminder_whose_subject_is_closed_is_not_sent(chat: Chat) -> None:
    await chat.tick(at(2026, 9, 21, 8, 30))
    await chat.say("李明", "昨天谈了")
    chat.news("李明")
    until = at(2026, 9, 23).isoformat()
    row = put(
        chat, "李明", "S2", reminder=True, about=(chat.cast["李明"].id,), args={"until": until}
    )
    await chat.app.outbox.drain()
    assert chat.news("李明") == []
    assert (state(chat, row), reason(chat, row)) == (RowState.CANCELLED, "closed")


async def test_what_follows_a_closed_reminder_leaves_at_once(chat: Chat) -> None:
    """The closed row once held its chat back until the next idle wake."""
    put(chat, "李明", "S2", reminder=True, args={"until": at(2026, 9, 14).isoformat()})
    put(chat, "李明", reminder=True)
    before = chat.clock.now()
    await chat.app.outbox.drain()
    assert len(chat.news("李明")) == 1
    assert chat.clock.now() == before


async def test_an_edit_changes_the_message_of_its_row(chat: Chat) -> None:
    row = put(chat, "李明")
    await chat.app.outbox.drain()
    with chat.desk.store.transaction():
        chat.desk.store.outbox.put(replace(chat.desk.store.outbox[row.id], kind="not_text"))
    put(chat, "李明", EDIT, edits=row.id)
    await chat.app.outbox.drain()
    assert [one.text[:6] for one in chat.in_chat("李明")] == ["这里只看文字"]


async def test_an_edit_of_what_has_not_left_is_dropped_and_the_message_says_the_new(
    chat: Chat,
) -> None:
    row = put(chat, "李明", due=at(2026, 9, 15, 16))
    edit = put(chat, "李明", EDIT, edits=row.id)
    await chat.app.outbox.drain()
    assert (chat.news("李明"), reason(chat, edit)) == ([], "nothing to edit")


async def test_stripping_takes_the_buttons_off(chat: Chat) -> None:
    row = put(chat, "李明", "ask_right_day", args={"people": [], "day": "2026-09-14"})
    await chat.app.outbox.drain()
    assert "今天" in chat.in_chat("李明")[-1].buttons
    put(chat, "李明", STRIP, edits=row.id)
    await chat.app.outbox.drain()
    assert chat.in_chat("李明")[-1].buttons == {}


async def test_the_answer_to_a_press_is_dropped_after_fifteen_seconds(
    chat: Chat, line: Line
) -> None:
    early = put(chat, "李明", POP, args={"query": "1", "say": None})
    late = put(chat, "王小雨", POP, args={"query": "2", "say": None})
    with chat.desk.store.transaction():
        old = chat.clock.now() - timedelta(seconds=16)
        chat.desk.store.outbox.put(replace(chat.desk.store.outbox[late.id], created=old))
    await chat.app.outbox.drain()
    assert [query for query, _, _ in line.pops] == ["1"]
    assert (state(chat, early), reason(chat, late)) == (RowState.SENT, "too old")


async def test_a_person_gets_the_menu_of_the_own_roles(chat: Chat, line: Line) -> None:
    put(chat, "周老师", MENU)
    await chat.app.outbox.drain()
    (given,) = [given for name, given in line.calls if name == "setMyCommands"]
    assert given["commands"][0]["command"] == "done"
    assert given["scope"] == {"type": "chat", "chat_id": chat.cast.telegram["周老师"]}


async def test_what_cannot_be_composed_is_buried_without_a_name_in_the_log_and_the_next_goes(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    broken = put(chat, "李明", "talk_confirmed", args={"student": "李明"})
    unheard_of = put(chat, "李明", "no such message")
    put(chat, "李明")
    with caplog.at_level(logging.INFO):
        await chat.app.outbox.drain()
    assert len(chat.news("李明")) == 1
    assert (state(chat, broken), reason(chat, broken)) == (RowState.DEAD, "compose: KeyError")
    assert state(chat, unheard_of) is RowState.DEAD
    assert "李明" not in "".join(record.getMessage() for record in caplog.records)


# A wave


async def test_a_wave_of_600_reminders_goes_out_at_the_full_rate(chat: Chat, line: Line) -> None:
    for telegram in range(5000, 5600):
        put(chat, telegram, reminder=True)
    before = chat.clock.monotonic()
    await chat.app.outbox.drain()
    assert len(set(line.arrivals)) == len(line.arrivals) == 600
    assert chat.clock.monotonic() - before <= 1.05 * 600 / RATE


async def test_an_answer_leaves_within_two_slots_of_a_wave(chat: Chat, line: Line) -> None:
    for telegram in range(5000, 5200):
        put(chat, telegram, reminder=True)

    async def somebody_asks(call: Call) -> Answer:
        if line.attempts == 100:
            put(chat, "周老师", due=chat.clock.now(), created=chat.clock.now())
        return await call()

    line.always = somebody_asks
    await chat.app.outbox.drain()
    answer = chat.cast.telegram["周老师"]
    assert line.arrivals.index(answer) <= 102
