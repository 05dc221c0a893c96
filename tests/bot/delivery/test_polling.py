"""getUpdates: an update is on disk before Telegram may forget it."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError

from bot.delivery.polling import InboxRequest
from bot.rehearsal.botapi import World, serve
from storage.store import StoreClosedForWriting
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
def request_(intake: Intake) -> InboxRequest:
    return InboxRequest(intake.take, **PLAIN)


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


async def test_calls_that_come_back_are_counted_good_or_not(
    world: World, request_: InboxRequest
) -> None:
    async with polling(world, request_) as bot:
        await bot.get_updates(timeout=0)
        with pytest.raises(NetworkError):
            await bot.get_updates(timeout=0, limit=0)
    assert request_.finished == 2
    assert not request_.refused.is_set()


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
def answering(intake: Intake) -> Answering:
    return Answering(intake.take, **PLAIN)


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
