"""Real processes: while the disk is full Telegram keeps everything, and afterwards everybody is answered (F7)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Yinlu, telegram
from tests.support.small_disk import fill, small_disk

pytestmark = pytest.mark.processes
STRANGERS = range(7000, 7030)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


def logs(process: subprocess.Popen[str], words: str) -> None:
    """Wait until the bot has logged that."""
    assert process.stderr is not None
    assert any(words in line for line in process.stderr), "the bot has ended"


def test_what_a_full_disk_does_not_take_waits_with_telegram_until_there_is_space(
    disk: Path,
) -> None:
    environment = {name: value for name, value in os.environ.items() if "YINLU" not in name}  # noqa: TID251 - for a child
    with telegram() as world:
        yinlu = Yinlu(disk / "data", world.url, environment)
        with yinlu.running() as process:
            filler = fill(disk)
            for account in STRANGERS:
                world.act("user", user_id=account, first_name="某")
                world.act("start", user_id=account)
            logs(process, "getUpdates: NetworkError")
            assert world.state()["pending"] == len(STRANGERS)
            filler.unlink()
            for account in STRANGERS:
                world.reads(account, "")
            assert {len(world.said(account, "")) for account in STRANGERS} == {1}
