"""From a file of unknown origin to plain grids of cells, within limits and without trust.

Nothing is extracted to disk, nothing is loaded whole before it is counted (reliability X12, X13).
"""

from __future__ import annotations

import csv
import io
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final, cast
from xml.parsers import expat

import openpyxl
from openpyxl.cell.cell import ERROR_CODES, Cell, MergedCell
from openpyxl.utils.cell import get_column_letter, range_boundaries

from storage.workbook_cells import Marked, Value, label, visible
from storage.workbook_rows import MOST_BYTES, SHEETS

MOST_MEMBERS: Final = 50
MOST_UNPACKED: Final = 50 * 1024 * 1024
MOST_RATIO: Final = 100
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 50
MOST_CELLS: Final = MOST_ROWS * MOST_COLUMNS
TOO_BIG: Final = "文件展开后过大，请新建工作簿，只粘贴 支部、人员、结对 三张表"
_OLE: Final = b"\xd0\xcf\x11\xe0"  # .xls, and an .xlsx under a password

Grid = list[list[Value | None]]  # rows from the spreadsheet's row 1, cells from its column A
Range = tuple[int, int, int, int]  # first column, first row, last column, last row; from 1


class NotReadableError(Exception):
    """The whole file is refused; its text is the sentence that says why."""


def grids(path: Path) -> dict[str, Grid]:
    """The sheets of the roster that the file holds, by name. Raises `NotReadableError`."""
    try:
        content = _bytes(path)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bombs(archive)
            if "xl/workbook.xml" in archive.namelist():
                return _sheets(content, archive)
            return _csv_files(archive)
    except NotReadableError:
        raise
    except OSError as error:
        raise NotReadableError(
            f"打不开文件 {visible(path.name)}：{error.strerror or '读取失败'}"
        ) from error
    except MemoryError as error:
        raise NotReadableError(TOO_BIG) from error
    except Exception as error:  # what a damaged file makes its readers raise has no common class
        raise NotReadableError("文件不完整或已损坏，请在表格软件里另存为 .xlsx 后再试") from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise NotReadableError("文件超过 5 MB，名册不会这么大，请只保留 支部、人员、结对 三张表")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise NotReadableError("文件加了密码，请取消密码后另存")
        raise NotReadableError("这是旧版 .xls 文件，请在表格软件里另存为 .xlsx")
    if not content.startswith(b"PK"):
        raise NotReadableError("不是 .xlsx 工作簿，也不是装有三个 CSV 文件的 zip")
    return content


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if any(member.flag_bits & 1 for member in members):
        raise NotReadableError("文件加了密码，请取消密码后另存")
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * packed:
        raise NotReadableError(TOO_BIG)


# A workbook


def _sheets(content: bytes, archive: zipfile.ZipFile) -> dict[str, Grid]:
    if not openpyxl.DEFUSEDXML:
        raise NotReadableError("没有安装 defusedxml，读取工作簿不安全，请告诉维护人员")
    merged = {
        member.filename: _merged_ranges(archive.read(member))
        for member in archive.infolist()
        if member.filename.endswith(".xml")
    }
    found: dict[str, Grid] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features we do not read
        # Read-only: in full mode a merged area or a link over a whole sheet is made cell by cell.
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        for sheet in workbook.worksheets:
            name = label(sheet.title)
            if name not in SHEETS:
                continue
            if name in found:
                raise NotReadableError(f"有两张表都叫「{name}」，请只留一张")
            sheet.reset_dimensions()  # the file's own word for its size is not to be trusted
            rows = ([_workbook_cell(cell) for cell in row] for row in sheet.iter_rows())
            grid = _counted(name, rows)
            part: str = sheet._worksheet_path  # type: ignore[attr-defined]  # no public way to it
            _fill_down(grid, merged.get(part, []))
            found[name] = grid
    return found


def _workbook_cell(cell: Cell | MergedCell) -> Value | None:
    value = cast("Value | None", cell.value)
    if value is None or (isinstance(value, str) and not visible(value)):
        return None
    if cell.data_type == "f":
        return Marked(cell.coordinate, "公式", str(value))
    if cell.data_type == "e":
        return Marked(cell.coordinate, "错误值", str(value))
    return value


def _merged_ranges(xml: bytes) -> list[Range]:
    """The merged areas in a part. Refuses document types (entities) and too many cells."""
    ranges: list[Range] = []
    cells = 0

    def element(name: str, attributes: dict[str, str]) -> None:
        nonlocal cells
        kind = name.rpartition(":")[2]
        if kind == "c":
            cells += 1
        elif kind == "mergeCell":
            left, top, right, bottom = range_boundaries(attributes["ref"])
            ranges.append((left or 1, top or 1, right or MOST_COLUMNS, bottom or MOST_ROWS))
        if cells > MOST_CELLS or len(ranges) > MOST_ROWS:
            raise NotReadableError(f"表格超过{MOST_ROWS}行×{MOST_COLUMNS}列，请只保留名册的内容")

    def document_type(*_: object) -> None:
        raise NotReadableError("文件含有不允许的 XML 声明，请在表格软件里另存为 .xlsx")

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = document_type
    parser.Parse(xml, True)
    return ranges


def _fill_down(grid: Grid, ranges: Sequence[Range]) -> None:
    """A merged cell has its value at the top only; rows that are blank otherwise stay blank."""
    blank = [all(cell is None for cell in row) for row in grid]
    for left, top, _, bottom in ranges:
        value = _at(grid, top, left)
        for row in range(top + 1, min(bottom, len(grid)) + 1):
            if not blank[row - 1] and _at(grid, row, left) is None:
                cells = grid[row - 1]
                cells.extend([None] * (left - len(cells)))
                cells[left - 1] = value


def _at(grid: Grid, row: int, column: int) -> Value | None:
    if row > len(grid) or column > len(grid[row - 1]):
        return None
    return grid[row - 1][column - 1]


# Three CSV files in a zip


def _csv_files(archive: zipfile.ZipFile) -> dict[str, Grid]:
    found: dict[str, Grid] = {}
    for member in archive.infolist():
        path = PurePosixPath(_file_name(member))
        if path.suffix.lower() != ".csv" or "__MACOSX" in path.parts:
            continue
        stem = label(path.stem)
        name = next((sheet for sheet in SHEETS if stem.endswith(sheet)), None)
        if name is None:
            continue
        if name in found:
            raise NotReadableError(f"压缩包里有两个「{name}」的 CSV 文件，请只留一个")
        found[name] = _counted(name, _csv_rows(_decoded(name, archive.read(member))))
    if not found:
        raise NotReadableError("压缩包里没有 支部.csv、人员.csv、结对.csv")
    return found


def _file_name(member: zipfile.ZipInfo) -> str:
    """Windows packs names in its own code page unmarked; zipfile then reads them as cp437."""
    if member.flag_bits & 0x800:
        return member.filename
    raw = member.filename.encode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _decoded(name: str, content: bytes) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotReadableError(f"「{name}」的 CSV 文件编码认不出来，请另存为 CSV UTF-8")


def _csv_rows(text: str) -> Iterator[list[Value | None]]:
    separator = max(",", "\t", ";", key=text.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for row, line in enumerate(lines, start=1):
        yield [_csv_cell(row, column, cell) for column, cell in enumerate(line, start=1)]


def _csv_cell(row: int, column: int, text: str) -> Value | None:
    stripped = visible(text)
    where = f"{get_column_letter(column)}{row}"
    if not stripped:
        return None
    if unicodedata.normalize("NFKC", stripped).upper() in ERROR_CODES:
        return Marked(where, "错误值", stripped)
    if stripped.startswith("="):
        return Marked(where, "公式", stripped)
    return text


def _counted(name: str, rows: Iterable[list[Value | None]]) -> Grid:
    grid = [_trimmed(name, row) for row in islice(rows, MOST_ROWS + 1)]
    if len(grid) > MOST_ROWS:
        raise NotReadableError(
            f"「{name}」超过{MOST_ROWS}行（只有格式的空行也算），请删去多余的行"
        )
    return grid


def _trimmed(name: str, row: list[Value | None]) -> list[Value | None]:
    if any(cell is not None for cell in row[MOST_COLUMNS:]):
        raise NotReadableError(f"「{name}」超过{MOST_COLUMNS}列，请删去多余的列")
    return row[:MOST_COLUMNS]
