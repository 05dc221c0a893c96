"""The bot of a rehearsal, a process of its own: the real parts, and a clock told by the parent.

A line of JSON in, `{"now": ISO}`, moves the clock and lets the bot do all there is to do at that
moment; then a line comes back, `{"row": ISO or null, "reminder": ISO or null}`: when something on
the way is due, and when a reminder is planned. `{"glance": ISO}` is answered with what the page
shows of the book, planned reminders up to that moment. The end of the input ends the process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot import logs
from bot.app import App, build
from bot.delivery.schedule import Tick
from bot.desk import Desk
from bot.desks import open_desk
from bot.rehearsal.glance import glance
from bot.rehearsal.told_clock import ToldClock
from bot.service import work
from bot.standings import standings
from bot.texts import load_texts, own_texts
from storage.records import InboxState, RowState


class Obedience:
    """Does what the parent says, and tells it when the bot is at rest."""

    def __init__(self, app: App, clock: ToldClock, parked: asyncio.Event) -> None:
        self._app = app
        self._desk = app.desk
        self._clock = clock
        self._parked = parked
        self._planned: datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Obey line by line until the input ends."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        async for line in reader:
            told = json.loads(line)
            if "glance" in told:
                self._answer(glance(self._desk, datetime.fromisoformat(told["glance"])))
            else:
                self._answer(await self._move_to(datetime.fromisoformat(told["now"])))
        stop.set()

    async def _move_to(self, now: datetime) -> dict[str, datetime | None]:
        self._clock.move_to(now)
        if self._planned and self._planned <= self._clock.now():
            Tick(self._desk).now()
        self._desk.wake()
        await self._rest()
        self._planned = next_reminder(self._desk)
        return {"row": next_row(self._desk, self._clock), "reminder": self._planned}

    def _answer(self, told: Mapping[str, object]) -> None:
        sys.stdout.write(json.dumps(told, default=datetime.isoformat) + "\n")
        sys.stdout.flush()

    async def _rest(self) -> None:
        """Return once every loop waits and no message is on the wire."""
        while not self._clock.at_rest(len(self._app.loops)) or self._sending():
            self._parked.clear()
            await self._parked.wait()

    def _sending(self) -> bool:
        return bool(self._desk.store.outbox.where("state", RowState.SENDING))


def next_row(desk: Desk, clock: ToldClock) -> datetime | None:
    """Return when a row is due, or a limit or a pause ends for one that is due already."""
    now, store = desk.now(), desk.store
    rows = store.outbox.where("state", RowState.PENDING)
    coming = [row.due for row in rows if row.due > now]
    if len(coming) < len(rows) or store.inbox.where("state", InboxState.WAITING):
        coming.append(clock.first_end())
    return min(coming, default=None)


def next_reminder(desk: Desk) -> datetime | None:
    """Return when the next reminder of the round is planned."""
    return None if desk.term() is None else standings(desk).coming(desk.now())


async def play(folder: Path, api_url: str, token: str, now: datetime) -> None:
    parked, stop = asyncio.Event(), asyncio.Event()
    clock = ToldClock(now, parked.set)
    with open_desk(folder, writing=True, clock=clock) as desk:
        # No time passes while somebody plays: to the clock a long talk is one minute.
        rate = desk.settings.rate.model_copy(update={"account_minute": 1_000_000})
        told = {"api_url": api_url, "proxy": None, "rate": rate}
        desk.settings = desk.settings.model_copy(update=told)
        app = build(desk, load_texts(own_texts(folder)), token)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(work(app, folder, stop))
            tasks.create_task(Obedience(app, clock, parked).run(stop))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.rehearsal.child", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--api-url", required=True, help="the embedded Bot API")
    parser.add_argument("--token", required=True, help="what the embedded Bot API lets in")
    parser.add_argument("--now", type=datetime.fromisoformat, required=True)
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us by closing the input
    logs.set_up("WARNING")
    asyncio.run(play(given.data, given.api_url, given.token, given.now))


if __name__ == "__main__":
    main()
