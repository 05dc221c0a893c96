"""`yinlu opinion`: hints on a text file, nothing stored."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from bot.commands.opinion import check_opinion
from bot.refusal import Refused
from tests.bot.rules.opinions import CLOSING, EXAMPLE, SAMPLE_1, SAMPLE_2


@pytest.fixture
def opinion(tmp_path: Path) -> Path:
    return tmp_path / "意见.txt"


def refusal(file: Path, other: Path | None = None) -> str:
    with pytest.raises(Refused) as refused:
        check_opinion(file, other)
    line = str(refused.value)
    assert line.count("\n") == 0
    assert line.endswith("。")
    return line


def test_programs_read_codes_levels_texts_and_the_attitude(opinion: Path) -> None:
    opinion.write_text(SAMPLE_1, "utf-8")
    document = json.loads(json.dumps(check_opinion(opinion).document))
    assert document == {
        "hints": [
            {"code": "K3", "level": "W", "text": "没有找到今后努力方向的表述"},
            {"code": "K9", "level": "E", "text": "有未替换的占位文字“xxx”，请改为实际内容"},
        ],
        "attitude": "positive",
    }


def test_writer_reads_the_hints_and_that_they_decide(opinion: Path) -> None:
    opinion.write_text(SAMPLE_1, "utf-8")
    lines = check_opinion(opinion).lines
    assert lines[0] == "K3  W  没有找到今后努力方向的表述。"
    assert lines[-1] == "这只是格式提示，不评价内容，是否修改由您决定。文本不保存。"


def test_writer_of_a_full_opinion_reads_that_there_is_nothing_to_say(opinion: Path) -> None:
    opinion.write_text(EXAMPLE + CLOSING, "utf-8")
    outcome = check_opinion(opinion)
    assert outcome.document == {"hints": [], "attitude": "positive"}
    assert outcome.lines[0] == "没有需要提示的地方。"
    assert outcome.code == 0


def test_an_honest_no_is_shown_as_one(opinion: Path) -> None:
    opinion.write_text("该同志尚未达到党员标准，我暂不愿担任其入党介绍人。", "utf-8")
    outcome = check_opinion(opinion)
    assert outcome.document["attitude"] == "negative"
    assert "读到的态度：认为暂不具备条件，或不担任介绍人；如实填写即可。" in outcome.lines


def test_the_other_opinion_is_compared_with(opinion: Path, tmp_path: Path) -> None:
    first = tmp_path / "第一介绍人.txt"
    first.write_text(EXAMPLE + CLOSING, "utf-8")
    opinion.write_text(EXAMPLE, "utf-8")
    codes = [
        (hint["code"], hint["level"]) for hint in check_opinion(opinion, first).document["hints"]
    ]
    assert ("K6", "W") in codes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_files_of_notepad_and_of_office_programs_are_read_alike(
    opinion: Path, encoding: str, ending: str
) -> None:
    opinion.write_bytes(SAMPLE_2.replace("\n", ending).encode(encoding))
    assert [hint["code"] for hint in check_opinion(opinion).document["hints"]] == [
        "K3",
        "K5",
        "K9",
    ]


def test_nothing_is_left_behind(opinion: Path, tmp_path: Path) -> None:
    opinion.write_text(SAMPLE_1, "utf-8")
    check_opinion(opinion)
    assert list(tmp_path.iterdir()) == [opinion]
    assert opinion.read_text("utf-8") == SAMPLE_1


# what is no opinion


def test_a_missing_file_is_named(opinion: Path) -> None:
    assert refusal(opinion) == "没有找到文件 意见.txt，请核对文件名。"


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "。。。".encode()])
def test_an_empty_file_is_refused(opinion: Path, content: bytes) -> None:
    opinion.write_bytes(content)
    assert refusal(opinion) == "意见.txt 里没有文字，请写好意见后再试。"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x14\x00\x06\x00",
        b"\xff\xfe\x00\x01",
        SAMPLE_1.encode("utf-16"),
        bytes(range(256)),
    ],
)
def test_a_picture_or_document_called_txt_is_refused(opinion: Path, content: bytes) -> None:
    opinion.write_bytes(content)
    assert refusal(opinion) == "意见.txt 不是纯文本，请另存为 UTF-8 编码的 .txt 后再试。"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("characters", [20_000, 20_001, 500_000])
def test_a_whole_book_is_refused(opinion: Path, encoding: str, characters: int) -> None:
    opinion.write_bytes(("好" * characters).encode(encoding))
    assert refusal(opinion) == "意见.txt 太长，不像一份入党介绍人意见，请核对是否选错了文件。"


def test_a_long_text_below_that_is_read(opinion: Path) -> None:
    opinion.write_text("好" * 19_999, "utf-8")
    assert check_opinion(opinion).code == 0


def test_another_kind_of_file_is_refused_by_its_name(tmp_path: Path) -> None:
    document = tmp_path / "意见.docx"
    document.write_bytes(b"PK")
    assert refusal(document) == "意见.docx 不是 .txt 文件，请把意见另存为纯文本（.txt）后再试。"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "意见.txt").mkdir()
    assert "不是文件" in refusal(tmp_path / "意见.txt")
    assert "不是 .txt 文件" in refusal(tmp_path)


def test_a_pipe_is_not_waited_for(opinion: Path) -> None:
    os.mkfifo(opinion)
    assert stat.S_ISFIFO(opinion.stat().st_mode)
    assert "不是文件" in refusal(opinion)


def test_a_file_that_cannot_be_opened_is_refused(
    opinion: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opinion.write_text(SAMPLE_1, "utf-8")

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)  # a mode of 0000 does not stop root
    assert refusal(opinion) == "打不开文件 意见.txt，请检查是否有读取权限。"


def test_a_fault_of_the_other_file_names_that_file(opinion: Path, tmp_path: Path) -> None:
    opinion.write_text(EXAMPLE, "utf-8")
    assert refusal(opinion, tmp_path / "第一.txt") == "没有找到文件 第一.txt，请核对文件名。"
