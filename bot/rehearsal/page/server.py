"""The page's own server, on loopback: files, what is there now, news, and what people do."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.refusal import Refused
from bot.rehearsal.glance import Json
from bot.rehearsal.page import views
from bot.rehearsal.page.theatre import Theatre, Trouble

LOOPBACK = "127.0.0.1"
STATIC = Path(__file__).parent / "static"
LARGEST_BODY = 30_000_000  # a workbook as base64
SHUTDOWN = 0.5
HEADERS = {
    # Nothing leaves the machine: the page may talk to its own server and to nobody else.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
IMPOSSIBLE = "is_impossible"  # like the theatre's refusals, a key of the page's words
Deed = Callable[..., Coroutine[Any, Any, None]]


@asynccontextmanager
async def serve_page(
    theatre: Theatre, origin: str, tasks: asyncio.TaskGroup, door: socket.socket
) -> AsyncIterator[str]:
    """Serve the page while the block runs; yields its address. ``origin``: whose people these are.

    ``door`` listens already. Deeds are ``tasks``: they go on to their end when somebody closes the
    page meanwhile.
    """
    page = _Page(theatre, origin, tasks)
    application = web.Application(client_max_size=LARGEST_BODY, middlewares=[_guard])
    application.router.add_get("/", page.index)
    application.router.add_get("/people", page.people)
    application.router.add_get("/chat/{chat}", page.chat)
    application.router.add_get("/file/{file}", page.file)
    application.router.add_get("/news", page.news)
    application.router.add_post("/do/{deed}", page.do)
    application.router.add_static("/static", STATIC)
    runner = web.AppRunner(
        application, handler_cancellation=True, shutdown_timeout=SHUTDOWN, access_log=None
    )
    await runner.setup()
    try:
        await web.SockSite(runner, door).start()
        yield f"http://{LOOPBACK}:{runner.addresses[0][1]}/"
    finally:
        page.close()
        await runner.cleanup()


@web.middleware
async def _guard(request: web.Request, handler: Any) -> web.StreamResponse:
    """Only this page itself: no other site that the same browser has open, by whatever name."""
    host = request.host.partition(":")[0]
    source = request.headers.get("Origin")
    if host not in (LOOPBACK, "localhost") or source not in (None, f"http://{request.host}"):
        return web.json_response({"error": "only from this machine's own page"}, status=403)
    if request.method == "POST" and request.content_type != "application/json":
        return web.json_response({"error": "JSON expected"}, status=415)
    answer: web.StreamResponse = await handler(request)
    if not answer.prepared:
        answer.headers.update(HEADERS)
    return answer


class _Page:
    def __init__(self, theatre: Theatre, origin: str, tasks: asyncio.TaskGroup) -> None:
        self._theatre = theatre
        self._tasks = tasks
        self._running: set[asyncio.Task[str | None]] = set()
        self._origin = origin
        self._deeds: dict[str, Deed] = {
            "start": self._start,
            "open": theatre.invite,
            "send": self._send,
            "press": self._press,
            "upload": self._upload,
            "block": self._block,
            "hold": self._hold,
            "speed": self._speed,
            "pause": self._pause,
            "trouble": self._trouble,
            "kill": theatre.kill,
            "restart": theatre.start,
            "reminder": theatre.pass_to_reminder,
            "day": theatre.pass_day,
            "minutes": theatre.pass_minutes,
            "jump": self._jump,
            "play": theatre.play,
        }

    # What is there

    async def index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html")

    async def people(self, _: web.Request) -> web.Response:
        with self._theatre.performance.desk() as desk:
            people = views.people(desk, self._theatre.performance.cast)
        return _json({"people": people, "cast": self._theatre.cast})

    async def chat(self, request: web.Request) -> web.Response:
        chat, viewer = int(request.match_info["chat"]), int(request.query["as"])
        return _json(views.chat(self._theatre.world, chat, viewer))

    async def file(self, request: web.Request) -> web.Response:
        """A picture to look at, or a document to keep."""
        file = self._theatre.world.files.get(request.match_info["file"])
        if file is None:
            return _json({"error": "no such file"}, status=404)
        if file.kind == "photo":
            return web.Response(body=file.content, content_type="image/png")
        answer = web.Response(body=file.content, content_type="application/octet-stream")
        answer.headers["Content-Disposition"] = "attachment"
        return answer

    async def news(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the whole state first, then what changed."""
        answer = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await answer.prepare(request)
        chronicle = self._theatre.chronicle
        with chronicle.listening() as news:
            await _tell(
                answer, self._state() | {"journal": list(chronicle.journal), "first": True}
            )
            async for told in news():
                await _tell(answer, self._state() | told)
        return answer

    def _state(self) -> Json:
        theatre = self._theatre
        return {
            "now": theatre.clock.now().isoformat(),
            "week1": theatre.week1.isoformat(),
            "origin": self._origin,
            "busy": theatre.busy,
            "speed": theatre.speed,
            "trouble": str(theatre.trouble),
            "killed": theatre.is_down,
            "held": sorted(theatre.held),
            "board": theatre.seen["board"],
            "timeline": theatre.seen["timeline"],
            "enrolled": [telegram for _, telegram in theatre.seen["accounts"]],
            "counts": views.counts(theatre.world),
        }

    # What people do

    async def do(self, request: web.Request) -> web.Response:
        """One deed; ``error`` says why it can't be done now, which is no fault of the page."""
        deed = self._deeds.get(request.match_info["deed"])
        if deed is None:
            return _json({"error": "no such deed"}, status=404)
        try:
            given = await request.json()
            doing = self._tasks.create_task(_outcome(deed(**given)))
        except (TypeError, ValueError):
            return _json({"error": IMPOSSIBLE})
        self._running.add(doing)
        doing.add_done_callback(self._running.discard)
        error = await asyncio.shield(doing)
        return _json({"error": error} if error else {})

    def close(self) -> None:
        """End what is still being done."""
        for one in self._running:
            one.cancel()

    async def _start(self, who: int) -> None:
        await self._act(who, who, "/start", partial(self._theatre.world.start, who))

    async def _send(self, who: int, chat: int, text: str, reply: int | None = None) -> None:
        sent = partial(self._theatre.world.send, who, chat, text, reply_to=reply)
        await self._act(who, chat, text, sent)

    async def _press(self, who: int, chat: int, message: int, data: str, label: str) -> None:
        pressed = partial(self._theatre.world.press, who, chat, message, data)
        await self._act(who, chat, f"[{label}]", pressed)

    async def _upload(self, who: int, chat: int, name: str, content: str) -> None:
        file = base64.b64decode(content, validate=True)
        await self._act(
            who, chat, name, partial(self._theatre.world.upload, who, chat, file, name)
        )

    async def _block(self, who: int) -> None:
        await self._act(who, who, "停用机器人", partial(self._theatre.world.block, who))

    async def _act(self, who: int, chat: int, shown: str, deed: Callable[[], object]) -> None:
        chronicle = self._theatre.chronicle

        def does() -> None:
            deed()
            chronicle.did(chronicle.names[who], chat, shown)

        await self._theatre.act(does)

    async def _hold(self, who: int, *, held: bool) -> None:
        self._theatre.hold(who, held=held)

    async def _speed(self, speed: int) -> None:
        self._theatre.speed = max(0, int(speed))
        self._theatre.chronicle.touch()

    async def _pause(self) -> None:
        self._theatre.pause()

    async def _trouble(self, trouble: str) -> None:
        await self._theatre.set_trouble(Trouble(trouble))

    async def _jump(self, at: str) -> None:
        await self._theatre.pass_to(datetime.fromisoformat(at))


async def _outcome(deed: Coroutine[Any, Any, None]) -> str | None:
    """Do it; a sentence if it could not be done."""
    try:
        await deed
    except Refused as refusal:
        return str(refusal)
    except (KeyError, TypeError, ValueError):
        return IMPOSSIBLE
    return None


def _json(document: object, *, status: int = 200) -> web.Response:
    return web.json_response(
        document, status=status, dumps=partial(json.dumps, ensure_ascii=False)
    )


async def _tell(answer: web.StreamResponse, told: Json) -> None:
    await answer.write(f"data: {json.dumps(told, ensure_ascii=False)}\n\n".encode())
