"""What becomes of a row when sending it goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions.say import EDIT, MENU, POP
from bot.delivery.wire import SECOND_COPY
from storage.records import RowState
from storage.store import Store
from tests.bot.delivery.rows import put, reason, state
from tests.support.chat import GROUP, Chat, chatting
from tests.support.line import (
    Line,
    StumblingJournal,
    answer_lost,
    lost_on_the_way,
    refusal,
    unplugged,
)

MINUTE = timedelta(minutes=1)
BLOCKED = refusal(403, "Forbidden: bot was blocked by the user")


async def later(chat: Chat, pause: timedelta = MINUTE) -> None:
    """Let that time pass and everything due go out."""
    chat.clock.move_to(chat.clock.now() + pause)
    await chat.app.outbox.drain()


async def test_what_surely_did_not_arrive_is_sent_once_more_and_looks_like_new(
    chat: Chat, line: Line
) -> None:
    line.faults.append(unplugged)
    row = put(chat, "李明")
    await chat.app.outbox.drain()
    (text,) = chat.news("李明")
    assert not text.startswith(SECOND_COPY)
    assert (state(chat, row), line.attempts) == (RowState.SENT, 2)


async def test_during_an_outage_one_row_is_tried_now_and_then_and_all_leave_in_order_after_it(
    chat: Chat, line: Line
) -> None:
    line.always = unplugged
    rows = [put(chat, name) for name in ("李明", "王小雨", "赵一")]
    menu = put(chat, "李明", MENU)
    for _ in range(20):
        chat.app.outbox.wake()
        await later_without_waiting(chat)
    assert line.attempts <= 25
    line.always = None
    await later(chat)
    assert line.arrivals == [row.chat for row in rows]
    assert not any(text.startswith(SECOND_COPY) for text in chat.news("李明"))
    assert state(chat, menu) is RowState.SENT


async def later_without_waiting(chat: Chat) -> None:
    """Half a minute in which the dispatcher does what it can, but does not wait for success."""
    sending = asyncio.ensure_future(chat.app.outbox.run())
    end = chat.clock.now() + timedelta(seconds=30)
    while chat.clock.now() < end:
        await asyncio.sleep(0)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)


@pytest.mark.parametrize("fault", [answer_lost, lost_on_the_way, refusal(500, "Internal")])
async def test_what_may_have_arrived_is_sent_once_more_a_minute_later_and_marked(
    chat: Chat, line: Line, fault: object
) -> None:
    line.faults.append(fault)  # type: ignore[arg-type]  # parametrize knows no types
    row = put(chat, "李明")
    await chat.app.outbox.drain()
    chat.news("李明")
    assert state(chat, row) is RowState.PENDING
    await later(chat, MINUTE - timedelta(seconds=1))
    assert chat.news("李明") == []
    await later(chat, timedelta(seconds=1))
    (text,) = chat.news("李明")
    assert text.startswith(SECOND_COPY)
    assert state(chat, row) is RowState.SENT


async def test_a_file_that_may_have_arrived_is_sent_once_more_and_marked(
    chat: Chat, line: Line
) -> None:
    line.faults.append(answer_lost)
    put(chat, "林峰", "report_file", args={"branches": [chat.cast["林峰"].branch]})
    await chat.app.outbox.drain()
    await later(chat)
    assert all(one.file for one in chat.in_chat("林峰"))
    marked = [one.text.startswith(SECOND_COPY) for one in chat.in_chat("林峰")]
    assert marked == [False, True]


async def test_nobody_gets_a_third_copy(chat: Chat, line: Line) -> None:
    line.always = answer_lost
    row = put(chat, "李明")
    await chat.app.outbox.drain()
    for _ in range(5):
        await later(chat)
    assert len(chat.news("李明")) == 2
    assert (state(chat, row), reason(chat, row)) == (RowState.UNCERTAIN, "TimedOut")


async def test_an_outage_between_does_not_use_up_the_second_attempt(
    chat: Chat, line: Line
) -> None:
    line.faults.extend([answer_lost, unplugged])
    row = put(chat, "李明")
    await chat.app.outbox.drain()
    await later(chat)
    assert [text.startswith(SECOND_COPY) for text in chat.news("李明")] == [False, True]
    assert state(chat, row) is RowState.SENT


async def test_an_answer_to_a_press_is_not_given_twice(chat: Chat, line: Line) -> None:
    line.faults.append(lost_on_the_way)
    row = put(chat, "李明", POP, args={"query": "1", "say": None})
    await chat.app.outbox.drain()
    await later(chat)
    assert (state(chat, row), line.attempts) == (RowState.UNCERTAIN, 1)


async def test_telegrams_word_to_wait_stops_everything_and_loses_nothing(
    chat: Chat, line: Line
) -> None:
    line.faults.append(refusal(429, "Too Many Requests: retry after 7", retry_after=7))
    before = chat.clock.monotonic()
    for name in ("李明", "王小雨"):
        put(chat, name)
    put(chat, "李明", POP, args={"query": "1", "say": None})
    await chat.app.outbox.drain()
    assert chat.clock.monotonic() - before >= 7
    assert sorted(line.arrivals) == [chat.cast.telegram[name] for name in ("李明", "王小雨")]
    assert not any(text.startswith(SECOND_COPY) for text in chat.news("李明"))
    assert line.attempts <= 5


async def test_a_message_that_telegram_refuses_for_good_is_buried_and_the_next_goes(
    chat: Chat, line: Line
) -> None:
    line.faults.append(refusal(400, "Bad Request: message text is empty"))
    row = put(chat, "李明")
    put(chat, "李明")
    await chat.app.outbox.drain()
    assert (state(chat, row), reason(chat, row)) == (RowState.DEAD, "Message text is empty")
    assert len(chat.news("李明")) == 1


async def test_an_edit_that_changes_nothing_counts_as_done(chat: Chat, line: Line) -> None:
    row = put(chat, "李明")
    await chat.app.outbox.drain()
    line.faults.append(refusal(400, "Bad Request: message is not modified: same content"))
    edit = put(chat, "李明", EDIT, edits=row.id)
    await chat.app.outbox.drain()
    assert state(chat, edit) is RowState.SENT


@pytest.mark.parametrize("fault", [BLOCKED, refusal(400, "Bad Request: chat not found")])
async def test_whoever_has_blocked_the_bot_gets_nothing_more_until_start(
    chat: Chat, line: Line, fault: object
) -> None:
    line.faults.append(fault)  # type: ignore[arg-type]  # parametrize knows no types
    rows = [put(chat, "李明"), put(chat, "李明")]
    put(chat, "王小雨")
    await chat.app.outbox.drain()
    account = chat.desk.store.accounts.one("telegram", chat.cast.telegram["李明"])
    assert account is not None
    assert not account.reachable
    assert [state(chat, row) for row in rows] == [RowState.DEAD, RowState.CANCELLED]
    assert (chat.news("李明"), len(chat.news("王小雨"))) == ([], 1)
    assert len(await chat.say("李明", "/start")) == 1


async def test_a_group_that_became_a_supergroup_is_followed(chat: Chat, line: Line) -> None:
    branch = chat.cast.branches["学一"]
    with chat.desk.store.transaction():
        chat.desk.store.branches.put(replace(branch, chat=GROUP))
    line.faults.append(refusal(400, "Bad Request: group upgraded", migrate_to_chat_id=-1009))
    rows = [put(chat, GROUP, "help_group"), put(chat, GROUP, "help_group")]
    await chat.app.outbox.drain()
    assert chat.desk.store.branches[branch.id].chat == -1009
    assert line.arrivals == [-1009, -1009]
    assert {state(chat, row) for row in rows} == {RowState.SENT}


async def test_what_was_for_a_deleted_topic_goes_to_the_group_itself_from_then_on(
    chat: Chat, line: Line
) -> None:
    branch = chat.cast.branches["学一"]
    with chat.desk.store.transaction():
        chat.desk.store.branches.put(replace(branch, chat=GROUP, thread=7))
    line.faults.append(refusal(400, "Bad Request: message thread not found"))
    rows = [put(chat, GROUP, "help_group", thread=7) for _ in range(2)]
    await chat.app.outbox.drain()
    assert chat.desk.store.branches[branch.id].thread is None
    assert {state(chat, row) for row in rows} == {RowState.SENT}
    sent = [given for name, given in line.calls if name == "sendMessage"]
    assert ["message_thread_id" in given for given in sent] == [False, False]
    assert not any(one.text.startswith(SECOND_COPY) for one in chat.in_chat(GROUP))


async def test_the_end_of_one_topic_leaves_other_topics_alone(chat: Chat, line: Line) -> None:
    one, other = chat.cast.branches["学一"], chat.cast.branches["学二"]
    with chat.desk.store.transaction():
        chat.desk.store.branches.put(replace(one, chat=GROUP, thread=7))
        chat.desk.store.branches.put(replace(other, chat=GROUP, thread=8))
    line.faults.append(refusal(400, "Bad Request: TOPIC_CLOSED"))
    put(chat, GROUP, "help_group", thread=7)
    put(chat, GROUP, "help_group", thread=8)
    await chat.app.outbox.drain()
    assert chat.desk.store.branches[one.id].thread is None
    assert chat.desk.store.branches[other.id].thread == 8
    sent = [given for name, given in line.calls if name == "sendMessage"]
    assert [given.get("message_thread_id") for given in sent] == [None, 8]


@pytest.mark.parametrize(
    "words", ["TOPIC_CLOSED", "not enough rights to send text messages to the chat"]
)
async def test_secretary_hears_that_the_totals_cannot_be_said_in_the_group(
    chat: Chat, line: Line, words: str
) -> None:
    branch = chat.cast.branches["学一"]
    with chat.desk.store.transaction():
        chat.desk.store.branches.put(replace(branch, chat=GROUP))
        chat.desk.store.branches.put(replace(chat.cast.branches["学二"], chat=GROUP))
    line.faults += [refusal(400, f"Bad Request: {words}")] * 2
    asked = put(chat, GROUP, "G1", args={"branch_id": branch.id})
    totals = put(chat, GROUP, "G1", args={"branch_id": branch.id}, reminder=True)
    await chat.app.outbox.drain()
    assert {state(chat, asked), state(chat, totals)} == {RowState.DEAD}
    (said,) = chat.news("林峰")
    assert said.startswith("本科生第一党支部本周的合计没有发到群里")
    assert chat.news("韩书记") == []


async def test_a_group_that_has_removed_the_bot_is_no_branchs_any_more(
    chat: Chat, line: Line
) -> None:
    await chat.say("林峰", "/link", chat=GROUP)
    assert chat.desk.store.branches.where("chat", GROUP)
    line.faults.append(refusal(403, "Forbidden: bot was kicked from the group chat"))
    put(chat, GROUP, "help_group")
    await chat.app.outbox.drain()
    assert not chat.desk.store.branches.where("chat", GROUP)


async def test_an_edit_does_not_follow_a_group_that_became_a_supergroup(
    chat: Chat, line: Line
) -> None:
    row = put(chat, GROUP, "help_group")
    await chat.app.outbox.drain()
    line.always = refusal(400, "Bad Request: group upgraded", migrate_to_chat_id=-1009)
    edit = put(chat, GROUP, EDIT, edits=row.id)
    await chat.app.outbox.drain()
    assert (state(chat, edit), reason(chat, edit)) == (RowState.DEAD, "migrated")


async def test_a_refused_token_ends_the_sending_and_keeps_the_rows(chat: Chat, line: Line) -> None:
    line.always = refusal(401, "Unauthorized")
    rows = [put(chat, "李明"), put(chat, "王小雨")]
    await chat.app.outbox.run()
    assert {state(chat, row) for row in rows} == {RowState.PENDING}


async def test_a_server_without_menus_costs_only_the_menu(chat: Chat, line: Line) -> None:
    line.faults.append(refusal(404, "Not Found"))
    menu = put(chat, "李明", MENU)
    await chat.app.outbox.drain()
    said = put(chat, "王小雨")
    await chat.app.outbox.drain()
    assert (state(chat, menu), state(chat, said)) == (RowState.DEAD, RowState.SENT)


# Ends in between


async def test_what_was_on_the_wire_when_the_process_ended_is_sent_once_more_and_marked(
    chat: Chat,
) -> None:
    row = put(chat, "李明", state=RowState.SENDING, attempts=1)
    await chat.app.outbox.drain()
    assert chat.news("李明") == []
    await later(chat)
    (text,) = chat.news("李明")
    assert text.startswith(SECOND_COPY)
    assert state(chat, row) is RowState.SENT


async def test_a_copy_that_was_on_the_wire_when_the_process_ended_is_not_sent_again(
    chat: Chat,
) -> None:
    row = put(chat, "李明", state=RowState.SENDING, attempts=2)
    await chat.app.outbox.drain()
    await later(chat)
    assert (chat.news("李明"), state(chat, row)) == ([], RowState.UNCERTAIN)


@pytest.fixture
def journal() -> StumblingJournal:
    return StumblingJournal()


@pytest.fixture
async def fragile(line: Line, journal: StumblingJournal) -> AsyncIterator[Chat]:
    async with chatting(recorder=line, store=Store(journal)) as chat:
        yield chat


async def test_a_message_whose_sending_could_not_be_written_down_comes_once_more_marked(
    fragile: Chat, journal: StumblingJournal, caplog: pytest.LogCaptureFixture
) -> None:
    row = put(fragile, "李明")
    journal.fails = 2  # the claim is written, the outcome is not
    journal.unreadable = 1
    await fragile.app.outbox.drain()
    assert len(fragile.news("李明")) == 1
    assert state(fragile, row) is RowState.SENDING
    assert "is not written" in caplog.text
    await fragile.settle()  # the store cannot be read back yet
    await fragile.settle()
    await later(fragile)
    (text,) = fragile.news("李明")
    assert text.startswith(SECOND_COPY)


async def test_nothing_is_sent_that_cannot_be_claimed_and_it_leaves_once_the_store_is_back(
    fragile: Chat, line: Line, journal: StumblingJournal
) -> None:
    row = put(fragile, "李明")
    journal.fails, journal.unreadable = 1, 2
    telegram = fragile.app.telegram
    loops = [
        asyncio.ensure_future(fragile.app.outbox.run()),
        asyncio.ensure_future(fragile.app.inbox.run(telegram.process_update, telegram.bot)),
    ]
    while state(fragile, row) is not RowState.SENT:
        await asyncio.sleep(0)
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    assert (len(fragile.news("李明")), line.attempts) == (1, 1)
