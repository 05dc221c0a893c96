"""The three sheets: their columns, how the header is found, and what each row of a grid says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from storage import workbook_cells as cells
from storage.workbook_cells import Marked, UnfitError, Value, label
from storage.workbook_files import Grid
from storage.workbook_rows import (
    ANSWERS,
    BRANCH_SHEET,
    DUTIES,
    KINDS,
    PAIRING_SHEET,
    PERSON_SHEET,
    ROLES,
    STAGES,
    Fault,
)

HEADER_WITHIN: Final = 20  # rows: titles and notes above a header are normal


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its ``title``, the ``field`` it fills, the parser of its cells."""

    title: str
    field: str
    parse: Callable[[Value], object]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one sheet, in the order in which we write them."""

    sheet: str
    columns: tuple[Column, ...]


BRANCHES: Final = Layout(
    BRANCH_SHEET,
    (
        Column("支部名称", "name", cells.wording, required=True),
        Column("类别", "kind", cells.one_of(KINDS), required=True),
        Column("对接支部", "paired", cells.each(cells.wording)),
    ),
)
PEOPLE: Final = Layout(
    PERSON_SHEET,
    (
        Column("编号", "number", cells.number, required=True),
        Column("姓名", "name", cells.wording, required=True),
        Column("支部", "branch", cells.wording, required=True),
        Column("类别", "kind", cells.one_of(KINDS), required=True),
        Column("阶段", "stage", cells.one_of(STAGES), required=True),
        Column("职务", "duties", cells.some_of(DUTIES)),
        Column("班级", "class_name", cells.wording),
        Column("阶段日期", "stage_since", cells.day),
        Column("可任介绍人", "may_introduce", cells.one_of(ANSWERS)),
        Column("亲属", "relatives", cells.each(cells.number)),
    ),
)
PAIRINGS: Final = Layout(
    PAIRING_SHEET,
    (
        Column("学生编号", "student", cells.number, required=True),
        Column("导师编号", "mentor", cells.number, required=True),
        Column("身份", "role", cells.one_of(ROLES), required=True),
        Column("起始日期", "since", cells.day),
    ),
)
LAYOUTS: Final = (BRANCHES, PEOPLE, PAIRINGS)


@dataclass(frozen=True, slots=True)
class Said:
    """One row of a sheet: the fields that could be read; ``whole`` if no cell is at fault."""

    row: int
    fields: Mapping[str, Any]
    whole: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet says: rows that are not blank, what is wrong in them, the fields it lacks."""

    rows: tuple[Said, ...] = ()
    faults: tuple[Fault, ...] = ()
    absent: frozenset[str] = frozenset()

    @property
    def lost(self) -> bool:
        """Nothing could be read, so that what refers to this sheet cannot be judged."""
        return bool(self.faults) and not self.rows


def reading(layout: Layout, grid: Grid | None) -> Reading:
    """Reads a sheet (None: the file has no such sheet)."""
    if grid is None:
        return Reading(faults=(Fault(layout.sheet, None, None, None, "缺少这张工作表"),))
    header = _header_row(layout, grid)
    if header is None:
        wanted = f"没有找到表头，应有 {_required_titles(layout)}"
        fault = Fault(layout.sheet, None, None, None, wanted)
        return Reading(faults=(fault,))
    titles = [_title(cell) for cell in grid[header]]
    faults = _header_faults(layout, titles, header + 1)
    present = {c: titles.index(c.title) for c in layout.columns if c.title in titles}
    rows = []
    for index, row in enumerate(grid[header + 1 :], start=header + 2):
        if not _repeats_header(row, titles):
            said, wrong = _row(layout, present, row, index)
            rows.extend([said] if said else [])
            faults.extend(wrong)
    absent = frozenset(column.field for column in layout.columns if column not in present)
    return Reading(tuple(rows), tuple(faults), absent)


def _required_titles(layout: Layout) -> str:
    return "、".join(column.title for column in layout.columns if column.required)


def _title(cell: Value | None) -> str:
    return "" if cell is None or isinstance(cell, Marked) else label(cell).strip("*")


def _header_row(layout: Layout, grid: Grid) -> int | None:
    """Index of the (first) row with most of the required titles; None if none has two."""
    wanted = {column.title for column in layout.columns if column.required}
    hits = [len(wanted & {_title(cell) for cell in row}) for row in grid[:HEADER_WITHIN]]
    best = max(hits, default=0)
    return hits.index(best) if best >= 2 else None


def _header_faults(layout: Layout, titles: list[str], row: int) -> list[Fault]:
    counts = Counter(titles)
    faults = []
    for column in layout.columns:
        if column.required and not counts[column.title]:
            faults.append(Fault(layout.sheet, row, column.title, None, "表头里缺少这一列"))
        if counts[column.title] > 1:
            faults.append(Fault(layout.sheet, row, column.title, None, "表头里有两列同名"))
    return faults


def _repeats_header(row: list[Value | None], titles: list[str]) -> bool:
    """Sheets made for printing repeat their header on every page."""
    return [_title(cell) for cell in row] == titles


def _row(
    layout: Layout, present: Mapping[Column, int], row: list[Value | None], index: int
) -> tuple[Said | None, list[Fault]]:
    values = {column: row[at] if at < len(row) else None for column, at in present.items()}
    if all(value is None for value in values.values()):
        return None, []
    fields: dict[str, Any] = {}
    faults: list[Fault] = []
    for column, value in values.items():
        if value is None:
            if column.required:
                faults.append(Fault(layout.sheet, index, column.title, None, "必填，不能为空"))
            continue
        try:
            fields[column.field] = _parsed(column, value)
        except UnfitError as unfit:
            said = cells.said(value)
            faults.append(Fault(layout.sheet, index, column.title, said, unfit.expected))
    whole = not faults and all(c in present for c in layout.columns if c.required)
    return Said(index, fields, whole), faults


def _parsed(column: Column, value: Value) -> object:
    if isinstance(value, Marked):
        remedy = "请复制后“选择性粘贴→值”" if value.what == "公式" else "请改成正确的内容"
        raise UnfitError(f"单元格 {value.where} 是{value.what}，{remedy}")
    return column.parse(value)
