"""sd_notify: what a service manager hears, and that nobody needs to be there."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

import pytest

from bot import settings
from bot.supervisor import ALIVE, READY, Supervisor


def listener(address: str) -> socket.socket:
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    door.bind(address)
    door.settimeout(20)
    return door


def test_it_hears_one_datagram_a_message(tmp_path: Path) -> None:
    with listener(str(tmp_path / "n")) as door:
        Supervisor(str(tmp_path / "n")).tell(READY, "STATUS=x")
        assert door.recv(100) == b"READY=1\nSTATUS=x"


def test_an_abstract_address_begins_with_an_at_sign() -> None:
    name = f"yinlu-{secrets.token_hex(8)}"
    with listener(f"\0{name}") as door:
        Supervisor(f"@{name}").tell(ALIVE)
        assert door.recv(100) == b"WATCHDOG=1"


def test_nobody_there_does_no_harm(tmp_path: Path) -> None:
    Supervisor().tell(READY)
    Supervisor(str(tmp_path / "gone")).tell(READY)
    Supervisor(str(tmp_path / ("x" * 200))).tell(READY)


def test_one_that_does_not_read_keeps_nobody_waiting(tmp_path: Path) -> None:
    with listener(str(tmp_path / "n")):
        for _ in range(2000):
            Supervisor(str(tmp_path / "n")).tell(ALIVE)


@pytest.mark.parametrize(
    ("usec", "patience"), [("30000000", 30.0), ("", None), ("soon", None), (None, None)]
)
def test_it_is_found_in_the_environment(
    usec: str | None, patience: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/n")
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    if usec is not None:
        monkeypatch.setenv("WATCHDOG_USEC", usec)
    assert settings.supervisor() == Supervisor("/run/n", patience)


def test_without_one_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert settings.supervisor().address is None
