"""Seeded programs of faults against the whole delivery: what may go wrong, and what must not.

What is said and what is kept of people is marked, and so is the token: no fault may bring it into a log.

``python -m tests.soak --only programs``
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from telegram import Update

from bot.rehearsal.botapi import Program
from storage.records import InboxState, Row, RowState
from tests.bot.matrix.canary import listening
from tests.support.cast import WITHOUT_ACCOUNT
from tests.support.online import ANSWER_SECONDS, Online, online
from tests.support.telegram import TOKEN

LENGTH = 20  # requests that the program has a say in
ROWS = 16
LETTERS = 6  # how often people write meanwhile
PATIENCE = 60  # real seconds, after which something is stuck
METHODS = ("sendMessage", "getUpdates")
ENDED = (RowState.SENT, RowState.UNCERTAIN)
MARKER = re.compile(f"QKEPT|QTOLD|QSAID|{TOKEN.split(':')[1]}")


class UnluckyError(Exception):
    """Raised in the place of a handler, with the text of a message in it."""


def run(seed: int, times: int) -> dict[str, int]:
    """Play ``times`` programs, the first of that seed, the log at DEBUG; return the figures.

    AssertionError, with the seed in it: something was lost, stuck, came too often, or got into the log.
    """
    with listening() as written:
        figures = play_all(seed, times)
    return {**figures, **looked_through(written.getvalue())}


def play_all(seed: int, times: int) -> dict[str, int]:
    """Play them, and let others look at the log."""
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


def looked_through(logged: str) -> dict[str, int]:
    """Return how much was written on stderr, tracebacks included. AssertionError: a marker is in it."""
    lines = logged.splitlines()
    found = [line for line in lines if MARKER.search(line)]
    assert not found, "\n".join(found[:5])
    told = sum('"error": ' in line for line in lines)
    return {"lines on stderr": len(lines), "of an exception": told, "marked": len(found)}


async def play(program: Program) -> Counter[str]:
    """Say something to everybody and let people write, while the program has its way."""
    drawn = random.Random(program.seed)  # noqa: S311 - repeatable, not secret
    async with online() as line:
        mark(line)
        line.world.fault = program
        rows = some_rows(line, program.seed)
        await carry_on(line, [drawn.choice(people(line)) for _ in range(LETTERS)])
        return Counter(judged(line, rows))


def mark(line: Online) -> None:
    """Put a marker into everything that the roster says of a person, and into how Telegram calls them."""
    store = line.app.desk.store
    with store.transaction():
        for one in store.people:
            number, name, relative = (f"QKEPT{what}{one.id}" for what in ("number", "name", "of"))
            told = replace(one, number=number, name=name, relatives=(relative,))
            store.people.put(replace(told, class_name=f"QKEPTclass{one.id}"))
    for user in line.world.users.values():
        user.first_name = "QKEPTcalled"


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
                args={"code": f"<{number}> QTOLD"},
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
    fates = iter([UnluckyError("QSAID")])  # once a handler fails of what somebody has written

    async def stumble(update: Update) -> None:
        if fate := next(fates, None):
            raise fate
        await line.app.telegram.process_update(update)

    try:
        async with asyncio.timeout(PATIENCE):
            while writers or not line.is_idle:
                if writers:
                    telegram = line.cast.telegram[writers.pop()]
                    line.world.send(telegram, telegram, "/help QSAID")
                await line.poll()
                await line.app.inbox.sweep(stumble, line.app.telegram.bot)
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
