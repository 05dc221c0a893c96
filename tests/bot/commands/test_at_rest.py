"""What lies on the disk is for its owner alone, whichever command wrote it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine


@pytest.fixture
def _lax() -> Iterator[None]:
    """As on a machine where new files are for everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    found = [folder, *folder.rglob("*")]
    return [
        f"{one}: {one.stat().st_mode:o}"
        for one in found
        if stat.S_IMODE(one.stat().st_mode) & 0o077
    ]


@pytest.mark.usefixtures("_lax")
def test_everything_in_the_data_folder_is_for_its_owner_alone(
    yinlu: CommandLine, roster: Path
) -> None:
    data = yinlu.data
    assert yinlu("roster", "import", roster).code == 0
    assert yinlu("term", "set", "2026-09-07").code == 0
    assert yinlu("backup").code == 0
    assert yinlu("backup", data / "by hand.backup").code == 0
    assert yinlu("export", data / "progress.xlsx").code == 0
    assert yinlu("roster", "export", data / "roster.xlsx").code == 0
    assert yinlu("forms", data / "forms").code == 0
    assert yinlu("purge").code == 0
    assert not open_to_others(data)


@pytest.mark.usefixtures("_lax")
def test_a_restored_store_is_for_its_owner_alone(yinlu: CommandLine, roster: Path) -> None:
    yinlu("roster", "import", roster)
    yinlu("backup")
    (copy,) = (yinlu.data / "backups").glob("*.backup")
    shutil.rmtree(yinlu.data / "store")
    assert yinlu("restore", copy).code == 0
    assert not open_to_others(yinlu.data)


@pytest.mark.usefixtures("_lax")
def test_a_folder_that_was_open_is_closed_by_the_first_command_that_writes(
    yinlu: CommandLine, roster: Path
) -> None:
    yinlu.data.mkdir(mode=0o755)
    yinlu("roster", "import", roster)
    assert not open_to_others(yinlu.data)
