"""X18: no token stands in a list of processes, and no secret in the repository."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from storage import workbook
from storage.records import Duty
from tests.support.processes import TOKEN, Yinlu, telegram, until
from tests.support.small_college import small_college

ROOT = Path(__file__).parent.parent
OFFICE = 7001
SECRETS = re.compile(
    r"\b[0-9]{6,}:[A-Za-z0-9_-]{30,}"  # a bot's token
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\b(?:gh[opsu]_|github_pat_|glpat-|xox[abp]-|sk-|AKIA)[A-Za-z0-9_-]{16,}"
    r"|[a-z0-9+]+://[^\s/:@{}]+:[^\s/:@{}]+@"  # a password in an address
)
MADE_UP = (
    "YINLU_TOKEN=" + "1234567890:" + "A" * 35,
    "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
    "gh" + "p_" + "a1" * 18,
    "socks5://somebody:" + "secret@192.0.2.1",
)


def descendants(pid: int) -> set[int]:
    """Return the process and all that it and its children have started, as far as they live."""
    found = {pid}
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            started = children.read_text().split()
        except OSError:  # a thread or a child has ended meanwhile
            continue
        found.update(*map(descendants, map(int, started)))
    return found


def said_of(pid: int) -> str:
    """Return a process's command line as `ps` shows it to everybody."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


@pytest.mark.processes
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc to look into")
def test_no_list_of_processes_shows_the_token(tmp_path: Path) -> None:
    quiet = {name: value for name, value in os.environ.items() if "YINLU" not in name}  # noqa: TID251 - for a child
    roster = small_college()
    office = next(one.number for one in roster.people if Duty.OFFICE in one.duties)
    with telegram() as world:
        yinlu = Yinlu(tmp_path / "data", world.url, quiet)
        workbook.write(tmp_path / "roster.xlsx", roster)
        yinlu("roster", "import", tmp_path / "roster.xlsx")
        yinlu("term", "set", "2026-09-07")
        with yinlu.running() as process:
            lines: dict[int, str] = {}

            def look() -> None:
                lines.update({one: said_of(one) for one in descendants(process.pid)})

            (link,) = json.loads(yinlu("invite", "--person", office, "--json"))
            world.act("user", user_id=OFFICE, first_name="某")
            world.act("start", user_id=OFFICE, payload=link["token"])
            world.reads(OFFICE, "最后四个字符")
            world.act("send", user_id=OFFICE, chat_id=OFFICE, text=office[-4:])
            world.reads(OFFICE, "开通好了")
            world.act("send", user_id=OFFICE, chat_id=OFFICE, text="/export")  # made in a child

            def has_a_child() -> bool:
                look()
                return any(lines[one] for one in lines.keys() - {process.pid})

            until("a child of the bot", has_a_child)
    assert "run" in lines[process.pid]
    secret = TOKEN.partition(":")[2]
    assert not [line for line in lines.values() if secret in line]


def test_repository_holds_no_secret_outside_the_tests() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    names = [name for name in listed.stdout.split("\0") if name and not name.startswith("tests/")]
    assert "README.md" in names
    found = []
    for name in names:
        text = (ROOT / name).read_bytes().decode("utf-8", "ignore")
        found += [f"{name}: {one[0][:12]}…" for one in SECRETS.finditer(text)]
    assert not found


@pytest.mark.parametrize("text", MADE_UP, ids=["token", "key", "forge", "address"])
def test_what_looks_like_a_secret_would_be_found(text: str) -> None:
    assert SECRETS.search(text)
