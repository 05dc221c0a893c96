"""The rehearsal page as a program talks to it: of `yinlu rehearse` as its own process, or in ours."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from queue import Queue
from typing import Any

from bot.rehearsal.play import Plot, staged
from bot.settings import FILE
from storage import workbook
from tests.support.processes import until
from tests.support.small_college import LAST_STAGE, small_college

PATIENCE = 90  # seconds


class RehearsalPage:
    """The page at ``url``. ``process``: the id of the rehearsal's process, if it is one of its own."""

    def __init__(self, url: str, temporary: Path, process: int | None = None) -> None:
        self.url = url
        self.process = process
        self._temporary = temporary

    def folders(self) -> list[Path]:
        """The scratch copies that there are now."""
        return list(self._temporary.glob("yinlu-rehearsal-*"))

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
            return json.load(answer)

    def do(self, deed: str, **given: Any) -> None:
        """Do it; AssertionError with the reason if it can't be done."""
        assert self.tries(deed, **given) is None

    def tries(self, deed: str, **given: Any) -> str | None:
        """Why it can't be done, in the key of the page's words; None: it is done."""
        as_json = {"Content-Type": "application/json"}
        code, answer = self.posts(f"do/{deed}", json.dumps(given), as_json)
        assert code == 200, answer
        error: str | None = answer.get("error")
        return error

    def posts(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, Any]:
        request = urllib.request.Request(self.url + path, body.encode(), headers)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def state(self) -> dict[str, Any]:
        """What a page that is opened now is told first."""
        with urllib.request.urlopen(f"{self.url}news", timeout=PATIENCE) as news:  # noqa: S310 - loopback
            line: bytes = news.readline()
        return dict(json.loads(line.removeprefix(b"data: ")))

    def chat(self, who: int, chat: int | None = None) -> dict[str, Any]:
        return dict(self.get(f"chat/{chat or who}?as={who}"))

    def press(self, who: int, label: str, chat: int | None = None) -> None:
        """Press the newest button of that label."""
        for message in reversed(self.chat(who, chat)["messages"]):
            for button in (button for row in message["buttons"] for button in row):
                if button["text"] == label:
                    self.do(
                        "press", who=who, chat=chat or who, message=message["id"],
                        data=button["data"], label=label,
                    )  # fmt: skip
                    return
        raise AssertionError(f"no button {label}: {self.chat(who, chat)['messages'][-2:]}")


@contextmanager
def staged_page(folder: Path) -> Iterator[RehearsalPage]:
    """A rehearsal of a few people in a thread of ours, once everybody has enrolled.

    Its office may send rosters by chat.
    """
    opened: Queue[str] = Queue()
    ended = threading.Event()

    async def runs() -> None:
        scratch = folder / "yinlu-rehearsal-ours"
        scratch.mkdir()
        (scratch / FILE).write_text("roster_by_chat = true\n", encoding="utf-8")
        plot = Plot(_small(folder), LAST_STAGE + timedelta(days=-LAST_STAGE.weekday() % 7))
        async with staged(scratch, 0, plot, "roster") as page:
            opened.put(page)
            await asyncio.to_thread(ended.wait)

    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(asyncio.run, runs())
        running.add_done_callback(lambda _: opened.put(""))
        try:
            page = RehearsalPage(opened.get() or str(running.exception()), folder)
            until("everybody has enrolled", lambda: page.state()["busy"] is None)
            yield page
        finally:
            ended.set()
        running.result()


def _small(folder: Path) -> Path:
    book = folder / "small.xlsx"
    workbook.write(book, small_college())
    return book


@contextmanager
def rehearsal_page(
    folder: Path, *words: str | Path, waits: bool = True
) -> Iterator[RehearsalPage]:
    """`yinlu rehearse` on ``folder/data``; ``waits`` until everybody has enrolled. Without ``words`` and
    without a store there, of a few people.
    """
    if not words and not (folder / "data").exists():
        words = ("--roster", _small(folder))
    line = [sys.executable, "-m", "bot", "--data", folder / "data", "rehearse", *words]
    temporary = folder / "temporary"
    temporary.mkdir()
    own = {**os.environ, "TMPDIR": str(temporary)}  # noqa: TID251 - a child's
    with subprocess.Popen(line, stdout=subprocess.PIPE, encoding="utf-8", env=own) as running:
        assert running.stdout
        told = running.stdout.readline()
        try:
            page = RehearsalPage(told[told.index("http") :].split("（")[0], temporary, running.pid)
            if waits:
                until("everybody has enrolled", lambda: page.state()["busy"] is None)
            yield page
        finally:
            running.terminate()
            assert running.wait(PATIENCE) == 0
            assert list(temporary.iterdir()) == []
