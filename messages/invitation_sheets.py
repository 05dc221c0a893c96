"""The workbook of invites that is handed round: a QR code and a ready-to-forward text per row."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import openpyxl
from openpyxl.drawing.image import Image
from openpyxl.worksheet.worksheet import Worksheet

from messages.invitations import Invitation, code
from messages.report_workbook import sheet_title

HEADERS = ("姓名", "链接", "有效期至", "转发文字", "二维码")
WIDTHS = (12, 60, 20, 60, 18)
PIXELS, ROW_POINTS = 110, 88
SCALE = 4


class QrCode(Image):
    """A picture of a link. openpyxl's own constructor wants Pillow, only to learn format and size."""

    format = "png"
    width = height = PIXELS

    def __init__(self, link: str, anchor: str) -> None:
        self.anchor = anchor
        self._link = link

    def _data(self) -> bytes:
        return code(self._link, SCALE)


def written(sheets: Mapping[str, Sequence[Invitation]]) -> bytes:
    """Return one sheet per branch. Numbers are left out: the sheet is forwarded."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for branch, invitations in sheets.items():
        sheet = book.create_sheet(sheet_title(branch, taken))
        sheet.append(HEADERS)
        for column, width in zip("ABCDE", WIDTHS, strict=True):
            sheet.column_dimensions[column].width = width
        for number, one in enumerate(invitations, start=2):
            _fill(sheet, number, one)
    if not book.worksheets:
        book.create_sheet("没有要开通的人")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _fill(sheet: Worksheet, number: int, one: Invitation) -> None:
    values = (one.name, one.link, f"{one.expires:%Y-%m-%d %H:%M}", one.words)
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column, value)
        cell.data_type = "s"  # a name is never a formula
    sheet.add_image(QrCode(one.link, f"E{number}"))
    sheet.row_dimensions[number].height = ROW_POINTS
