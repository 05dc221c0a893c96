"""Pictures: drawn beside the bot, kept by their content, and never worth the message they go with."""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial

from bot.delivery.workshop import NotMadeError, Workshop
from messages.drawing import png
from messages.invitations import Code, code
from messages.making import Make
from messages.picture import Picture, svg

log = logging.getLogger(__name__)

Drawable = Picture | Code
Draw = Callable[[Drawable], Awaitable[bytes | None]]  # a PNG; None: there is no picture to be had

PATIENCE = 10.0  # real seconds for one drawing, which takes a tenth of one
KEPT = 32  # drawings, of some 60 KB each


class Easel:
    """Draws, one picture after the other; whatever goes wrong, the words go out alone."""

    def __init__(self, workshop: Workshop | None = None) -> None:
        self._workshop = workshop or Workshop(patience=PATIENCE)
        self._drawn: OrderedDict[bytes, bytes] = OrderedDict()
        self._has_failed = False

    async def draw(self, picture: Drawable) -> bytes | None:
        """Return the PNG; None: it can't be drawn here, which is logged once."""
        if isinstance(picture, Code):  # not kept: the link is a secret
            return await self._made(partial(code, picture.link))
        drawing = svg(picture)
        name = hashlib.sha256(drawing.encode()).digest()
        drawn = self._drawn.get(name)
        if drawn is None:
            drawn = await self._made(partial(png, drawing))
            if drawn is None:
                return None
            self._drawn[name] = drawn
            if len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        return drawn

    async def _made(self, make: Make) -> bytes | None:
        try:
            made = await self._workshop.make(make)
        except NotMadeError as error:
            self._failed(error)
            return None
        self._has_failed = False
        return made

    def _failed(self, error: NotMadeError) -> None:
        if not self._has_failed:
            log.warning("no picture (%s): the words alone go out", error)
        self._has_failed = True
