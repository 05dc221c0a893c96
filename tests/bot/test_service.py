"""The running bot in this process, before the embedded Bot API over real HTTP."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import control, service
from bot.app import App, build
from bot.calendar import calendar
from bot.clock import SystemClock
from bot.desk import Desk
from bot.outcome import Outcome
from bot.refusal import Refused
from bot.rehearsal.botapi import World, serve
from bot.rehearsal.botapi.faults import Fault, FaultKind
from bot.settings import Settings
from bot.who import WRONG_TOKEN, own_name
from storage.records import InboxState, Received, Row, RowState
from storage.store import Store, StoreDamaged
from tests.support.cast import Cast, settle
from tests.support.chat import CATALOGUE
from tests.support.telegram import TOKEN, new_world, until

pytestmark = pytest.mark.usefixtures("signals_as_before")


@pytest.fixture
def signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@dataclass
class Running:
    """The bot at work. ``ended`` is its task."""

    app: App
    cast: Cast
    folder: Path
    ended: asyncio.Future[None]

    @property
    def store(self) -> Store:
        return self.app.desk.store


@pytest.fixture
def world() -> World:
    return new_world()


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def prepared(url: str, store: Store | None = None, token: str = TOKEN) -> tuple[App, Cast]:
    """A bot with the named cast, not yet running; nothing is due by itself."""
    own = Settings(api_url=url)
    desk = Desk(store or Store.in_memory(), SystemClock(), own, calendar(own.holidays))
    cast = settle(desk, term=False)
    return build(desk, CATALOGUE, token), cast


@asynccontextmanager
async def running(
    url: str, folder: Path, store: Store | None = None, token: str = TOKEN
) -> AsyncIterator[Running]:
    app, cast = prepared(url, store, token)
    ended = asyncio.ensure_future(service.run(app, folder))
    try:
        yield Running(app, cast, folder, ended)
    finally:
        if not ended.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.gather(ended, return_exceptions=True)


def enter(world: World, cast: Cast, *names: str) -> None:
    """These people have opened the chat with the bot before."""
    for name in names:
        world.add_user(cast.telegram[name], name)
        world.start(cast.telegram[name])
    world.updates.forget()


async def ask(bot: Running, command: str, **arguments: Any) -> Outcome | None:
    return await asyncio.to_thread(control.ask, bot.folder, command, arguments)


async def test_somebody_writes_and_is_answered(world: World, tmp_path: Path) -> None:
    async with serve(world) as url, running(url, tmp_path) as bot:
        enter(world, bot.cast, "李明")
        telegram = bot.cast.telegram["李明"]
        await until(lambda: world.updates.polls)
        world.send(telegram, telegram, "/help")
        await until(lambda: len(world.messages(telegram)) == 3)
    assert "已谈" in world.messages(telegram)[-1].text
    assert not world.refused


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.SERVER_ERROR,
        FaultKind.BAD_GATEWAY,
        FaultKind.TOO_MANY_REQUESTS,
        FaultKind.CONFLICT,
        FaultKind.RESET_BEFORE,
        FaultKind.RESET_AFTER,
        FaultKind.BROKEN,
    ],
)
async def test_getupdates_comes_back_after_a_fault_and_nothing_was_missed(
    world: World, tmp_path: Path, kind: FaultKind
) -> None:
    async with serve(world) as url, running(url, tmp_path) as bot:
        enter(world, bot.cast, "李明")
        telegram = bot.cast.telegram["李明"]
        await until(lambda: world.updates.polls)
        world.fault = fault = Fault(kind, methods=frozenset({"getUpdates"}))
        world.send(telegram, telegram, "/help")  # answers the poll that waits
        await until(lambda: not fault.times)
        world.send(telegram, telegram, "/undo")
        await until(lambda: len(world.messages(telegram)) == 5)
        assert not bot.ended.done()
    assert not world.refused


async def test_a_proxys_page_at_the_start_is_waited_out(tmp_path: Path) -> None:
    """Its 404 is not Telegram's, so the token may be right."""
    asked = []

    async def page(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=404, text="<html>no such host</html>")

    runner = web.AppRunner(catch_all(page))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with running(f"http://127.0.0.1:{runner.addresses[0][1]}", tmp_path) as bot:
            await until(lambda: asked)
            await until(lambda: len(asked) > 1)
            assert not bot.ended.done()
    finally:
        await runner.cleanup()


def catch_all(answer: Any) -> web.Application:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    return application


async def test_sigterm_ends_it_while_it_polls(world: World, tmp_path: Path) -> None:
    async with serve(world) as url, running(url, tmp_path) as bot:
        await until(lambda: world.updates.polls)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(bot.ended, 5)


async def test_sigterm_ends_it_while_telegram_cannot_be_reached(tmp_path: Path) -> None:
    async with running(f"http://127.0.0.1:{closed_port()}", tmp_path) as bot:
        await until((tmp_path / control.NAME).exists)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(bot.ended, 5)


async def test_sigterm_ends_it_while_telegram_does_not_answer(
    world: World, tmp_path: Path
) -> None:
    world.fault = fault = Fault(FaultKind.HANG, times=99, methods=frozenset({"deleteWebhook"}))
    async with serve(world) as url, running(url, tmp_path) as bot:
        await until(lambda: fault.times < 99)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(bot.ended, 5)


async def test_what_is_on_the_wire_at_the_end_arrives_and_is_recorded(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(world) as url, running(url, tmp_path) as bot:
        enter(world, bot.cast, "李明")
        telegram = bot.cast.telegram["李明"]
        await until(lambda: world.updates.polls)

        def stop_meanwhile(exchange: Any) -> None:
            if exchange.method == "sendMessage":
                os.kill(os.getpid(), signal.SIGTERM)

        world.listen(stop_meanwhile)
        world.send(telegram, telegram, "/help")
        await asyncio.wait_for(bot.ended, 5)
        (row,) = bot.store.outbox
    assert row.state is RowState.SENT


async def test_without_a_network_it_says_so_once_answers_commands_and_goes_on_once_it_is_there(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ASK_WHO_SECONDS", (0, 0.01))
    port = closed_port()
    with caplog.at_level(logging.WARNING):
        async with running(f"http://127.0.0.1:{port}", tmp_path) as bot:
            await until((tmp_path / control.NAME).exists)
            opened = await ask(bot, "term set", week1="2026-09-07", name=None)
            refused = await ask(bot, "invite", people=[], everyone=True)
            async with serve(world, port=port):
                await until(lambda: world.updates.polls)
                assert bot.app.desk.bot_name == "yinlu_bot"
                os.kill(os.getpid(), signal.SIGTERM)
                await bot.ended
    assert opened is not None
    assert (opened.code, len(bot.store.terms)) == (0, 1)
    assert refused is not None
    assert (refused.code, len(bot.store.invites)) == (1, 0)
    assert [one.getMessage() for one in caplog.records] == [
        "cannot reach Telegram (NetworkError); trying on"
    ]


async def test_a_wrong_token_is_refused(world: World, tmp_path: Path) -> None:
    async with serve(world) as url, running(url, tmp_path, token="4242:another") as bot:
        with pytest.raises(Refused, match=WRONG_TOKEN):
            await asyncio.wait_for(bot.ended, 5)


async def test_a_token_revoked_while_polling_ends_it(world: World, tmp_path: Path) -> None:
    async with serve(world) as url, running(url, tmp_path) as bot:
        await until(lambda: world.updates.polls)
        world.token = "4242:new"
        world.updates.release()
        with pytest.raises(Refused, match=WRONG_TOKEN):
            await asyncio.wait_for(bot.ended, 10)


async def test_another_process_that_keeps_the_token_ends_it_with_one_line(
    world: World, tmp_path: Path
) -> None:
    async with serve(world) as url, running(url, tmp_path) as bot:
        await until(lambda: world.updates.polls)
        bot.app.polling.outrivalled.set()  # after ten minutes of Conflict: see test_polling
        with pytest.raises(Refused, match="另一个进程"):
            await asyncio.wait_for(bot.ended, 10)


async def test_the_running_bot_tells_its_live_figures(world: World, tmp_path: Path) -> None:
    async with serve(world) as url, running(url, tmp_path) as bot:
        await until(lambda: world.updates.polls)
        told = await ask(bot, control.PULSE)
    assert told is not None
    assert told.document["pid"] == os.getpid()
    assert told.document["tick"] is not None
    assert told.document["conflict"] is None


async def test_an_outage_at_the_start_is_a_sign_of_life_and_no_tick_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ASK_WHO_SECONDS", (0.01,))
    async with running(f"http://127.0.0.1:{closed_port()}", tmp_path) as bot:
        before = bot.app.heartbeat.finished
        await until(lambda: bot.app.heartbeat.finished > before)
        assert bot.app.heartbeat.trouble == "NetworkError"
        assert bot.app.heartbeat.ticked is None


async def test_a_token_revoked_while_sending_ends_it_and_the_message_waits(
    world: World, tmp_path: Path
) -> None:
    async with serve(world) as url, running(url, tmp_path) as bot:
        enter(world, bot.cast, "李明")
        telegram = bot.cast.telegram["李明"]
        await until(lambda: world.updates.polls)
        world.token = "4242:new"
        now = bot.app.desk.now()
        with bot.store.transaction():
            row = Row(kind="not_text", chat=telegram, to=None, due=now, created=now)
            row = bot.store.outbox.add(row)
        bot.app.desk.wake()
        with pytest.raises(Refused, match=WRONG_TOKEN):
            await asyncio.wait_for(bot.ended, 10)
        assert bot.store.outbox[row.id].state is RowState.PENDING


async def test_a_part_that_fails_ends_the_whole_with_its_error(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(world) as url, running(url, tmp_path) as bot:
        await until(lambda: world.updates.polls)

        async def fail(*_: object) -> float:
            raise StoreDamaged(None, None, "changed on disk")

        bot.app.inbox.sweep = fail  # type: ignore[assignment]  # as after a disk error
        bot.app.inbox.take([])
        with pytest.raises(StoreDamaged):
            await asyncio.wait_for(bot.ended, 10)
    assert not (tmp_path / control.NAME).exists()


async def test_what_waited_in_the_inbox_is_handled_in_order_before_anything_new_is_fetched(
    world: World, tmp_path: Path
) -> None:
    store = Store.in_memory()
    async with serve(world) as url:
        app, cast = prepared(url, store)
        enter(world, cast, "李明")
        telegram = cast.telegram["李明"]
        waiting = [_received(number, telegram, app.desk) for number in range(1, 6)]
        with store.transaction():
            for row in waiting:
                store.inbox.add(row)
        polls_when_handled: list[int] = []
        plain = app.inbox.finish

        def finish() -> None:
            polls_when_handled.append(world.updates.polls)
            plain()

        app.inbox.finish = finish  # type: ignore[method-assign]  # looks over its shoulder
        ended = asyncio.ensure_future(service.run(app, tmp_path))
        await until(lambda: world.updates.polls)
        os.kill(os.getpid(), signal.SIGTERM)
        await ended
    assert polls_when_handled == [0] * 5
    assert {row.state for row in store.inbox} == {InboxState.DONE}


def _received(number: int, telegram: int, desk: Desk) -> Received:
    message = {
        "message_id": number,
        "date": 0,
        "chat": {"id": telegram, "type": "private"},
        "from": {"id": telegram, "is_bot": False, "first_name": "某"},
        "text": "/undo",
        "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
    }
    raw = {"update_id": number, "message": message}
    return Received(update=number, raw=raw, at=desk.now())


# Who the bot is, asked without starting it


async def test_the_own_name_is_asked_of_telegram(world: World) -> None:
    async with serve(world) as url:
        assert await own_name(Settings(api_url=url, token=TOKEN)) == "yinlu_bot"


async def test_asking_for_the_own_name_looks_for_no_proxy_in_the_environment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "ALL_PROXY", "socks://127.0.0.1:1"
    )  # as desktops write it; httpx knows none
    async with serve(world) as url:
        assert await own_name(Settings(api_url=url, token=TOKEN)) == "yinlu_bot"


@pytest.mark.parametrize("token", ["4242:another", "not a token", "4242:a/../b", "4242:x\ny"])
async def test_a_token_that_cannot_be_right_is_refused_in_one_line(
    world: World, token: str
) -> None:
    async with serve(world) as url:
        with pytest.raises(Refused) as refused:
            await own_name(Settings(api_url=url, token=token))
    assert str(refused.value) == WRONG_TOKEN


async def test_no_token_is_refused_with_what_to_set() -> None:
    with pytest.raises(Refused, match="YINLU_TOKEN"):
        await own_name(Settings())


async def test_the_own_name_cannot_be_asked_without_a_network() -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    with pytest.raises(Refused, match="连不上 Telegram"):
        await own_name(Settings(api_url=url, token=TOKEN))
