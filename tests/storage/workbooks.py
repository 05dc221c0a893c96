"""Workbooks as an office makes them, for the tests of the reader."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Rows = list[list[Any]]
OURS = "本科生第一党支部"
THEIRS = "教工第一党支部（教育系+教技系）"


def small_college() -> dict[str, Rows]:
    """Two branches, a student, a teacher who is the student's contact; every column there is."""
    return {
        "支部": [
            ["支部名称", "类别", "对接支部"],
            [OURS, "学生", THEIRS],
            [THEIRS, "教工", None],
        ],
        "人员": [
            [
                *("编号", "姓名", "支部", "类别", "阶段", "职务", "班级", "阶段日期"),
                *("可任介绍人", "亲属"),
            ],
            [
                "2024010101",
                "李明",
                OURS,
                "学生",
                "入党积极分子",
                None,
                "小教1班",
                None,
                None,
                None,
            ],
            ["T0001", "王芳", THEIRS, "教工", "正式党员", None, None, None, None, None],
        ],
        "结对": [
            ["学生编号", "导师编号", "身份", "起始日期"],
            ["2024010101", "T0001", "培养联系人", None],
        ],
    }


def changed(**cells: object) -> dict[str, Rows]:
    """The small college with cells replaced: ``人员_F2="书记"``."""
    sheets = small_college()
    for place, value in cells.items():
        sheet, coordinate = place.split("_")
        sheets[sheet][int(coordinate[1:]) - 1]["ABCDEFGHIJ".index(coordinate[0])] = value
    return sheets


def saved(
    folder: Path,
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    finish: Callable[[Workbook], object] | None = None,
) -> Path:
    """An .xlsx of these sheets; ``finish`` may do to it what an office does."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    if finish is not None:
        finish(book)
    path = folder / "roster.xlsx"
    book.save(path)
    return path


def as_csv(rows: Sequence[Sequence[Any]], separator: str = ",") -> str:
    """The rows as a spreadsheet writes them out."""
    lines = (separator.join("" if c is None else str(c) for c in row) for row in rows)
    return "\r\n".join(lines) + "\r\n"


def packed(folder: Path, members: Mapping[bytes, bytes], *, unmarked: bool = False) -> Path:
    """A zip of these members; ``unmarked``: names as Windows packs them, in its own code page."""
    path = folder / "roster.zip"
    plain = {b"~" * (len(name) - 2) + f"{at:02}".encode(): name for at, name in enumerate(members)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for placeholder, name in plain.items():
            archive.writestr((placeholder if unmarked else name).decode(), members[name])
    if unmarked:  # zipfile itself would mark every name that is not ASCII
        content = path.read_bytes()
        for placeholder, name in plain.items():
            content = content.replace(placeholder, name)
        path.write_bytes(content)
    return path


def edited(path: Path, old: bytes, new: bytes, packing: int = zipfile.ZIP_DEFLATED) -> Path:
    """A copy of the workbook with something replaced in the XML of its sheets."""
    copy = path.with_stem("edited")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(copy, "w", packing) as archive:
        for member in whole.infolist():
            content = whole.read(member)
            if member.filename.startswith("xl/worksheets/"):
                content = content.replace(old, new)
            archive.writestr(member.filename, content)
    return copy
