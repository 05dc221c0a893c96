"""SIGKILL while a process writes: nothing acknowledged is lost, nothing is half there (F1)."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from storage.store import Store, StoreLocked
from tests.storage import writer

ROOT = Path(__file__).parents[2]


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


@pytest.mark.processes
@pytest.mark.parametrize("snapshot_floor", [10**9, 3_000], ids=["lines", "snapshots"])
def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(
    tmp_path: Path, snapshot_floor: int
) -> None:
    seed = random.Random(snapshot_floor)  # noqa: S311 - chooses moments, guards nothing
    for _ in range(6):
        acknowledged = killed_after(start(tmp_path, snapshot_floor), seed.randint(1, 60))
        store = Store.read(tmp_path)
        assert acknowledged <= store.sequence <= acknowledged + 1
        assert len(store.branches) == store.sequence
        for number in range(1, store.sequence + 1):
            assert store.deeds.one("row", ("branches", number)) is not None
        opened = Store.open(tmp_path)
        assert opened.sequence == store.sequence
        opened.close()
    if snapshot_floor == 3_000:
        assert (tmp_path / "snapshot").exists()


@pytest.mark.processes
def test_a_second_process_is_refused_and_a_reader_is_not(tmp_path: Path) -> None:
    process = start(tmp_path, 3_000)
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(StoreLocked):
        Store.open(tmp_path)
    seen = [Store.read(tmp_path).sequence for _ in range(20)]
    assert seen == sorted(seen)
    assert seen[0] >= 1
    assert killed_after(process, 1) >= seen[-1] - 1
    Store.open(tmp_path).close()
