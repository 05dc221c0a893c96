"""The bot's process as the rehearsal holds it: started, told the time, ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import control
from bot.outcome import Outcome
from bot.rehearsal.botapi import World
from bot.rehearsal.told_clock import ToldClock

LOG = "bot.log"
LONGEST_LINE = 2**24  # bytes; a glance at a whole university
GRACE = 5.0  # real seconds to end in


class BotEndedError(Exception):
    """The bot's process ended by itself; the text is the last line it logged."""


@dataclass(frozen=True, slots=True)
class Coming:
    """When the bot has something to do again: with a message on the way, with a reminder."""

    row: datetime | None = None
    reminder: datetime | None = None

    def first(self) -> datetime | None:
        return min((at for at in (self.row, self.reminder) if at), default=None)


class BotProcess:
    """A running bot. ``clock`` is the rehearsal's, and told to the bot at every `settle`."""

    def __init__(self, folder: Path, world: World, clock: ToldClock) -> None:
        self._folder = folder
        self._world = world
        self._clock = clock
        self._process: asyncio.subprocess.Process | None = None
        self.killed = False
        self.cut_off = False  # nothing comes through between it and Telegram

    async def start(self, api_url: str) -> None:
        """Start it on the folder, and let it come to rest."""
        with (self._folder / LOG).open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.rehearsal.child"),
                *("--data", str(self._folder), "--api-url", api_url),
                *("--token", self._world.token, "--now", self._clock.now().isoformat()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                limit=LONGEST_LINE,
            )
        self.killed = False
        await self.settle()

    async def kill(self) -> None:
        """End it as a power cut does; `start` starts it again."""
        self.killed = True
        process = self._running()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def settle(self) -> Coming:
        """Let the bot hear what people did and do all there is to do now; what comes next.

        Of a killed bot nothing comes, and one that is cut off hears of nothing. Raises
        BotEndedError.
        """
        if self.killed:
            return Coming()
        while self._world.updates.pending and not self.cut_off:
            await self._world.updates.bell.heard(1)
            self._check()
        told = await self._tell("now", self._clock.now())
        return Coming(**{what: at and datetime.fromisoformat(at) for what, at in told.items()})

    async def glance(self, end: datetime) -> dict[str, Any]:
        """What `bot.rehearsal.glance` sees of its book now. Raises BotEndedError."""
        return await self._tell("glance", end)

    async def _tell(self, what: str, at: datetime) -> dict[str, Any]:
        process = self._running()
        process.stdin.write(f'{{"{what}": "{at.isoformat()}"}}\n'.encode())
        line = await process.stdout.readline()
        self._check(ended=not line)
        return dict(json.loads(line))

    async def ask(self, command: str, **arguments: Any) -> Outcome:
        """Hand a writing command to the bot, as `yinlu` does beside a running one."""
        answer = await asyncio.to_thread(control.ask, self._folder, command, arguments)
        if answer is None:
            raise BotEndedError("the bot does not listen")
        return answer

    def errors(self) -> list[str]:
        """Return the errors that the bot has logged; whatever is no record of a log is one."""
        return [line for line in self._log() if '"level": "warning"' not in line]

    def _log(self) -> list[str]:
        return (self._folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()

    async def end(self) -> None:
        """End the process: politely, then not."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(GRACE):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _running(self) -> Any:
        if self._process is None:
            raise RuntimeError("the bot was not started")
        return self._process

    def _check(self, *, ended: bool = False) -> None:
        if ended or self._running().returncode is not None:
            raise BotEndedError(next(reversed(self._log()), "without a word"))


@contextlib.asynccontextmanager
async def running_bot(
    folder: Path, world: World, clock: ToldClock, api_url: str
) -> AsyncIterator[BotProcess]:
    """A bot on that folder and that world, while the block runs."""
    bot = BotProcess(folder, world, clock)
    try:
        await bot.start(api_url)
        yield bot
    finally:
        await asyncio.shield(bot.end())
