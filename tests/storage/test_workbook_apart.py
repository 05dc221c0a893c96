"""The roster read in a child of its own: the same as here, and never more than it is allowed."""

from __future__ import annotations

import io
import resource
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from storage import workbook, workbook_apart
from storage.workbook_apart import MEMORY, SECONDS, Found, read
from storage.workbook_rows import Fault, Roster
from tests.storage.workbooks import edited, packed, saved, small_college

TOO_MUCH = "10 秒内没有读完，名册不会这么大，请新建工作簿，只粘贴 支部、人员、结对 三张表"


def only_sentence(found: Found) -> str:
    assert found.roster == Roster()
    (fault,) = found.faults
    return fault.sentence


def test_child_reads_what_would_be_read_here(tmp_path: Path) -> None:
    sheets = small_college()
    sheets["人员"].append(["2024010102", "䶮𠮷", "没有的支部", "学生", "发展对象"])
    path = saved(tmp_path, sheets)
    rows, faults = workbook.read(path)
    found = read(path)
    assert found == Found(rows, tuple(faults))
    assert [person.row for person in found.roster.people] == [2, 3, 4]


def test_child_starts_wherever_its_parent_stands_and_runs_nothing_that_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, small_college())
    (tmp_path / "storage").mkdir()
    (tmp_path / "openpyxl.py").write_text("raise SystemExit(1)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read(Path(path.name)).faults == ()


def corner(folder: Path) -> Path:
    """A few KB that full mode would make 1.6 GB of."""

    def mark(book: Workbook) -> None:
        book["人员"]["XFD1048576"] = "x"

    return saved(folder, small_college(), mark)


def blanks(folder: Path) -> Path:
    """A small workbook whose sheet is far more blanks than a roster has characters."""
    path = saved(folder, small_college())
    copy = path.with_stem("blanks")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as bomb:
        for member in whole.infolist():
            if member.filename != "xl/worksheets/sheet2.xml":
                bomb.writestr(member.filename, whole.read(member))
        with bomb.open("xl/worksheets/sheet2.xml", "w") as sheet:
            for _ in range(8):
                sheet.write(bytes(1 << 24))
    return copy


def liar(folder: Path) -> Path:
    """A zip whose directory says that a member of many megabytes has three bytes."""
    path = packed(folder, {"支部.csv".encode(): bytes(1 << 24)})
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (3).to_bytes(4, "little")
    path.write_bytes(content)
    return path


def entities(folder: Path) -> Path:
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return edited(saved(folder, small_college()), b"<worksheet", doctype + b"<worksheet")


def traversing(folder: Path) -> Path:
    """Members whose names lead elsewhere; they are read as what they are called, or not at all."""
    name = "../../../../tmp/yinlu-支部.csv"
    return packed(folder, {name.encode(): b"x", b"/etc/cron.d/x": b"x", b"CON.csv": b"x"})


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (corner, "「人员」超过5000行"),
        (blanks, "文件展开后过大"),
        (liar, "文件不完整或已损坏"),
        (entities, "文件含有不允许的 XML 声明"),
    ],
)
def test_bomb_is_refused_in_a_sentence(
    tmp_path: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    assert only_sentence(read(make(tmp_path))).startswith(sentence)


def test_names_that_lead_elsewhere_write_nothing(tmp_path: Path) -> None:
    found = read(traversing(tmp_path))
    assert found.roster == Roster()
    assert found.faults
    assert not Path("/tmp/yinlu-支部.csv").exists()  # noqa: S108 - where it would have gone


def test_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_apart, "MODULE", "tests.storage.greedy")
    monkeypatch.setattr(workbook_apart, "SECONDS", 1)
    monkeypatch.setattr(workbook_apart, "PATIENCE", 1)
    assert only_sentence(read(Path("endless.xlsx"))) == TOO_MUCH.replace("10 ", "1 ")


@pytest.mark.parametrize("greed", ["hungry", "writing", "chatty"])
def test_child_that_wants_too_much_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, greed: str
) -> None:
    monkeypatch.setattr(workbook_apart, "MODULE", "tests.storage.greedy")
    path = tmp_path / f"{greed}.xlsx"
    assert only_sentence(read(path)) == TOO_MUCH
    assert not path.exists() or not path.read_bytes()


def test_child_has_half_a_gigabyte_ten_seconds_and_no_core(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook_apart, "MODULE", "tests.storage.greedy")
    expected = f"({MEMORY}, {MEMORY}) ({SECONDS}, {SECONDS}) (0, 0)"
    assert only_sentence(read(Path("candid.xlsx"))) == expected
    assert (MEMORY, SECONDS) == (512 << 20, 10)


def test_limits_are_set_before_the_file_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def nothing_read(_: Path) -> tuple[Roster, list[Fault]]:
        told.append("read")
        return Roster(), []

    monkeypatch.setattr(resource, "setrlimit", lambda *_: told.append("limit"))
    monkeypatch.setattr(workbook, "read", nothing_read)
    monkeypatch.setattr(sys, "argv", ["child", str(tmp_path)])
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
    workbook_apart.main()
    assert told == ["limit"] * 4 + ["read"]


def test_what_was_found_comes_back_from_json_as_it_went(tmp_path: Path) -> None:
    rows, _ = workbook.read(saved(tmp_path, small_college()))
    found = Found(rows, (Fault("人员", 2, "阶段", "x", "y"),))
    assert Found.from_json(found.as_json()) == found
    with pytest.raises(ValueError, match="JSON"):
        Found.from_json("")
