"""The way between the bot and its made-up Telegram, which somebody at the page may cut."""

from __future__ import annotations

from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from bot.rehearsal.botapi import World, serve


class Wire:
    """Open, it serves the Bot API at ``url``, always the same; cut, every connection is refused.

    So nothing is in doubt: what was refused did not arrive.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._serving = AsyncExitStack()
        self.url = ""
        self.is_open = False

    async def open(self) -> None:
        if not self.is_open:
            port = urlsplit(self.url).port or 0
            self.url = await self._serving.enter_async_context(serve(self._world, port=port))
            self.is_open = True

    async def cut(self) -> None:
        self.is_open = False
        await self._serving.aclose()
