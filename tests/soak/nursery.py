"""A warmed process that bears bots: each is a fork of it that runs `yinlu run`, in a third of a second.

``python -m tests.soak.nursery`` reads a line of JSON per bot, ``{"folder", "url", "log", "clock",
"point", "nth", "floor", "zone", "tick"}``, and writes ``{"born": pid}``, later ``{"dead": pid, "code": n}``.
"""

from __future__ import annotations

import functools
import gc
import json
import mmap
import os
import selectors
import signal
import struct
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import httpx._config

from bot import clock, serve, texts
from bot.delivery import limiter, schedule
from bot.refusal import Refused
from storage.journal_file import FileJournal
from tests.soak import failpoints

OFFSET = struct.Struct("d")  # seconds between the machine's clock and the bot's
CHAT_SECONDS = (
    0.05  # between messages to one chat: lives are short, and the made-up Telegram is patient
)
TOKEN = "4242:AAtestTestTESTtestTESTtestTESTtest"


def main() -> None:
    _warm()
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us by closing the input
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        selector.register(wake, selectors.EVENT_READ)
        rest = b""
        while True:
            for key, _ in selector.select():
                came = os.read(key.fd, 65536)
                if key.fd == wake:
                    _bury()
                    continue
                if not came:
                    return
                *orders, rest = (rest + came).split(b"\n")
                for order in orders:
                    _bear(json.loads(order))


def _warm() -> None:
    """Do once what every bot would do for itself: load the sentences, and the certificates."""
    texts.load_texts = functools.cache(texts.load_texts)
    texts.load_texts(None)
    context = httpx._config.create_ssl_context(trust_env=False)
    for module in (httpx._config, httpx._transports.default):
        module.create_ssl_context = lambda *_, **__: context  # type: ignore[attr-defined]  # one for all
    gc.collect()
    gc.freeze()


def _say(**told: int) -> None:
    os.write(1, json.dumps(told).encode() + b"\n")


def _bury() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _say(dead=pid, code=os.waitstatus_to_exitcode(status))


def _bear(order: dict[str, Any]) -> None:
    pid = os.fork()
    if pid:
        _say(born=pid)
        return
    try:
        code = _live(order)
    except BaseException:  # noqa: BLE001 - a fork must not return into the loop of its parent
        sys.excepthook(*sys.exc_info())
        code = 3
    sys.stderr.flush()
    os._exit(code)


def _live(order: dict[str, Any]) -> int:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(YINLU_API_URL=order["url"], YINLU_TOKEN=TOKEN)  # noqa: TID251 - its own
    if order.get("zone"):
        os.environ["TZ"] = order["zone"]  # noqa: TID251 - its own
        time.tzset()
    _shift_clock(order["clock"])
    if order.get("floor"):
        _snapshot_from(order["floor"])
    limiter.CHAT_SECONDS = CHAT_SECONDS
    schedule.TICK_SECONDS = order.get("tick") or schedule.TICK_SECONDS
    if order.get("point"):
        failpoints.plant(order["point"], order["nth"])
    try:
        serve.serve(Path(order["folder"]))
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    return 0


def _shift_clock(path: str) -> None:
    """Have the bot's wall clock differ from the machine's by what that file says, at any time."""
    with Path(path).open("rb") as file:
        told = mmap.mmap(file.fileno(), OFFSET.size, access=mmap.ACCESS_READ)

    def now(_: clock.SystemClock) -> datetime:
        (seconds,) = OFFSET.unpack(told[:])
        return datetime.now(clock.SHANGHAI) + timedelta(seconds=seconds)  # noqa: TID251 - the machine's

    setattr(clock.SystemClock, "now", now)  # noqa: B010 - the seam is here, not in the bot


def _snapshot_from(floor: int) -> None:
    """Have snapshots taken after that many bytes of journal: in a short life too."""

    def is_overgrown(self: FileJournal) -> bool:
        return self._end is not None and self._end.size > floor

    setattr(FileJournal, "is_overgrown", is_overgrown)  # noqa: B010 - the seam is here, not in the store


if __name__ == "__main__":
    main()
