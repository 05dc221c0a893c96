"""SIGKILL while a process writes: nothing acknowledged is lost, nothing is half there (F1)."""

from __future__ import annotations

import os
import random
from json import JSONDecodeError
from pathlib import Path
from typing import Any, NoReturn

import pytest
from tinydb import TinyDB

from storage.store import Store, StoreLocked
from tests.storage import json_storage, kills
from tests.storage.json_storage import by_system_calls
from tests.storage.kills import check, killed_after, start


class Killed(BaseException):
    """The process is gone: nothing that would have come after it does."""


def kill(*_: Any) -> NoReturn:
    raise Killed


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


@pytest.mark.parametrize("moment", ["fsync", "ftruncate"], ids=["written", "synced"])
def test_tinydbs_own_storage_would_not_stand_a_kill(
    tmp_path: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes over what is there: until the rest is cut off, a shorter text has the old end."""
    json_storage.fill(tmp_path)
    with by_system_calls(), TinyDB(tmp_path / json_storage.FILE) as database:
        json_storage.put(database, 2)
        monkeypatch.setattr(os, moment, kill)
        with pytest.raises(Killed):
            json_storage.put(database, 3)
    monkeypatch.undo()
    with pytest.raises(JSONDecodeError):
        json_storage.check(tmp_path, 2)
