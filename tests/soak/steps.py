"""The clock of the machine is put forward and back, an hour or a day at a time (F20)."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

from bot.rules.moments import moments
from bot.rules.term import may_send
from bot.situation import situation
from storage.records import PersonId, RowState
from tests.soak.figures import Figures
from tests.support.chat import Chat, chatting
from tests.support.clock import at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = (HOUR, -HOUR, DAY, -DAY)
START, END = at(2026, 9, 7, 8), at(2026, 10, 20, 12)
STEP_CHANCE = 0.35


def run(seed: int, times: int) -> Figures:
    """At least ``times`` steps of the clock, over as many terms as that takes."""
    return asyncio.run(_run(seed, times))


async def _run(seed: int, times: int) -> Figures:
    figures = Figures("steps", seed)
    due = await _keys_of_a_straight_walk()
    while figures["steps"] < times:
        dice = random.Random(f"{seed} {figures['terms']}")
        async with chatting(START) as chat:
            ticks = await _walk(chat, dice, figures)
            _judge(chat, due, ticks, figures)
        figures.count("terms")
    return figures


async def _keys_of_a_straight_walk() -> set[tuple[str, str, str]]:
    async with chatting(START) as chat:
        now = START
        while now < END:
            await chat.tick(now)
            now += HOUR
        return _keys(chat)


def _keys(chat: Chat) -> set[tuple[str, str, str]]:
    """Every key used: kind, the recipient's 编号 (ids are drawn anew in every store), which."""
    people = chat.desk.store.people
    split = [key.split(":") for row in chat.desk.store.outbox for key in row.keys]
    return {(kind, people[PersonId(int(to))].number, which) for _, kind, to, which in split}


async def _walk(chat: Chat, dice: random.Random, figures: Figures) -> list[datetime]:
    """Tick along the term with a clock that is stepped; when the ticks took place."""
    now, ticks = START, []
    while now < END:
        await chat.tick(now)
        ticks.append(now)
        now += timedelta(minutes=dice.randint(5, 90))
        if dice.random() < STEP_CHANCE:
            now = max(now + dice.choice(STEPS), START)
            figures.count("steps")
    figures.count("ticks", len(ticks))
    return ticks


def _judge(
    chat: Chat, due: set[tuple[str, str, str]], ticks: list[datetime], figures: Figures
) -> None:
    """Whatever a straight walk sends has been sent, unless no tick fell into its time."""
    desk = chat.desk
    term = desk.term()
    assert term is not None
    timing = situation(desk, term).timing
    awake = [one for one in ticks if may_send(one, timing.calendar, timing.quiet)]
    skipped = {
        (one.kind, str(one.number))
        for one in moments(timing)
        if one.at and not any(one.at <= tick < one.until for tick in awake)
    }
    for kind, number, which in due - _keys(chat):
        if (kind, which) not in skipped:
            figures.broken("lost", f"{kind} {which} to {number}")
    rows = [row for row in desk.store.outbox if row.reminder]
    for row in rows:
        if row.state is not RowState.SENT or row.attempts != 1:
            figures.broken("stuck", f"{row.kind}: {row.state}, {row.attempts} attempts")
    said = sum(name == "sendMessage" for name, _ in chat.recorder.calls)
    if said != len(rows):
        figures.broken("twice", f"{said} messages for {len(rows)} rows")
    figures.count("reminders", len(rows))
