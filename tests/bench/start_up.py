"""G16: what `yinlu run` imports against `import telegram.ext`, each in a fresh interpreter."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec

from tests.bench.fresh import interpreter
from tests.bench.ratio import Cost, Ratio, interleaved, milliseconds

GOAL = "G16"
AIM = 1.5
RUN_PATH = "bot.app"
PEAK = "from tests.bench.fresh import peak; print(peak())"


def measure(*, quick: bool) -> Iterator[Ratio]:
    if find_spec(RUN_PATH) is None:
        sys.stderr.write(f"{GOAL}: there is no {RUN_PATH} yet, nothing to measure\n")
        return
    for what, unit, cost in (("time", "ms", wall), ("memory", "MiB", memory)):
        a, b = interleaved(cost(RUN_PATH), cost("telegram.ext"), rounds=5, calls=1 if quick else 3)
        yield Ratio(GOAL, f"{RUN_PATH} / telegram.ext, {what}", unit, a, b, AIM)


def wall(module: str) -> Cost:
    """Milliseconds from start to end of an interpreter that imports it."""
    return lambda: milliseconds(lambda: interpreter("-c", f"import {module}"))


def memory(module: str) -> Cost:
    """MiB resident, at most, of an interpreter that imports it."""
    return lambda: float(interpreter("-c", f"import {module}; {PEAK}"))
