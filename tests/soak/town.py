"""A made-up Telegram in this process, a real bot in another, and a clock that both are told.

The bot is born by the `nursery`; it can be killed at any moment, stopped, and born again on the
same folder.
"""

from __future__ import annotations

import asyncio
import json
import mmap
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.rehearsal.botapi import Limits, World, serve
from storage.store import Store
from tests.soak.nursery import OFFSET, TOKEN

PATIENCE = 30.0  # seconds until something that must happen has not happened
NO_LIMITS = Limits(per_second=10**6, per_second_in_chat=10**6, per_minute_in_group=10**6)
WALL = SystemClock()


class PromiseBrokenError(AssertionError):
    """Something that must never happen has happened."""


class SharedClock:
    """The machine's clock and an offset, which the bot reads from a file at every look."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(OFFSET.pack(0.0))
        with path.open("r+b") as file:
            self._told = mmap.mmap(file.fileno(), OFFSET.size)
        self._offset = timedelta()

    def now(self) -> datetime:
        return WALL.now() + self._offset

    def monotonic(self) -> float:
        return WALL.monotonic()

    async def sleep(self, seconds: float) -> None:
        await WALL.sleep(seconds)

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        await WALL.wait(event, seconds)

    def set(self, moment: datetime) -> None:
        """It is that moment now, and goes on from there."""
        self._offset = moment - WALL.now()
        self._told[:] = OFFSET.pack(self._offset.total_seconds())


@dataclass(slots=True)
class Bot:
    """One life of the bot's process. ``code``: its end, a negative one a signal."""

    pid: int
    dead: asyncio.Future[int]

    async def kill(self) -> int:
        """SIGKILL, unless it has ended by itself; its exit code."""
        self.signal(signal.SIGKILL)
        return await self.ended()

    async def end(self) -> int:
        """SIGTERM; its exit code."""
        self.signal(signal.SIGTERM)
        return await self.ended()

    def signal(self, number: int) -> None:
        if not self.dead.done():
            os.kill(self.pid, number)

    async def ended(self) -> int:
        return await asyncio.wait_for(asyncio.shield(self.dead), PATIENCE)


class Nursery:
    """The other end of ``python -m tests.soak.nursery``."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._dead: dict[int, asyncio.Future[int]] = {}

    async def listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            match json.loads(line):
                case {"born": pid}:
                    self._dead[pid] = asyncio.get_running_loop().create_future()
                    self._born.put_nowait(pid)
                case {"dead": pid, "code": code}:
                    self._dead.pop(pid).set_result(code)

    async def bear(self, **order: Any) -> Bot:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        pid = await asyncio.wait_for(self._born.get(), PATIENCE)
        return Bot(pid, self._dead[pid])

    def end_all(self) -> None:
        for pid, dead in self._dead.items():
            if not dead.done():
                os.kill(pid, signal.SIGKILL)


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """Warm while the block runs; whatever bot still lives at its end is killed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.soak.nursery"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    opened = Nursery(process)
    listening = asyncio.ensure_future(opened.listen())
    try:
        yield opened
    finally:
        opened.end_all()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
        await listening


@dataclass(slots=True)
class Town:
    """``folder``: the bot's data. ``pushed``: how many updates people have caused."""

    folder: Path
    world: World
    url: str
    clock: SharedClock
    nursery: Nursery
    floor: int = 20_000  # bytes of journal before a snapshot: some in a short life
    zone: str | None = None
    tick: float | None = (
        None  # seconds between ticks, where the bot's own are too long to wait for
    )
    pushed: int = 0
    lives: list[Bot] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.folder / "bot.log"

    async def bear(self, *, point: str | None = None, nth: int = 1) -> Bot:
        """Start the bot on its folder, perhaps with a failpoint."""
        bot = await self.nursery.bear(
            folder=str(self.folder),
            url=self.url,
            log=str(self.log),
            clock=str(self.clock.path),
            floor=self.floor,
            zone=self.zone,
            tick=self.tick,
            point=point,
            nth=nth,
        )
        self.lives.append(bot)
        return bot

    def store(self) -> Store:
        """What is on disk now."""
        return Store.read(self.folder / "store")

    def complaint(self) -> str:
        """The last words of the bot's log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]


@asynccontextmanager
async def town(folder: Path, start: datetime, born_by: Nursery) -> AsyncIterator[Town]:
    """A Telegram without flood limits, and an empty data folder; it is ``start``."""
    data = folder / "data"
    data.mkdir(mode=0o700, parents=True)
    clock = SharedClock(folder / "clock")
    clock.set(start)
    world = World(clock.now, token=TOKEN, limits=NO_LIMITS)
    async with serve(world) as url:
        yield Town(data, world, url, clock, born_by)
