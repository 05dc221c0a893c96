"""A sign of life to somebody outside, who raises the alarm when it stays away: a dead-man's switch.

It says nothing but that it comes, and it comes only while the bot does its work.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx
from telegram.ext import Application, ContextTypes

from bot.delivery.heartbeat import Heartbeat
from bot.delivery.schedule import JOB_OPTIONS
from bot.delivery.trust import trusted
from bot.desk import Desk

log = logging.getLogger(__name__)

PATIENCE = 20  # seconds for all of it
SILENCE = 90.0  # seconds without an answer of Telegram, or with a rival on the token


class Ping:
    """Calls the address of the settings. Whatever comes of it harms nothing."""

    def __init__(self, desk: Desk, heartbeat: Heartbeat) -> None:
        self._desk = desk
        self._heartbeat = heartbeat
        self._has_failed = False

    def install(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Ping every so many minutes, if there is an address."""
        minutes, queue = self._desk.settings.ping_minutes, application.job_queue
        if self._desk.settings.ping_url is not None and queue is not None:
            queue.run_repeating(self._run, minutes * 60, name="ping", job_kwargs=JOB_OPTIONS)

    async def _run(self, _: ContextTypes.DEFAULT_TYPE) -> None:
        await self.now()

    def is_well(self) -> bool:
        """Whether the bot hears, ticks and can write; that it runs at all is shown by asking."""
        beat = self._heartbeat
        hears = beat.silence < SILENCE and beat.conflict < SILENCE
        return hears and beat.tick_failure is None and self._desk.store.is_writable

    async def now(self) -> None:
        """Ping, unless something is wrong; a failure is logged once, without the address."""
        url = self._desk.settings.ping_url
        if url is None or not self.is_well():
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._call(url.get_secret_value())
        except (httpx.HTTPError, TimeoutError) as error:
            if not self._has_failed:
                log.warning("the ping failed (%s); trying on", type(error).__name__)
            self._has_failed = True
        else:
            self._has_failed = False

    async def _call(self, url: str) -> None:
        proxy = self._desk.settings.proxy
        async with (
            httpx.AsyncClient(proxy=proxy, trust_env=False, verify=trusted()) as client,
            client.stream("GET", url) as answer,  # its body is nobody's business
        ):
            answer.raise_for_status()
