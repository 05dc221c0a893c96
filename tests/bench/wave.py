"""G12, G13, G14: a wave at the limit, people who ask meanwhile, and Telegram's word to wait."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import time
from itertools import cycle
from time import perf_counter

from telegram.ext import AIORateLimiter, ExtBot

from tests.bench import town
from tests.bench.made_up_line import PER_SECOND, Answer, Bench, on_the_line
from tests.bench.ratio import Ratio
from tests.support.chat import TOKEN, Recorder

GOAL = "G12"
AIM = 1.05
SLOTS = 2.0
HALT = 7  # seconds
BEFORE = town.moment(2, 0, time(9))


def measure(*, quick: bool) -> Iterator[Ratio]:
    for students in (300,) if quick else (600, 3_000, 30_000):
        yield from _figures(*asyncio.run(_wave(students)), "told clock")
    if not quick:
        bench, count = asyncio.run(_wave(600, real=True))
        yield from _figures(bench, count, "real time")
        theirs = tuple(asyncio.run(_gathered(600)))
        case = (
            f"the longest of {len(bench.waits)} answers / of {len(theirs)} behind AIORateLimiter"
        )
        yield Ratio("G13", case, "s", (max(bench.waits),), (max(theirs),), 1 / 100)
    bench, count, silence = asyncio.run(_told_to_wait(300))
    slot = 1 / PER_SECOND
    case = f"silence after a 429 / {HALT} s and a slot"
    yield Ratio("G14", case, "s", (silence,), (HALT + slot,), 1)
    lost = count - len({chat for _, chat in bench.line.arrivals})
    case = "messages that never arrived, of those asked to wait"
    yield Ratio("G14", case, "messages", (float(lost),), (float(count),), 0)


def _figures(bench: Bench, count: int, clock: str) -> Iterator[Ratio]:
    took = bench.line.arrivals[-1][0] - bench.line.arrivals[0][0]
    case = f"{count:,} reminders / (N-1)/{PER_SECOND:.0f}, {clock}"
    yield Ratio(GOAL, case, "s", (took,), ((count - 1) / PER_SECOND,), AIM)
    case = f"most in a sliding second / {PER_SECOND:.0f}, {clock}"
    yield Ratio(GOAL, case, "messages", (float(bench.most_in_a_second()),), (PER_SECOND,), 1)
    waits = sorted(bench.waits)
    late = waits[int(len(waits) * 0.99)]
    case = f"p99 of {len(waits)} answers during it / {SLOTS:.0f} slots, {clock}"
    yield Ratio("G13", case, "s", (late,), (SLOTS / PER_SECOND,), 1)


async def _wave(students: int, *, real: bool = False) -> tuple[Bench, int]:
    async with on_the_line(town.desk(students, BEFORE), BEFORE, real=real) as bench:
        asking: set[asyncio.Task[None]] = set()
        # Those of whom the wave asks nothing: a chat that has just got a reminder waits its second.
        askers = cycle(town.keepers(students))

        def heard(chat: int) -> None:
            bench.answered(chat)
            if len(bench.line.arrivals) % 50 == 25:
                asking.add(asyncio.ensure_future(bench.ask(next(askers))))

        bench.line.heard = heard
        count = bench.wave()
        await bench.app.outbox.drain()
        await asyncio.gather(*asking)
        await bench.app.outbox.drain()
        return bench, count + len(asking)


async def _gathered(count: int) -> list[float]:
    """How long answers wait where the library's own limiter has as many messages gathered (seconds)."""
    limiter = AIORateLimiter(overall_max_rate=PER_SECOND, overall_time_period=1)
    async with ExtBot(TOKEN, request=Recorder(), rate_limiter=limiter) as bot:

        async def answer(chat: int) -> float:
            begin = perf_counter()
            await bot.send_message(chat, "已记下")
            return perf_counter() - begin

        async with asyncio.TaskGroup() as sends:
            for chat in range(1, count + 1):
                sends.create_task(answer(chat))
            asked = []
            for chat in range(count + 1, count + 16):
                await asyncio.sleep(1.37)  # between the limiter's own seconds
                asked.append(sends.create_task(answer(chat)))
        return [one.result() for one in asked]


async def _told_to_wait(students: int) -> tuple[Bench, int, float]:
    async with on_the_line(town.desk(students, BEFORE), BEFORE) as bench:
        refused: list[float] = []

        def heard(_: int) -> Answer | None:
            if len(bench.line.arrivals) < 40 or refused:
                return None
            refused.append(bench.line.clock.monotonic())
            body = {
                "ok": False,
                "error_code": 429,
                "description": f"Too Many Requests: retry after {HALT}",
                "parameters": {"retry_after": HALT},
            }
            return 429, json.dumps(body).encode()

        bench.line.heard = heard
        count = bench.wave()
        await bench.app.outbox.drain()
        following = next(at for at, _ in bench.line.arrivals if at > refused[0])
        return bench, count, following - refused[0]
