"""`yinlu service`: a unit that systemd takes, for this folder and this user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine

NOT_ROOT = "nobody"
NAMED = ("--name", "何平", "--number", "T0901")
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root may give a folder away")


@pytest.fixture
def theirs(yinlu: CommandLine) -> CommandLine:
    """A folder that is made ready and belongs to whoever is to run the bot."""
    assert yinlu("init", "--no-ask", *NAMED).code == 0
    if os.getuid() == 0:
        shutil.chown(yinlu.data, NOT_ROOT)
    return yinlu


def user() -> str:
    return NOT_ROOT if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name


def unit(yinlu: CommandLine) -> tuple[str, dict[str, str]]:
    """The unit, and its lines by name."""
    ran = yinlu("service", "--user", user())
    assert ran.code == 0, ran.err
    lines = [line.partition("=") for line in ran.out.splitlines() if not line.startswith("#")]
    return ran.out, {name: value for name, _, value in lines}


def test_unit_starts_this_yinlu_on_this_folder_and_watches_it(theirs: CommandLine) -> None:
    text, service = unit(theirs)
    assert service["ExecStart"].endswith(f" --data {theirs.data} run")
    assert service["ReadWritePaths"] == str(theirs.data)
    assert service["LoadCredential"] == f"token:{theirs.data}/token"
    assert service["User"] == user()
    watched = ("Type", "WatchdogSec", "Restart", "TimeoutStopSec")
    assert [service[one] for one in watched] == ["notify", "60", "always", "20"]
    assert "StartLimitIntervalSec=0\n" in text


def test_token_of_the_settings_is_handed_over_from_where_it_is(theirs: CommandLine) -> None:
    settings = theirs.data / "settings.toml"
    settings.write_text('token_file = "/etc/yinlu/token"\n', encoding="utf-8")
    assert unit(theirs)[1]["LoadCredential"] == "token:/etc/yinlu/token"


def test_what_the_bot_needs_is_not_hidden_from_it(theirs: CommandLine) -> None:
    _, service = unit(theirs)
    is_in_tmp = theirs.data.is_relative_to("/tmp")  # noqa: S108 - what the unit would hide
    assert service["PrivateTmp"] == ("no" if is_in_tmp else "yes")
    assert service["ProtectHome"] in {"yes", "read-only"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_every_line_and_finds_it_hardened(
    theirs: CommandLine, tmp_path: Path
) -> None:
    text, _ = unit(theirs)
    file = tmp_path / "yinlu.service"
    file.write_text(text, encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", file], capture_output=True, text=True
    )
    complaints = [
        line
        for line in verified.stderr.splitlines()
        if "yinlu.service" in line and "nobody" not in line
    ]
    assert not complaints
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", file],
        capture_output=True,
        text=True,
    )
    assert judged.returncode == 0, judged.stdout[-80:]


@as_root
def test_root_is_refused_as_the_one_who_runs_it(theirs: CommandLine) -> None:
    assert "不要用 root" in theirs("service").refusal


@as_root
def test_folder_of_somebody_else_is_refused_with_the_way_to_mend_it(theirs: CommandLine) -> None:
    shutil.chown(theirs.data, "root")
    assert f"chown -R {NOT_ROOT} {theirs.data}" in theirs("service", "--user", NOT_ROOT).refusal


def test_nobody_of_that_name_is_refused(theirs: CommandLine) -> None:
    assert "没有用户 yinlu-not-here" in theirs("service", "--user", "yinlu-not-here").refusal


def test_folder_that_is_not_ready_is_refused(yinlu: CommandLine) -> None:
    assert "请先由运行机器人的用户运行 yinlu init" in yinlu("service", "--user", user()).refusal


def test_path_that_would_need_quoting_is_refused(theirs: CommandLine) -> None:
    settings = theirs.data / "settings.toml"
    settings.write_text('token_file = "/etc/my token"\n', encoding="utf-8")
    assert "不能有空格" in theirs("service", "--user", user()).refusal
