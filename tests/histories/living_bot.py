"""The bot on a disk, which may die at any place where that hurts, and starts again."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import httpx
from telegram.request import RequestData
from typing_extensions import override

from bot.app import App, build
from bot.calendar import calendar
from bot.delivery.schedule import Tick
from bot.desk import Desk
from bot.settings import Rate, Settings
from storage.journal_file import FileJournal
from storage.live import Changes
from storage.store import Store
from tests.support.cast import Cast, settle
from tests.support.chat import CATALOGUE, TOKEN, Recorder
from tests.support.clock import StandingClock, at

OWN = Settings(
    rate=Rate(account_minute=1_000_000, account_presses=1_000_000)
)  # a step may take no time
CALENDAR = calendar(OWN.holidays)

T = TypeVar("T")


class PowerCut(BaseException):
    """The process is gone: nothing that handles errors may see it."""


class Cut(StrEnum):
    """Where the process dies."""

    TAKING = "before the inbox has committed"
    TAKEN = "after the inbox has committed"
    COMMITTING = "before the act has committed"
    COMMITTED = "after the act has committed"
    SENDING = "before Telegram has accepted the next message"
    SENT = "after Telegram has accepted the next message"


class Trouble(StrEnum):
    """How the next call fails."""

    CERTAIN = "it never left"
    LOST = "it may have arrived, and has not"
    ARRIVED = "it may have arrived, and has"


class Disk(FileJournal):
    """A journal whose process dies before or after a commit, once told to."""

    cut: Cut | None = None
    skip = 0  # commits that still go well
    is_dead = False

    @override
    def append(self, changes: Changes) -> int:
        if self.is_dead:  # what else was under way in the process writes nothing any more
            raise PowerCut
        dies = self.cut in {Cut.COMMITTING, Cut.COMMITTED} and self.skip == 0
        self.skip = max(self.skip - 1, 0)
        self.is_dead = dies
        if dies and self.cut is Cut.COMMITTING:
            raise PowerCut
        sequence = super().append(changes)
        if dies:
            raise PowerCut
        return sequence


class Wire(Recorder):
    """Telegram, whose line breaks and whose caller dies, once told to."""

    cut: Cut | None = None
    trouble: Trouble | None = None
    doubtful = 0  # moments of which the bot can't know whether something arrived

    first_copies = marked_copies = 0

    @override
    def _sendMessage(self, given: dict[str, Any]) -> dict[str, Any]:
        is_marked = given["text"].startswith("（补发）")
        self.marked_copies += is_marked
        self.first_copies += not is_marked
        return super()._sendMessage(given)

    @override
    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *rest: Any,
        **options: Any,
    ) -> tuple[int, bytes]:
        trouble, self.trouble = self.trouble, None
        cut = self.cut
        if trouble is Trouble.CERTAIN:
            raise httpx.ConnectError("refused")
        self.doubtful += trouble is not None
        if trouble is Trouble.LOST:
            raise httpx.ReadTimeout("silence")
        if cut is Cut.SENDING:
            raise PowerCut
        answer = await super().do_request(url, method, request_data, *rest, **options)
        if trouble is Trouble.ARRIVED:
            raise httpx.ReadTimeout("silence")
        if cut is Cut.SENT:
            raise PowerCut
        return answer


class LivingBot:
    """The bot on a disk, which can die and be started again; Telegram and the clock live on."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="history-"))
        self.clock = StandingClock(at(2026, 9, 7, 8))  # the round begins
        self.wire = Wire()
        self.runner = asyncio.Runner()
        self.updates = itertools.count(1)
        self._start()
        self.cast: Cast = settle(self.desk)
        self.clock.move_to(at(2026, 9, 14, 8))

    def _start(self) -> None:
        self.disk = Disk(self.folder / "store", snapshot_floor=20_000)
        self.desk = Desk(Store(self.disk), self.clock, OWN, CALENDAR, "yinlu_bot")
        self.app: App = build(self.desk, CATALOGUE, TOKEN, request=self.wire)
        self.wait_for(self.app.telegram.initialize())

    def die(self) -> None:
        """Everything in memory is gone; the same bot starts again and does what it finds."""
        self.wire.doubtful += 1
        self.wire.cut = self.wire.trouble = None
        self.wait_for(self.app.telegram.shutdown())
        self.desk.store._unsynced.clear()  # nobody was told of it
        self.desk.store.close()
        self._start()
        self.work()

    def close(self) -> None:
        self.wait_for(self.app.telegram.shutdown())
        self.desk.store.close()
        self.runner.close()
        shutil.rmtree(self.folder)

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def work(self) -> None:
        """Handle what waits and send what is due."""
        self.wait_for(self._work())

    async def _work(self) -> None:
        handle, bot = self.app.telegram.process_update, self.app.telegram.bot
        await self.app.inbox.sweep(handle, bot)
        assert self.app.inbox.failure is None, repr(self.app.inbox.failure)
        await self.app.outbox.drain()

    def hear(self, body: dict[str, Any], cut: Cut | None = None, skip: int = 0) -> None:
        """Take an update in and handle it; where the process dies, Telegram tells it again."""
        update = {"update_id": next(self.updates), **body}
        with self._mortal():
            if cut is Cut.TAKING:
                self.disk.cut = Cut.COMMITTING
            self.app.inbox.take([update])
            if cut is Cut.TAKEN:
                raise PowerCut
            self.disk.cut, self.disk.skip, self.wire.cut = cut, skip, cut
            self.work()
        self.disk.cut = self.wire.cut = None
        self.app.inbox.take([update])  # told twice, heard once
        self.work()

    def tick(self, cut: Cut | None = None, skip: int = 0) -> None:
        """Let the reminders of this moment out."""
        with self._mortal():
            self.disk.cut, self.disk.skip, self.wire.cut = cut, skip, cut
            Tick(self.desk).now()
            self.work()
        self.disk.cut = self.wire.cut = None
        Tick(self.desk).now()
        self.work()

    @contextmanager
    def _mortal(self) -> Iterator[None]:
        try:
            yield
        except PowerCut:
            self.die()
        except BaseExceptionGroup as group:
            if group.split(PowerCut)[1] is not None:
                raise
            self.die()
