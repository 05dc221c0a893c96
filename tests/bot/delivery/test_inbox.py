"""What came in is never lost, never handled twice, and stops nobody else."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.actions import enrol
from bot.delivery import inbox as inbox_module
from bot.delivery.inbox import ATTEMPTS, Inbox
from bot.handlers import press, words
from bot.handlers.turn import Turn
from storage.records import InboxState, Received
from storage.store import Store, StoreClosedForWriting
from tests.support.chat import GROUP, Chat, chatting
from tests.support.line import Answer, Call, Line, StumblingJournal

numbers = itertools.count(1)
DRAFT = "该同志思想上积极要求进步，" * 6


def message(chat: Chat, who: str | int, text: str, place: int | None = None) -> dict[str, Any]:
    """A new update in which somebody writes."""
    telegram = chat.cast.telegram[who] if isinstance(who, str) else who
    place = place or telegram
    number = next(numbers)
    body: dict[str, Any] = {
        "message_id": 10_000 + number,
        "date": int(chat.clock.now().timestamp()),
        "chat": {"id": place, "type": "private" if place > 0 else "group"},
        "from": {"id": telegram, "is_bot": False, "first_name": "某"},
        "text": text,
    }
    if text.startswith("/"):
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return {"update_id": number, "message": body}


async def sweep(chat: Chat) -> float:
    """Handle what waits, once."""
    telegram = chat.app.telegram
    return await chat.app.inbox.sweep(telegram.process_update, telegram.bot)


def rows(chat: Chat) -> list[Received]:
    return sorted(chat.desk.store.inbox, key=lambda row: row.id)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The plain texts that reach a handler, in order; a text 炸 makes it fail."""
    texts: list[str] = []

    def from_anyone(turn: Turn) -> None:
        texts.append(turn.text)
        if turn.text == "炸":
            raise LookupError("李明")

    monkeypatch.setattr(words, "from_anyone", from_anyone)
    return texts


@pytest.fixture
async def listener(heard: list[str], line: Line) -> AsyncIterator[Chat]:
    async with chatting(recorder=line) as chat:
        yield chat


async def test_updates_are_handled_in_the_order_in_which_they_came(
    listener: Chat, heard: list[str]
) -> None:
    listener.app.inbox.take([message(listener, "李明", str(number)) for number in range(50)])
    await sweep(listener)
    assert heard == [str(number) for number in range(50)]
    assert {row.state for row in rows(listener)} == {InboxState.DONE}


async def test_an_update_that_comes_again_is_not_handled_again(
    listener: Chat, heard: list[str]
) -> None:
    one, other = message(listener, "李明", "一"), message(listener, "李明", DRAFT)
    for _ in range(3):
        listener.app.inbox.take([one, other])
        await sweep(listener)
    assert heard == ["一", DRAFT]


async def test_another_update_under_a_number_used_before_is_handled(
    listener: Chat, heard: list[str]
) -> None:
    first, second = message(listener, "李明", "一"), message(listener, "李明", "二")
    listener.app.inbox.take([first])
    listener.app.inbox.take([second | {"update_id": first["update_id"]}])
    await sweep(listener)
    assert heard == ["一", "二"]


async def test_an_update_that_cannot_be_read_is_quarantined_and_the_next_go_on(
    listener: Chat, heard: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    poison = message(listener, "李明", "毒")
    poison["message"]["entities"] = [5]
    listener.app.inbox.take([poison, message(listener, "王小雨", "好")])
    await sweep(listener)
    assert heard == ["好"]
    assert [row.state for row in rows(listener)] == [InboxState.QUARANTINED, InboxState.DONE]
    assert rows(listener)[0].raw["message"]["text"] == "毒"
    assert f"update {poison['update_id']} cannot be read" in caplog.text


async def test_an_update_that_nobody_handles_is_done(listener: Chat) -> None:
    listener.app.inbox.take([{"update_id": next(numbers), "edited_message": {}}])
    await sweep(listener)
    assert [(row.state, row.reason) for row in rows(listener)] == [(InboxState.DONE, "unhandled")]


# Handlers that fail


async def test_a_failing_handler_is_tried_three_times_while_others_go_on_then_the_person_is_told(
    listener: Chat, heard: list[str]
) -> None:
    broken = message(listener, "李明", "炸")
    listener.app.inbox.take([broken, message(listener, "王小雨", "好")])
    pause = await sweep(listener)
    assert heard == ["炸", "好"]
    while any(row.state is InboxState.WAITING for row in rows(listener)):
        listener.clock.advance(seconds=pause)
        pause = await sweep(listener)
    assert heard.count("炸") == ATTEMPTS
    dead = rows(listener)[0]
    assert (dead.state, dead.attempts, dead.reason) == (InboxState.DEAD, ATTEMPTS, "LookupError")
    await listener.app.outbox.drain()
    assert listener.news("李明") == [f"这一步没有办成，请稍后再试。编号 {broken['update_id']}"]
    assert listener.news("王小雨") == []


async def test_a_failing_handler_is_not_tried_again_before_its_pause_is_over(
    listener: Chat, heard: list[str]
) -> None:
    listener.app.inbox.take([message(listener, "李明", "炸")])
    assert await sweep(listener) == 2.0
    await sweep(listener)
    listener.clock.advance(seconds=2)
    assert await sweep(listener) == 10.0
    assert heard == ["炸", "炸"]


async def test_whoever_pressed_is_told_in_the_chat_when_the_press_finally_fails(
    listener: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError

    await listener.tick(listener.clock.now())
    shown = listener.in_chat("李明")[-1]
    listener.news("李明")
    monkeypatch.setitem(press.BUTTONS, "talked", broken)
    listener.app.inbox.take(
        [{"update_id": next(numbers), "callback_query": {
            "id": "q", "from": {"id": shown.chat, "is_bot": False, "first_name": "某"},
            "chat_instance": "1", "data": shown.buttons["已谈话"],
            "message": {"message_id": shown.id, "date": 1, "chat": {"id": shown.chat, "type": "private"}},
        }}]
    )  # fmt: skip
    while listener.desk.store.inbox.where("state", InboxState.WAITING):
        listener.clock.advance(seconds=await sweep(listener))
    await listener.app.outbox.drain()
    assert "没有办成" in listener.news("李明")[0]


async def test_a_failure_in_a_group_is_told_in_private_and_to_people_of_the_roster_only(
    listener: Chat, heard: list[str], line: Line
) -> None:
    listener.app.inbox.take(
        [message(listener, 99, "炸", GROUP), message(listener, "李明", "炸", GROUP)]
    )
    for _ in range(ATTEMPTS):
        await sweep(listener)
        listener.clock.advance(seconds=10)
    await listener.app.outbox.drain()
    assert line.arrivals == [listener.cast.telegram["李明"]]


async def test_an_update_is_buried_even_if_nobody_can_be_told(
    listener: Chat, heard: list[str]
) -> None:
    def speechless(*_: object) -> None:
        raise LookupError

    listener.app.inbox.apologise = speechless
    listener.app.inbox.take([message(listener, "李明", "炸")])
    for _ in range(ATTEMPTS):
        await sweep(listener)
        listener.clock.advance(seconds=10)
    assert [row.state for row in rows(listener)] == [InboxState.DEAD]


async def test_a_handler_that_hangs_is_cut_off_and_counts_as_failed(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "HANDLER_SECONDS", 0.01)
    calls = []

    async def hang(update: Update) -> None:
        calls.append(update.update_id)
        await asyncio.Event().wait()

    chat.app.inbox.take([message(chat, "李明", "一"), message(chat, "李明", "二")])
    await chat.app.inbox.sweep(hang, chat.app.telegram.bot)
    assert len(calls) == 2
    assert [(row.state, row.attempts) for row in rows(chat)] == [(InboxState.WAITING, 1)] * 2


async def test_a_failure_after_the_commit_does_not_bring_the_update_back(chat: Chat) -> None:
    telegram = chat.app.telegram

    async def handled_then_late(update: Update) -> None:
        await telegram.process_update(update)
        chat.app.inbox.failure = LookupError("afterwards")

    chat.app.inbox.take([message(chat, "李明", "/help")])
    await chat.app.inbox.sweep(handled_then_late, telegram.bot)
    assert [row.state for row in rows(chat)] == [InboxState.DONE]
    await chat.app.outbox.drain()
    assert len(chat.news("李明")) == 1


async def test_a_tick_that_fails_is_not_blamed_on_the_update_in_hand(chat: Chat) -> None:
    await chat.app.telegram.process_error(None, LookupError("the tick"))
    assert chat.app.inbox.failure is None


# What is on disk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "store"


@pytest.fixture
async def on_disk(line: Line, folder: Path) -> AsyncIterator[Chat]:
    async with chatting(recorder=line, store=Store.open(folder)) as chat:
        yield chat
    chat.desk.store.close()


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def test_secrets_and_drafts_never_reach_the_disk(on_disk: Chat, folder: Path) -> None:
    token, factor = "Canary-Token_0123456789abcdefghij", "Z9Q7"
    on_disk.app.inbox.take(
        [
            message(on_disk, 99, f"/start {token}"),
            message(on_disk, 99, factor),
            message(on_disk, "周老师", DRAFT),
        ]
    )
    assert not any(secret.encode() in bytes_of(folder) for secret in (token, factor, DRAFT))
    await on_disk.settle()
    assert not any(secret.encode() in bytes_of(folder) for secret in (token, factor, DRAFT))
    assert len(on_disk.news(99)) == 2


async def test_a_second_factor_that_comes_again_after_it_let_its_sender_in_is_known(
    on_disk: Chat, folder: Path
) -> None:
    person = on_disk.cast["郑老师"]
    with on_disk.desk.store.transaction():
        ((_, token, _),) = enrol.issue(on_disk.desk, [person])
    factor = message(on_disk, 99, person.number[-4:])
    on_disk.app.inbox.take([message(on_disk, 99, f"/start {token}"), factor])
    await on_disk.settle()
    on_disk.app.inbox.take([factor])  # killed before Telegram was told to forget it
    assert len(rows(on_disk)) == 2
    assert not any(row.raw["message"]["text"] == person.number[-4:] for row in rows(on_disk))


async def test_files_and_folder_are_for_their_owner_alone(on_disk: Chat, folder: Path) -> None:
    on_disk.desk.store.snapshot()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


async def test_what_was_taken_in_is_handled_after_a_crash_and_a_withheld_text_is_asked_for_again(
    on_disk: Chat,
) -> None:
    on_disk.app.inbox.take([message(on_disk, "李明", "/help"), message(on_disk, "周老师", DRAFT)])
    on_disk.desk.store.reopen()  # what a new process would find
    on_disk.app.inbox._whole.clear()
    await on_disk.settle()
    assert len(on_disk.news("李明")) == 1
    assert on_disk.news("周老师") == ["刚才的消息没有保存下来，请再发一次。"]


# A store that has stopped


@pytest.fixture
def journal() -> StumblingJournal:
    return StumblingJournal()


@pytest.fixture
async def fragile(heard: list[str], line: Line, journal: StumblingJournal) -> AsyncIterator[Chat]:
    async with chatting(recorder=line, store=Store(journal)) as chat:
        yield chat


async def test_a_batch_that_cannot_be_written_is_not_taken(
    fragile: Chat, journal: StumblingJournal, heard: list[str]
) -> None:
    journal.fails = 1
    update = message(fragile, "李明", "一")
    with pytest.raises(StoreClosedForWriting):
        fragile.app.inbox.take([update])
    await sweep(fragile)
    assert heard == []
    fragile.app.inbox.take([update])  # the server gives it again
    await sweep(fragile)
    assert heard == ["一"]


async def test_an_update_waits_for_a_store_that_stops_under_its_handler_and_loses_no_attempt(
    fragile: Chat, journal: StumblingJournal, heard: list[str], line: Line
) -> None:
    fragile.app.inbox.take([message(fragile, "李明", "一")])
    journal.fails, journal.unreadable = 1, 1
    await sweep(fragile)  # what the handler did is not written down
    await sweep(fragile)  # the store cannot be read back
    assert heard == ["一"]
    assert line.arrivals == [], "nobody is told of what never happened"
    await sweep(fragile)
    assert heard == ["一", "一"]
    assert [(row.state, row.attempts) for row in rows(fragile)] == [(InboxState.DONE, 0)]


async def test_a_withheld_text_is_still_there_when_the_disk_fails_after_its_handler(
    fragile: Chat, journal: StumblingJournal, heard: list[str]
) -> None:
    fragile.app.inbox.take([message(fragile, "李明", DRAFT)])
    journal.fails = 1
    await sweep(fragile)  # handled, and nothing of it durable
    await sweep(fragile)
    assert heard == [DRAFT, DRAFT]
    assert not fragile.app.inbox._whole


async def test_the_inbox_feeds_for_ever(listener: Chat, heard: list[str]) -> None:
    telegram = listener.app.telegram
    feeding = asyncio.ensure_future(listener.app.inbox.run(telegram.process_update, telegram.bot))
    for text in ("一", "二"):
        listener.app.inbox.take([message(listener, "李明", text)])
        while text not in heard:
            await asyncio.sleep(0)
    feeding.cancel()
    await asyncio.gather(feeding, return_exceptions=True)
    assert heard == ["一", "二"]


def test_an_inbox_alone_apologises_to_nobody(chat: Chat) -> None:
    alone: Callable[[Update, str], None] = Inbox(chat.desk).apologise
    alone(Update(1), "1")
    assert not list(chat.desk.store.outbox)


async def test_nothing_is_on_the_wire_before_what_it_tells_of_is_durable(
    on_disk: Chat, line: Line
) -> None:
    waited: list[bool] = []
    durable: list[bool] = []

    async def look(call: Call) -> Answer:
        durable.append(not on_disk.desk.store._unsynced)
        return await call()

    finish = on_disk.app.inbox.finish

    def finishes() -> None:
        finish()
        waited.append(bool(on_disk.desk.store._unsynced))

    line.always = look
    on_disk.app.inbox.finish = finishes  # type: ignore[method-assign]  # to look in between
    on_disk.app.inbox.take([message(on_disk, "李明", "已谈") for _ in range(25)])
    await on_disk.settle()
    assert all(durable)
    assert len(durable) > 20
    assert any(waited), "nothing shared a wait for the disk"


async def test_nobody_else_has_a_turn_while_something_waits_for_the_disk(
    on_disk: Chat, folder: Path
) -> None:
    turns: list[bool] = []

    async def look() -> None:
        while True:
            turns.append(bool(on_disk.desk.store._unsynced))
            await asyncio.sleep(0)

    looking = asyncio.ensure_future(look())
    await asyncio.sleep(0)
    on_disk.app.inbox.take([message(on_disk, "李明", "已谈") for _ in range(25)])
    await sweep(on_disk)
    looking.cancel()
    assert len(turns) > 2
    assert not any(turns), "it can leave by whatever else runs: control socket, files, pictures"
