"""`yinlu rehearse --headless`: a whole round of the half-year review, played unattended."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import webbrowser
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from rich.console import Console

from bot.clock import SystemClock
from bot.desks import open_desk
from bot.refusal import Refused
from bot.rehearsal import college as made_up
from bot.rehearsal.bot_process import BotEndedError, running_bot
from bot.rehearsal.botapi import World, serve
from bot.rehearsal.page.server import LOOPBACK, serve_page
from bot.rehearsal.page.theatre import Theatre
from bot.rehearsal.page.wire import Wire
from bot.rehearsal.performance import Performance
from bot.rehearsal.scratch import has_store, scratch_folder
from bot.rehearsal.summary import print_summary
from bot.rehearsal.told_clock import ToldClock
from bot.rehearsal.transcript import Transcript
from bot.rules.term import CORRECTION_WITHIN, DAY, moment
from storage import workbook, workbook_apart

WIDE = 140  # columns; a pipe has no width of its own
LONGEST = 300  # real seconds
EVE = timedelta(days=3)  # the links are good for 72 hours, and people enrol over the weekend
OPENS = time(10)
OPENED = "演练页面：{}（按 Ctrl-C 结束，演练的内容随即丢弃）"
PORT_TAKEN = "端口 {} 已被占用，请换一个 --port，或不写。"
MADE_UP_TERM = date(2026, 9, 7)  # always the same, so that rehearsals compare


@dataclass(frozen=True, slots=True)
class Plot:
    """Who plays and when: the workbook to import (None: the folder has people), and the Monday."""

    book: Path | None
    week1: date


def rehearse(folder: Path, *, port: int, roster: Path | None, headless: bool) -> int:
    """Play a round on a scratch folder; the exit code is 0 if every check held.

    Raises Refused: the port is taken, the roster has faults, the bot ended, it took too long.
    """
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    original = folder if roster is None and has_store(folder) else None
    with scratch_folder(original) as scratch:
        plot = _plot(scratch, roster, is_copy=original is not None)
        try:
            if not headless:
                asyncio.run(show(console, scratch, port, plot, _origin(roster, original)))
                return 0
            failed = asyncio.run(_bounded(console, scratch, port, plot))
        except TimeoutError:
            raise Refused(f"演练超过 {LONGEST} 秒没有演完，已停止。") from None
        except BotEndedError as ended:
            raise Refused(f"机器人意外停止：{ended}") from None
        except KeyboardInterrupt:
            raise Refused("演练已中断。") from None
    return 1 if failed else 0


def _origin(roster: Path | None, original: Path | None) -> str:
    """Whose people these are, in the page's words: made-up, roster or copy."""
    if original is not None:
        return "copy"
    return "made-up" if roster is None else "roster"


def _plot(scratch: Path, roster: Path | None, *, is_copy: bool) -> Plot:
    if is_copy:
        return Plot(None, _coming_monday(scratch))
    if roster is not None:
        people = workbook_apart.read(roster).roster.people
        stages = [one.stage_since for one in people if one.stage_since]
        return Plot(roster.absolute(), _monday(max([SystemClock().now().date(), *stages])))
    book = scratch / "roster.xlsx"  # it comes in the way a real one does
    workbook.write(book, made_up.sample())
    return Plot(book, MADE_UP_TERM)


def _coming_monday(folder: Path) -> date:
    """A new round, not a correction of the one that runs."""
    with open_desk(folder, writing=False) as desk:
        days = [one.stage_since for one in desk.store.people if one.stage_since]
        days += [one.week1 + CORRECTION_WITHIN + DAY for one in desk.store.terms]
        return _monday(max([desk.today(), *days]))


def _monday(day: date) -> date:
    """The first Monday from that day on."""
    return day + timedelta(days=-day.weekday() % 7)


async def _bounded(console: Console, folder: Path, port: int, plot: Plot) -> int:
    async with asyncio.timeout(LONGEST):
        return await _play(console, folder, port, plot)


async def _play(console: Console, folder: Path, port: int, plot: Plot) -> int:
    """Set the scene, play, judge; how many checks failed."""
    clock = ToldClock(moment(plot.week1 - EVE, OPENS))
    world = World(clock.now, seconds=clock.monotonic)
    transcript = Transcript(console, clock)
    async with AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(serve(world, port=port))
        except OSError:
            raise Refused(PORT_TAKEN.format(port)) from None
        bot = await stack.enter_async_context(running_bot(folder, world, clock, url))
        performance = Performance(folder, clock, world, transcript, bot)
        await performance.set_scene(plot.book, plot.week1)
        with transcript.progress():
            await performance.run()
        status, found = performance.judge()
    return print_summary(console, status, found)


async def show(console: Console, folder: Path, port: int, plot: Plot, origin: str) -> None:
    """Serve the page until somebody ends the rehearsal."""
    ended = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, ended.set)
    async with staged(folder, port, plot, origin) as page:
        console.print(OPENED.format(page), soft_wrap=True)
        open_browser(page)
        await ended.wait()


@contextlib.asynccontextmanager
async def staged(folder: Path, port: int, plot: Plot, origin: str) -> AsyncIterator[str]:
    """The page while the block runs; yields its address. People go on enrolling meanwhile."""
    clock = ToldClock(moment(plot.week1 - EVE, OPENS))
    world = World(clock.now, seconds=clock.monotonic)
    async with AsyncExitStack() as stack:
        try:
            door = stack.enter_context(socket.create_server((LOOPBACK, port)))
        except OSError:
            raise Refused(PORT_TAKEN.format(port)) from None
        wire = Wire(world)
        stack.push_async_callback(wire.cut)
        await wire.open()
        bot = await stack.enter_async_context(running_bot(folder, world, clock, wire.url))
        theatre = Theatre(folder, world, clock, bot, wire, plot.week1)
        await theatre.set_scene(plot.book)
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        page = await stack.enter_async_context(serve_page(theatre, origin, tasks, door))
        opening = tasks.create_task(theatre.enrol())
        yield page
        opening.cancel()


def open_browser(page: str) -> None:
    """Open the page where there is a screen to open it on: a terminal's own browser is none."""
    with contextlib.suppress(webbrowser.Error):
        found = webbrowser.get()
        if type(found) is not webbrowser.GenericBrowser:
            found.open(page)
