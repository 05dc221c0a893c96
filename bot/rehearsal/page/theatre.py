"""The rehearsal as somebody at the page directs it: one deed after the other, and time between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path

from bot.refusal import Refused
from bot.rehearsal.bot_process import BotEndedError, BotProcess
from bot.rehearsal.botapi import Fault, FaultKind, World
from bot.rehearsal.glance import Json, follow_book
from bot.rehearsal.leads import leads
from bot.rehearsal.page.chronicle import Chronicle
from bot.rehearsal.page.wire import Wire
from bot.rehearsal.performance import Performance
from bot.rehearsal.phone import Phone
from bot.rehearsal.told_clock import ToldClock
from bot.rules.term import moment

LEADS_ENROL = timedelta(minutes=5)
SOON = timedelta(seconds=5)  # after a deed: what the bot says so soon after the last is waited for
LONGEST_ANSWER = timedelta(minutes=10)
DAY = timedelta(days=1)
LONGEST_PAUSE = 1.5  # real seconds between two moments of a slow play
MORNING = time(8, 30)
AT_ONCE = 0  # speed without any pause
ALWAYS = 10**9  # requests
SLOW_SECONDS = 1.0
LOOK_EVERY = 1.0  # real seconds; a glance costs the bot some


class Trouble(StrEnum):
    """What is wrong on the wire."""

    NONE = "none"
    DOWN = "down"
    SLOW = "slow"


class Theatre:
    """The bot, its Telegram, the people and the clock in one hand; everything in one order.

    What it remarks and refuses with are keys of the page's own words (`static/words.js`).

    ``speed`` is told minutes per real second, 0 without pause. ``busy``: what time goes on for.
    ``seen``: the last glance at the bot's book. ``cast``: who plays the tour, or empty.
    """

    def __init__(
        self,
        folder: Path,
        world: World,
        clock: ToldClock,
        bot: BotProcess,
        wire: Wire,
        week1: date,
    ) -> None:
        self.world, self.clock, self.chronicle = world, clock, Chronicle(clock)
        self.performance = Performance(folder, clock, world, self.chronicle, bot, judged=False)
        self._bot, self._wire = bot, wire
        self.week1 = week1
        self._lock = asyncio.Lock()
        self._stopped = False
        self._opened = asyncio.Event()
        self.busy: str | None = None
        self.speed = 240
        self.trouble = Trouble.NONE
        self.held: set[int] = set()
        self.seen: Json = {}
        self.cast: Json = {}

    async def set_scene(self, book: Path | None) -> None:
        """Import, open the round, invite, let the tour's cast enrol. Raises Refused, BotEndedError."""
        await self.performance.set_scene(book, self.week1)
        lead = leads(self.performance.cast)
        if lead is not None:
            self.cast = {**lead.telegrams(), "group": lead.student.group}
        await self._pass("enrol", self.clock.now() + LEADS_ENROL)

    async def enrol(self) -> None:
        """Let everybody else enrol over the weekend, until the morning of the first Monday."""
        await self._pass("enrol", moment(self.week1, MORNING))
        self._opened.set()

    # What people do

    async def act(self, deed: Callable[[], object]) -> None:
        """Do what a person does and let the bot answer. Whatever ``deed`` raises is raised."""
        async with self._lock:
            deed()
            await self._answer()

    async def invite(self, telegram: int) -> None:
        """Open a fresh link of one's own. KeyError: nobody's phone, or not on the roster."""
        company = self.performance.cast
        person = next(who for who, one in company.phones.items() if one.telegram == telegram)
        async with self._lock:
            with self.performance.desk() as desk:
                number = desk.store.people[person].number
            links = await self.performance.invite(people=[number], everyone=False)
            self.chronicle.did(self.chronicle.names[telegram], telegram, "打开链接")
            self.world.start(telegram, links[number])
            await self._answer()

    def hold(self, telegram: int, *, held: bool) -> None:
        """Take a phone in hand, so that its owner does nothing alone, or give it back."""
        phone = self._phone(telegram)
        phone.held = held
        (self.held.add if held else self.held.discard)(telegram)
        self.chronicle.touch()

    def _phone(self, telegram: int) -> Phone:
        for one in self.performance.cast.phones.values():
            if one.telegram == telegram:
                return one
        raise KeyError(f"no phone {telegram}")

    async def _answer(self) -> None:
        """Let the bot answer, also what leaves a moment later, and look at what changed."""
        with self._survived():
            await self.performance.settle()
        last = self.clock.now() + LONGEST_ANSWER
        while (row := self.performance.next_row) is not None:
            if row > min(self.clock.now() + SOON, last):
                break
            await self._step(row)
        await self._look()

    # Time

    async def pass_day(self) -> None:
        await self._pass("day", moment(self.clock.now().date() + DAY, MORNING))

    async def pass_minutes(self, minutes: int) -> None:
        await self._pass("minutes", self.clock.now() + timedelta(minutes=minutes))

    async def pass_to_reminder(self) -> None:
        """To the next planned reminder. Refused: there is none."""
        timeline = self.seen["timeline"]
        coming = [one["at"] for one in timeline if one["at"] > self.clock.now().isoformat()]
        if not coming:
            raise Refused("all_sent")
        await self.pass_to(datetime.fromisoformat(coming[0]))

    async def pass_to(self, until: datetime) -> None:
        """Refused: that is over already."""
        if until <= self.clock.now():
            raise Refused("time_is_over")
        await self._pass("jump", until)

    async def play(self) -> None:
        """Play to the end of the round, with pauses that fit the speed."""
        await self._pass("play", self.performance.end)

    def pause(self) -> None:
        self._stopped = True

    async def _pass(self, what: str, until: datetime) -> None:
        """Let time go on until then; whoever directs may act, pause or change the speed meanwhile.

        While people still enrol it waits for them. Refused: time goes on already.
        """
        if what != "enrol":
            await self._opened.wait()
        if self.busy is not None:
            raise Refused("time_goes_on")
        self.busy, self._stopped = what, False
        seconds = asyncio.get_running_loop().time
        look_again = seconds() + LOOK_EVERY
        try:
            while not self._stopped and self.clock.now() < until:
                await self._pause(what)
                async with self._lock:
                    await self._step(min(self.performance.next() or until, until))
                    if seconds() < look_again:
                        continue
                    await self._look()
                    look_again = seconds() + LOOK_EVERY
            async with self._lock:
                await self._answer()
        finally:
            self.busy = None
            self.chronicle.touch()

    async def _pause(self, what: str) -> None:
        following = self.performance.next()
        if what != "play" or self.speed == AT_ONCE or following is None:
            await asyncio.sleep(0)
            return
        minutes = (following - self.clock.now()) / timedelta(minutes=1)
        await asyncio.sleep(min(minutes / self.speed, LONGEST_PAUSE))

    async def _step(self, to: datetime) -> None:
        with self._survived():
            await self.performance.go_to(max(to, self.clock.now()))

    @contextmanager
    def _survived(self) -> Iterator[None]:
        """The play goes on without a bot that has ended, and without a person at a loss."""
        try:
            yield
        except BotEndedError as ended:
            self._bot.killed = True
            self.chronicle.remark("bot_ended")
            self.chronicle.remark(str(ended))
        except LookupError as lost:  # a script met what somebody at the page has done
            self.chronicle.remark(str(lost))

    # Faults

    async def set_trouble(self, trouble: Trouble) -> None:
        """Break the wire between the bot and Telegram, make it slow, or mend it."""
        async with self._lock:
            self.trouble = trouble
            self._bot.cut_off = trouble is Trouble.DOWN
            await (self._wire.cut() if trouble is Trouble.DOWN else self._wire.open())
            slow = Fault(FaultKind.SLOW, ALWAYS, seconds=SLOW_SECONDS)
            self.world.fault = slow if trouble is Trouble.SLOW else None
            self.chronicle.remark(f"trouble_{trouble}")
            await self._answer()

    async def kill(self) -> None:
        """Pull the plug on the bot. Refused: it is off already."""
        async with self._lock:
            if self._bot.killed:
                raise Refused("is_dead")
            await self._look()
            await self._bot.kill()
            self.chronicle.remark("killed")
            await self.performance.settle()

    async def start(self) -> None:
        """Start it again. Refused: it runs, or would wait for Telegram in vain."""
        async with self._lock:
            if not self._bot.killed:
                raise Refused("is_running")
            if not self._wire.is_open:
                raise Refused("is_cut_off")
            self.chronicle.remark("restarted")
            with self._survived():
                await self._bot.start(self._wire.url)
            await self._answer()

    @property
    def is_down(self) -> bool:
        return self._bot.killed

    async def _look(self) -> None:
        """Look at the bot's book, and take over what people at the page have changed.

        Of a bot that is off, what was seen last still holds.
        """
        if not self._bot.killed:
            with self._survived():
                self.seen = await self._bot.glance(self.performance.end)
                if self.held:
                    follow_book(self.seen, self.performance.cast.stage.ledger)
        self.chronicle.touch()
