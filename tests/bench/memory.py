"""Memory per student, and per message of a wave, each in a fresh interpreter.

A wave keeps nothing but what it says: rows that have left, and the buttons under them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

from storage.store import Store
from tests.bench import town
from tests.bench.fresh import interpreter, peak, resident
from tests.bench.ratio import Ratio, real_disk

GOAL = "memory"
KIBIBYTES = 16.0  # a student: person, account, pairing, talk, form and what was said
MESSAGE = 4.0  # KiB: a row and its two buttons


def measure(*, quick: bool) -> Iterator[Ratio]:
    few, many = (300, 3_000) if quick else (3_000, 30_000)
    held = [float(interpreter("-m", "tests.bench.memory", str(one))) for one in (few, many)]
    each = (held[1] - held[0]) * 1024 / (many - few)
    case = f"a student of {many:,} / {KIBIBYTES:.0f} KiB"
    yield Ratio(GOAL, case, "KiB", (each,), (KIBIBYTES,), 1)
    sent = float(interpreter("-m", "tests.bench.memory", str(many), "wave"))
    case = f"a message of a wave to {many:,}, with its buttons / {MESSAGE:.0f} KiB"
    yield Ratio(GOAL, case, "KiB", (sent,), (MESSAGE,), 1)


async def wave(students: int) -> float:
    """Send one; return the KiB that each of its messages has added."""
    # Here, for a student's memory is measured without the Telegram library.
    from tests.bench.made_up_line import on_the_line
    from tests.bench.wave import BEFORE

    with real_disk() as folder:  # in memory, the journal would be counted as well
        desk = town.desk(students, BEFORE, store=Store.open(folder / "store"))
        async with on_the_line(desk, BEFORE) as bench:
            count = bench.wave()
            before = resident()
            await bench.app.outbox.drain()
            after = resident()
        desk.store.close()
    return (after - before) * 1024 / count


def college(students: int) -> float:
    """Make one, and a term's first reminders; return the MiB of it all."""
    desk = town.desk(students, town.moment(2, 0))
    from bot.delivery.schedule import Tick

    Tick(desk).now()
    return peak()


if __name__ == "__main__":
    size = int(sys.argv[1])
    print(asyncio.run(wave(size)) if "wave" in sys.argv else college(size))
