"""`yinlu roster …` as the office types it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from storage import workbook
from storage.workbook_rows import Roster
from tests.support.command_line import CommandLine


def test_a_template_is_written_and_an_empty_one_imports_nothing(
    yinlu: CommandLine, tmp_path: Path
) -> None:
    ran = yinlu("roster", "template", tmp_path / "空.xlsx")
    assert (ran.code, ran.err) == (0, "")
    assert "yinlu roster check" in ran.out
    assert {"支部", "人员", "结对"} <= set(openpyxl.load_workbook(tmp_path / "空.xlsx").sheetnames)


def test_a_sample_is_a_college_that_its_own_check_accepts(
    yinlu: CommandLine, tmp_path: Path
) -> None:
    yinlu("roster", "template", tmp_path / "样例.xlsx", "--sample")
    assert yinlu("roster", "check", tmp_path / "样例.xlsx").code == 0


@pytest.mark.parametrize(
    "words",
    [("roster", "template"), ("roster", "export"), ("invite", "--all", "--out")],
)
def test_no_file_is_overwritten(
    college: CommandLine, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "旧.xlsx").write_text("旧", encoding="utf-8")
    assert "已存在" in college(*words, tmp_path / "旧.xlsx").refusal
    assert (tmp_path / "旧.xlsx").read_text(encoding="utf-8") == "旧"


@pytest.mark.parametrize("words", [("roster", "template"), ("roster", "export")])
def test_a_folder_that_is_not_there_is_refused_in_one_line(
    college: CommandLine, tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert "无" in college(*words, tmp_path / "无" / "x.xlsx").refusal


def told(path: Path) -> list[set[object]]:
    """What a workbook says of branches, people and pairings, in whatever order."""
    rows, faults = workbook.read(path)
    assert not faults
    return [
        {replace(row, row=0) for row in sheet}
        for sheet in (rows.branches, rows.people, rows.pairings)
    ]


def test_a_roster_is_imported_and_exported_as_it_was(
    college: CommandLine, roster: Path, tmp_path: Path
) -> None:
    out = tmp_path / "导出.xlsx"
    assert college("roster", "export", out).code == 0
    assert told(out) == told(roster)
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_dry_run_says_what_would_happen_and_changes_nothing(
    yinlu: CommandLine, roster: Path
) -> None:
    dry = yinlu("roster", "import", roster, "--dry-run")
    assert dry.code == 0
    assert dry.out
    assert not yinlu.data.exists()
    assert yinlu("roster", "import", roster).out == dry.out


@pytest.fixture
def faulty(roster: Path, tmp_path: Path) -> Path:
    """The sample with two faults in it."""
    book: Any = openpyxl.load_workbook(roster)
    people = book["人员"]
    heads = {cell.value: cell.column for cell in people[1]}
    people.cell(5, heads["阶段"], "群众")
    people.cell(9, heads["支部"], "没有的支部")
    book.save(tmp_path / "错.xlsx")
    return tmp_path / "错.xlsx"


@pytest.mark.parametrize("command", [("check",), ("import",), ("import", "--dry-run")])
def test_every_fault_is_named_by_sheet_row_and_column_and_nothing_changes(
    yinlu: CommandLine, faulty: Path, command: tuple[str, ...]
) -> None:
    ran = yinlu("roster", command[0], faulty, *command[1:])
    assert (ran.code, ran.out) == (1, "")
    for place in ("第5行", "第9行", "人员", "阶段", "支部"):
        assert place in ran.err
    assert yinlu("status", "--json").document["branches"] == []


def test_a_program_reads_the_faults_as_one_document(yinlu: CommandLine, faulty: Path) -> None:
    ran = yinlu("roster", "check", faulty, "--json")
    assert ran.code == 1
    assert {fault["row"] for fault in json.loads(ran.out)["faults"]} >= {5, 9}


def test_a_file_that_is_not_there_is_named(yinlu: CommandLine, tmp_path: Path) -> None:
    ran = yinlu("roster", "import", tmp_path / "无.xlsx")
    assert (ran.code, ran.out) == (1, "")
    assert "无.xlsx" in ran.err


def test_importing_again_changes_nothing(college: CommandLine, roster: Path) -> None:
    before = college("status", "--json").out
    assert college("roster", "import", roster).code == 0
    assert college("status", "--json").out == before


def test_whoever_is_no_longer_listed_is_let_go_only_when_asked_to(
    college: CommandLine, roster: Path, tmp_path: Path
) -> None:
    rows, _ = workbook.read(roster)
    gone = rows.pairings[0].student
    people = tuple(person for person in rows.people if person.number != gone)
    pairings = tuple(pair for pair in rows.pairings if pair.student != gone)
    workbook.write(
        tmp_path / "新.xlsx", Roster(branches=rows.branches, people=people, pairings=pairings)
    )
    students = [one["students"] for one in college("status", "--json").document["branches"]]
    reported = college("roster", "import", tmp_path / "新.xlsx")
    assert "1" in reported.out
    now = [one["students"] for one in college("status", "--json").document["branches"]]
    assert now == students
    college("roster", "import", tmp_path / "新.xlsx", "--remove-missing")
    now = [one["students"] for one in college("status", "--json").document["branches"]]
    assert sum(now) == sum(students) - 1
