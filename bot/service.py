"""The running bot: everything started in order, ended in order."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from telegram.error import InvalidToken, TelegramError

from bot.app import ALLOWED_UPDATES, App
from bot.commands.writing import carry_out
from bot.control import listening
from bot.outcome import Outcome
from bot.refusal import Refused
from bot.who import WRONG_TOKEN

log = logging.getLogger(__name__)

ASK_WHO_SECONDS = (1, 2, 5, 10, 30)  # between attempts to reach Telegram at start
POLL_SECONDS = 20
LAST_POLL_SECONDS = 2  # to confirm what was fetched; the inbox would know it again anyway
GRACE_SECONDS = 6  # for what is on the wire at the end: longer than an answer may take


async def run(app: App, folder: Path) -> None:
    """Run until SIGTERM or SIGINT. Raises Refused for a wrong token."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
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
        outcome = carry_out(app.desk, command, arguments)
        app.desk.wake()
        return outcome

    bot = app.telegram.bot
    async with listening(folder, answer):
        try:
            await _know_oneself(app)
            async with _telegram(app):
                await _attend(app)
        except InvalidToken:
            raise Refused(WRONG_TOKEN) from None
        finally:
            await bot.shutdown()


async def _know_oneself(app: App) -> None:
    """Ask Telegram who we are; while it cannot be reached, say so once and keep trying."""
    for attempt in itertools.count():
        try:
            await app.telegram.bot.initialize()
        except InvalidToken:
            raise
        except TelegramError as error:
            if attempt == 0:
                log.warning("cannot reach Telegram (%s); trying on", type(error).__name__)
            await app.desk.clock.sleep(ASK_WHO_SECONDS[min(attempt, len(ASK_WHO_SECONDS) - 1)])
        else:
            break
    app.desk.bot_name = app.telegram.bot.username


@contextlib.asynccontextmanager
async def _telegram(app: App) -> AsyncIterator[None]:
    """The library's own parts, its scheduler with our tick among them."""
    await app.telegram.initialize()
    try:
        await app.telegram.start()
        try:
            yield
        finally:
            await app.telegram.stop()
    finally:
        await app.telegram.shutdown()


async def _attend(app: App) -> None:
    """Hear and speak until cancelled. What waited in the inbox comes before anything new."""
    handle, bot = app.telegram.process_update, app.telegram.bot
    await app.inbox.sweep(handle, bot)
    sending = asyncio.ensure_future(app.outbox.run())
    hearing = asyncio.ensure_future(app.inbox.run(handle, bot))
    refused = asyncio.ensure_future(app.polling.refused.wait())
    parts = (sending, hearing, refused)
    try:
        async with _polling(app):
            log.info("ready")
            ended, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in ended:
            part.result()
        raise Refused(WRONG_TOKEN)  # neither ends by itself but for that
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
    try:
        await updater.start_polling(
            timeout=POLL_SECONDS,
            bootstrap_retries=-1,
            allowed_updates=ALLOWED_UPDATES,
            error_callback=app.polling.failed,
        )
        yield
    finally:
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(LAST_POLL_SECONDS):
                if updater.running:
                    await updater.stop()
