"""getUpdates: an update is on disk before Telegram may forget it."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError

from bot.delivery import polling as polling_module
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.polling import InboxRequest
from bot.rehearsal.botapi import World, serve
from bot.rehearsal.botapi.faults import Fault, FaultKind
from storage.store import StoreClosedForWriting
from tests.support.clock import StandingClock, at
from tests.support.telegram import PLAIN, TOKEN, new_world, plain_request

LEARNER = 101


class Intake:
    """Where batches go; while ``broken`` is set none can be written."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.broken: Exception | None = None

    def take(self, updates: list[dict[str, Any]]) -> None:
        if self.broken is not None:
            raise self.broken
        self.taken += updates


@pytest.fixture
def intake() -> Intake:
    return Intake()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(at(2026, 9, 14))


@pytest.fixture
def heartbeat(clock: StandingClock) -> Heartbeat:
    return Heartbeat(clock)


@pytest.fixture
def request_(intake: Intake, heartbeat: Heartbeat) -> InboxRequest:
    return InboxRequest(intake.take, heartbeat, **PLAIN)


@pytest.fixture
def world() -> World:
    """Somebody has written three times."""
    world = new_world()
    world.add_user(LEARNER, "李明")
    world.start(LEARNER)
    world.updates.forget()
    for text in ("一", "二", "三"):
        world.send(LEARNER, LEARNER, text)
    return world


@asynccontextmanager
async def polling(world: World, request: InboxRequest, token: str = TOKEN) -> AsyncIterator[Bot]:
    async with serve(world) as url:
        options = {"request": plain_request(), "get_updates_request": request}
        bot = Bot(token, base_url=f"{url}/bot", **options)  # type: ignore[arg-type]  # two requests
        await request.initialize()
        try:
            yield bot
        finally:
            await request.shutdown()


async def test_whole_updates_are_kept_and_hollow_ones_handed_on(
    world: World, request_: InboxRequest, intake: Intake
) -> None:
    async with polling(world, request_) as bot:
        updates = await bot.get_updates(timeout=0)
    assert [update["message"]["text"] for update in intake.taken] == ["一", "二", "三"]
    assert [update.update_id for update in updates] == [one["update_id"] for one in intake.taken]
    assert all(update.message is None for update in updates)
    assert world.updates.pending == 3  # only the next call lets Telegram forget them


@pytest.mark.parametrize("broken", [StoreClosedForWriting("full"), OSError(28, "full")])
async def test_telegram_keeps_what_cannot_be_written(
    world: World, request_: InboxRequest, intake: Intake, broken: Exception
) -> None:
    async with polling(world, request_) as bot:
        intake.broken = broken
        with pytest.raises(NetworkError, match="inbox not written"):
            await bot.get_updates(timeout=0)
        intake.broken = None
        assert world.updates.pending == 3
        assert len(await bot.get_updates(timeout=0)) == 3
    assert len(intake.taken) == 3


async def test_a_token_that_telegram_refuses_is_noticed(
    world: World, request_: InboxRequest
) -> None:
    async with polling(world, request_, "4242:another") as bot:
        with pytest.raises(InvalidToken):
            await bot.get_updates(timeout=0)
    assert request_.refused.is_set()


async def test_a_call_that_comes_back_is_a_sign_of_life_good_or_not(
    world: World, request_: InboxRequest, heartbeat: Heartbeat, clock: StandingClock
) -> None:
    async with polling(world, request_) as bot:
        clock.advance(seconds=30)
        await bot.get_updates(timeout=0)
        assert (heartbeat.finished, heartbeat.heard, heartbeat.trouble) == (30, 30, None)
        clock.advance(seconds=30)
        with pytest.raises(NetworkError):
            await bot.get_updates(timeout=0, limit=0)
        assert (heartbeat.finished, heartbeat.heard, heartbeat.trouble) == (60, 30, "HTTP 400")
        world.fault = Fault(FaultKind.RESET_BEFORE, methods=frozenset({"getUpdates"}))
        clock.advance(seconds=30)
        with pytest.raises(NetworkError):
            await bot.get_updates(timeout=0)
    assert (heartbeat.finished, heartbeat.heard, heartbeat.trouble) == (90, 30, "NetworkError")
    assert not request_.refused.is_set()


def struck(kind: FaultKind) -> Fault:
    return Fault(kind, times=99, methods=frozenset({"getUpdates"}))


async def poll_for(seconds: int, bot: Bot, clock: StandingClock) -> None:
    """Poll every ten seconds of the bot's clock, whatever comes of it."""
    for _ in range(0, seconds, 10):
        with contextlib.suppress(NetworkError, Conflict):
            await bot.get_updates(timeout=0)
        clock.advance(seconds=10)


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    ours = (one for one in caplog.records if one.name == polling_module.__name__)
    return [one.getMessage() for one in ours if one.levelno == logging.ERROR]


async def test_an_outage_is_waited_out_with_one_alarm_after_a_minute_and_one_for_the_next(
    world: World,
    request_: InboxRequest,
    clock: StandingClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with polling(world, request_) as bot:
        world.fault = struck(FaultKind.RESET_BEFORE)
        await poll_for(60, bot, clock)
        assert alarms(caplog) == []
        await poll_for(700, bot, clock)
        assert alarms(caplog) == ["Telegram has not answered for 60 s; trying on"]
        world.fault = None
        await poll_for(10, bot, clock)
        world.fault = struck(FaultKind.BAD_GATEWAY)
        await poll_for(100, bot, clock)
    assert len(alarms(caplog)) == 2
    assert not request_.outrivalled.is_set()


async def test_another_process_on_the_token_is_an_alarm_after_a_minute_and_the_end_after_ten(
    world: World,
    request_: InboxRequest,
    clock: StandingClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with polling(world, request_) as bot:
        world.fault = struck(FaultKind.CONFLICT)
        await poll_for(60, bot, clock)
        assert alarms(caplog) == []
        await poll_for(540, bot, clock)
        assert alarms(caplog) == ["another process has polled with this token for 60 s"]
        assert not request_.outrivalled.is_set()
        await poll_for(10, bot, clock)
    assert request_.outrivalled.is_set()


async def test_a_conflict_does_not_end_with_the_one_call_that_gets_through_in_between(
    world: World, request_: InboxRequest, heartbeat: Heartbeat, clock: StandingClock
) -> None:
    async with polling(world, request_) as bot:
        world.fault = struck(FaultKind.CONFLICT)
        await poll_for(100, bot, clock)
        world.fault = None
        await poll_for(60, bot, clock)
        assert heartbeat.conflict == 160
        await poll_for(20, bot, clock)
    assert heartbeat.conflict == 0


async def test_trouble_is_logged_once_until_it_is_over(
    world: World, request_: InboxRequest, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            request_.failed(Conflict("terminated by other getUpdates request"))
        request_.failed(NetworkError("x"))
        async with polling(world, request_) as bot:
            await bot.get_updates(timeout=0)
        request_.failed(NetworkError("x"))
    assert [record.getMessage() for record in caplog.records] == [
        "getUpdates: Conflict; trying on",
        "getUpdates: NetworkError; trying on",
        "getUpdates: NetworkError; trying on",
    ]


class Answering(InboxRequest):
    """A transport that gets one answer, whatever it asks."""

    async def ask(self, code: int, body: bytes | object) -> list[int]:
        """Let getUpdates be answered so; return the numbers that are handed on."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        world = httpx.MockTransport(lambda _: httpx.Response(code, content=payload))
        self._client = httpx.AsyncClient(transport=world)
        async with self._client:
            told: Any = await self.post("http://127.0.0.1/botx/getUpdates")
        return [one["update_id"] for one in told]


@pytest.fixture
def answering(intake: Intake, heartbeat: Heartbeat) -> Answering:
    return Answering(intake.take, heartbeat, **PLAIN)


def batch(*updates: object) -> dict[str, object]:
    return {"ok": True, "result": updates}


@pytest.mark.parametrize("code", [401, 404])
async def test_a_page_of_something_on_the_way_does_not_end_the_bot(
    answering: Answering, code: int
) -> None:
    for body in (b"<html>404</html>", b"[]", b'{"error": "no such proxy"}'):
        with pytest.raises(NetworkError):
            await answering.ask(code, body)
    assert not answering.refused.is_set()
    with pytest.raises(InvalidToken):
        await answering.ask(code, {"ok": False, "error_code": code, "description": "x"})
    assert answering.refused.is_set()


async def test_an_update_without_a_number_holds_nobody_up(
    answering: Answering, intake: Intake
) -> None:
    odd: list[object] = [{}, 5, None, {"update_id": "7"}, {"update_id": True}]
    assert await answering.ask(200, batch(*odd, {"update_id": 9})) == [9]
    assert intake.taken == [{"update_id": 9}]


async def test_a_batch_that_cannot_be_confirmed_is_not_asked_for_at_once_again(
    answering: Answering, intake: Intake
) -> None:
    with pytest.raises(NetworkError, match="confirmed"):
        await answering.ask(200, batch({"message": {}}))
    assert await answering.ask(200, batch()) == []
    assert intake.taken == []


async def test_a_number_too_long_for_python_does_not_take_its_batch_along(
    answering: Answering, intake: Intake
) -> None:
    body = b'{"ok": true, "result": [{"update_id": 1, "x": %s}]}' % (b"9" * 5000)
    assert await answering.ask(200, body) == [1]
    assert intake.taken == [{"update_id": 1, "x": None}]


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"ok": true}', b"[]", b'{"result": 5}'])
async def test_half_an_answer_is_trouble_of_the_network(answering: Answering, body: bytes) -> None:
    with pytest.raises(NetworkError):
        await answering.ask(200, body)


async def test_news_after_trouble_is_passed_on_once(answering: Answering) -> None:
    told = []
    answering.recovered = lambda: told.append(True)
    await answering.ask(200, batch())
    answering.failed(NetworkError("x"))
    await answering.ask(200, batch())
    await answering.ask(200, batch())
    assert told == [True]
