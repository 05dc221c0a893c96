"""The whole bot before the embedded Bot API, over real HTTP on loopback, by a clock that is told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from telegram.error import TelegramError
from telegram.request import HTTPXRequest
from typing_extensions import override

from bot.app import CONNECTIONS, App, build
from bot.calendar import calendar
from bot.delivery.limiter import Limiter
from bot.delivery.outbox import Outbox
from bot.delivery.wire import Wire
from bot.desk import Desk
from bot.rehearsal.botapi import World, serve
from bot.settings import Rate, Settings
from storage.records import InboxState, RowState
from storage.store import Store
from tests.support.cast import Cast, settle
from tests.support.chat import CATALOGUE, words_alone
from tests.support.clock import PacedClock, at
from tests.support.telegram import PLAIN, TOKEN

ANSWER_SECONDS = 0.1  # real ones, after which a request counts as unanswered
SHORT = 0.05  # seconds; the pause between two messages


class Witness(HTTPXRequest):
    """Counts the requests of which nobody can know whether they arrived; knows nothing of our code."""

    def __init__(self) -> None:
        super().__init__(
            connection_pool_size=CONNECTIONS, read_timeout=ANSWER_SECONDS, pool_timeout=30, **PLAIN
        )
        self.doubtful = 0

    @override
    async def do_request(self, url: str, *args: Any, **options: Any) -> tuple[int, bytes]:
        try:
            code, payload = await super().do_request(url, *args, **options)
        except TelegramError:
            self.doubtful += 1
            raise
        self.doubtful += code >= 500 or (code == 200 and not _is_whole(payload))
        return code, payload


def _is_whole(payload: bytes) -> bool:
    try:
        json.loads(payload)
    except ValueError:
        return False
    return True


@dataclass(slots=True)
class Online:
    """Drives the bot: time passes while it waits, and only then."""

    app: App
    world: World
    clock: PacedClock
    cast: Cast
    witness: Witness
    offset: int = 0
    polls: int = 0

    async def poll(self) -> None:
        """Ask for updates once, as the library's own loop does."""
        self.polls += 1
        try:
            updates = await self.app.telegram.bot.get_updates(
                offset=self.offset, timeout=0, read_timeout=ANSWER_SECONDS
            )
        except TelegramError as error:
            self.app.polling.failed(error)
            return
        if updates:
            self.offset = updates[-1].update_id + 1

    async def sweep(self) -> float:
        telegram = self.app.telegram
        return await self.app.inbox.sweep(telegram.process_update, telegram.bot)

    def restart_outbox(self) -> None:
        """As after a process that ended because Telegram refused the token."""
        desk, bot = self.app.desk, self.app.telegram.bot
        rate = desk.settings.rate
        limiter = Limiter(rate.overall, rate.group_minute)
        outbox = Outbox(desk, CATALOGUE, Wire(desk, CATALOGUE, bot, words_alone), limiter)
        self.app.outbox, desk.wake, self.app.polling.recovered = (
            outbox,
            outbox.wake,
            outbox.try_now,
        )

    @property
    def is_idle(self) -> bool:
        """Nothing waits: neither at Telegram, nor in the inbox, nor in the outbox."""
        store = self.app.desk.store
        return not (
            self.world.updates.pending
            or store.inbox.count("state", InboxState.WAITING)
            or store.outbox.count("state", RowState.PENDING)
            or store.outbox.count("state", RowState.SENDING)
        )


@asynccontextmanager
async def online(*, store: Store | None = None) -> AsyncIterator[Online]:
    """The named cast on a Tuesday of week 2; everybody's private chat is open."""
    kept = store or Store.in_memory()
    clock = PacedClock(
        at(2026, 9, 15, 10), lambda: bool(kept.outbox.count("state", RowState.SENDING)), SHORT
    )
    world = World(clock.now, token=TOKEN, seconds=clock.monotonic)
    async with serve(world) as url:
        settings = Settings(
            api_url=url, rate=Rate(account_minute=1_000_000, account_presses=1_000_000)
        )
        desk = Desk(kept, clock, settings, calendar(settings.holidays), "yinlu_bot")
        cast = settle(desk)
        for telegram in cast.telegram.values():
            world.add_user(telegram, "某")
            world.start(telegram)
        world.updates.forget()
        witness = Witness()
        app = build(desk, CATALOGUE, TOKEN, request=witness, draw=words_alone)
        async with app.telegram:
            yield Online(app, world, clock, cast, witness)
