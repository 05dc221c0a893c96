"""The running bot: everything started in order, ended in order."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from telegram.error import InvalidToken, TelegramError

from bot.app import ALLOWED_UPDATES, App
from bot.commands.writing import carry_out
from bot.control import PULSE, listening
from bot.delivery.telegram import Meaning, meaning_of
from bot.outcome import Outcome
from bot.refusal import Refused
from bot.who import WRONG_TOKEN

log = logging.getLogger(__name__)

ASK_WHO_SECONDS = (1, 2, 5, 10, 30)  # between attempts to reach Telegram at start
POLL_SECONDS = 20
LAST_POLL_SECONDS = 2  # to confirm what was fetched; the inbox would know it again anyway
RIVAL = "另一个进程一直在用这个令牌收消息，机器人已停止。请先停下它，或在 @BotFather 换令牌。"
GRACE_SECONDS = 6  # for what is on the wire at the end: longer than an answer may take


async def run(app: App, folder: Path, told: Callable[[], object] = lambda: None) -> None:
    """Run until SIGTERM or SIGINT, of which ``told`` hears. Raises Refused for a wrong token."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end(*_: object) -> None:
        told()
        loop.call_soon_threadsafe(stop.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        # Not the loop's own handlers: a blocked loop would never call them.
        signal.signal(number, end)
    await work(app, folder, stop)


async def work(app: App, folder: Path, stop: asyncio.Event) -> None:
    """Run until ``stop`` is set. Raises Refused for a wrong token, and whatever a part failed of."""
    serving = asyncio.ensure_future(_serve(app, folder))
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def _serve(app: App, folder: Path) -> None:
    def answer(command: str, arguments: dict[str, Any]) -> Outcome:
        if command == PULSE:
            return Outcome(document=app.heartbeat.figures())
        outcome = carry_out(app.desk, command, arguments)
        app.desk.wake()
        return outcome

    bot = app.telegram.bot
    async with listening(folder, answer):
        try:
            await _insist(app, app.telegram.bot.initialize)
            app.desk.bot_name = app.telegram.bot.username
            async with _telegram(app):
                await _attend(app)
        except InvalidToken:
            raise Refused(WRONG_TOKEN) from None
        finally:
            await bot.shutdown()


async def _insist(app: App, call: Callable[[], Awaitable[object]]) -> None:
    """Call Telegram; while it cannot be reached, say so once and keep trying."""
    for attempt in itertools.count():
        try:
            await call()
        except TelegramError as error:
            if meaning_of(error).meaning is Meaning.FATAL:
                raise
            app.heartbeat.polled(type(error).__name__)
            if attempt == 0:
                log.warning("cannot reach Telegram (%s); trying on", type(error).__name__)
            await app.desk.clock.sleep(ASK_WHO_SECONDS[min(attempt, len(ASK_WHO_SECONDS) - 1)])
        else:
            app.heartbeat.polled()
            return


@contextlib.asynccontextmanager
async def _telegram(app: App) -> AsyncIterator[None]:
    """The library's own parts, its scheduler with our tick among them."""
    await app.telegram.initialize()
    try:
        await app.telegram.start()
        app.heartbeat.ticks_begin()
        try:
            yield
        finally:
            await app.telegram.stop()
    finally:
        await app.telegram.shutdown()


async def _attend(app: App) -> None:
    """Hear and speak until cancelled. What waited in the inbox comes before anything new."""
    await app.inbox.sweep(app.telegram.process_update, app.telegram.bot)
    sending, *others = (asyncio.ensure_future(run()) for run in app.loops)
    refused = asyncio.ensure_future(app.polling.refused.wait())
    outrivalled = asyncio.ensure_future(app.polling.outrivalled.wait())
    parts = (sending, *others, refused, outrivalled)
    try:
        async with _polling(app):
            log.info("ready")
            ended, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in ended:
            part.result()
        raise Refused(RIVAL if outrivalled in ended else WRONG_TOKEN)
    finally:
        app.outbox.close()
        await asyncio.wait((sending,), timeout=GRACE_SECONDS)
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


@contextlib.asynccontextmanager
async def _polling(app: App) -> AsyncIterator[None]:
    updater = app.telegram.updater
    if updater is None:
        raise RuntimeError("the application was built without an updater")
    start = partial(
        updater.start_polling,
        timeout=POLL_SECONDS,
        allowed_updates=ALLOWED_UPDATES,
        error_callback=app.polling.failed,
    )
    try:
        await _insist(app, start)
        yield
    finally:
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(LAST_POLL_SECONDS):
                if updater.running:
                    await updater.stop()
