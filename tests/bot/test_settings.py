"""Settings: from the file, from the environment, refused in one line that names the key."""

from __future__ import annotations

import os
from datetime import date, time
from pathlib import Path

import pytest

from bot import settings
from bot.desks import load_settings
from bot.refusal import Refused
from bot.settings import SettingsError, load


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("YINLU_")]:  # noqa: TID251 - cleared here
        monkeypatch.delenv(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "settings.toml").write_text(text, encoding="utf-8")


def refusal(folder: Path) -> str:
    """The one line with which these settings are refused."""
    with pytest.raises(SettingsError) as refused:
        load(folder)
    line = str(refused.value)
    assert "\n" not in line
    return line


def test_without_a_file_the_defaults_hold(folder: Path) -> None:
    found = load(folder)
    assert found.api_url == "https://api.telegram.org"
    assert (found.rate.overall, found.rate.group_minute, found.invite_hours) == (25, 20, 72)
    assert (found.quiet.opens, found.quiet.closes) == (time(8, 30), time(20, 30))
    assert found.read_token() is None


def test_the_file_is_read(folder: Path) -> None:
    write(
        folder,
        """
        token = "42:abc"
        proxy = "socks5://127.0.0.1:1080"
        log_level = "debug"
        [rate]
        overall = 10
        [quiet]
        opens = 09:00:00
        [cadence]
        S1 = "week2 Tue 10:00"
        B1 = ["week2 Fri 17:00"]
        [holidays]
        rest = [2026-10-09]
        """,
    )
    found = load(folder)
    assert (found.read_token(), found.rate.overall, found.log_level) == ("42:abc", 10, "DEBUG")
    assert found.quiet.opens == time(9)
    assert found.cadence == {"S1": ("week2 Tue 10:00",), "B1": ("week2 Fri 17:00",)}
    assert found.holidays.rest == (date(2026, 10, 9),)


def test_the_environment_wins_over_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, 'api_url = "https://one.example"\n[rate]\noverall = 10\ngroup_minute = 5\n')
    monkeypatch.setenv("YINLU_API_URL", "http://127.0.0.1:8081/")
    monkeypatch.setenv("YINLU_RATE__OVERALL", "7")
    found = load(folder)
    assert found.api_url == "http://127.0.0.1:8081"
    assert (found.rate.overall, found.rate.group_minute) == (7, 5)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('tokn = "42:abc"', "tokn"),
        ('_env_file = "x"', "_env_file"),
        ("[rate]\nsingle = 3", "rate.single"),
        ("[rate]\noverall = 0", "rate.overall"),
        ('[rate]\noverall = "many"', "rate.overall"),
        ("rate = 3", "rate"),
        ('[quiet]\nopens = "late"', "quiet.opens"),
        ('[quiet]\nopens = "10:00"', "quiet"),  # reminders leave at 09:00
        ('log_level = "LOUD"', "log_level"),
        ('api_url = "api.telegram.org"', "api_url"),
        ('api_url = "https://"', "api_url"),
        ('proxy = "ftp://127.0.0.1"', "proxy"),
        ('proxy = "socks5://127.0.0.1:port"', "proxy"),
        ('[cadence]\nS99 = "week2 Mon 09:00"', "S99"),
        ('[cadence]\nS1 = "some day"', "cadence"),
        ("[cadence]\nS1 = 9", "cadence.S1"),
        ('[holidays]\nrest = ["soon"]', "holidays.rest.0"),
        ("invite_hours = 0", "invite_hours"),
        ("token = ", "settings.toml"),
    ],
)
def test_a_bad_line_of_the_file_is_refused_by_its_name(folder: Path, text: str, key: str) -> None:
    write(folder, text)
    assert key in refusal(folder)


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("YINLU_TOKKEN", "42:abc", "YINLU_TOKKEN"),
        ("YINLU_RATE__SINGLE", "3", "rate.single"),
        ("YINLU_RATE__OVERALL", "fast", "rate.overall"),
        ("YINLU_RATE", "{", "rate"),
        ("YINLU_CADENCE", "week2", "cadence"),
        ("YINLU_API_URL", "telegram", "api_url"),
    ],
)
def test_a_bad_variable_is_refused_by_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, key: str
) -> None:
    monkeypatch.setenv(name, value)
    assert key in refusal(folder)


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "settings.toml").write_bytes(b"\xff\xfe\x00")
    assert "settings.toml" in refusal(folder)


def test_the_data_folder_may_be_named_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setenv("YINLU_DATA", str(folder))
    assert settings.data_folder() == folder
    load(folder)


@pytest.mark.parametrize(
    "proxy", ["http://127.0.0.1:3128", "socks5://u:p@127.0.0.1:1080", "socks5h://proxy:1080", ""]
)
def test_proxies_of_both_kinds_are_taken(folder: Path, proxy: str) -> None:
    write(folder, f'proxy = "{proxy}"')
    assert load(folder).proxy == (proxy or None)


def test_the_token_may_stand_in_a_file_of_its_own(folder: Path) -> None:
    (folder / "token").write_text("42:abc\n", encoding="utf-8")
    write(folder, f'token_file = "{folder / "token"}"')
    assert load(folder).read_token() == "42:abc"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_token_file_that_cannot_be_read_is_refused_by_its_name(
    folder: Path, content: bytes | None
) -> None:
    if content is not None:
        (folder / "token").write_bytes(content)
    write(folder, f'token_file = "{folder / "token"}"')
    with pytest.raises(SettingsError, match="token_file"):
        load(folder).read_token()


def test_the_token_is_not_shown_by_printing_the_settings(folder: Path) -> None:
    write(folder, 'token = "42:abcdefghij"')
    assert "abcdefghij" not in repr(load(folder))


def test_a_command_refuses_bad_settings_in_one_line(folder: Path) -> None:
    write(folder, "[rate]\noverall = 0")
    with pytest.raises(Refused, match=r"^设置有误：rate\.overall: [^\n]+$"):
        load_settings(folder)


def test_credential_that_cannot_be_looked_at_is_refused_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "x" * 300)  # longer than a name may be
    assert "CREDENTIALS_DIRECTORY" in refusal(folder)


def test_token_that_systemd_hands_over_wins_over_the_file_and_not_over_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    handed_over = tmp_path_factory.mktemp("credentials")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed_over))
    for text in ('token = "42:file"', f'token_file = "{folder / "token"}"', ""):
        write(folder, text)
        (folder / "token").write_text("42:file", encoding="utf-8")
        (handed_over / "token").unlink(missing_ok=True)
        assert load(folder).read_token() == ("42:file" if text else None)
        (handed_over / "token").write_text("42:systemd\n", encoding="utf-8")
        assert load(folder).read_token() == "42:systemd"
    monkeypatch.setenv("YINLU_TOKEN", "42:variable")
    assert load(folder).read_token() == "42:variable"
