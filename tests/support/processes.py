"""The bot and a Telegram of our own, each as its own process; people act over loopback HTTP."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

TOKEN = "4242:AAtestTestTESTtestTESTtestTESTtest"
PATIENCE = 30  # seconds until something that must happen has not happened
T = TypeVar("T")


def until(what: str, seen: Callable[[], T]) -> T:
    """Return what ``seen`` sees once it sees something; look often, fail in words."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = seen()
        if found:
            return found
        time.sleep(0.05)  # the other side is another process: there is nothing to wait on
    raise AssertionError(f"not within {PATIENCE} s: {what}")


class Telegram:
    """The stand-in for Telegram, and everybody's phone."""

    def __init__(self, url: str) -> None:
        self.url = url

    def act(self, deed: str, **how: Any) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.url}/control/{deed}",
            data=json.dumps(how).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
            return dict(json.load(answer))

    def messages(self, chat: int) -> list[dict[str, Any]]:
        address = f"{self.url}/control/messages?chat={chat}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
            return list(json.load(answer))

    def state(self) -> dict[str, Any]:
        """Return what passed so far (``log``) and how many updates are not confirmed (``pending``)."""
        address = f"{self.url}/control/state"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
            return dict(json.load(answer))

    def said(self, chat: int, words: str) -> list[dict[str, Any]]:
        """Return the bot's messages in that chat that hold these words."""
        return [one for one in self.messages(chat) if words in one["text"] and one["from"] != chat]

    def reads(self, chat: int, words: str) -> dict[str, Any]:
        """Wait until somebody reads these words; return the message."""
        return until(f"{words!r} in chat {chat}", lambda: self.said(chat, words))[-1]

    def press(self, user: int, label: str) -> None:
        """Press the newest button of that label."""

        def found() -> list[int]:
            return [one["id"] for one in self.messages(user) if label in str(one["buttons"])]

        message = until(label, found)[-1]
        self.act("press", user_id=user, chat_id=user, message_id=message, button=label)


@contextmanager
def telegram(port: int = 0) -> Iterator[Telegram]:
    """Start the stand-in; it ends with the block. ``port`` 0: any."""
    command = [sys.executable, "-m", "bot.rehearsal.botapi", "--token", TOKEN, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Telegram(process.stdout.readline().strip())
        finally:
            process.terminate()


class Started:
    """A bot whose end is what the test is about."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    def lines(self) -> list[str]:
        """Everything it has said on stderr so far."""
        return self._log.read_text(encoding="utf-8").splitlines()

    def refusals(self) -> list[str]:
        """Of that, what is no record of a log."""
        return [line for line in self.lines() if not line.startswith("{")]

    def says(self, words: str) -> None:
        """Wait until it has said that."""

        def said() -> bool:
            assert self._process.poll() is None, self.lines()
            return any(words in line for line in self.lines())

        until(words, said)

    def is_ready(self) -> None:
        self.says('"ready"')

    def is_sent(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def ends(self) -> int:
        """Wait for its end; return its exit code."""
        return self._process.wait(PATIENCE)


class Yinlu:
    """The ``yinlu`` command on one data folder, as processes."""

    def __init__(
        self, data: Path, url: str, environment: dict[str, str], module: str = "bot"
    ) -> None:
        """``module``: what is run in the place of `bot`, if anything."""
        self.data = data
        self._environment = {**environment, "YINLU_API_URL": url, "YINLU_TOKEN": TOKEN}
        self._module = module

    def _line(self, words: tuple[str | Path, ...]) -> list[str]:
        return [sys.executable, "-m", self._module, "--data", str(self.data), *map(str, words)]

    @contextmanager
    def started(self) -> Iterator[Started]:
        """Start the bot, for a test of how it ends; whatever is left of it is killed."""
        with (
            tempfile.NamedTemporaryFile() as log,
            subprocess.Popen(self._line(("run",)), env=self._environment, stderr=log) as process,
        ):
            try:
                yield Started(process, Path(log.name))
            finally:
                process.kill()

    def __call__(self, *words: str | Path) -> str:
        """Run a command to its end; return what it printed. It must succeed."""
        ran = self.ran(*words)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def ran(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever that is."""
        return subprocess.run(
            self._line(words),
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    @contextmanager
    def running(self, *, kill: bool = False) -> Iterator[subprocess.Popen[str]]:
        """Run the bot while the block lasts; then SIGTERM (and exit 0), or SIGKILL."""
        with subprocess.Popen(
            self._line(("run",)), env=self._environment, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stderr is not None
                until("ready", lambda: "ready" in (process.stderr or sys.stdin).readline())
                yield process
            finally:
                process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
                code = process.wait(PATIENCE)
            assert code == (-signal.SIGKILL if kill else 0)
