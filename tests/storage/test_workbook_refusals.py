"""What the roster's reader refuses, and the sentence with which it does."""

from __future__ import annotations

import zipfile
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from storage import workbook_files
from storage.workbook import read
from storage.workbook_rows import MOST_BYTES, Fault, Roster
from tests.storage.workbooks import OURS, THEIRS, changed, edited, packed, saved, small_college


def sentences(path: Path) -> list[str]:
    _, faults = read(path)
    return [fault.sentence for fault in faults]


def only_sentence(path: Path) -> str:
    (sentence,) = sentences(path)
    return sentence


# Files


def file_with(folder: Path, content: bytes) -> Path:
    path = folder / "roster.xlsx"
    path.write_bytes(content)
    return path


def test_without_defusedxml_no_workbook_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, small_college())
    monkeypatch.setattr("openpyxl.DEFUSEDXML", False)
    assert only_sentence(path).startswith("没有安装 defusedxml，读取工作簿不安全")


def test_an_old_xls_is_refused_by_name(tmp_path: Path) -> None:
    path = file_with(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert only_sentence(path) == "这是旧版 .xls 文件，请在表格软件里另存为 .xlsx"


def test_a_workbook_under_a_password_is_refused_by_name(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert only_sentence(file_with(tmp_path, ole)) == "文件加了密码，请取消密码后另存"


def test_a_zip_under_a_password_is_refused_by_name(tmp_path: Path) -> None:
    content = bytearray(packed(tmp_path, {"支部.csv".encode(): b"x"}).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert only_sentence(file_with(tmp_path, bytes(content))) == "文件加了密码，请取消密码后另存"


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    whole = saved(tmp_path, small_college()).read_bytes()
    for length in (5, 100, len(whole) // 2, len(whole) - 1):
        assert "文件不完整或已损坏" in only_sentence(file_with(tmp_path, whole[:length]))


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    for content in (b"", "编号,姓名".encode(), b"<html>"):
        assert "不是 .xlsx 工作簿" in only_sentence(file_with(tmp_path, content))


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    assert only_sentence(tmp_path / "名册.xlsx").startswith("打不开文件 名册.xlsx：")
    assert only_sentence(tmp_path).startswith(f"打不开文件 {tmp_path.name}：")


def test_a_refused_file_is_an_empty_roster(tmp_path: Path) -> None:
    roster, faults = read(tmp_path / "名册.xlsx")
    assert roster == Roster()
    assert faults[0].as_json()["sheet"] is None


# Size


def test_a_file_over_five_megabytes_is_not_opened(tmp_path: Path) -> None:
    path = file_with(tmp_path, b"PK" + bytes(MOST_BYTES))
    assert only_sentence(path).startswith("文件超过 5 MB")


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    too_dense = packed(tmp_path, {"支部.csv".encode(): bytes(1_000_000)})
    assert only_sentence(too_dense).startswith("文件展开后过大")
    too_many = packed(tmp_path, {f"{n}.csv".encode(): b"x" for n in range(51)})
    assert only_sentence(too_many).startswith("文件展开后过大")


def test_a_sheet_of_too_many_rows_or_columns_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook_files, "MOST_ROWS", 10)
    sheets = small_college()
    sheets["人员"] += [[]] * 10
    sheets["人员"].append(["x"])
    assert only_sentence(saved(tmp_path, sheets)).startswith("「人员」超过10行")
    sheets = small_college()
    sheets["结对"][1] += [None] * 60 + ["x"]
    assert only_sentence(saved(tmp_path, sheets)).startswith("「结对」超过50列")


def test_a_single_cell_in_the_last_corner_is_refused_at_once(tmp_path: Path) -> None:
    def mark(book: Workbook) -> None:
        book["人员"]["XFD1048576"] = "x"

    assert only_sentence(saved(tmp_path, small_college(), mark)).startswith("「人员」超过5000行")


def test_a_merged_area_over_a_whole_sheet_costs_nothing(tmp_path: Path) -> None:
    merged = b'<mergeCells><mergeCell ref="A9:XFD1048576"/></mergeCells>'
    path = edited(saved(tmp_path, small_college()), b"</sheetData>", b"</sheetData>" + merged)
    assert sentences(path) == []


def test_more_cells_than_a_roster_has_are_refused_before_they_are_read(tmp_path: Path) -> None:
    many = b"<row>" + b"<c/>" * (workbook_files.MOST_CELLS + 1) + b"</row></sheetData>"
    path = edited(saved(tmp_path, small_college()), b"</sheetData>", many, zipfile.ZIP_STORED)
    assert only_sentence(path).startswith("表格超过5000行×50列")


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_xml_with_a_document_type_is_refused(tmp_path: Path, doctype: bytes) -> None:
    path = edited(saved(tmp_path, small_college()), b"<worksheet", doctype + b"<worksheet")
    assert only_sentence(path).startswith("文件含有不允许的 XML 声明")


def test_a_file_for_which_the_memory_does_not_suffice_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(workbook_files, "_sheets", full)
    assert only_sentence(saved(tmp_path, small_college())).startswith("文件展开后过大")


# Sheets and headers


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    sheets = small_college()
    del sheets["人员"]
    assert only_sentence(saved(tmp_path, sheets)) == "人员：缺少这张工作表"


def test_two_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    sheets = {**small_college(), "人 员": []}
    assert only_sentence(saved(tmp_path, sheets)) == "有两张表都叫「人员」，请只留一张"


def test_a_sheet_without_a_header_is_named_with_the_columns_it_should_have(tmp_path: Path) -> None:
    sheets = {**small_college(), "结对": [["2024010101", "T0001"]]}
    sentence = only_sentence(saved(tmp_path, sheets))
    assert sentence == "结对：没有找到表头，应有 学生编号、导师编号、身份"
    assert only_sentence(saved(tmp_path, {**small_college(), "结对": []})) == sentence


def test_a_missing_column_is_named_once(tmp_path: Path) -> None:
    path = saved(tmp_path, changed(人员_E1="发展阶段"))
    assert only_sentence(path) == "人员 第1行 「阶段」：表头里缺少这一列"


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, changed(人员_G1="姓名"))
    assert only_sentence(path) == "人员 第1行 「姓名」：表头里有两列同名"


# Cells


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("支部_A2", None, "支部 第2行 「支部名称」：必填，不能为空"),
        ("支部_B3", "教师", "支部 第3行 「类别」：写的是“教师”，应为 学生 或 教工"),
        (
            "支部_C2",
            "教工第1党支部（教育系+教技系）",
            "支部 第2行 「对接支部」：写的是“教工第1党支部（教育系+教技系）”，"
            "「支部」表里没有这个支部，是不是“教工第一党支部（教育系+教技系）”？",
        ),
        ("支部_C2", OURS, f"支部 第2行 「对接支部」：写的是“{OURS}”，应为教工支部，这是学生支部"),
        ("支部_C3", OURS, f"支部 第3行 「对接支部」：写的是“{OURS}”，只在学生支部的行里填写"),
        ("人员_A2", "101", "人员 第2行 「编号」：写的是“101”，编号至少要有4个字符"),
        ("人员_A2", 12.5, "人员 第2行 「编号」：写的是“12.5”，应为编号，不能有小数"),
        ("人员_A2", date(2026, 3, 2), "人员 第2行 「编号」：写的是“2026-03-02”，应为编号"),
        ("人员_A2", True, "人员 第2行 「编号」：写的是“True”，应为编号"),
        ("人员_A2", "2" * 41, f"人员 第2行 「编号」：写的是“{'2' * 39}…”，编号最多40个字符"),
        (
            "人员_A2",
            "2.02401E+9",
            "人员 第2行 「编号」：写的是“2.02401E+9”，"
            "被表格软件改成了科学计数法，请把这一列设为文本后重填",
        ),
        (
            "人员_A2",
            2024010101000001,
            "人员 第2行 「编号」：写的是“2024010101000001”，"
            "超过15位，表格软件已改动末尾几位，请把这一列设为文本后重填",
        ),
        ("人员_B2", None, "人员 第2行 「姓名」：必填，不能为空"),
        ("人员_B2", "'\t", "人员 第2行 「姓名」：写的是“'”，应为看得见的文字"),
        ("人员_B2", "明" * 41, f"人员 第2行 「姓名」：写的是“{'明' * 39}…”，有41个字，最多40个"),
        (
            "人员_C2",
            "研究生支部",
            "人员 第2行 「支部」：写的是“研究生支部”，「支部」表里没有这个支部",
        ),
        ("人员_D2", "本科生", "人员 第2行 「类别」：写的是“本科生”，应为 学生 或 教工"),
        (
            "人员_E2",
            "党员",
            "人员 第2行 「阶段」：写的是“党员”，应为 入党积极分子、发展对象、预备党员 或 正式党员",
        ),
        (
            "人员_F2",
            "书记、委员",
            "人员 第2行 「职务」：写的是“书记、委员”，"
            "应为 书记、组织委员 或 学院，几项之间用、隔开",
        ),
        (
            "人员_G2",
            date(2026, 3, 2),
            "人员 第2行 「班级」：写的是“2026-03-02”，"
            "应为文字（表格软件可能改了格式，请把这一列设为文本后重填）",
        ),
        ("人员_H2", "2026年2月30日", "人员 第2行 「阶段日期」：写的是“2026年2月30日”，没有这一天"),
        ("人员_H2", "1926-03-02", "人员 第2行 「阶段日期」：写的是“1926-03-02”，年份不对"),
        ("人员_I2", "可以", "人员 第2行 「可任介绍人」：写的是“可以”，应为 是 或 否"),
        ("人员_J2", "T0009", "人员 第2行 「亲属」：写的是“T0009”，「人员」表里没有这个编号"),
        (
            "结对_A2",
            "2024010109",
            "结对 第2行 「学生编号」：写的是“2024010109”，「人员」表里没有这个编号",
        ),
        ("结对_B2", "T0009", "结对 第2行 「导师编号」：写的是“T0009”，「人员」表里没有这个编号"),
        ("结对_C2", "导师", "结对 第2行 「身份」：写的是“导师”，应为 培养联系人 或 入党介绍人"),
    ],
)
def test_a_cell_at_fault_is_named_with_what_was_expected(
    tmp_path: Path, place: str, value: object, sentence: str
) -> None:
    assert sentence in sentences(saved(tmp_path, changed(**{place: value})))


@pytest.mark.parametrize(
    "value",
    [
        *(46083, 46083.5, time(9, 0), timedelta(days=3), True, "46083"),
        *("2026年3月", "2026/3", "2026-03/02", "三月二日", "2026/12/1 15:30", "20260302"),
    ],
)
def test_what_only_looks_like_a_date_is_refused(tmp_path: Path, value: object) -> None:
    (sentence,) = sentences(saved(tmp_path, changed(人员_H2=value)))
    assert sentence.endswith("应为日期，如 2026-03-02、2026/3/2 或 2026年3月2日")


def test_a_formula_is_refused_with_the_name_of_its_cell(tmp_path: Path) -> None:
    sentence = only_sentence(saved(tmp_path, changed(人员_B2='="李"&"明"')))
    assert sentence.startswith('人员 第2行 「姓名」：写的是“="李"&"明"”，单元格 B2 是公式')


def test_an_error_value_is_refused_with_the_name_of_its_cell(tmp_path: Path) -> None:
    sentence = only_sentence(saved(tmp_path, changed(结对_D2="#REF!")))
    assert sentence.startswith("结对 第2行 「起始日期」：写的是“#REF!”，单元格 D2 是错误值")


def test_repeats_are_named_with_the_row_they_repeat(tmp_path: Path) -> None:
    sheets = small_college()
    sheets["支部"].append(["教工第一党支部 (教育系+教技系)", "教工"])
    sheets["人员"].append(["T0001", "王芳", THEIRS, "教工", "正式党员"])
    sheets["结对"].append(["2024010101", "T0001", "培养联系人"])
    assert sentences(saved(tmp_path, sheets)) == [
        "支部 第4行 「支部名称」：写的是“教工第一党支部(教育系+教技系)”，"
        "与第3行重复，同名支部只能有一行",
        "人员 第4行 「编号」：写的是“T0001”，与第3行重复，一个编号只能有一人",
        "结对 第3行 「导师编号」：写的是“T0001”，与第2行重复，同一结对只能有一行",
    ]


def test_the_same_two_people_may_be_paired_in_both_roles(tmp_path: Path) -> None:
    sheets = small_college()
    sheets["结对"].append(["2024010101", "T0001", "入党介绍人"])
    assert sentences(saved(tmp_path, sheets)) == []


def test_every_fault_is_told_at_once_in_the_order_of_the_sheets(tmp_path: Path) -> None:
    sheets = changed(支部_B2="?", 人员_A2=None, 人员_E2="?", 结对_C2="?", 结对_D2="?")
    _, faults = read(saved(tmp_path, sheets))
    assert [(fault.sheet, fault.row, fault.column) for fault in faults] == [
        ("支部", 2, "类别"),
        ("人员", 2, "编号"),
        ("人员", 2, "阶段"),
        ("结对", 2, "身份"),
        ("结对", 2, "起始日期"),
        ("结对", 2, "学生编号"),
    ]


def test_a_row_at_fault_is_left_out_but_still_known(tmp_path: Path) -> None:
    roster, faults = read(saved(tmp_path, changed(人员_E3="?")))
    assert len(faults) == 1  # its 结对 row knows the teacher
    assert [person.number for person in roster.people] == ["2024010101"]


def test_a_fault_in_json_has_its_place_and_its_sentence() -> None:
    fault = Fault("人员", 5, "阶段", "党员", "应为 正式党员")
    assert fault.as_json() == {
        "sheet": "人员",
        "row": 5,
        "column": "阶段",
        "said": "党员",
        "expected": "应为 正式党员",
        "text": "人员 第5行 「阶段」：写的是“党员”，应为 正式党员",
    }
