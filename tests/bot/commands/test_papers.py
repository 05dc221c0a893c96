"""`yinlu export` and `yinlu forms`, with the made-up college."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import time_machine

from bot.desks import open_desk
from tests.support.command_line import CommandLine

pytestmark = pytest.mark.usefixtures("tuesday_of_week_two")


@pytest.fixture
def tuesday_of_week_two() -> Iterator[None]:
    with time_machine.travel("2026-09-15T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def term(college: CommandLine) -> CommandLine:
    assert college("term", "set", "2026-09-07").code == 0
    return college


def test_export_agrees_with_status(term: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "进度.xlsx"
    assert term("export", file).out == f"已写出 {file}。\n"
    totals = openpyxl.load_workbook(file)["合计"]
    for row, branch in enumerate(term("status", "--json").document["branches"], start=4):
        values = [cell.value for cell in totals[row]]
        talk, form = branch["talk"], branch["form"]
        assert values == [
            branch["name"], branch["students"],
            talk["confirmed"], talk["claimed"], talk["disputed"], talk["none"],
            *form.values(), branch["not_enrolled"],
        ]  # fmt: skip


def test_export_has_every_student_with_number_and_mentors(
    term: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "进度.xlsx"
    term("export", file)
    book = openpyxl.load_workbook(file)
    listed = {
        str(row[0]): (row[1], row[4])
        for name in book.sheetnames[1:-1]
        for row in book[name].iter_rows(min_row=2, values_only=True)
    }
    with open_desk(term.data, writing=False) as desk:
        students = [
            one
            for one in desk.store.people
            if one.kind == "student" and one.stage != "full" and one.left is None
        ]
        assert set(listed) == {one.number for one in students}
        for one in students:
            name, mentors = listed[one.number]
            assert str(name).startswith(one.name)
            for pairing in desk.store.pairings.where("open_student", one.id):
                expected = desk.store.people[pairing.mentor].name
                assert expected in str(mentors)


def test_export_does_not_overwrite(term: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "进度.xlsx"
    file.write_text("别人的")
    ran = term("export", file)
    assert (ran.code, ran.refusal) == (1, f"{file} 已存在，没有覆盖。请换一个文件名。")
    assert file.read_text() == "别人的"


def test_export_before_any_term_is_written_too(college: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "进度.xlsx"
    assert college("export", file).code == 0
    assert "还没有设定学期" in str(openpyxl.load_workbook(file)["合计"]["A1"].value)


def test_export_of_an_empty_folder_leaves_no_file_behind(
    yinlu: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "进度.xlsx"
    assert yinlu("export", file).refusal == "还没有学生支部，请先导入花名册。"
    assert not file.exists()
