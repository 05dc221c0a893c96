"""`yinlu rehearse --headless` as its own process: a whole round, from the workbook to the last check."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.clock import SystemClock
from storage import workbook
from storage.records import Account, Row, RowState
from storage.store import Store
from tests.support.command_line import CommandLine
from tests.support.small_college import small_college

pytestmark = pytest.mark.processes
CHECKS = 11
SECONDS = 120
LINE = re.compile(r"\d\d-\d\d 周. \d\d:\d\d:\d\d  ")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "small.xlsx"
    workbook.write(path, small_college())
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Mapping[str, str]:
    """The environment of a bare machine: no locale, no settings, temporary files in the test's folder."""
    (tmp_path / "temporary").mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # noqa: TID251 - a child's
    return {**kept, "LC_ALL": "C", "TMPDIR": str(tmp_path / "temporary")}


def command(data: Path, *words: str | Path) -> list[str]:
    start = [sys.executable, "-m", "bot", "--data", str(data), "rehearse", "--headless"]
    return [*start, *map(str, words)]


def marks(told: str) -> list[str]:
    """The mark before each of the rehearsal's own checks; buttons in the transcript bear marks too."""
    return [line[0] for line in told.splitlines() if line[:2] in {"✓ ", "✗ "}]


def test_office_sees_a_whole_round_of_its_roster_played_and_every_check_hold(
    tmp_path: Path, book: Path, plain: Mapping[str, str]
) -> None:
    line = command(tmp_path / "data", "--roster", book)
    ran = subprocess.run(line, env=plain, capture_output=True, timeout=SECONDS, check=False)
    told = ran.stdout.decode("utf-8")
    assert (ran.returncode, ran.stderr) == (0, b""), told[-2000:]
    assert marks(told) == ["✓"] * CHECKS
    deeds = ("[属实", "[还没谈]", "[没有谈]", "[约不上老师]", "[代记]", "没拿到表", "停用机器人")
    assert [deed for deed in deeds if deed not in told] == []
    assert not (tmp_path / "data").exists()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_office_rehearses_a_copy_and_its_own_store_stays_as_it_was(
    tmp_path: Path, book: Path, plain: Mapping[str, str], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    yinlu = CommandLine(tmp_path / "data", monkeypatch, capsys)
    assert yinlu("roster", "import", book).code == 0
    assert yinlu("term", "set", "2026-03-02").code == 0
    with_one_account(tmp_path / "data" / "store")
    before = contents(tmp_path / "data")
    line = command(tmp_path / "data")
    ran = subprocess.run(line, env=plain, capture_output=True, timeout=SECONDS, check=False)
    told = ran.stdout.decode("utf-8")
    assert (ran.returncode, ran.stderr) == (0, b""), told[-2000:]
    assert marks(told) == ["✓"] * CHECKS
    assert "yinlu roster import" not in told
    assert contents(tmp_path / "data") == before


def with_one_account(folder: Path) -> None:
    """Somebody enrolled in the real bot, with a message still on the way and a list with buttons."""
    store, now = Store.open(folder), SystemClock().now()
    with store.transaction():
        person = min(store.people, key=lambda one: one.number)
        store.accounts.add(Account(person=person.id, telegram=7_000_001, since=now))
        said = Row(kind="help", chat=7_000_001, to=person.id, due=now, created=now)
        store.outbox.add(said)
        store.outbox.add(
            Row(kind="T9", chat=7_000_001, to=person.id, due=now, created=now, sent=now,
                message=5, state=RowState.SENT, live=True)
        )  # fmt: skip
    store.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_office_that_interrupts_the_rehearsal_reads_one_line_and_nothing_is_left_running(
    tmp_path: Path, book: Path, plain: Mapping[str, str]
) -> None:
    # What a shell runs in the background ignores it, and so would whatever is started from there.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    line = command(tmp_path / "data", "--roster", book)
    running = subprocess.Popen(line, env=plain, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout
    for _ in range(20):
        assert LINE.match(running.stdout.readline().decode("utf-8"))
    running.send_signal(signal.SIGINT)
    _, complaint = running.communicate(timeout=SECONDS)
    assert (running.returncode, complaint.decode("utf-8")) == (1, "演练已中断。\n")
    assert list((tmp_path / "temporary").iterdir()) == []
    assert [one for one in Path("/proc").glob("[0-9]*") if str(tmp_path) in cmdline(one)] == []


def cmdline(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # it has ended meanwhile


def test_office_whose_port_is_taken_is_told_to_choose_another(
    tmp_path: Path, book: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    yinlu = CommandLine(tmp_path / "data", monkeypatch, capsys)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = yinlu("rehearse", "--headless", "--roster", book, "--port", str(port))
    assert ran.refusal == f"端口 {port} 已被占用，请换一个 --port，或不写。"


def test_office_whose_roster_has_faults_reads_them_and_nothing_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "not.xlsx").write_bytes(b"no workbook")
    yinlu = CommandLine(tmp_path / "data", monkeypatch, capsys)
    ran = yinlu("rehearse", "--headless", "--roster", tmp_path / "not.xlsx")
    assert ran.code == 1
    assert "不是 .xlsx 工作簿" in ran.err
    assert "引路 →" not in ran.out
