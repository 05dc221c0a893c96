"""The command line on a fresh data folder."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.rehearsal.botapi import serve
from bot.rehearsal.college import sample
from storage import workbook, workbook_apart
from storage.workbook_apart import Found
from tests.support.command_line import CommandLine
from tests.support.telegram import new_world


@pytest.fixture
def yinlu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    for name in [name for name in os.environ if name.startswith("YINLU_")]:  # noqa: TID251 - cleared here
        monkeypatch.delenv(name)
    return CommandLine(tmp_path / "data", monkeypatch, capsys)


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child takes half a second; what it is for, tests/storage/test_workbook_apart.py shows."""

    def here(path: Path) -> Found:
        rows, faults = workbook.read(path)
        return Found(rows, tuple(faults))

    monkeypatch.setattr(workbook_apart, "read", here)


@pytest.fixture(scope="session")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up college as a workbook."""
    path = tmp_path_factory.mktemp("roster") / "花名册.xlsx"
    workbook.write(path, sample())
    return path


@pytest.fixture
def college(yinlu: CommandLine, roster: Path) -> CommandLine:
    """The command line with the made-up college imported, before any term."""
    assert yinlu("roster", "import", roster).code == 0
    return yinlu


@pytest.fixture(scope="session")
def telegram() -> Iterator[str]:
    """The embedded Bot API on a thread of its own: the command has a loop to itself."""
    loop, ready, ended = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    address: list[str] = []

    async def serve_until_ended() -> None:
        async with serve(new_world()) as url:
            address.append(url)
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve_until_ended(),))
    thread.start()
    ready.wait()
    yield address[0]
    loop.call_soon_threadsafe(ended.set)
    thread.join()
    loop.close()
