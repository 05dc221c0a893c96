"""`yinlu export` and `yinlu forms`, with the made-up college."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
import time_machine

from bot.desks import open_desk
from tests.support.command_line import CommandLine
from tests.support.word import lines

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


# forms


def form_files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.rglob("*") if one.is_file())


def test_forms_are_a_file_each_in_a_folder_per_branch(term: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "表"
    ran = term("forms", folder)
    students = sum(one["students"] for one in term("status", "--json").document["branches"])
    assert ran.out == f"已写出 {students} 个文件，在 {folder}。\n"
    files = form_files(folder)
    assert len(files) == students
    assert {one.parent.name for one in files} == {f"本科生第{n}党支部" for n in "一二三四"}
    assert {one.stat().st_mode & 0o777 for one in files} == {0o600}


def test_a_form_names_the_student_the_number_and_the_mentors(
    term: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "表"
    term("forms", folder, "--branch", "本科生第一党支部")
    file = next(one for one in form_files(folder) if "学号" in lines(one.read_bytes()))
    name, number = file.stem.split("_")
    words = set(lines(file.read_bytes()))
    assert {name, number} <= words
    with open_desk(term.data, writing=False) as desk:
        person = desk.store.people.one("number", number)
        assert person is not None
        for pairing in desk.store.pairings.where("open_student", person.id):
            assert desk.store.people[pairing.mentor].name in words


def test_forms_together_are_a_file_per_branch_and_form(term: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "表"
    term("forms", folder, "--branch", "本科生第二党支部", "--together")
    assert [one.name for one in form_files(folder)] == [
        "本科生第二党支部入党积极分子和发展对象培养考察登记表.docx",
        "本科生第二党支部预备党员考察登记表.docx",
    ]


def test_forms_do_not_overwrite(term: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "别人的.txt").write_text("x")
    said = term("forms", tmp_path).refusal
    assert said == f"{tmp_path} 里已有文件，没有覆盖。请换一个空的文件夹。"


def test_forms_of_a_branch_that_is_not_there_are_refused_by_name(
    term: CommandLine, tmp_path: Path
) -> None:
    assert (
        "没有学生支部“无此支部”" in term("forms", tmp_path / "表", "--branch", "无此支部").refusal
    )
    assert not (tmp_path / "表").exists()


def test_forms_of_an_empty_folder_say_that_there_is_nobody(
    yinlu: CommandLine, tmp_path: Path
) -> None:
    said = yinlu("forms", tmp_path / "表").refusal
    assert said == "没有要写登记表的学生，请先导入花名册。"


def own_template(data: Path, text: str) -> None:
    folder = data / "templates"
    folder.mkdir(parents=True)
    file = docx.Document()
    file.add_paragraph(text)
    file.save(str(folder / "预备党员考察登记表.docx"))


def test_forms_use_the_offices_own_template(term: CommandLine, tmp_path: Path) -> None:
    own_template(term.data, "学院的表：{{姓名}}")
    term("forms", tmp_path / "表", "--together", "--branch", "本科生第一党支部")
    file = tmp_path / "表" / "本科生第一党支部预备党员考察登记表.docx"
    assert docx.Document(str(file)).paragraphs[0].text.startswith("学院的表：")


@pytest.mark.parametrize("command", [["forms", "表"], ["run"]])
def test_an_unknown_placeholder_stops_the_start_with_its_name(
    term: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str]
) -> None:
    own_template(term.data, "{{手机号}}")
    monkeypatch.setenv("YINLU_TOKEN", "4242:AAtestTestTESTtestTESTtestTESTtest")
    monkeypatch.chdir(tmp_path)
    said = term(*command).refusal
    assert said.startswith(
        "登记表模板有误：templates/预备党员考察登记表.docx：不认识的占位符 {{手机号}}。"
    )
