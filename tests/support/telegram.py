"""The embedded Bot API beside a test, over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from telegram.request import HTTPXRequest

from bot.clock import SystemClock
from bot.rehearsal.botapi import World

TOKEN = "4242:AAtestTestTESTtestTESTtestTESTtest"

# Nothing is encrypted on loopback, and loading certificates takes most of the time.
PLAIN: dict[str, Any] = {"httpx_kwargs": {"trust_env": False, "verify": False}}


WALL_CLOCK = SystemClock().now


def new_world(now: Callable[[], datetime] = WALL_CLOCK) -> World:
    """A made-up Telegram in which no flood limit is in a test's way."""
    minutes = itertools.count(step=61)
    return World(now, token=TOKEN, seconds=lambda: float(next(minutes)))


def plain_request() -> HTTPXRequest:
    return HTTPXRequest(**PLAIN)


async def until(holds: Callable[[], object]) -> None:
    """Let the loop run until that holds; a test that waits for ever is cut off."""
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.005)
