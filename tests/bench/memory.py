"""Memory per student, in a fresh interpreter: the college and a term's records of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.bench import town
from tests.bench.fresh import interpreter, peak
from tests.bench.ratio import Ratio

GOAL = "memory"
KIBIBYTES = 16.0  # a student: person, account, pairing, talk, form and what was said


def measure(*, quick: bool) -> Iterator[Ratio]:
    few, many = (300, 3_000) if quick else (3_000, 30_000)
    held = [float(interpreter("-m", "tests.bench.memory", str(one))) for one in (few, many)]
    each = (held[1] - held[0]) * 1024 / (many - few)
    case = f"a student of {many:,} / {KIBIBYTES:.0f} KiB"
    yield Ratio(GOAL, case, "KiB", (each,), (KIBIBYTES,), 1)


if __name__ == "__main__":
    desk = town.desk(int(sys.argv[1]), town.moment(2, 0))
    from bot.delivery.schedule import Tick

    Tick(desk).now()
    print(peak())
