"""Writing the progress workbook: a sheet of totals with a chart, one per branch, one of mentors (policy § 3.4).

Every text is written as text and none can become a formula (reliability X11); dates and numbers are typed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.numbers import FORMAT_TEXT
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from messages.facts import FORM_WORDS, STAGES, TALK_WORDS
from messages.filters import day
from messages.report import MentorRow, Report, StudentRow
from storage.records import Progress, TalkState
from storage.workbook_cells import guarded, visible

TOTALS: Final = "合计"
MENTORS: Final = "导师"
NUMBER: Final = ("编号", 16)
STUDENT_COLUMNS: Final = (
    ("学生", 14), ("班级", 14), ("阶段", 14), ("导师", 22), ("谈话日期", 13), ("状态", 13),
    ("登记表", 10), ("发放日期", 13), ("交回日期", 13), ("归档日期", 13), ("备注", 24),
)  # fmt: skip
MENTOR_COLUMNS: Final = (
    ("导师", 14), ("支部", 30), ("联系学生", 11), ("表内学生", 11),
    *((word, 13) for word in TALK_WORDS.values()), ("学生", 50),
)  # fmt: skip
TOTAL_COLUMNS: Final = (
    ("支部", 30), ("学生", 9), *((word, 13) for word in TALK_WORDS.values()),
    *((word, 10) for word in FORM_WORDS.values()), ("未开通", 10),
)  # fmt: skip
# Of the bars: told apart by brightness as well, on paper and by whoever sees no colours.
COLOURS: Final[Mapping[TalkState, str]] = {
    TalkState.CONFIRMED: "1F5F4A",
    TalkState.CLAIMED: "4F9BC9",
    TalkState.DISPUTED: "E0A12B",
    TalkState.NONE: "D9D9D9",
}
HEADING, FIRST = 3, 4  # rows of the totals; the line above says which round and as of when
DATE: Final = "yyyy-mm-dd"
LONGEST_TITLE: Final = 31  # UTF-16 units of a sheet's title (Excel)
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\]")
_THIN: Final = Side(style="thin", color="999999")
_GRID: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def written(report: Report) -> bytes:
    """Return the workbook as a file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    taken = {TOTALS, MENTORS}
    _totals(book.create_sheet(TOTALS), report)
    for branch in report.branches:
        title = sheet_title(branch.name, taken)
        rows = (_student(one, numbered=report.numbered) for one in branch.students)
        _table(book.create_sheet(title), _columns(STUDENT_COLUMNS, report), rows)
    mentors = (_mentor(one, numbered=report.numbered) for one in report.mentors)
    _table(book.create_sheet(MENTORS), _columns(MENTOR_COLUMNS, report), mentors)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet_title(name: str, taken: set[str]) -> str:
    """Return a title that Excel accepts and no other sheet has, whatever the case, and note it in ``taken``."""
    plain = _NOT_IN_TITLES.sub("_", visible(name)).strip("'") or "_"
    title, again = _cut(plain, LONGEST_TITLE), 1
    while title.casefold() in {one.casefold() for one in taken}:
        again += 1
        mark = f"（{again}）"
        title = _cut(plain, LONGEST_TITLE - len(mark)) + mark
    taken.add(title)
    return title


def _cut(text: str, units: int) -> str:
    while len(text.encode("utf-16-le")) // 2 > units:
        text = text[:-1]
    return text


def _columns(columns: Sequence[tuple[str, int]], report: Report) -> tuple[tuple[str, int], ...]:
    return (NUMBER, *columns) if report.numbered else tuple(columns)


def _student(one: StudentRow, *, numbered: bool) -> list[Any]:
    number = [one.number] if numbered else []
    mentors, stage = "、".join(one.mentors), STAGES[one.stage]
    state = TALK_WORDS[one.state]
    talk = (one.talked, f"{state}（代记）" if one.proxy else state)
    form = (FORM_WORDS[one.form], one.handed_out, one.received, one.archived)
    return [*number, one.name, one.class_name, stage, mentors, *talk, *form, None]


def _mentor(one: MentorRow, *, numbered: bool) -> list[Any]:
    number = [one.number] if numbered else []
    talk = [one.talk.get(state, 0) for state in TALK_WORDS]
    names = "、".join(one.students)
    return [*number, one.name, one.branch, one.load, len(one.students), *talk, names]


def _totals(sheet: Worksheet, report: Report) -> None:
    _put(sheet, 1, 1, _as_of(report)).font = Font(bold=True, size=13)
    lines = [_total(one.name, one.progress) for one in report.branches]
    rows = [*lines, _sum(lines)] if len(lines) > 1 else lines
    _table(sheet, TOTAL_COLUMNS, rows, heading=HEADING)
    if lines:
        _chart(sheet, len(lines))


def _as_of(report: Report) -> str:
    """Return which round, which week, as of when."""
    week = f"第{report.week}周" if report.week is not None and report.week >= 1 else ""
    term = f"半年考察（{report.term}）{week}" if report.term else "还没有设定学期"
    return f"{term}，截至{report.at.year}年{day(report.at)} {report.at:%H:%M}"


def _total(name: str, progress: Progress) -> list[Any]:
    talk = (progress.talk.get(state, 0) for state in TALK_WORDS)
    form = (progress.form.get(state, 0) for state in FORM_WORDS)
    return [name, progress.students, *talk, *form, progress.not_enrolled]


def _sum(lines: Sequence[Sequence[Any]]) -> list[Any]:
    """Return the last line: numbers, not a formula."""
    return ["合计", *(sum(column) for column in list(zip(*lines, strict=True))[1:])]


def _chart(sheet: Worksheet, branches: int) -> None:
    """A bar per branch below the table, its parts the four states."""
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 60
    chart.title, chart.legend.position = "谈话进度（人）", "b"
    first = 3  # behind 支部 and 学生
    last = first + len(TALK_WORDS) - 1
    chart.add_data(
        Reference(sheet, first, HEADING, last, HEADING + branches), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, 1, FIRST, 1, HEADING + branches))
    for series, state in zip(chart.series, TALK_WORDS, strict=True):
        series.graphicalProperties.solidFill = COLOURS[state]
        series.graphicalProperties.line.solidFill = "FFFFFF"
    chart.dataLabels = DataLabelList(
        showVal=True, showSerName=False, showCatName=False, showLegendKey=False, numFmt="#;;"
    )
    chart.x_axis.scaling.orientation = "maxMin"  # as in the table, the first branch on top
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = None
    chart.y_axis.crosses, chart.y_axis.numFmt = "max", "0"
    chart.width, chart.height = 26, 4 + 1.3 * branches
    sheet.add_chart(chart, f"A{HEADING + branches + 4}")


def _table(
    sheet: Worksheet,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Any]],
    *,
    heading: int = 1,
) -> None:
    for at, (title, width) in enumerate(columns, start=1):
        cell = _put(sheet, heading, at, title)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EDEDED")
        cell.border, cell.alignment = _GRID, Alignment(horizontal="center", vertical="center")
        sheet.column_dimensions[cell.column_letter].width = width
    last = heading
    for last, row in enumerate(rows, start=heading + 1):
        for at, value in enumerate(row, start=1):
            _put(sheet, last, at, value).border = _GRID
    ends = sheet.cell(last, len(columns)).coordinate
    sheet.freeze_panes = f"B{heading + 1}"
    if heading == 1:
        sheet.auto_filter.ref = f"A1:{ends}"
    sheet.print_title_rows = f"{heading}:{heading}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(sheet: Worksheet, row: int, column: int, value: str | int | date | None) -> Any:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = guarded(visible(value))
        cell.data_type = "s"  # whatever it looks like
        cell.number_format = FORMAT_TEXT
        cell.alignment = Alignment(vertical="center", wrap_text=row > HEADING)
    elif value is not None:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = DATE
        cell.alignment = Alignment(vertical="center")
    return cell
