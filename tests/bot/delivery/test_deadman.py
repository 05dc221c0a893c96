"""The sign of life to somebody outside: only while all is well, and harmless whatever becomes of it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot import settings
from bot.delivery import deadman
from bot.delivery.deadman import Ping
from bot.settings import SettingsError
from tests.support.chat import Chat


class Watcher:
    """The service outside; ``calls``: what it was asked for."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.status = 200
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.calls.append(f"{request.method} {request.path_qs} {await request.text()}".strip())
        return web.Response(status=self.status)


@pytest.fixture
async def watcher() -> AsyncIterator[Watcher]:
    watcher = Watcher()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", watcher.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    watcher.url = f"http://127.0.0.1:{runner.addresses[0][1]}/ping/secret"
    yield watcher
    await runner.cleanup()


def ping(chat: Chat, url: str | None, proxy: str | None = None) -> Ping:
    told = {"ping_url": url and SecretStr(url), "proxy": proxy}
    chat.desk.settings = chat.desk.settings.model_copy(update=told)
    return Ping(chat.desk, chat.app.heartbeat)


async def test_it_calls_while_all_is_well_and_says_nothing_more(
    chat: Chat, watcher: Watcher
) -> None:
    await ping(chat, watcher.url).now()
    assert watcher.calls == ["GET /ping/secret"]


async def test_it_goes_through_the_proxy(chat: Chat, watcher: Watcher) -> None:
    await ping(chat, "http://watcher.invalid/ping", watcher.url).now()
    assert len(watcher.calls) == 1


async def test_it_stays_away_while_telegram_does_not_answer(chat: Chat, watcher: Watcher) -> None:
    one = ping(chat, watcher.url)
    chat.clock.advance(seconds=91)
    await one.now()
    assert watcher.calls == []
    chat.app.heartbeat.polled()
    await one.now()
    assert len(watcher.calls) == 1


async def test_it_stays_away_while_another_process_has_the_token(
    chat: Chat, watcher: Watcher
) -> None:
    for _ in range(2):
        chat.app.heartbeat.polled("Conflict")
        chat.clock.advance(seconds=50)
    await ping(chat, watcher.url).now()
    assert watcher.calls == []


async def test_it_stays_away_while_ticks_fail_or_nothing_can_be_written(
    chat: Chat, watcher: Watcher
) -> None:
    one = ping(chat, watcher.url)
    chat.app.heartbeat.beat(None, "KeyError")
    await one.now()
    chat.app.heartbeat.beat(None)
    chat.desk.store.close()
    await one.now()
    assert watcher.calls == []


async def test_a_failure_is_logged_once_until_it_is_over_and_never_names_the_address(
    chat: Chat, watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    one = ping(chat, watcher.url)
    with caplog.at_level(logging.WARNING):
        for status in (500, 404, 200, 503):
            watcher.status = status
            await one.now()
    said = [record.getMessage() for record in caplog.records if record.name == deadman.__name__]
    assert said == ["the ping failed (HTTPStatusError); trying on"] * 2
    assert "secret" not in caplog.text


async def test_nobody_there_harms_nothing(chat: Chat, watcher: Watcher) -> None:
    await ping(chat, "http://127.0.0.1:1/").now()


async def test_it_is_a_job_only_where_there_is_an_address(chat: Chat, watcher: Watcher) -> None:
    def names() -> set[str | None]:
        queue = chat.app.telegram.job_queue
        assert queue is not None
        return {job.name for job in queue.jobs()}

    one = ping(chat, None)
    one.install(chat.app.telegram)
    await one.now()
    assert "ping" not in names()
    ping(chat, watcher.url).install(chat.app.telegram)
    assert "ping" in names()
    (job,) = chat.app.telegram.job_queue.get_jobs_by_name("ping")  # type: ignore[union-attr]  # installed
    await job.callback(None)
    assert len(watcher.calls) == 1


def test_an_address_that_is_none_is_refused_by_name_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINLU_PING_URL", "ftp://secret")
    with pytest.raises(SettingsError, match=r"^ping_url: an address") as refused:
        settings.load(tmp_path)
    assert "secret" not in str(refused.value)
    monkeypatch.setenv("YINLU_PING_URL", "")
    assert settings.load(tmp_path).ping_url is None
