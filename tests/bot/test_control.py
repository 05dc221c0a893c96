"""A writing command reaches the running bot over a socket, and is answered whatever happens."""

from __future__ import annotations

import asyncio
import logging
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest

from bot.control import NAME, POINTER, UNANSWERED, ask, listening
from bot.outcome import Outcome, refused


def echo(command: str, arguments: dict[str, Any]) -> Outcome:
    return Outcome((command, "李明"), arguments)


async def asked(folder: Path, **arguments: Any) -> Outcome | None:
    """Ask as another process does."""
    return await asyncio.to_thread(ask, folder, "roster import", arguments)


async def test_a_request_is_answered_with_its_outcome(tmp_path: Path) -> None:
    async with listening(tmp_path, echo):
        found = await asked(tmp_path, file="/花名册.xlsx")
    assert found == Outcome(("roster import", "李明"), {"file": "/花名册.xlsx"})


async def test_a_request_as_long_as_a_whole_college_is_read_to_its_end(tmp_path: Path) -> None:
    people = [f"2024{number:06}" for number in range(20_000)]
    async with listening(tmp_path, echo):
        found = await asked(tmp_path, people=people)
    assert found is not None
    assert found.document == {"people": people}


async def test_a_refusal_keeps_its_exit_code(tmp_path: Path) -> None:
    async with listening(tmp_path, lambda *_: refused("不行")):
        assert await asked(tmp_path) == Outcome(("不行",), None, 1)


async def test_a_command_that_fails_is_refused_in_one_line_and_the_bot_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: str, arguments: dict[str, Any]) -> Outcome:
        if arguments:
            raise LookupError("李明")
        return Outcome(("好",))

    with caplog.at_level(logging.ERROR):
        async with listening(tmp_path, broken):
            found = await asked(tmp_path, file="x")
            assert await asked(tmp_path) == Outcome(("好",))
    assert found is not None
    assert (len(found.lines), found.code) == (1, 1)
    assert "LookupError" in found.lines[0]
    assert "李明" not in found.lines[0]
    assert "a command failed" in caplog.text


async def test_what_is_no_request_is_refused(tmp_path: Path) -> None:
    async with listening(tmp_path, echo):
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / NAME))
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        writer.write_eof()
        answer = await reader.read()
        writer.close()
    assert b'"code": 1' in answer


async def test_nobody_is_asked_where_no_bot_runs(tmp_path: Path) -> None:
    assert await asked(tmp_path) is None
    assert await asked(tmp_path / "nowhere") is None


async def test_a_socket_left_by_a_killed_process_is_nobody_and_is_replaced(
    tmp_path: Path,
) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / NAME))
    assert await asked(tmp_path) is None
    async with listening(tmp_path, echo):
        assert await asked(tmp_path) is not None


async def test_a_bot_that_ends_before_it_answers_leaves_the_caller_in_no_false_hope(
    tmp_path: Path,
) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_unix_server(hang_up, str(tmp_path / NAME))
    found = await asked(tmp_path)
    server.close()
    assert found == UNANSWERED
    assert (len(found.lines), found.code) == (1, 1)


async def test_a_caller_who_goes_away_does_not_disturb_the_bot(tmp_path: Path) -> None:
    async with listening(tmp_path, echo):
        _, writer = await asyncio.open_unix_connection(str(tmp_path / NAME))
        writer.close()
        assert await asked(tmp_path) is not None


async def test_the_socket_is_for_its_owner_alone_and_goes_at_the_end(tmp_path: Path) -> None:
    async with listening(tmp_path, echo):
        assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == []


# A path too long for a socket


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose path leaves no room for a socket's."""
    short = tmp_path / "t"
    short.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(short))
    folder = tmp_path / ("学院党委办公室" * 8) / "data"
    folder.mkdir(parents=True)
    return folder


def places(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "t").iterdir())


async def test_a_folder_with_a_long_path_names_a_short_socket(deep: Path, tmp_path: Path) -> None:
    async with listening(deep, echo):
        found = await asked(deep)
        (place,) = places(tmp_path)
        modes = [path.stat().st_mode & 0o777 for path in (place, place / NAME, deep / POINTER)]
    assert found is not None
    assert modes == [0o700, 0o600, 0o600]
    assert (list(deep.iterdir()), places(tmp_path)) == ([], [])


async def test_a_long_path_is_found_from_inside_the_folder_too(
    deep: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(deep.parent)
    async with listening(deep, echo):
        assert await asked(Path("data")) is not None


async def test_what_a_killed_process_left_in_the_temporary_folder_is_tidied_away(
    deep: Path, tmp_path: Path
) -> None:
    left = tmp_path / "t" / "yinlu-left"
    left.mkdir()
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(left / NAME))
    (deep / POINTER).write_text(str(left / NAME), encoding="utf-8")
    assert await asked(deep) is None
    async with listening(deep, echo):
        assert await asked(deep) is not None
        assert left not in places(tmp_path)
    assert places(tmp_path) == []
