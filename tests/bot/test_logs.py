"""Logs: one record a line, ids only, the token nowhere."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot import logs

TOKEN = "4242:AAcanaryCanaryCANARYcanaryCanary"


@pytest.fixture(autouse=True)
def root_as_before() -> Iterator[None]:
    levels = {name: logging.getLogger(name).level for name in ("root", *logs.QUIET)}
    yield
    root = logging.getLogger()
    root.handlers[:] = [one for one in root.handlers if type(one) is not logging.StreamHandler]
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def records(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What stands on stderr: whole JSON records, one a line."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def set_up() -> logging.Logger:
    """Set up as `yinlu run` does, in the test itself: stderr is another one before it begins."""
    logs.set_up("INFO")
    return logging.getLogger("bot.test")


def test_a_record_is_one_line_of_json_with_time_level_and_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = set_up()
    log.info("update %s\nhas\x1b[31m come", 7)
    (record,) = records(capsys)
    assert record["event"] == "update 7\nhas\x1b[31m come"
    assert (record["level"], record["logger"]) == ("info", "bot.test")
    assert "timestamp" in record


LINE_ENDS = ["\n", "\r", "\x85", "\u2028", "\u2029"]
CODES = ["\x1b[31m", "\x9b31m", "\u202e", "\ud83d", "\x00"]


@pytest.mark.parametrize("odd", LINE_ENDS + CODES)
def test_name_with_a_line_end_or_a_terminals_code_stays_in_its_one_record(
    capsys: pytest.CaptureFixture[str], odd: str
) -> None:
    log = set_up()
    log.warning("a name: %s", f'李{odd}{{"event": "forged"}}明')
    written = capsys.readouterr().err
    (line,) = written.splitlines()
    assert json.loads(line)["event"] == f'a name: 李{odd}{{"event": "forged"}}明'
    assert odd not in line


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://api.telegram.org/bot{TOKEN}/getMe",
        f"The token `{TOKEN}` was rejected by the server.",
        f"bot{TOKEN}",
    ],
)
def test_the_token_is_taken_out_of_every_text(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    log = set_up()
    log.warning(text)
    log.warning("%s", text)
    out = capsys.readouterr().err
    assert "canary" not in out
    assert out.count("<token>") == 2


def test_an_error_is_logged_with_its_types_and_places_and_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = set_up()
    try:
        try:
            raise KeyError("李明")
        except KeyError as cause:
            raise ValueError(TOKEN) from cause
    except ValueError:
        log.exception("row 5 cannot be composed")
    (record,) = records(capsys)
    assert record["error"].startswith("ValueError (test_logs.py:")
    assert " < KeyError (test_logs.py:" in record["error"]
    assert "李明" not in str(record)
    assert "canary" not in str(record)


def test_every_part_of_a_group_of_errors_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = set_up()
    log.error("stopped", exc_info=ExceptionGroup("two", [OSError("李明"), LookupError("王")]))
    (record,) = records(capsys)
    assert [part.split()[0] for part in record["error"].split(" < ")] == [
        "ExceptionGroup", "OSError", "LookupError",
    ]  # fmt: skip


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_libraries_that_log_addresses_and_bodies_are_silent_at_every_level(
    capsys: pytest.CaptureFixture[str], level: str
) -> None:
    logs.set_up(level)
    logging.getLogger("httpx").info("HTTP Request: POST %s", TOKEN)
    logging.getLogger("httpcore.connection").debug("connect")
    logging.getLogger("telegram.request").exception('Can not load invalid JSON data: "李明"')
    logging.getLogger("telegram.ext.Updater").error("getUpdates failed")
    logging.getLogger("apscheduler.scheduler").warning("missed")
    assert capsys.readouterr().err == ""


def test_setting_up_twice_writes_every_record_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    logs.set_up("WARNING")
    logging.getLogger("bot.test").info("quiet")
    logging.getLogger("bot.test").warning("loud")
    assert [record["event"] for record in records(capsys)] == ["loud"]
