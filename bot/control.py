"""Writing commands beside a running bot: they hand their request to it over a socket (decision 10)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from bot.outcome import Outcome, refused

log = logging.getLogger(__name__)

NAME = "control.sock"
POINTER = "control.path"  # names the socket where the folder's own path is too long for one
LONGEST = 107  # bytes of a Unix socket's path
SECONDS = 120
PULSE = "pulse"  # asks for the figures of `Heartbeat`; changes nothing

Answerer = Callable[[str, dict[str, Any]], Outcome]

UNANSWERED = refused("正在运行的机器人没有答复，不知道是否办成。请先查看再决定是否重做。")


def ask(
    folder: Path, command: str, arguments: dict[str, Any], *, seconds: float = SECONDS
) -> Outcome | None:
    """Hand a request to the bot that holds the folder; None: none is running, nothing was asked.

    ``seconds``: how long to wait for each piece of the answer.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect(str(_place(folder)))
        except OSError:
            return None  # nobody there, or left behind by a process that was killed
        request = json.dumps({"command": command, "arguments": arguments})
        try:
            connection.sendall(request.encode())
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
            return Outcome.from_json(json.loads(answer))
        except (OSError, ValueError):
            return UNANSWERED


def _place(folder: Path) -> Path:
    """Return where the socket of that folder is, if there is one."""
    own = folder.resolve() / NAME
    if _fits(own):
        return own
    try:
        return Path((folder / POINTER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return own


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= LONGEST


@contextlib.asynccontextmanager
async def listening(folder: Path, answer: Answerer) -> AsyncIterator[None]:
    """Answer requests while the block runs; each is one synchronous call on the loop."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(ConnectionError):
            outcome = _answered(answer, await reader.read())
            writer.write(json.dumps(outcome.as_json()).encode())
            await writer.drain()

    with _place_of_own(folder) as path:
        server = await asyncio.start_unix_server(serve, str(path))
        path.chmod(0o600)
        try:
            yield
        finally:
            server.close()


def _answered(answer: Answerer, request: bytes) -> Outcome:
    try:
        asked = json.loads(request)
        return answer(asked["command"], asked["arguments"])
    except Exception as error:  # a command that fails must not end the bot
        log.exception("a command failed")
        return refused(f"没有办成：机器人内部出错（{type(error).__name__}），详情见它的日志。")


@contextlib.contextmanager
def _place_of_own(folder: Path) -> Any:
    """Make room for the socket, and tidy it away: also what a killed process left."""
    _tidy(folder)
    path = folder.resolve() / NAME
    if not _fits(path):
        path = Path(tempfile.mkdtemp(prefix="yinlu-")) / NAME  # of mode 0700
        pointer = folder / POINTER
        pointer.touch(mode=0o600)
        pointer.write_text(str(path), encoding="utf-8")
    try:
        yield path
    finally:
        _tidy(folder)


def _tidy(folder: Path) -> None:
    path = _place(folder)
    with contextlib.suppress(OSError):  # never there, or not ours to remove
        path.unlink()
    if path.parent != folder.resolve():
        with contextlib.suppress(OSError):
            path.parent.rmdir()
    (folder / POINTER).unlink(missing_ok=True)
