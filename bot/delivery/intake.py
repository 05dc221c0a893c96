"""Rosters sent by chat: fetched, read in a child of their own, and their answer put on the way.

A task beside inbox and outbox: a file may take its ten seconds, and others are answered meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from dataclasses import replace
from pathlib import Path

from telegram import Bot

from bot.actions import upload as uploads
from bot.delivery import mending
from bot.delivery.telegram import Meaning, meaning_of
from bot.desk import Desk
from storage import workbook_apart
from storage.contents import make_folder
from storage.records import Upload
from storage.store import StoreClosedForWriting
from storage.workbook_rows import MOST_BYTES

log = logging.getLogger(__name__)

RETRY_SECONDS = (2, 10)
IDLE_SECONDS = 600
HOPELESS = frozenset({Meaning.PERMANENT, Meaning.UNREACHABLE})


class TooBigError(Exception):
    """The file is larger than its sender's client said."""


class Intake:
    """Takes in one file after the other."""

    def __init__(self, desk: Desk, bot: Bot) -> None:
        self._desk = desk
        self._bot = bot
        self._news = asyncio.Event()
        self._retry_at: dict[int, float] = {}  # by upload

    def wake(self) -> None:
        self._news.set()

    async def run(self) -> None:
        """Take in what is sent, for ever."""
        while True:
            pause = await self.sweep()
            await self._desk.clock.wait(self._news, pause)

    async def sweep(self) -> float:
        """Take in what waits, and remove what nobody needs; return the seconds until there is more."""
        folder = self._desk.uploads
        if folder is None:
            return IDLE_SECONDS
        try:
            pauses = [await self._one(folder, one.id) for one in list(self._desk.store.uploads)]
            uploads.tidy(self._desk)
        except StoreClosedForWriting:
            return mending.SECONDS
        except OSError as error:  # of the folder
            log.error("what was sent is not tidied away (%s)", error.strerror)  # noqa: TRY400 - no news in a traceback
            return IDLE_SECONDS
        return min(pauses, default=IDLE_SECONDS)

    async def _one(self, folder: Path, id: int) -> float:
        """Return the seconds in which there is nothing to do about it."""
        upload = self._desk.store.uploads.get(id)
        if upload is None:  # dropped while another was taken in
            return IDLE_SECONDS
        if upload.kept is None:
            wait = self._retry_at.get(upload.id, 0.0) - self._desk.clock.monotonic()
            if wait <= 0:
                await self._take(folder, upload)
                return 0.0
            return wait
        left = upload.at + uploads.WAITS - self._desk.now()
        if left.total_seconds() > 0 and (folder / upload.kept).exists():
            return left.total_seconds()
        with self._desk.store.transaction():
            uploads.close(self._desk, upload, "roster_lapsed")
        self._desk.wake()
        return 0.0

    async def _take(self, folder: Path, upload: Upload) -> None:
        try:
            kept = await self._kept(folder, upload)
        except Exception as error:  # noqa: BLE001 - whatever it failed of, its sender hears of it
            self._failed(upload, error)
        else:
            with self._desk.store.transaction():
                uploads.show(self._desk, upload.id, kept)
        self._desk.wake()

    async def _kept(self, folder: Path, upload: Upload) -> str:
        """Fetch it and have it read; return the name under which that is kept."""
        file = await self._bot.get_file(upload.file)
        if (file.file_size or 0) > MOST_BYTES:
            raise TooBigError
        content = await file.download_as_bytearray()
        return await asyncio.to_thread(_read, folder, bytes(content))

    def _failed(self, upload: Upload, error: Exception) -> None:
        log.warning("upload %s not taken in (%s)", upload.id, type(error).__name__)
        tries = upload.attempts + 1
        is_over = tries > len(RETRY_SECONDS) or isinstance(error, TooBigError)
        with self._desk.store.transaction():
            if is_over or meaning_of(error).meaning in HOPELESS:
                uploads.not_fetched(self._desk, upload.id)
            elif self._desk.store.uploads.get(upload.id) is not None:
                self._desk.store.uploads.put(replace(upload, attempts=tries))
                pause = RETRY_SECONDS[tries - 1]
                self._retry_at[upload.id] = self._desk.clock.monotonic() + pause


def _read(folder: Path, content: bytes) -> str:
    """Have it read in a child; both files have names of our own and are our own alone (0600)."""
    make_folder(folder)
    with tempfile.NamedTemporaryFile(dir=folder) as sent:
        sent.write(content)
        sent.flush()
        found = workbook_apart.read(Path(sent.name))
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as kept:
        kept.write(found.as_json())
        return Path(kept.name).name
