"""A small door for tests that run the stand-in as its own process: people act by JSON over HTTP.

`POST /control/<deed>` with the arguments of that deed of `World` (a file's content as base64),
`GET /control/state`, `GET /control/messages?chat=ID`. `fault` and `program` (of a seed) make the
server misbehave. A deed that no person could do is 409 with its reason.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.rehearsal.botapi.faults import Fault, FaultKind, Program
from bot.rehearsal.botapi.model import Json, Message
from bot.rehearsal.botapi.world import World


def add_control(application: web.Application, world: World) -> None:
    """Add the routes of this module."""
    control = _Control(world)
    application.router.add_get("/control/state", control.state)
    application.router.add_get("/control/messages", control.messages)
    application.router.add_post("/control/{deed}", control.act)


class _Control:
    def __init__(self, world: World) -> None:
        self._world = world
        self._deeds: dict[str, Callable[..., object]] = {
            "user": world.add_user,
            "start": world.start,
            "block": world.block,
            "deactivate": world.deactivate,
            "send": world.send,
            "edit": world.edit,
            "upload": self._upload,
            "press": world.press,
            "forge_press": world.forge_press,
            "group": world.add_group,
            "add_bot": world.add_bot,
            "remove_bot": world.remove_bot,
            "join": world.join,
            "upgrade": world.upgrade,
            "fault": self._fault,
            "program": self._program,
            "quiet": world.quiet,
        }

    async def act(self, request: web.Request) -> web.Response:
        """One deed. The answer tells the message's or callback query's id where there is one."""
        name = request.match_info["deed"]
        deed = self._deeds.get(name)
        if deed is None:
            return web.json_response({"error": "no such deed"}, status=404)
        try:
            done = deed(**await request.json())
            if name == "quiet":
                await done  # type: ignore[misc]  # the one deed that is a coroutine
        except (KeyError, TypeError, ValueError) as problem:
            return web.json_response({"error": str(problem)}, status=409)
        if isinstance(done, Message):
            return web.json_response({"message": done.id})
        if isinstance(done, Program):
            return web.json_response({"program": str(done)})
        return web.json_response({"query": done} if isinstance(done, str) else {})

    async def messages(self, request: web.Request) -> web.Response:
        """Messages visible in one chat, oldest first."""
        found = self._world.messages(int(request.query["chat"]))
        return web.json_response([_told(message) for message in found])

    async def state(self, _: web.Request) -> web.Response:
        """What passed so far, and how many updates wait to be confirmed."""
        world = self._world
        return web.json_response(
            {
                "pending": world.updates.pending,
                "fault": str(world.fault) if world.fault else None,
                "log": [dataclasses.asdict(exchange) for exchange in world.log],
                "refused": [dataclasses.asdict(exchange) for exchange in world.refused],
                "commands": world.commands,
            },
            dumps=_dumps,
        )

    def _upload(self, content: str, **others: Any) -> Message:
        return self._world.upload(content=base64.b64decode(content), **others)

    def _fault(self, kind: str, methods: list[str] | None = None, **others: Any) -> None:
        self._world.fault = Fault(FaultKind(kind), methods=frozenset(methods or ()), **others)

    def _program(
        self, seed: int, length: int, kinds: list[str] | None = None, **others: Any
    ) -> Program:
        chosen = tuple(map(FaultKind, kinds or tuple(FaultKind)))
        program = Program(seed, length, kinds=chosen, **others)
        self._world.fault = program
        return program


def _told(message: Message) -> Json:
    return {
        "id": message.id,
        "from": message.sender,
        "text": message.text,
        "buttons": message.buttons,
        "file": message.file.name if message.file else None,
        "reply_to": message.reply_to,
    }


def _dumps(value: object) -> str:
    return json.dumps(value, default=datetime.isoformat, ensure_ascii=False)
