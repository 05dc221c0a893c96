"""A small world with one student, one teacher and a stranger, and a stock PTB Bot before it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.rehearsal.botapi import World, serve

STUDENT, TEACHER, STRANGER = 101, 202, 303
GROUP = -5
TOKEN = "4242:test"


@dataclass
class Clock:
    """The world's clock, moved by hand."""

    moment: datetime = datetime(2026, 9, 14, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Hurry:
    """A monotonic clock on which a minute passes between two requests, unless it is held still."""

    minutes: Iterator[int] = field(default_factory=lambda: count(step=61))
    held: float | None = None

    def __call__(self) -> float:
        return float(next(self.minutes)) if self.held is None else self.held


@pytest.fixture(autouse=True)
def durations_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """PTB warns about every `RetryAfter` that still counts in bare numbers."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hurry() -> Hurry:
    return Hurry()


@pytest.fixture
def world(clock: Clock, hurry: Hurry) -> World:
    """Student and teacher have opened the bot, the stranger has not; no update waits."""
    world = World(clock, token=TOKEN, seconds=hurry)
    world.add_user(STUDENT, "李明")
    world.add_user(TEACHER, "王老师", "teacher_wang")
    world.add_user(STRANGER, "路人")
    world.start(STUDENT)
    world.start(TEACHER)
    world.updates.forget()
    return world


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    async with serve(world) as url:
        yield url


def bot_at(url: str, token: str = TOKEN) -> Bot:
    """A stock bot; the machine's proxy settings must not come between.

    Nothing is encrypted on loopback, and loading certificates for each bot takes most of the time.
    """
    plain = {"trust_env": False, "verify": False}
    request, polling = (HTTPXRequest(httpx_kwargs=plain) for _ in range(2))
    return Bot(
        token,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=request,
        get_updates_request=polling,
    )


@pytest.fixture
async def bot(url: str) -> AsyncIterator[Bot]:
    async with bot_at(url) as bot:
        yield bot
