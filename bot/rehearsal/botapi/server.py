"""The HTTP face of the made-up Telegram, on loopback: `/bot<token>/<method>` and files."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from telegram.constants import FileSizeLimit

from bot.rehearsal.botapi import methods
from bot.rehearsal.botapi.control import add_control
from bot.rehearsal.botapi.errors import (
    NOT_FOUND,
    UNAUTHORIZED,
    RefusedError,
    bad_request,
    too_many_requests,
)
from bot.rehearsal.botapi.faults import AFTER_ACCEPTANCE, Fault, FaultKind
from bot.rehearsal.botapi.parameters import Request, Upload
from bot.rehearsal.botapi.updates import CONFLICT
from bot.rehearsal.botapi.world import World

LOOPBACK = "127.0.0.1"
TOKEN = re.compile(r"\d+:[\w-]+")
LARGEST_BODY = int(FileSizeLimit.FILESIZE_UPLOAD) + 1_000_000  # a file and its form around it
DRIP_SECONDS = 0.5
SHUTDOWN = 0.5  # seconds; nothing worth waiting for survives the world
GATEWAY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)


@asynccontextmanager
async def serve(world: World, *, port: int = 0, control: bool = False) -> AsyncIterator[str]:
    """Serve ``world`` while the block runs; yields the base URL, `http://127.0.0.1:PORT`.

    ``port`` 0 takes a free one. ``control`` adds `/control` (see `control`). Raises OSError if the
    port is taken.
    """
    server = _Server(world)
    application = web.Application(client_max_size=LARGEST_BODY)
    application.router.add_route("*", "/bot{token}/{method}", server.answer)
    application.router.add_get("/file/bot{token}/{path:.+}", server.download)
    if control:
        add_control(application, world)
    runner = web.AppRunner(
        application, handler_cancellation=True, shutdown_timeout=SHUTDOWN, access_log=None
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
        yield f"http://{LOOPBACK}:{runner.addresses[0][1]}"
    finally:
        world.updates.release()
        await runner.cleanup()


class _Server:
    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of a method, over GET or POST, with the faults the world asks for."""
        name = request.match_info["method"]
        try:
            self._check_token(request.match_info["token"])
            fault = self._world.struck(name)
            if name == "getUpdates":
                return await self._perform(request, name, fault)
            with self._world.request():
                return await self._perform(request, name, fault)
        except RefusedError as refusal:
            return web.json_response(refusal.as_json(), status=refusal.code)

    async def download(self, request: web.Request) -> web.Response:
        """The bytes of a file by the path that getFile gave."""
        try:
            self._check_token(request.match_info["token"])
        except RefusedError as refusal:
            return web.json_response(refusal.as_json(), status=refusal.code)
        path = request.match_info["path"]
        for file in self._world.files.values():
            if file.path == path:
                return web.Response(body=file.content)
        return web.json_response(RefusedError(*NOT_FOUND).as_json(), status=404)

    def _check_token(self, token: str) -> None:
        if not TOKEN.fullmatch(token):
            raise RefusedError(*NOT_FOUND)
        if token != self._world.token:
            raise RefusedError(*UNAUTHORIZED)

    async def _perform(
        self, request: web.Request, name: str, fault: Fault | None
    ) -> web.StreamResponse:
        if fault and fault.kind not in AFTER_ACCEPTANCE:
            return await _misbehave(request, fault)
        call = await _read(request)
        if name == "getUpdates":
            result: object = await methods.poll(self._world, call)
        else:
            result = methods.perform(self._world, name, call)
        answer = web.json_response({"ok": True, "result": result})
        return await _mishandled(request, fault, answer) if fault else answer


async def _misbehave(request: web.Request, fault: Fault) -> web.StreamResponse:
    """A fault that strikes before the request is accepted."""
    await request.read()
    match fault.kind:
        case FaultKind.TOO_MANY_REQUESTS:
            raise too_many_requests(fault.retry_after)
        case FaultKind.SERVER_ERROR:
            raise RefusedError(500, "Internal Server Error")
        case FaultKind.UNAUTHORIZED:
            raise RefusedError(*UNAUTHORIZED)
        case FaultKind.NOT_FOUND:
            raise RefusedError(*NOT_FOUND)
        case FaultKind.CONFLICT:
            raise RefusedError(409, CONFLICT)
        case FaultKind.BAD_GATEWAY:
            return web.Response(status=502, text=GATEWAY_PAGE, content_type="text/html")
        case FaultKind.HANG:
            await asyncio.Event().wait()  # until the client gives up or the server closes
        case FaultKind.DRIP:
            await _drip(request, fault.seconds)
    return _reset(request)


async def _drip(request: web.Request, seconds: float) -> None:
    """Answer with one blank after the other."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                await answer.write(b" ")
                await asyncio.sleep(DRIP_SECONDS)


async def _mishandled(
    request: web.Request, fault: Fault, answer: web.Response
) -> web.StreamResponse:
    """A fault that strikes the answer to what was accepted."""
    match fault.kind:
        case FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
            return answer
        case FaultKind.BROKEN:
            whole = answer.text or ""
            return web.Response(text=whole[: len(whole) // 2], content_type="application/json")
    return _reset(request)


def _reset(request: web.Request) -> web.StreamResponse:
    """Break the connection; the answer below reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _read(request: web.Request) -> Request:
    """Query string, form (urlencoded or multipart) or JSON body, put together."""
    fields: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("object expected")
        return Request(fields | body, uploads)
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.file.read())
        else:
            fields[name] = value
    return Request(fields, uploads)
