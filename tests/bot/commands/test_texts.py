"""`yinlu messages` and `DATA/messages.toml`: the office's own words."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.texts import load_texts, own_texts
from messages.catalogue import Catalogue
from tests.support.command_line import CommandLine


@pytest.fixture
def own(yinlu: CommandLine) -> Path:
    """Where the office writes its sentences."""
    yinlu.data.mkdir()
    return yinlu.data / "messages.toml"


def test_what_is_printed_can_be_put_in_place_as_it_is(yinlu: CommandLine, own: Path) -> None:
    printed = yinlu("messages").out
    own.write_text(printed, encoding="utf-8")
    ours, theirs = Catalogue.load(), load_texts(own_texts(yinlu.data))
    assert {key: one.source for key, one in theirs.entries.items()} == {
        key: one.source for key, one in ours.entries.items()
    }


def test_every_message_is_listed_with_its_variables(yinlu: CommandLine) -> None:
    listed = yinlu("messages", "--json").document
    entries = Catalogue.load().entries
    assert [one["key"] for one in listed] == list(entries)
    assert all(set(one["variables"]) == entries[one["key"]].needs for one in listed)
    assert not any(one["replaced"] for one in listed)


def test_one_message_names_its_variables_and_buttons(yinlu: CommandLine) -> None:
    printed = yinlu("messages", "T9").out
    assert "# 按钮：" not in printed.partition("[T9]")[0]
    assert "# 变量：" in printed
    assert list(tomllib.loads(printed)) == ["T9"]
    assert "# 按钮：已谈话、约不上老师" in yinlu("messages", "S1").out


def test_a_message_that_is_not_there_is_named(yinlu: CommandLine) -> None:
    said = yinlu("messages", "S1", "S99").refusal
    assert said == "没有这条消息：S99。全部消息见 yinlu messages。"


def test_the_offices_words_are_listed_as_such(yinlu: CommandLine, own: Path) -> None:
    own.write_text('[unknown_command]\ntext = "没有这个命令，请问书记。"\n', encoding="utf-8")
    assert yinlu("messages", "unknown_command", "--json").document == [
        {
            "key": "unknown_command",
            "text": "没有这个命令，请问书记。",
            "variables": [],
            "replaced": True,
        }
    ]
    assert "# 已由 messages.toml 替换" in yinlu("messages", "unknown_command").out


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('[S99]\ntext = "好"', "messages.toml [S99]：没有这条消息，可用的见 yinlu messages"),
        (
            '[S13]\ntext = "{{ day | day }}{{ phone }}"',
            "messages.toml [S13]：没有这个变量：phone",
        ),
        ('[S13]\ntext = "好"', "messages.toml [S13]：文字里没有用到变量：day"),
    ],
)
@pytest.mark.parametrize("command", ["run", "messages"])
def test_a_faulty_text_stops_the_start_with_one_line(
    yinlu: CommandLine,
    own: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    complaint: str,
    command: str,
) -> None:
    own.write_text(source, encoding="utf-8")
    monkeypatch.setenv("YINLU_TOKEN", "4242:AAtestTestTESTtestTESTtestTESTtest")
    assert yinlu(command).refusal == f"消息文字有误：{complaint}"


def test_without_a_file_the_words_are_ours(tmp_path: Path) -> None:
    assert own_texts(tmp_path) is None
