"""A term in a town: time that goes on from life to life, and the books that are kept of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.clock import SHANGHAI
from storage.records import InboxState, RowState
from storage.store import StoreError
from tests.soak import audit
from tests.soak.figures import Figures
from tests.soak.people import WEEK1
from tests.soak.stories import Plot
from tests.soak.town import Bot, PromiseBrokenError, Town

STEPS_AT_ONCE = 4
LIVES_AT_A_MOMENT = 8  # then time goes on, whatever is still on the way
LAST_LIVES = 12
QUIET = 0.25  # seconds between looks; the first tick of a life comes sooner
PATIENCE = 400  # looks
KILLED = -9
BEGIN = 60  # seconds


def at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI)


LATE = at(WEEK1 + timedelta(days=19), time(12))  # by then nobody waits for a reminder any longer


def moments() -> Iterator[datetime]:
    """Morning and afternoon of every working day of the four weeks: all waves are among them."""
    for day in range(28):
        if day % 7 < 5:
            for hour in (time(9), time(17)):
                yield at(WEEK1 + timedelta(days=day), hour)


class Term:
    """``store``: as it was on disk after the last life. ``risked``: messages sent without a record."""

    def __init__(self, town: Town, plot: Plot, dice: random.Random) -> None:
        self.town = town
        self.plot = plot
        self.dice = dice
        self.store = town.store()
        self.risked = 0
        self._moments = moments()
        self._lives = 0
        self._is_last = False

    @property
    def is_over(self) -> bool:
        """Whether the four weeks are over and nothing is left that a kill could strike."""
        return self._is_last and not self.is_busy()

    async def bear(self, *, point: str | None = None, nth: int = 1) -> Bot:
        """A life with work before it, which has begun when this returns: it polls, or speaks."""
        if self._lives % LIVES_AT_A_MOMENT == 0 or not self._is_sending():
            moment = next(self._moments, None)
            self._is_last = moment is None
            self.town.clock.set(moment or self.town.clock.now())
            self._lives = 0
        self._lives += 1
        self.plot.go_on(self.dice, STEPS_AT_ONCE)
        return await self._begun(point=point, nth=nth)

    async def _begun(self, *, point: str | None = None, nth: int = 1) -> Bot:
        world = self.town.world
        polls, said = world.updates.polls, len(world.log)
        bot = await self.town.bear(point=point, nth=nth)
        async with asyncio.timeout(BEGIN):
            while world.updates.polls == polls and len(world.log) == said and not bot.dead.done():
                await asyncio.sleep(0.002)
        return bot

    async def died(self, bot: Bot, code: int, figures: Figures) -> None:
        """Look at what a kill has left."""
        if code != KILLED:
            raise PromiseBrokenError(
                f"the bot ended with {code} by itself: {self.town.complaint()}"
            )
        self._look(figures)
        figures.judge(audit.check(self.town, self.store, self.plot))
        unrecorded = len(audit.unrecorded(self.town, self.store))
        figures.count("sent without a record", max(unrecorded - self.risked, 0))
        self.risked = unrecorded

    async def settled(self, figures: Figures) -> None:
        """Let the bot live until all is done, and judge the end."""
        for _ in range(LAST_LIVES):
            bot = await self._begun()
            await self._until_idle(figures)
            if code := await bot.end():
                raise PromiseBrokenError(f"the bot ended with {code}: {self.town.complaint()}")
            self._look(figures)
            coming = [row.due for row in self.store.outbox.where("state", RowState.PENDING)]
            if not coming and (self.plot.over or self.town.clock.now() > LATE):
                break
            self.town.clock.set(max(self.town.clock.now(), *coming, *([] if coming else [LATE])))
        else:
            figures.broken("stuck", "something is on the way for ever")
        # What was interrupted twice stays uncertain, and whoever waits for it waits in vain (F16).
        uncertain = len(self.store.outbox.where("state", RowState.UNCERTAIN))
        figures.count("uncertain", uncertain)
        if len(self.plot.waiting()) > uncertain:
            figures.broken("stuck", "；".join(self.plot.waiting()))
        self._close_the_books(figures)

    def _close_the_books(self, figures: Figures) -> None:
        figures.judge(audit.check_end(self.town, self.store, self.plot))
        for wrong in audit.copies_wrong(self.town, self.store):
            figures.broken("copies", wrong)
        sent = [one.text for one in self.town.world.log if one.method == "sendMessage"]
        figures.count("terms")
        figures.count("updates", self.town.pushed)
        figures.count("deeds", len(self.plot.effects))
        figures.count("messages", len(sent))
        figures.count("marked second copies", sum("（补发）" in text for text in sent))

    async def _until_idle(self, figures: Figures) -> None:
        """Until nobody has anything to do at this moment."""
        log = self.town.world.log
        for _ in range(PATIENCE):
            said = len(log)
            await asyncio.sleep(QUIET)
            if self.plot.go_on(self.dice, STEPS_AT_ONCE) or len(log) > said:
                continue
            self._look(figures)
            if not self.is_busy():
                return

    def _look(self, figures: Figures) -> None:
        try:
            self.store = self.town.store()
        except StoreError as error:
            figures.broken("corrupt", str(error))
            raise PromiseBrokenError(str(error)) from error

    def is_busy(self) -> bool:
        """Whether something was under way: not confirmed, not handled, on the wire, or due."""
        waiting = self.store.inbox.where("state", InboxState.WAITING)
        return bool(self.town.world.updates.pending or waiting or self._is_sending())

    def _is_sending(self) -> bool:
        now = self.town.clock.now()
        return bool(
            self.store.outbox.where("state", RowState.SENDING)
            or any(row.due <= now for row in self.store.outbox.where("state", RowState.PENDING))
        )
