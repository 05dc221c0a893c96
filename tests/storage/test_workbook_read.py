"""What the roster's reader takes as normal (PRODUCT § 5, "The roster workbook")."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from storage.records import Duty, Kind, Role, Stage
from storage.workbook import read
from storage.workbook_rows import BranchRow, PairingRow, PersonRow, Roster
from tests.storage.workbooks import OURS, THEIRS, Rows, changed, edited, saved, small_college

SMALL_COLLEGE = Roster(
    branches=(
        BranchRow(name=OURS, kind=Kind.STUDENT, paired=(THEIRS,)),
        BranchRow(name=THEIRS, kind=Kind.TEACHER),
    ),
    people=(
        PersonRow(
            number="2024010101",
            name="李明",
            branch=OURS,
            kind=Kind.STUDENT,
            stage=Stage.ACTIVIST,
            class_name="小教1班",
        ),
        PersonRow(number="T0001", name="王芳", branch=THEIRS, kind=Kind.TEACHER, stage=Stage.FULL),
    ),
    pairings=(PairingRow(student="2024010101", mentor="T0001", role=Role.CONTACT),),
)


def taken(path: Path) -> Roster:
    """The roster of a file that has no fault."""
    roster, faults = read(path)
    assert [fault.sentence for fault in faults] == []
    return roster


def first_person(folder: Path, sheets: dict[str, Rows]) -> PersonRow:
    return taken(saved(folder, sheets)).people[0]


def test_a_plain_workbook_is_read_as_it_stands(tmp_path: Path) -> None:
    assert taken(saved(tmp_path, small_college())) == SMALL_COLLEGE


def test_every_row_knows_its_place(tmp_path: Path) -> None:
    roster = taken(saved(tmp_path, small_college()))
    assert [row.row for row in roster.branches] == [2, 3]
    assert [row.row for row in roster.people] == [2, 3]
    assert [row.row for row in roster.pairings] == [2]


def test_a_title_above_the_header_is_normal(tmp_path: Path) -> None:
    sheets = small_college()
    for rows in sheets.values():
        rows[:0] = [["教育学院党员名册"], [], ["填表日期：2026年9月1日", None, "姓名"]]

    def merge(book: Workbook) -> None:
        for sheet in book.worksheets:
            sheet.merge_cells("A1:D1")

    roster = taken(saved(tmp_path, sheets, merge))
    assert roster == SMALL_COLLEGE
    assert roster.people[0].row == 5


def test_columns_may_stand_in_any_order_among_others(tmp_path: Path) -> None:
    sheets = {
        name: [[*reversed(row), "备注", "=1/0"] for row in rows]
        for name, rows in small_college().items()
    }
    assert taken(saved(tmp_path, sheets)) == SMALL_COLLEGE


def test_other_sheets_and_their_order_do_not_matter(tmp_path: Path) -> None:
    sheets = {"说明": [["请填三张表"]], **dict(reversed(small_college().items()))}
    assert taken(saved(tmp_path, sheets)) == SMALL_COLLEGE


def test_headings_count_in_any_width_and_with_blanks_or_a_star(tmp_path: Path) -> None:
    sheets = changed(人员_A1="编 号*", 人员_B1=" 姓\u3000名 ", 结对_D1="起始\n日期")
    assert taken(saved(tmp_path, sheets)) == SMALL_COLLEGE


def test_a_header_repeated_for_printing_is_no_person(tmp_path: Path) -> None:
    sheets = small_college()
    sheets["人员"].insert(2, list(sheets["人员"][0]))
    assert taken(saved(tmp_path, sheets)) == SMALL_COLLEGE


def test_blank_rows_are_normal(tmp_path: Path) -> None:
    sheets = small_college()
    sheets["人员"][2:2] = [[], [None, "  "], ["\u200b"]]
    sheets["人员"] += [[], [None] * 10]
    assert taken(saved(tmp_path, sheets)) == SMALL_COLLEGE


@pytest.mark.parametrize(
    "number", [2024010101, 2024010101.0, "２０２４０１０１０１", " 2024010101\u200b"]
)
def test_a_number_may_be_a_number_or_full_width(tmp_path: Path, number: object) -> None:
    sheets = changed(人员_A2=number, 结对_A2="2024010101")
    assert first_person(tmp_path, sheets).number == "2024010101"


@pytest.mark.parametrize("written", [b"2024010101.0", b"2.024010101E9"])
def test_a_number_that_was_saved_with_a_decimal_is_its_digits(
    tmp_path: Path, written: bytes
) -> None:
    path = saved(tmp_path, changed(人员_A2=2024010101))
    assert taken(edited(path, b"<v>2024010101</v>", b"<v>" + written + b"</v>")) == SMALL_COLLEGE


def test_a_branch_cell_merged_over_rows_holds_for_each_of_them(tmp_path: Path) -> None:
    sheets = changed(人员_C3=None, 人员_D3="学生")
    sheets["人员"] += [[], ["2024010103", "赵宁", THEIRS, "学生", "发展对象"]]

    def merge(book: Workbook) -> None:
        book["人员"].merge_cells("C2:C4")  # over a blank row too
        book["人员"].merge_cells("H5:J9")  # reaches below the sheet's last row

    roster = taken(saved(tmp_path, sheets, merge))
    assert [person.branch for person in roster.people] == [OURS, OURS, THEIRS]


def test_a_cell_merged_over_rows_that_are_shorter_is_filled_in(tmp_path: Path) -> None:
    sheets = small_college()
    sheets["支部"] = [["类别", "支部名称"], ["学生", OURS], [None, THEIRS]]

    def merge(book: Workbook) -> None:
        book["支部"].move_range("A1:A3", cols=3)
        book["支部"].merge_cells("D2:D3")

    roster = taken(saved(tmp_path, sheets, merge))
    assert [branch.kind for branch in roster.branches] == [Kind.STUDENT, Kind.STUDENT]


@pytest.mark.parametrize(
    "written",
    [
        *(date(2026, 3, 2), datetime.fromisoformat("2026-03-02T15:30")),
        *("2026-03-02", "2026-3-2", "2026/3/2", "2026/03/02", "2026年3月2日", "2026 年 3 月 2 日"),
        *("２０２６／３／２", " 2026.3.2 "),
    ],
)
def test_a_date_may_be_a_date_cell_or_one_of_three_ways_of_writing(
    tmp_path: Path, written: object
) -> None:
    person = first_person(tmp_path, changed(人员_H2=written))
    assert person.stage_since == date(2026, 3, 2)


def test_names_lose_alignment_and_hidden_characters_only(tmp_path: Path) -> None:
    shown = {
        "李\u3000 明": "李明",
        "刘䶮 ": "刘䶮",
        "a\u202eb\x07": "ab",
        "阿依·古丽": "阿依·古丽",
    }
    shown |= {"Anna  Li": "Anna Li", "𠮷野": "𠮷野", "（㛃）": "（㛃）", "'=1+1": "=1+1"}
    for typed, name in shown.items():
        sheets = changed(人员_B3=typed.replace("\x07", "\u200d"))
        assert taken(saved(tmp_path, sheets)).people[1].name == name


def test_a_class_may_be_a_number(tmp_path: Path) -> None:
    assert first_person(tmp_path, changed(人员_G2=202401)).class_name == "202401"


def test_duties_and_relatives_are_lists(tmp_path: Path) -> None:
    sheets = changed(人员_F2="组织委员，书记", 人员_J2="T0001；T0002\nT0001", 人员_J3=2024010101)
    sheets["人员"].append(["T0002", "钱进", THEIRS, "教工", "正式党员", "学院"])
    people = taken(saved(tmp_path, sheets)).people
    assert people[0].duties == (Duty.SECRETARY, Duty.COMMITTEE)
    assert people[0].relatives == ("T0001", "T0002")
    assert people[1].relatives == ("2024010101",)
    assert people[2].duties == (Duty.OFFICE,)


def test_who_may_introduce_is_everybody_but_a_no(tmp_path: Path) -> None:
    people = taken(saved(tmp_path, changed(人员_I2="是", 人员_I3=" 否"))).people
    assert [person.may_introduce for person in people] == [True, False]


def test_a_branch_is_known_by_its_name_in_any_width_of_brackets(tmp_path: Path) -> None:
    sheets = changed(
        人员_C3="教工第一党支部 (教育系+教技系)", 支部_C2="教工第一党支部(教育系＋教技系)"
    )
    roster = taken(saved(tmp_path, sheets))
    assert roster.people[1].branch == THEIRS
    assert roster.branches[0].paired == (THEIRS,)


def test_a_separator_inside_brackets_belongs_to_the_branch(tmp_path: Path) -> None:
    sheets = small_college()
    sheets["支部"][1:] = [
        [OURS, "学生", "教工甲（a、b）、教工乙"],
        ["教工甲（a、b）", "教工", None],
        ["教工乙", "教工", None],
        [THEIRS, "教工", None],
    ]
    roster = taken(saved(tmp_path, sheets))
    assert roster.branches[0].paired == ("教工甲（a、b）", "教工乙")


def test_optional_columns_that_are_absent_are_told_from_empty_cells(tmp_path: Path) -> None:
    sheets = small_college()
    sheets["人员"] = [row[:5] for row in sheets["人员"]]
    roster = taken(saved(tmp_path, sheets))
    assert roster.absent == {
        *("duties", "class_name", "stage_since", "may_introduce", "relatives"),
    }
    people = tuple(replace(person, class_name=None) for person in SMALL_COLLEGE.people)
    assert roster.people == people


def test_faults_never_name_a_sheet_that_cannot_be_judged(tmp_path: Path) -> None:
    sheets = small_college()
    del sheets["支部"]
    _, faults = read(saved(tmp_path, sheets))
    assert [fault.sentence for fault in faults] == ["支部：缺少这张工作表"]


def test_the_reader_guards_its_xml() -> None:
    assert openpyxl.DEFUSEDXML
