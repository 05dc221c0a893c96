"""G10, G11: CPU per message of the sending door at 16 in flight, against the stock one and aiogram.

The server is a process of its own, which answers every call alike.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from time import process_time

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.app import CONNECTIONS
from bot.delivery.trust import trusted
from tests.bench.ratio import Ratio

GOAL = "G10"
AT_ONCE = 16
TOKEN = "4242:AAbenchBENCHbenchBENCHbenchBENCHbench"
ME = {"id": 4242, "is_bot": True, "first_name": "引路", "username": "yinlu_bot"}
SENT = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "已记下"}
STOCK = (
    "the door is the stock one: at 25 messages a second it takes a tenth of a core, and what bounds "
    "a wave is Telegram's rate"
)

Send = Callable[[], Awaitable[object]]


def measure(*, quick: bool) -> Iterator[Ratio]:
    many = 200 if quick else 1_000
    with server() as url:
        ours = [asyncio.run(_ours(url, many)) for _ in range(3)]
        stock = [asyncio.run(_stock(url, many)) for _ in range(3)]
        case = f"our door / stock, {AT_ONCE} at once"
        yield Ratio(GOAL, case, "µs", tuple(ours), tuple(stock), 0.2, because=STOCK, shown=True)
        a_core = tuple(each * 25 / 1e6 for each in ours)
        yield Ratio(GOAL, "of a core at 25/s / all of one", "core", a_core, (1.0,), 0.2)
        peer = tuple(asyncio.run(_aiogram(url, many)) for _ in range(3))
        case = "our door / aiogram"
        yield Ratio("G11", case, "µs", tuple(ours), peer, 1.15, because=STOCK, shown=True)


async def _ours(url: str, many: int) -> float:
    """As `bot.app` builds it."""
    own = {"trust_env": False, "verify": trusted()}
    request = HTTPXRequest(connection_pool_size=CONNECTIONS, httpx_kwargs=own)
    return await _through(request, url, many)


async def _stock(url: str, many: int) -> float:
    return await _through(HTTPXRequest(connection_pool_size=AT_ONCE), url, many)


async def _through(request: HTTPXRequest, url: str, many: int) -> float:
    async with Bot(TOKEN, base_url=f"{url}/bot", request=request) as bot:
        return await _cost(lambda: bot.send_message(1, "已记下"), many)


async def _aiogram(url: str, many: int) -> float:
    # Here, for it takes a second or two, and the other goals need not wait for it.
    import aiogram
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    bot = aiogram.Bot(TOKEN, session=session)
    try:
        return await _cost(lambda: bot.send_message(1, "已记下"), many)
    finally:
        await session.close()


async def _cost(send: Send, many: int) -> float:
    """Microseconds of CPU per message."""

    async def several(count: int) -> None:
        for _ in range(count):
            await send()

    await asyncio.gather(*(several(2) for _ in range(AT_ONCE)))
    begin = process_time()
    await asyncio.gather(*(several(many // AT_ONCE) for _ in range(AT_ONCE)))
    return (process_time() - begin) * 1e6 / (many // AT_ONCE * AT_ONCE)


@contextmanager
def server() -> Iterator[str]:
    line = [sys.executable, "-m", "tests.bench.transport"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await _head(reader):
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(length)
        writer.write(_response(ME if b"getme" in head.lower() else SENT))


def _response(result: dict[str, object]) -> bytes:
    body = json.dumps({"ok": True, "result": result}).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


async def _serve() -> None:
    listening = await asyncio.start_server(_answer, "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
