"""Files made beside the bot, one child at a time: the writers would hold the interpreter (DESIGN 11)."""

from __future__ import annotations

import asyncio
import contextlib
import sys

from messages.making import Make, packed

PATIENCE = 180.0  # real seconds for one file; five hundred forms take some twenty
COMMAND = (sys.executable, "-m", "messages.making")


class NotMadeError(Exception):
    """The file could not be made; its text is the kind of the failure, and nothing of what it was about."""


class Workshop:
    """Makes one file after the other: two big ones at once would take the machine from the bot."""

    def __init__(self, command: tuple[str, ...] = COMMAND, *, patience: float = PATIENCE) -> None:
        self._command = command
        self._patience = patience
        self._turn = asyncio.Lock()

    async def make(self, make: Make) -> bytes:
        """Return what the call makes, in a child. Raises NotMadeError."""
        call = packed(make)
        async with self._turn:
            try:
                return await self._child(call)
            except (OSError, TimeoutError) as error:
                raise NotMadeError(type(error).__name__) from None

    async def _child(self, call: bytes) -> bytes:
        pipe = asyncio.subprocess.PIPE
        # A session of its own: Ctrl-C at the terminal is for the bot, which ends in order.
        child = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
        try:
            async with asyncio.timeout(self._patience):
                made, said = await child.communicate(call)
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
        if child.returncode:
            raise NotMadeError(said.decode(errors="replace")[-80:] or f"exit {child.returncode}")
        return made
