"""The written workbook: the template, and an export that reads back equal and holds no formula."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.records import Duty, Kind, Role, Stage
from storage.workbook import read, write
from storage.workbook_cells import guarded, unguarded, visible
from storage.workbook_rows import BranchRow, PairingRow, PersonRow, Roster
from tests.storage.test_workbook_read import SMALL_COLLEGE, taken


def texts(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    return [str(cell.value) for cell in cells]


def test_the_template_has_every_column_and_reads_back_as_an_empty_roster(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write(path)
    assert taken(path) == Roster()
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["支部", "人员", "结对", "说明"]
    headers = {sheet.title: [cell.value for cell in sheet[1]] for sheet in book.worksheets[:3]}
    assert headers == {
        "支部": ["支部名称", "类别", "对接支部"],
        "人员": [
            *("编号", "姓名", "支部", "类别", "阶段", "职务", "班级", "阶段日期"),
            *("可任介绍人", "亲属"),
        ],
        "结对": ["学生编号", "导师编号", "身份", "起始日期"],
    }


def test_the_template_offers_the_words_that_the_reader_knows(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write(path)
    people = openpyxl.load_workbook(path)["人员"]
    offered = {str(v.sqref): v.formula1 for v in people.data_validations.dataValidation}
    assert offered == {
        "C2:C2001": "'支部'!$A$2:$A$200",
        "D2:D2001": '"学生,教工"',
        "E2:E2001": '"入党积极分子,发展对象,预备党员,正式党员"',
        "I2:I2001": '"是,否"',
    }


def test_an_export_reads_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    write(path, SMALL_COLLEGE)
    assert taken(path) == SMALL_COLLEGE


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'", "＝", "＋", "－", "＠", "'="])
def test_a_name_that_looks_like_a_formula_is_written_as_text(tmp_path: Path, start: str) -> None:
    name = f"{start}HYPERLINK（）"
    path = tmp_path / "roster.xlsx"
    branch = BranchRow(name=name, kind=Kind.TEACHER)
    write(path, Roster(branches=(branch,)))
    assert f"'{name}" in texts(path)
    assert taken(path).branches == (branch,)


@given(st.text())
def test_guarding_a_text_is_undone_by_reading_it(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@"))


@given(st.text())
def test_a_cleaned_name_is_clean(text: str) -> None:
    assert visible(visible(text)) == visible(text)


WORDS = st.text("李明王芳䶮𠮷·（a、b）=+-@'＝", min_size=1, max_size=8)
DATES = st.none() | st.dates(date(1949, 1, 1), date(2099, 12, 31))


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Any roster of one student branch and one faculty branch, names of every kind in it."""
    homes = ("本科生第一党支部", "教工第一党支部（a、b）")
    people = tuple(
        PersonRow(
            number=f"{position:04}",
            name=draw(WORDS),
            branch=draw(st.sampled_from(homes)),
            kind=draw(st.sampled_from(Kind)),
            stage=draw(st.sampled_from(Stage)),
            duties=tuple(duty for duty in Duty if draw(st.booleans())),
            class_name=draw(st.none() | WORDS),
            stage_since=draw(DATES),
            may_introduce=draw(st.booleans()),
            relatives=("0000",) if draw(st.booleans()) else (),
        )
        for position in range(draw(st.integers(1, 4)))
    )
    pairings = tuple(
        PairingRow(student=one.number, mentor=other.number, role=role, since=draw(DATES))
        for one in people
        for other in people
        for role in Role
        if draw(st.booleans())
    )
    branches = (
        BranchRow(name=homes[0], kind=Kind.STUDENT, paired=homes[1:]),
        BranchRow(name=homes[1], kind=Kind.TEACHER),
    )
    return Roster(branches=branches, people=people, pairings=pairings)


@given(rosters())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_roster_reads_back_equal(tmp_path: Path, roster: Roster) -> None:
    path = tmp_path / "roster.xlsx"
    write(path, roster)
    assert read(path) == (roster, [])
