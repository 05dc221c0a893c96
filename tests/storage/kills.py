"""SIGKILL while a process writes, again and again on one folder (F1)."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.store import Store
from tests.storage import writer

ROOT = Path(__file__).parents[2]
LIVES = 25  # of one folder: each one longer takes longer to read


def start(folder: Path, snapshot_floor: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", writer.__name__, str(folder), str(snapshot_floor)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_after(process: subprocess.Popen[str], lines: int) -> int:
    """Kills the writer once it has acknowledged that many; returns the last number it did."""
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(lines)]
    process.kill()
    rest, _ = process.communicate()
    return max([*acknowledged, *(int(line) for line in rest.split("\n")[:-1])])


def check(folder: Path, acknowledged: int) -> int:
    """The transactions that hold: all that were acknowledged, one more at most, none by half."""
    store = Store.read(folder)
    assert acknowledged <= store.sequence <= acknowledged + 1
    assert len(store.branches) == store.sequence
    for number in range(1, store.sequence + 1):
        assert store.deeds.one("row", ("branches", number)) is not None
    opened = Store.open(folder)
    assert opened.sequence == store.sequence
    opened.close()
    return store.sequence


def run(seed: int, times: int) -> dict[str, int]:
    """Kills so many writers at work; returns what they had acknowledged.

    AssertionError: something acknowledged was lost, or something was there by half.
    """
    chance = random.Random(seed)  # noqa: S311 - chooses moments, guards nothing
    figures = {"kills": 0, "acknowledged": 0, "unacknowledged": 0}
    while figures["kills"] < times:
        with TemporaryDirectory() as folder:
            floor = chance.choice((10**9, 3_000, 30_000))
            for _ in range(min(LIVES, times - figures["kills"])):
                acknowledged = killed_after(start(Path(folder), floor), chance.randint(1, 60))
                held = check(Path(folder), acknowledged)
                figures["kills"] += 1
                figures["unacknowledged"] += held - acknowledged
            figures["acknowledged"] += acknowledged
    return figures
