"""The token stands in no log: at DEBUG, through every fault, and where Telegram refuses it (X15)."""

from __future__ import annotations

import asyncio
import logging

import httpx
import pytest
from telegram import Bot
from telegram.error import InvalidToken
from telegram.request import HTTPXRequest

from bot import logs
from tests.bot.delivery import programs
from tests.bot.matrix.canary import listening
from tests.support.telegram import PLAIN, TOKEN

SECRET = TOKEN.split(":")[1]
SEED, PROGRAMS = 4242, 3


def loud() -> None:
    """Let the libraries say whatever they have to say: as if nobody had thought of keeping them quiet."""
    for name in logs.QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG)


@pytest.mark.parametrize("is_loud", [False, True], ids=["as set up", "libraries at DEBUG too"])
def test_no_fault_brings_the_token_into_the_log(is_loud: bool) -> None:
    with listening() as written:
        if is_loud:
            loud()
        programs.play_all(SEED, PROGRAMS)
    logged = written.getvalue()
    assert SECRET not in logged
    assert ("<token>" in logged) is is_loud  # else nothing was there to be hidden


@pytest.mark.parametrize("code", [401, 404])
def test_refused_token_is_not_told_with_its_exception_and_traceback(code: int) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(code, json={"ok": False, "error_code": code, "description": "no"})

    async def ask() -> None:
        options = {**PLAIN["httpx_kwargs"], "transport": httpx.MockTransport(refuse)}
        bot = Bot(TOKEN, request=HTTPXRequest(httpx_kwargs=options))
        await bot.initialize()

    with listening() as written:
        loud()
        with pytest.raises(InvalidToken) as refusal:
            asyncio.run(ask())
        error = refusal.value
        logging.getLogger("bot.test").error("refused: %s", error, exc_info=error)
        logging.getLogger("bot.test").warning(f"POST /bot{TOKEN}/getMe", stack_info=True)  # noqa: G004 - as others write
        logging.getLogger("bot.test").info("at", extra={"token": TOKEN})
    assert SECRET not in written.getvalue()
    assert "InvalidToken" in written.getvalue()
