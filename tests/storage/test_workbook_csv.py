"""The roster as three CSV files in a zip, as Windows and others pack them."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from storage.workbook import read
from storage.workbook_rows import SHEETS
from tests.storage.test_workbook_read import SMALL_COLLEGE, taken
from tests.storage.workbooks import as_csv, changed, packed, small_college


def members(encoding: str = "utf-8", **cells: object) -> dict[bytes, bytes]:
    sheets = changed(**cells) if cells else small_college()
    return {f"{name}.csv".encode(): as_csv(rows).encode(encoding) for name, rows in sheets.items()}


def only_sentence(path: Path) -> str:
    _, (fault,) = read(path)
    return fault.sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_usual_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    assert taken(packed(tmp_path, members(encoding))) == SMALL_COLLEGE


def test_utf_16_is_read_from_either_end(tmp_path: Path) -> None:
    for mark, encoding in ((codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le")):
        files = {name: mark + text for name, text in members(encoding).items()}
        assert taken(packed(tmp_path, files)) == SMALL_COLLEGE


def test_characters_that_old_code_pages_lack_are_read(tmp_path: Path) -> None:
    for encoding in ("utf-8", "gb18030", "utf-16"):
        roster = taken(packed(tmp_path, members(encoding, 人员_B2="刘䶮𠮷")))
        assert roster.people[0].name == "刘䶮𠮷"


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_of_files_may_be_packed_by_windows(tmp_path: Path, encoding: str) -> None:
    files = {name.decode().encode(encoding): text for name, text in members("gbk").items()}
    assert taken(packed(tmp_path, files, unmarked=True)) == SMALL_COLLEGE


def test_the_files_may_lie_in_a_folder_among_others_and_bear_a_longer_name(tmp_path: Path) -> None:
    files = {
        f"名册/2026秋-{name}.CSV".encode(): text
        for name, text in zip(SHEETS, members().values(), strict=True)
    }
    files |= {"说明.csv".encode(): b"x", b"readme.txt": b"x", b"../../x": b"x"}
    files["__MACOSX/名册/._2026秋-人员.csv".encode()] = b"\x00\x05\x16\x07"
    assert taken(packed(tmp_path, files)) == SMALL_COLLEGE


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_cells_may_be_separated_by_tabs_or_semicolons(tmp_path: Path, separator: str) -> None:
    files = {
        f"{name}.csv".encode(): as_csv(rows, separator).encode("utf-16")
        for name, rows in small_college().items()
    }
    assert taken(packed(tmp_path, files)) == SMALL_COLLEGE


def test_rows_are_counted_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    text = '名册,"第一行\n第二行"\r\n\r\n' + as_csv(small_college()["人员"])
    files = {**members(), "人员.csv".encode(): text.encode()}
    assert [person.row for person in taken(packed(tmp_path, files)).people] == [4, 5]


def test_an_unknown_encoding_is_refused_by_the_name_of_its_sheet(tmp_path: Path) -> None:
    broken = {
        "byte that no code page has": b"\xff\xff\xff",
        "utf-16 without its mark": as_csv(small_college()["人员"]).encode("utf-16-le"),
        "nothing but ASCII and NUL": b"a,b\0\r\n",
        "half of utf-16": codecs.BOM_UTF16_LE + b"\x00\xd8\x00",
    }
    for content in broken.values():
        files = {**members(), "人员.csv".encode(): content}
        sentence = only_sentence(packed(tmp_path, files))
        assert sentence == "「人员」的 CSV 文件编码认不出来，请另存为 CSV UTF-8"


def test_formulas_and_error_values_are_refused_in_csv_too(tmp_path: Path) -> None:
    sentence = only_sentence(packed(tmp_path, members(人员_B2="=A1")))
    assert "单元格 B2 是公式" in sentence
    sentence = only_sentence(packed(tmp_path, members(人员_B2="#N/A")))
    assert "单元格 B2 是错误值" in sentence


def test_a_zip_without_the_three_files_is_refused(tmp_path: Path) -> None:
    sentence = only_sentence(packed(tmp_path, {b"x.csv": b"x"}))
    assert sentence == "压缩包里没有 支部.csv、人员.csv、结对.csv"


def test_a_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    files = {**members(), "旧/人员.csv".encode(): b"x"}
    sentence = only_sentence(packed(tmp_path, files))
    assert sentence == "压缩包里有两个「人员」的 CSV 文件，请只留一个"


def test_a_csv_that_breaks_off_inside_a_cell_is_refused(tmp_path: Path) -> None:
    files = {**members(), "人员.csv".encode(): '编号,姓名\r\n2024,"李'.encode()}
    assert "文件不完整或已损坏" in only_sentence(packed(tmp_path, files))
