"""Seeded programs of faults against the whole delivery: what may go wrong, and what must not.

``python -c "from tests.bot.delivery.programs import run; print(run(seed=1, times=500))"``
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from itertools import pairwise

from bot.rehearsal.botapi import Program
from storage.records import InboxState, Row, RowState
from tests.support.cast import WITHOUT_ACCOUNT
from tests.support.online import ANSWER_SECONDS, Online, online

LENGTH = 20  # requests that the program has a say in
ROWS = 16
LETTERS = 6  # how often people write meanwhile
PATIENCE = 60  # real seconds, after which something is stuck
METHODS = ("sendMessage", "getUpdates")
ENDED = (RowState.SENT, RowState.UNCERTAIN)


def run(seed: int, times: int) -> dict[str, int]:
    """Play ``times`` programs, the first of that seed; return the figures.

    AssertionError, with the seed in it: something was lost, stuck, or came too often.
    """
    figures: Counter[str] = Counter()
    for one in range(seed, seed + times):
        program = Program(one, LENGTH, methods=METHODS, retry_after=40, seconds=2 * ANSWER_SECONDS)
        found = asyncio.run(play(program))
        figures.update(found)
        for never in ("lost", "stuck", "out_of_order", "unheard", "heard_twice"):
            assert not found[never], (never, str(Program(one, LENGTH, methods=METHODS)), found)
        assert found["third_copies"] == 0, (one, found)
        assert found["duplicates"] <= found["ambiguous"], (one, found)
    return dict(figures)


async def play(program: Program) -> Counter[str]:
    """Say something to everybody and let people write, while the program has its way."""
    drawn = random.Random(program.seed)  # noqa: S311 - repeatable, not secret
    async with online() as line:
        line.world.fault = program
        rows = some_rows(line, program.seed)
        await carry_on(line, [drawn.choice(people(line)) for _ in range(LETTERS)])
        return Counter(judged(line, rows))


def people(line: Online) -> list[str]:
    """Everybody who has an account."""
    return [name for name in line.cast.people if name not in WITHOUT_ACCOUNT]


def some_rows(line: Online, seed: int) -> list[Row]:
    """Answers and reminders to several people."""
    drawn = random.Random(seed)  # noqa: S311 - repeatable, not secret
    return [put(line, drawn.choice(people(line)), number, drawn) for number in range(ROWS)]


def put(line: Online, name: str, number: int, drawn: random.Random) -> Row:
    """Put a message on the way that can be told from all others."""
    store, now = line.app.desk.store, line.clock.now()
    with store.transaction():
        return store.outbox.add(
            Row(
                kind="busy",
                args={"code": f"<{number}>"},
                chat=line.cast.telegram[name],
                to=line.cast[name].id,
                due=now,
                created=now,
                reminder=drawn.random() < 1 / 2,
            )
        )


async def carry_on(line: Online, writers: list[str]) -> None:
    """Poll, handle and send until nothing waits any more; what is stuck stays behind."""
    sending = asyncio.ensure_future(line.app.outbox.run())
    try:
        async with asyncio.timeout(PATIENCE):
            while writers or not line.is_idle:
                if writers:
                    telegram = line.cast.telegram[writers.pop()]
                    line.world.send(telegram, telegram, "/help")
                await line.poll()
                await line.sweep()
                if sending.done():
                    line.restart_outbox()
                    sending = asyncio.ensure_future(line.app.outbox.run())
    except TimeoutError:
        pass
    finally:
        line.app.outbox.close()
        await sending


def judged(line: Online, rows: list[Row]) -> dict[str, int]:
    """What became of it all."""
    store = line.app.desk.store
    arrived = [one for one in line.world.log if one.method == "sendMessage"]
    copies = [sum(f"<{number}>" in one.text for one in arrived) for number in range(ROWS)]
    fates = [store.outbox[row.id] for row in rows]
    heard = Counter(row.update for row in store.inbox if row.state is InboxState.DONE)
    answers = sum(row.kind == "help" for row in store.outbox)
    return {
        "programs": 1,
        "rows": len(rows),
        "sent": sum(row.state is RowState.SENT for row in fates),
        "uncertain": sum(row.state is RowState.UNCERTAIN for row in fates),
        "ambiguous": line.witness.doubtful,
        "duplicates": sum(max(0, many - 1) for many in copies),
        "third_copies": sum(many > 2 for many in copies),
        "lost": sum(
            row.state is RowState.SENT and not many
            for row, many in zip(fates, copies, strict=True)
        ),
        "stuck": sum(row.state not in ENDED for row in fates) + (not line.is_idle),
        "out_of_order": out_of_order(fates, [one.text for one in arrived]),
        "unheard": max(0, LETTERS - len(heard)) + max(0, LETTERS - answers),
        "heard_twice": max(0, answers - LETTERS),
    }


def out_of_order(fates: list[Row], texts: list[str]) -> int:
    """How often, in a chat, a message overtook another one of its kind; doubtful ones aside."""
    count = 0
    for chat, kind in {(row.chat, row.reminder) for row in fates}:
        places = [
            place
            for row in fates
            if (row.chat, row.reminder, row.attempts) == (chat, kind, 1)
            for place, text in enumerate(texts)
            if str(row.args["code"]) in text
        ]
        count += sum(earlier > later for earlier, later in pairwise(places))
    return count
