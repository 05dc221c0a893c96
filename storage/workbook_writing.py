"""Writing the roster workbook: the empty template, and an export that reads back equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.styles.numbers import FORMAT_TEXT
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from storage.workbook_cells import guarded
from storage.workbook_rows import (
    ANSWERS,
    BRANCH_SHEET,
    DUTIES,
    KINDS,
    ROLES,
    STAGES,
    Roster,
)
from storage.workbook_sheets import LAYOUTS, Layout

GUIDE_SHEET: Final = "说明"
GUIDE: Final = (
    "三张表：支部、人员、结对。表头加粗的列必填，列的次序可以调整，多出来的列不会读取。",
    "支部：学生支部在「对接支部」里写对接的教工支部，几个之间用、隔开。",
    "人员：编号不能重复，至少4个字符；「职务」可填 书记、组织委员、学院，几项之间用、隔开。",
    "人员：「阶段日期」是进入现在阶段的日期；「可任介绍人」不填即为 是；「亲属」填对方编号。",
    "结对：一行是一名学生和一名导师；培养联系人一至两名，入党介绍人两名，均应为正式党员。",
    "日期写作 2026-03-02、2026/3/2 或 2026年3月2日。不要使用公式。",
)
ROWS_OFFERED: Final = 2_000  # rows below the header that get drop-down lists
_WORDS: Final[Mapping[StrEnum, str]] = {
    meaning: word for words in (KINDS, STAGES, DUTIES, ROLES) for word, meaning in words.items()
}
_LISTS: Final = {
    "类别": f'"{",".join(KINDS)}"',
    "阶段": f'"{",".join(STAGES)}"',
    "可任介绍人": f'"{",".join(ANSWERS)}"',
    "身份": f'"{",".join(ROLES)}"',
    "支部": f"'{BRANCH_SHEET}'!$A$2:$A$200",
}


def write(path: Path, roster: Roster | None = None) -> None:
    """Writes the workbook (without a roster: the empty template), replacing what is at ``path``.

    Every cell is text; none is a formula (reliability X11). Raises OSError.
    """
    roster = roster or Roster()
    book = Workbook()
    book.remove(book.worksheets[0])
    rows = (roster.branches, roster.people, roster.pairings)
    for layout, content in zip(LAYOUTS, rows, strict=True):
        _fill(book.create_sheet(layout.sheet), layout, content)
    guide = book.create_sheet(GUIDE_SHEET)
    guide.column_dimensions["A"].width = 100
    for index, line in enumerate(GUIDE, start=1):
        _put(guide, index, 1, line)
    book.save(path)


def _fill(sheet: Worksheet, layout: Layout, rows: Sequence[object]) -> None:
    sheet.freeze_panes = "A2"
    for at, column in enumerate(layout.columns, start=1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = 36 if "支部" in column.title else 16
        sheet.column_dimensions[letter].number_format = FORMAT_TEXT
        _put(sheet, 1, at, column.title).font = Font(bold=column.required)
        if column.title in _LISTS:
            offered = DataValidation("list", formula1=_LISTS[column.title], allow_blank=True)
            offered.add(f"{letter}2:{letter}{ROWS_OFFERED + 1}")
            sheet.add_data_validation(offered)
        for index, row in enumerate(rows, start=2):
            text = _text(getattr(row, column.field))
            if text:
                _put(sheet, index, at, text)


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell | MergedCell:
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"  # whatever it looks like
    cell.number_format = FORMAT_TEXT
    return cell


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return next(word for word, meaning in ANSWERS.items() if meaning is value)
    if isinstance(value, tuple):
        return "、".join(_text(part) for part in value)
    if isinstance(value, StrEnum):
        return _WORDS[value]
    return guarded(str(value))  # a text, or a date in ISO form
