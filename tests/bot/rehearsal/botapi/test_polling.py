"""Long polling, faults of the wire, a process of its own, a whole PTB application."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

from bot.rehearsal.botapi import Fault, FaultKind, Program, World, serve
from bot.rehearsal.botapi.updates import Bell
from tests.bot.rehearsal.botapi.conftest import STUDENT, TOKEN, bot_at

PATIENCE = 10  # seconds until a test gives up


def say(world: World, *words: str) -> None:
    for word in words:
        world.send(STUDENT, STUDENT, word)


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    return [update.message.text for update in updates if update.message is not None]


async def test_updates_stay_until_a_higher_offset_confirms_them(bot: Bot, world: World) -> None:
    say(world, "一", "二", "三")
    first = await bot.get_updates(limit=2)
    assert texts(first) == ["一", "二"]
    assert texts(await bot.get_updates()) == ["一", "二", "三"]
    assert texts(await bot.get_updates(offset=first[-1].update_id + 1)) == ["三"]
    assert world.updates.pending == 1


async def test_negative_offset_keeps_the_newest(bot: Bot, world: World) -> None:
    say(world, "一", "二", "三")
    assert texts(await bot.get_updates(offset=-1)) == ["三"]
    assert world.updates.pending == 1


async def test_poll_waits_until_something_is_said(bot: Bot, world: World) -> None:
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(bot.get_updates(timeout=PATIENCE))
        await world.updates.bell.heard()
        say(world, "一")
    assert texts(poll.result()) == ["一"]


async def test_poll_without_news_ends_empty(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == ()


async def test_second_poller_ends_the_first_with_conflict(bot: Bot, world: World) -> None:
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        first = tasks.create_task(conflict(bot))
        await world.updates.bell.heard()
        async with bot_at(bot.base_url.rpartition("/bot")[0]) as second:
            assert await second.get_updates() == ()
    assert "terminated by other getUpdates request" in first.result()


async def conflict(bot: Bot) -> str:
    with pytest.raises(Conflict) as refused:
        await bot.get_updates(timeout=PATIENCE)
    return str(refused.value)


async def test_only_allowed_kinds_are_queued_from_then_on(bot: Bot, world: World) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    say(world, "一")
    assert world.updates.pending == 0
    await bot.get_updates(allowed_updates=[])
    say(world, "二")
    assert texts(await bot.get_updates()) == ["二"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.TOO_MANY_REQUESTS, RetryAfter),
        (FaultKind.SERVER_ERROR, NetworkError),
        (FaultKind.BAD_GATEWAY, NetworkError),
        (FaultKind.RESET_BEFORE, NetworkError),
        (FaultKind.HANG, TimedOut),
        (FaultKind.UNAUTHORIZED, InvalidToken),
        (FaultKind.NOT_FOUND, InvalidToken),
        (FaultKind.CONFLICT, Conflict),
    ],
)
async def test_fault_strikes_as_often_as_told_and_nothing_is_accepted(
    bot: Bot, world: World, kind: FaultKind, error: type[Exception]
) -> None:
    before = len(world.messages(STUDENT))
    world.fault = Fault(kind, times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(error):
            await bot.send_message(STUDENT, "你好", read_timeout=0.2)
    assert len(world.messages(STUDENT)) == before
    await bot.send_message(STUDENT, "你好")


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.RESET_AFTER, NetworkError),
        (FaultKind.SLOW, TimedOut),
        (FaultKind.BROKEN, TelegramError),
    ],
)
async def test_fault_after_acceptance_leaves_the_message_in_the_chat(
    bot: Bot, world: World, kind: FaultKind, error: type[Exception]
) -> None:
    world.fault = Fault(kind, seconds=PATIENCE)
    with pytest.raises(error):
        await bot.send_message(STUDENT, "你好", read_timeout=0.2)
    assert [m.text for m in world.messages(STUDENT)][-1] == "你好"


async def test_slow_answer_comes_in_the_end(bot: Bot, world: World) -> None:
    world.fault = Fault(FaultKind.SLOW, seconds=0.01)
    assert (await bot.send_message(STUDENT, "你好")).text == "你好"


async def test_program_strikes_every_request_as_its_seed_has_it(bot: Bot, world: World) -> None:
    kinds = (FaultKind.SERVER_ERROR, FaultKind.CONFLICT)
    world.fault = Program(7, 12, kinds=kinds, methods={"sendChatAction"})
    told = str(Program(7, 12, kinds=kinds)).removeprefix("seed 7: ").split()
    await bot.send_message(STUDENT, "你好")  # not meant
    met = []
    for _ in range(14):
        try:
            await bot.send_chat_action(STUDENT, "typing")
        except Conflict:
            met.append("409")
        except NetworkError:
            met.append("500")
        else:
            met.append("–")
    assert met == [*told, "–", "–"]
    assert str(world.fault) == "seed 7: "
    assert {"409", "500", "–"} == set(told)


def test_another_seed_is_another_program() -> None:
    assert str(Program(1, 50)) == str(Program(1, 50)) != str(Program(2, 50))


async def test_fault_meets_polling_only_when_it_names_it(bot: Bot, world: World) -> None:
    world.fault = Fault(FaultKind.SERVER_ERROR)
    assert await bot.get_updates() == ()
    world.fault = Fault(FaultKind.SERVER_ERROR, methods=frozenset({"getUpdates"}))
    await bot.send_message(STUDENT, "你好")
    with pytest.raises(NetworkError):
        await bot.get_updates()


async def answer_start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    rows = [[InlineKeyboardButton("已谈话", callback_data="t")]]
    await update.message.reply_text("你好", reply_markup=InlineKeyboardMarkup(rows))


async def answer_press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("记下了")
    await update.callback_query.edit_message_text("已记录")


@asynccontextmanager
async def running(url: str) -> AsyncIterator[None]:
    """A stock application that polls."""
    application: Application[Any, Any, Any, Any, Any, Any] = (
        Application.builder().bot(bot_at(url)).build()
    )
    application.add_handler(CommandHandler("start", answer_start))
    application.add_handler(CallbackQueryHandler(answer_press))
    async with application:
        assert application.updater is not None
        await application.updater.start_polling(timeout=PATIENCE)
        await application.start()
        try:
            yield
        finally:
            await application.updater.stop()
            await application.stop()


async def test_whole_ptb_application_talks_with_a_person(url: str, world: World) -> None:
    async with asyncio.timeout(PATIENCE), running(url):
        world.start(STUDENT)
        await world.quiet(0.1)
        asked = world.messages(STUDENT)[-1]
        assert (asked.text, asked.buttons) == ("你好", (("已谈话",),))
        world.press(STUDENT, STUDENT, asked.id, "已谈话")
        await world.quiet(0.1)
        assert (asked.text, asked.buttons) == ("已记录", ())
    assert [e.text for e in world.log if e.method == "answerCallbackQuery"] == ["记下了"]
    assert world.refused == []


async def test_quiet_waits_for_updates_nobody_fetched(world: World) -> None:
    say(world, "一")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(world.quiet(0), 0.05)


async def test_taken_port_is_an_error_of_the_caller(world: World, url: str) -> None:
    with pytest.raises(OSError, match="in use"):
        async with serve(world, port=int(url.rpartition(":")[2])):
            pytest.fail("two servers on one port")


@pytest.fixture
async def control(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The door for tests of another process, opened in this one."""
    async with (
        serve(world, control=True) as url,
        httpx.AsyncClient(base_url=f"{url}/control", trust_env=False) as client,
    ):
        yield client


async def test_people_can_be_moved_from_another_process(
    control: httpx.AsyncClient, world: World
) -> None:
    deeds: list[tuple[str, dict[str, Any]]] = [
        ("user", {"user_id": 7, "first_name": "赵"}),
        ("start", {"user_id": 7, "payload": "abc"}),
        ("upload", {"user_id": 7, "chat_id": 7, "name": "a.txt", "content": "eA=="}),
        ("group", {"chat_id": -9, "title": "支部", "members": [7]}),
        ("fault", {"kind": "429", "times": 3, "methods": ["sendMessage"]}),
    ]  # fmt: skip
    for deed, arguments in deeds:
        assert (await control.post(f"/{deed}", json=arguments)).status_code == 200
    told = (await control.get("/messages", params={"chat": 7})).json()
    assert [(m["text"], m["file"]) for m in told] == [("/start abc", None), ("", "a.txt")]
    assert world.fault == Fault(FaultKind.TOO_MANY_REQUESTS, 3, frozenset({"sendMessage"}))
    await control.post("/send", json={"user_id": 7, "chat_id": 7, "text": "已谈"})
    assert (await control.get("/state")).json()["pending"] == 3
    world.updates.forget()
    assert (await control.post("/quiet", json={"seconds": 0})).json() == {}


async def test_program_can_be_started_from_another_process(
    control: httpx.AsyncClient, world: World
) -> None:
    told = await control.post("/program", json={"seed": 3, "length": 5, "kinds": ["hang"]})
    assert told.json() == {"program": str(Program(3, 5, kinds=(FaultKind.HANG,)))}
    assert (await control.get("/state")).json()["fault"] == str(world.fault)
    assert (await control.post("/program", json={"seed": 3, "length": 5})).status_code == 200
    refused = await control.post("/program", json={"seed": 3, "length": 5, "kinds": ["rain"]})
    assert "rain" in refused.json()["error"]


async def test_impossible_deeds_from_another_process_are_told(control: httpx.AsyncClient) -> None:
    assert (await control.post("/dance", json={})).status_code == 404
    assert (await control.post("/send", json={"user_id": 9})).status_code == 409
    refused = await control.post("/send", json={"user_id": 303, "chat_id": 303, "text": "x"})
    assert "opened by start()" in refused.json()["error"]


async def test_what_passed_is_told_to_another_process(world: World) -> None:
    async with serve(world, control=True) as url, bot_at(url) as bot:
        sent = await bot.send_message(
            STUDENT,
            "谈了吗",
            reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("谈", callback_data="a")]]),
        )
        with pytest.raises(BadRequest):
            await bot.send_message(STUDENT, " ")
        press = {"user_id": STUDENT, "chat_id": STUDENT, "message_id": sent.message_id}
        async with httpx.AsyncClient(base_url=f"{url}/control", trust_env=False) as control:
            pressed = await control.post("/press", json=press | {"button": "谈"})
            assert pressed.json() == {"query": "1"}
            state = (await control.get("/state")).json()
    told = [entry for entry in state["log"] if entry["method"] == "sendMessage"]
    assert [(e["text"], e["buttons"], e["at"]) for e in told] == [
        ("谈了吗", [["谈"]], world.now().isoformat())
    ]
    assert [e["error"] for e in state["refused"]] == ["Bad Request: message text is empty"]


@pytest.mark.processes
async def test_stand_in_runs_as_its_own_process() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.rehearsal.botapi", "--port", "0", "--token", TOKEN,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    try:
        async with (
            httpx.AsyncClient(base_url=f"{url}/control", trust_env=False) as control,
            bot_at(url) as bot,
        ):
            await control.post("/user", json={"user_id": 7, "first_name": "赵"})
            await control.post("/start", json={"user_id": 7})
            await bot.send_message(7, "谈了吗")
            assert [m.message and m.message.text for m in await bot.get_updates()] == ["/start"]
            told = (await control.get("/messages", params={"chat": 7})).json()
            assert [message["text"] for message in told] == ["/start", "谈了吗"]
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_whoever_is_called_off_at_the_moment_it_rings_is_called_off() -> None:
    bell = Bell()
    waiting = asyncio.ensure_future(bell.heard(5))
    await asyncio.sleep(0)
    bell.ring()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
