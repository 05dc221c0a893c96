"""The progress workbook, reopened: sheets, typed cells, a real chart, and no formula whatever the names."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from messages.file_names import LONGEST, file_name
from messages.report import BranchSheet, MentorRow, Report, StudentRow, name_of, written
from messages.report_workbook import LONGEST_TITLE, sheet_title
from storage.records import BranchId, FormState, Progress, Stage, TalkState
from tests.support.clock import at

TALK = {
    TalkState.NONE: 1,
    TalkState.CLAIMED: 2,
    TalkState.CONFIRMED: 3,
    TalkState.DISPUTED: 0,
}
FORM = {
    FormState.NOT_HANDED_OUT: 0,
    FormState.HANDED_OUT: 4,
    FormState.RECEIVED: 1,
    FormState.ARCHIVED: 1,
}
EVIL = [
    "=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", "\t=1", "\r=1",
    "=HYPERLINK(\"http://x\",\"y\")", "#REF!", "<b>李明</b>", "A&B", "䶮𠮷", "\u202e李明", "'=1",
]  # fmt: skip


def student(name: str = "李明", **changed: object) -> StudentRow:
    given_facts = {
        "class_name": "小教2401",
        "stage": Stage.ACTIVIST,
        "mentors": ("周文", "吴静"),
        "state": TalkState.CONFIRMED,
        "talked": date(2026, 9, 15),
        "form": FormState.RECEIVED,
        "handed_out": date(2026, 9, 8),
        "received": date(2026, 9, 28),
    }
    return StudentRow(name=name, **{**given_facts, **changed})  # type: ignore[arg-type]  # checked by the class


def branch(name: str = "本科生第一党支部", *students: StudentRow) -> BranchSheet:
    totals = Progress(branch=BranchId(1), students=6, talk=TALK, form=FORM, not_enrolled=2)
    return BranchSheet(name=name, progress=totals, students=students or (student(),))


def mentor(name: str = "周文", students: tuple[str, ...] = ("李明",)) -> MentorRow:
    return MentorRow(name=name, branch="教工第一党支部", load=5, talk=TALK, students=students)


def report(*branches: BranchSheet, when: datetime | None = None, **changed: object) -> Report:
    given_facts = {"term": "2026-2027-1", "week": 2, "mentors": (mentor(),), **changed}
    moment = when or at(2026, 9, 15, 10)
    return Report(branches=branches or (branch(),), at=moment, **given_facts)  # type: ignore[arg-type]  # checked by the class


def reopened(facts: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(facts)))


def lines(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_there_is_a_sheet_of_totals_one_per_branch_and_one_of_mentors() -> None:
    book = reopened(report(branch("学一"), branch("学二")))
    assert book.sheetnames == ["合计", "学一", "学二", "导师"]


def test_a_branch_sheet_has_a_line_per_student_and_room_for_remarks() -> None:
    head, line = lines(reopened(report())["本科生第一党支部"])
    assert head == (
        "学生", "班级", "阶段", "导师", "谈话日期", "状态", "登记表", "发放日期", "交回日期", "归档日期", "备注",
    )  # fmt: skip
    assert line == (
        "李明", "小教2401", "入党积极分子", "周文、吴静", datetime(2026, 9, 15), "老师已确认",  # noqa: DTZ001 - a date cell
        "已收", datetime(2026, 9, 8), datetime(2026, 9, 28), None, None,  # noqa: DTZ001 - date cells
    )  # fmt: skip


def test_state_says_that_the_secretary_recorded_it() -> None:
    book = reopened(report(branch("本科生第一党支部", student(proxy=True))))
    assert "老师已确认（代记）" in lines(book["本科生第一党支部"])[1]


def test_days_are_date_cells_and_counts_are_numbers() -> None:
    book = reopened(report())
    day = book["本科生第一党支部"]["E2"]
    assert (day.is_date, day.number_format) == (True, "yyyy-mm-dd")
    assert [book["导师"][f"{column}2"].data_type for column in "CDEFGH"] == ["n"] * 6


def test_mentors_are_listed_with_their_load_and_their_talks_by_state() -> None:
    head, line = lines(reopened(report())["导师"])
    assert head == (
        "导师", "支部", "联系学生", "表内学生", "老师已确认", "等老师确认", "待核实", "未谈", "学生",
    )  # fmt: skip
    assert line == ("周文", "教工第一党支部", 5, 1, 3, 2, 0, 1, "李明")


def test_totals_say_which_round_as_of_when_and_add_up() -> None:
    rows = lines(reopened(report(branch("学一"), branch("学二")))["合计"])
    assert rows[0][0] == "半年考察（2026-2027-1）第2周，截至2026年9月15日（周二） 10:00"
    assert rows[3] == ("学一", 6, 3, 2, 0, 1, 0, 4, 1, 1, 2)
    assert rows[5] == ("合计", 12, 6, 4, 0, 2, 0, 8, 2, 2, 4)


def test_totals_of_one_branch_need_no_last_line() -> None:
    assert [row[0] for row in lines(reopened(report())["合计"])][3:] == ["本科生第一党支部"]


def test_before_the_first_term_the_totals_say_so() -> None:
    rows = lines(reopened(report(term=None, week=None))["合计"])
    assert str(rows[0][0]).startswith("还没有设定学期，截至")


def test_the_chart_is_excels_own_and_draws_the_four_states_of_every_branch() -> None:
    file = zipfile.ZipFile(io.BytesIO(written(report(branch("学一"), branch("学二")))))
    chart = file.read("xl/charts/chart1.xml").decode()
    assert chart.count("<ser>") == 4
    assert "'合计'!$A$4:$A$5" in chart
    assert "'合计'!$C$4:$C$5" in chart
    assert "stacked" in chart


def test_without_a_branch_there_is_no_chart_and_still_a_workbook() -> None:
    book = reopened(Report(term=None, week=None, at=at(2026, 9, 15, 10), branches=(), mentors=()))
    assert book.sheetnames == ["合计", "导师"]
    assert not book["合计"]._charts  # type: ignore[attr-defined]  # openpyxl has no other way to ask


@pytest.mark.parametrize("name", EVIL)
def test_no_name_becomes_a_formula_or_an_error_value(name: str) -> None:
    facts = report(
        branch(name, student(name, class_name=name, mentors=(name,))),
        mentors=(mentor(name, (name,)),),
    )
    for sheet in reopened(facts):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            assert cell.data_type in {"s", "n", "d"}
            assert not str(cell.value).startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("name", ["<b>李明</b>", "A&B", "䶮𠮷"])
def test_odd_names_stand_there_as_they_are(name: str) -> None:
    assert reopened(report(branch("学一", student(name))))["学一"]["A2"].value == name


def test_marks_that_turn_a_line_around_do_not_reach_the_sheet() -> None:
    book = reopened(report(branch("学一", student("\u202e李\u200f明"))))
    assert book["学一"]["A2"].value == "李明"


def test_numbers_stand_in_front_only_where_they_are_asked_for() -> None:
    numbered = report(branch("学一", student(number="0012")), numbered=True)
    assert [row[:2] for row in lines(reopened(numbered)["学一"])] == [
        ("编号", "学生"),
        ("0012", "李明"),
    ]
    secret = report(branch("学一", student(number="0012")))
    assert b"0012" not in b"".join(parts(written(secret)))


def parts(file: bytes) -> list[bytes]:
    archive = zipfile.ZipFile(io.BytesIO(file))
    return [archive.read(name) for name in archive.namelist()]


def test_five_hundred_students_are_five_hundred_lines() -> None:
    many = tuple(student(f"学生{one}") for one in range(500))
    assert len(lines(reopened(report(branch("学一", *many)))["学一"])) == 501


@given(st.lists(st.text(max_size=60), max_size=6))
def test_titles_of_sheets_fit_excel_and_differ(names: list[str]) -> None:
    taken = {"合计", "导师"}
    titles = [sheet_title(name, taken) for name in names]
    assert len({title.casefold() for title in [*titles, "合计", "导师"]}) == len(names) + 2
    for title in titles:
        assert 0 < len(title.encode("utf-16-le")) // 2 <= LONGEST_TITLE
        assert not set(title) & set("[]:*?/\\")
        assert not title.startswith("'")


def test_a_branch_whose_name_is_taken_gets_a_number_behind_it() -> None:
    assert reopened(report(branch("导师"), branch("导师"))).sheetnames == [
        "合计", "导师（2）", "导师（3）", "导师",
    ]  # fmt: skip


def test_the_file_is_named_after_the_branch_or_all_of_them_and_the_day() -> None:
    assert name_of(report()) == "本科生第一党支部谈话进度20260915.xlsx"
    assert name_of(report(branch("学一"), branch("学二"))) == "各支部谈话进度20260915.xlsx"


@given(st.text(max_size=300))
def test_names_of_files_open_on_any_system(words: str) -> None:
    name = file_name(words, "docx")
    assert name.endswith(".docx")
    assert len(name.encode()) <= LONGEST + len("_.docx")
    assert not set(name) & set('\\/:*?"<>|\0\n\r\t')
    assert not name.startswith((".", " "))


@pytest.mark.parametrize("words", ["con", "NUL", "com1.x", "", "..", "/"])
def test_a_device_of_windows_is_no_file_name(words: str) -> None:
    assert file_name(words, "docx").startswith("_")


def test_a_very_long_name_is_cut_to_what_file_systems_take() -> None:
    assert file_name("好" * 100, "docx") == "好" * (LONGEST // 3) + ".docx"
