"""How the bot's process ends, and when it must not: real processes, real HTTP, real signals."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import PATIENCE, TOKEN, Started, Telegram, Yinlu, telegram, until

pytestmark = pytest.mark.processes
WITHOUT = {name: value for name, value in os.environ.items() if "YINLU" not in name}  # noqa: TID251 - for a child


@pytest.fixture
def world() -> Iterator[Telegram]:
    with telegram() as running:
        yield running


@pytest.fixture
def yinlu(world: Telegram, tmp_path: Path) -> Yinlu:
    return Yinlu(tmp_path / "data", world.url, WITHOUT)


@pytest.fixture
def impatient(world: Telegram, tmp_path: Path) -> Yinlu:
    return Yinlu(tmp_path / "data", world.url, WITHOUT, "tests.support.impatient")


def block(bot: Started) -> None:
    bot.is_sent(signal.SIGUSR1)
    bot.says("blocked")


# Stuck: exit code 70


def test_a_blocked_loop_ends_with_70_and_one_line_and_starts_anew(
    impatient: Yinlu, yinlu: Yinlu
) -> None:
    with impatient.started() as bot:
        bot.is_ready()
        block(bot)
        assert bot.ends() == 70
        (line,) = [line for line in bot.lines() if "ending" in line]
    assert "stuck" in json.loads(line)["event"]
    with yinlu.running():
        pass


def test_a_getupdates_whose_answer_never_ends_is_stuck(world: Telegram, impatient: Yinlu) -> None:
    with impatient.started() as bot:
        bot.is_ready()
        world.act("fault", kind="drip", times=9, seconds=600, methods=["getUpdates"])
        assert bot.ends() == 70
        assert "no getUpdates has come back" in bot.lines()[-1]
        assert bot.refusals() == []


# Refused: exit code 1


@pytest.mark.parametrize("kind", ["401", "404"])
def test_a_token_that_telegram_takes_back_ends_it_with_one_line(
    world: Telegram, yinlu: Yinlu, kind: str
) -> None:
    with yinlu.started() as bot:
        bot.is_ready()
        world.act("fault", kind=kind, times=999, methods=["getUpdates"])
        world.act("user", user_id=7, first_name="某")
        world.act("start", user_id=7)
        assert bot.ends() == 1
        (line,) = bot.refusals()
        assert "令牌" in line
        assert TOKEN not in "".join(bot.lines())


def test_a_second_process_on_the_folder_is_refused_in_one_line(yinlu: Yinlu) -> None:
    with yinlu.running(), yinlu.started() as second:
        assert second.ends() == 1
        (line,) = second.lines()
    assert "另一个进程" in line


# An outage is waited out


def test_a_network_that_goes_and_comes_back_is_no_end(tmp_path: Path) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    yinlu = Yinlu(tmp_path / "data", f"http://127.0.0.1:{port}", WITHOUT)
    with yinlu.started() as bot:
        with telegram(port):
            bot.is_ready()
        bot.says("trying on")
        with telegram(port) as world:
            world.act("user", user_id=7, first_name="某")
            world.act("start", user_id=7)
            until("an answer", partial(answers, world, 7))
        bot.is_sent(signal.SIGTERM)
        assert bot.ends() == 0


# Told to end


def answers(world: Telegram, user: int) -> list[dict[str, Any]]:
    """Everything after the person's own /start."""
    return world.messages(user)[1:]


def test_sigterm_ends_it_with_200_updates_waiting_and_the_next_one_handles_them_all_once(
    world: Telegram, yinlu: Yinlu
) -> None:
    people = range(1000, 1200)
    for number in people:
        world.act("user", user_id=number, first_name="某")
        world.act("start", user_id=number)
    world.act("fault", kind="slow", times=9, seconds=600, methods=["sendMessage"])
    with yinlu.started() as bot:
        bot.is_ready()
        bot.is_sent(signal.SIGTERM)
        assert bot.ends() == 0
    world.act("fault", kind="500", times=0)
    with yinlu.running():
        for number in people:
            until("an answer", partial(answers, world, number))
    # What was on the wire when it ended may come once more, marked; nothing else may.
    for number in people:
        texts = [one["text"] for one in answers(world, number)]
        assert len([text for text in texts if "（补发）" not in text]) == 1


def test_sigterm_ends_a_blocked_loop_too(impatient: Yinlu) -> None:
    with impatient.started() as bot:
        bot.is_ready()
        block(bot)
        bot.is_sent(signal.SIGTERM)
        assert bot.ends() == 0


# systemd


def test_a_service_manager_hears_of_the_start_the_life_and_the_end(
    world: Telegram, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(tmp_path / "n"))
        door.settimeout(PATIENCE)
        told = {**WITHOUT, "NOTIFY_SOCKET": str(tmp_path / "n"), "WATCHDOG_USEC": "400000"}
        yinlu = Yinlu(tmp_path / "data", world.url, told)
        with yinlu.started() as bot:
            heard = [door.recv(100).decode()]
            bot.is_ready()
            while heard[-1] != "WATCHDOG=1":
                heard.append(door.recv(100).decode())
            bot.is_sent(signal.SIGTERM)
            while heard[-1] != "STOPPING=1":
                heard.append(door.recv(100).decode())
            assert bot.ends() == 0
    assert heard[0] == "READY=1"


# Seen from beside


def test_doctor_asks_the_running_bot_and_tells_when_it_does_not_answer(yinlu: Yinlu) -> None:
    yinlu("term", "set", "2026-09-07")
    with yinlu.running() as process:
        well = json.loads(yinlu("doctor", "--json"))
        process.send_signal(signal.SIGSTOP)
        ill = yinlu.ran("doctor", "--json")
        process.send_signal(signal.SIGCONT)
    assert well["healthy"]
    assert well["process"]["pid"] == process.pid
    assert well["telegram"]["trouble"] is None
    assert ill.returncode == 1
    assert [one["name"] for one in json.loads(ill.stdout)["sick"]] == ["process"]
