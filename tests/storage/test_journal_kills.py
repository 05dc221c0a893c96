"""SIGKILL while a process writes: nothing acknowledged is lost, nothing is half there (F1)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from storage.store import Store, StoreLocked
from tests.storage import kills
from tests.storage.kills import check, killed_after, start


@pytest.mark.processes
@pytest.mark.parametrize("snapshot_floor", [10**9, 3_000], ids=["lines", "snapshots"])
def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(
    tmp_path: Path, snapshot_floor: int
) -> None:
    seed = random.Random(snapshot_floor)  # noqa: S311 - chooses moments, guards nothing
    for _ in range(8):
        acknowledged = killed_after(start(tmp_path, snapshot_floor), seed.randint(1, 60))
        check(tmp_path, acknowledged)
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


@pytest.mark.processes
def test_many_writers_may_be_killed_from_a_seed() -> None:
    figures = kills.run(seed=1, times=4)
    assert figures["kills"] == 4
    assert figures["acknowledged"] >= 4
