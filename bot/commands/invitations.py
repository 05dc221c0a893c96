"""The sheet of invites that an office hands round: a QR code and a ready-to-forward text per row."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import segno
from openpyxl.drawing.image import Image
from openpyxl.worksheet.worksheet import Worksheet

from bot.desk import Desk
from messages.report_workbook import sheet_title
from storage.records import Person

HEADERS = ("姓名", "链接", "有效期至", "转发文字", "二维码")
WIDTHS = (12, 60, 20, 60, 18)
PIXELS, ROW_POINTS = 110, 88


class QrCode(Image):
    """A picture of a link. openpyxl's own constructor wants Pillow, only to learn format and size."""

    format = "png"
    width = height = PIXELS

    def __init__(self, link: str, anchor: str) -> None:
        self.anchor = anchor
        self._link = link

    def _data(self) -> bytes:
        picture = io.BytesIO()
        segno.make(self._link).save(picture, kind="png", scale=4)
        return picture.getvalue()


def write(desk: Desk, issued: list[dict[str, Any]], path: Path) -> None:
    """Write one sheet per branch. Numbers are left out: the sheet is forwarded."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for branch, rows in _by_branch(desk, issued).items():
        sheet = book.create_sheet(sheet_title(branch, taken))
        sheet.append(HEADERS)
        for column, width in zip("ABCDE", WIDTHS, strict=True):
            sheet.column_dimensions[column].width = width
        for number, (person, entry) in enumerate(rows, start=2):
            _fill(sheet, number, person, entry)
    if not book.worksheets:
        book.create_sheet("没有要开通的人")
    book.save(path)


def _by_branch(
    desk: Desk, issued: list[dict[str, Any]]
) -> dict[str, list[tuple[Person, dict[str, Any]]]]:
    sheets: dict[str, list[tuple[Person, dict[str, Any]]]] = {}
    for entry in issued:
        person = desk.store.people.one("number", entry["person"])
        if person is not None:
            branch = desk.store.branches[person.branch].name
            sheets.setdefault(branch, []).append((person, entry))
    return sheets


def _fill(sheet: Worksheet, number: int, person: Person, entry: dict[str, Any]) -> None:
    text = (
        f"{person.name}，您好。请在手机上打开这个链接开通支部的提醒：{entry['link']}"
        f" 链接只供本人使用，{entry['expires'][:10]} 前有效。"
    )
    values = (person.name, entry["link"], entry["expires"][:16].replace("T", " "), text)
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column, value)
        cell.data_type = "s"  # a name is never a formula
    sheet.add_image(QrCode(entry["link"], f"E{number}"))
    sheet.row_dimensions[number].height = ROW_POINTS
