"""The neutral layout of both registration forms, as Word templates (policy § 3.1 and § 3.2).

``python -m messages.form_layout`` writes them anew into ``messages/forms/``. What the bot may fill in
stands as ``{{…}}`` (`messages.document`); opinions, signatures and stamps stay empty.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from messages.document import FOLDER, resource_name
from messages.facts import FORM_NAMES
from messages.registration import BOXES
from storage.records import FormKind

BODY, HEADLINE = "仿宋", "宋体"
SMALL_FOUR, FOUR, TWO = Pt(12), Pt(14), Pt(22)  # 小四, 四号, 二号
MARGIN, WIDTH = Cm(2.5), 16.0  # of A4; what is left between the margins, in cm
FRONT = 1.4  # of it, a title standing upright
COLUMNS: Final = 12  # of the grid in which every table stands
HALF, WHOLE, FITTING = 8.6, 20.6, 5.2  # heights of what is written by hand, in cm
DATE_LINE = "年    月    日"
HAND = (
    "用黑色或蓝黑色墨水笔手写，字迹清楚。",
    "没有内容的栏目填写“无”；日期写到日；民族写全称。",
    "党支部名称从上级单位写起。",
    "本表由党支部保管，按期归档。",
)  # 填写说明 of the neutral layout; the office's own template has its own

Row = Sequence[tuple[str, int]]  # cells of the grid: the words, and how many columns wide


def template(kind: FormKind) -> bytes:
    """Return the neutral template of that form as a .docx file."""
    document = _blank(FORM_NAMES[kind].strip("《》"))
    {FormKind.ACTIVIST: _activist, FormKind.PROBATIONARY: _probationary}[kind](document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _blank(title: str) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = Cm(2.2)
    normal = document.styles["Normal"]
    normal.font.size = SMALL_FOUR
    _face(normal.element.get_or_add_rPr(), BODY)
    normal.paragraph_format.space_after = Pt(0)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(f".//{qn('w:rPr')}")
    _face(defaults, BODY)
    defaults.find(qn("w:lang")).set(qn("w:eastAsia"), "zh-CN")
    document.core_properties.title = title
    document.core_properties.author = document.core_properties.comments = ""
    return document


def _face(properties: Any, face: str) -> None:
    """Name the font for Chinese too, which ``font.name`` leaves to the theme."""
    fonts = properties.get_or_add_rFonts()
    for theme in [name for name in fonts.attrib if name.casefold().endswith("theme")]:
        del fonts.attrib[theme]
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), face)


def _line(
    document: Any,
    words: str,
    size: Pt = SMALL_FOUR,
    *,
    before: float = 0,
    align: ALIGN = ALIGN.LEFT,
    face: str = BODY,
    bold: bool = False,
    new_page: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.page_break_before = new_page
    run = paragraph.add_run(words)
    run.font.size, run.font.bold = size, bold
    _face(run._r.get_or_add_rPr(), face)
    return paragraph


def _cover(document: Any, *title: str) -> None:
    for number, words in enumerate(title):
        _line(
            document, words, TWO, before=0 if number else 120,
            align=ALIGN.CENTER, face=HEADLINE, bold=True,
        )  # fmt: skip
    _line(document, "", before=120)
    for label, value in (
        ("姓名", "{{姓名}}"),
        ("所在单位（班级）", "{{班级}}"),
        ("党委", ""),
        ("所在党支部", "{{支部}}"),
        ("制表单位", ""),
    ):
        table = _table(document, [[(f"{label}：", 4), (value, 6)]], width=10)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        _only_below(table.rows[0].cells)
        _line(document, "")


def _only_below(cells: Sequence[Any]) -> None:
    """Leave a ruled line under the value, and nothing around the label."""
    _without(cells[0], "top", "left", "bottom", "right")
    _without(cells[-1], "top", "left", "right")
    cells[0].paragraphs[0].alignment = ALIGN.DISTRIBUTE


def _instructions(document: Any) -> None:
    _line(
        document, "填写说明", FOUR, before=12,
        align=ALIGN.CENTER, face=HEADLINE, bold=True, new_page=True,
    )  # fmt: skip
    for number, words in enumerate(HAND, start=1):
        _line(document, f"{number}．{words}", FOUR, before=12)


def _table(
    document: Any, rows: Sequence[Row], *, height: float = 1.1, width: int = COLUMNS
) -> Any:
    """Add a table of labels and values; rows are cells with their widths in columns of the grid."""
    table = document.add_table(rows=len(rows), cols=width, style="Table Grid")
    table.autofit = False
    for column in table.columns:
        column.width = Cm(WIDTH / COLUMNS)
    for made, row in zip(table.rows, rows, strict=True):
        made.height, made.height_rule = Cm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        at = 0
        for words, span in row:
            cell = made.cells[at].merge(made.cells[at + span - 1])
            cell.width = Cm(WIDTH / COLUMNS * span)
            cell.vertical_alignment = VERTICAL.CENTER
            cell.paragraphs[0].add_run(words)
            cell.paragraphs[0].alignment = ALIGN.CENTER
            at += span
    return table


def _without(cell: Any, *sides: str) -> None:
    """Leave out those borders, named in the order top, left, bottom, right."""
    borders = OxmlElement("w:tcBorders")
    for side in sides:
        border = OxmlElement(f"w:{side}")
        border.set(qn("w:val"), "nil")
        borders.append(border)
    _set(cell, borders)


AFTER_BORDERS = ("w:shd", "w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign")


def _set(cell: Any, element: Any) -> None:
    """Put a setting of a cell where Word wants it; python-docx knows neither borders nor directions."""
    name = f"w:{element.tag.rpartition('}')[2]}"
    later = (
        AFTER_BORDERS[AFTER_BORDERS.index(name) + 1 :] if name in AFTER_BORDERS else AFTER_BORDERS
    )
    cell._tc.get_or_add_tcPr().insert_element_before(element, *later)


def _heading(document: Any, words: str, *, new_page: bool) -> None:
    _line(
        document, words, FOUR,
        align=ALIGN.CENTER, face=HEADLINE, bold=True, new_page=new_page,
    ).paragraph_format.space_after = Pt(6)  # fmt: skip


def _hand(
    document: Any,
    title: str,
    *signatures: str,
    head: str = "",
    height: float = FITTING,
    new_page: bool = False,
) -> None:
    """Add a box to write into: its title upright in front, room, and a line to sign and date."""
    _gap(document, new_page=new_page)
    rows = [head, "", *signatures] if head else ["", *signatures]
    table = document.add_table(rows=len(rows), cols=2, style="Table Grid")
    table.autofit = False
    table.columns[0].width, table.columns[1].width = Cm(FRONT), Cm(WIDTH - FRONT)
    front = table.cell(0, 0).merge(table.cell(len(rows) - 1, 0))
    for row in table.rows:
        row._tr.tc_lst[0].width = Cm(FRONT)  # those merged into the first one too
    front.vertical_alignment = VERTICAL.CENTER
    _upright(front, title)
    for number, words in enumerate(rows):
        row, cell = table.rows[number], table.cell(number, 1)
        cell.width = Cm(WIDTH - FRONT)
        body = not words
        row.height = Cm(height - 0.9 * (len(rows) - 1) if body else 0.9)
        row.height_rule = WD_ROW_HEIGHT_RULE.EXACTLY if body else WD_ROW_HEIGHT_RULE.AT_LEAST
        cell.vertical_alignment = VERTICAL.CENTER
        cell.paragraphs[0].add_run(words)
        if words in signatures:
            cell.paragraphs[0].alignment = ALIGN.RIGHT
        is_last = number == len(rows) - 1
        sides = ["top"] * (words in signatures) + ["bottom"] * (words != head and not is_last)
        if sides:
            _without(cell, *sides)


def _upright(cell: Any, words: str) -> None:
    direction = OxmlElement("w:textDirection")
    direction.set(qn("w:val"), "tbRlV")
    _set(cell, direction)
    cell.paragraphs[0].add_run(words)
    cell.paragraphs[0].alignment = ALIGN.CENTER


def _gap(document: Any, *, new_page: bool) -> None:
    """Keep two tables apart; Word would join them."""
    paragraph = _line(document, "", Pt(6), new_page=new_page)
    paragraph.paragraph_format.line_spacing = Pt(6)


def _signed(whose: str, *, branch: bool = False) -> str:
    where = "{{支部}}    " if branch else ""
    return f"{where}{whose}：                    {DATE_LINE}  "


def _half_years(document: Any, kind: FormKind, record: str, mentor: str, review: str) -> None:
    """Add a page per half-year: above the talk as the mentor writes it down, below the branch's opinion."""
    for number in range(1, BOXES[kind] + 1):
        _hand(
            document, record, _signed(mentor), height=HALF + 2.8, new_page=True,
            head=f"期间：{{{{期间{number}}}}}  谈话日期：{{{{谈话日期{number}}}}}\n"
            "地点：                          方式：",
        )  # fmt: skip
        _hand(
            document, review, _signed("党支部书记签名", branch=True), height=HALF + 2.8,
            head=f"期间：{{{{期间{number}}}}}",
        )  # fmt: skip


def _activist(document: Any) -> None:
    _cover(document, "入党积极分子和发展对象", "培养考察登记表")
    _instructions(document)
    _heading(document, "基本情况", new_page=True)
    _table(
        document,
        [
            [("姓名", 2), ("{{姓名}}", 2), ("性别", 2), ("", 2), ("出生年月", 2), ("", 2)],
            [("民族", 2), ("", 2), ("籍贯", 2), ("", 2), ("文化程度", 2), ("", 2)],
            [("政治面貌", 2), ("", 2), ("职务", 2), ("", 2), ("学院/专业", 2), ("", 2)],
            [("班级", 2), ("{{班级}}", 4), ("学号", 2), ("{{学号}}", 4)],
            [("身份证号码", 2), ("", 4), ("手机号", 2), ("", 4)],
            [("申请入党时间", 2), ("", 4), ("入团时间", 2), ("", 4)],
            [("何时确定为入党积极分子", 4), ("", 8)],
            [("推荐方式（团组织推优/党员群众推荐）", 6), ("", 6)],
        ],
    )
    _tall(document, ("家庭主要成员、主要社会关系及政治面貌", "主要经历", "奖励或处分"), 3.6)
    _hand(
        document, "支委会（党员大会）意见", _signed("党支部书记签名", branch=True),
        head="对确定入党积极分子的意见：", height=9.5, new_page=True,
    )  # fmt: skip
    _gap(document, new_page=False)
    _table(
        document,
        [
            [("培养联系人", 2), ("入党、转正时间", 3), ("党内职务", 3), ("所在党支部", 4)],
            *(
                [(f"{{{{联系人{n}}}}}", 2), ("", 3), ("", 3), (f"{{{{联系人{n}支部}}}}", 4)]
                for n in (1, 2)
            ),
        ],
    )
    _hand(document, "党委备案意见", "（盖章）", _signed("党委书记签名"), height=8)
    _half_years(
        document, FormKind.ACTIVIST,
        "培养考察情况（谈话记录）", "培养联系人签名", "党支部考察意见（半年）",
    )  # fmt: skip
    _pages(
        document,
        ("培养联系人考察意见", (_signed("培养联系人签名"),)),
        ("支委会（党员大会）意见", (_signed("党支部书记签名", branch=True),)),
        ("党员和群众意见", (_signed("党支部书记签名"),)),
        ("学工副书记（负责人）意见", (_signed("签名"),)),
        ("党委备案意见", ("（盖章）", _signed("党委书记签名"))),
        ("教育培训情况", (_signed("签名"),)),
        ("政治审查报告", (_signed("政审人签名"),)),
        ("公示情况", (_signed("党支部书记签名"),)),
        ("党支部审查意见", (_signed("党支部书记签名", branch=True),)),
        ("党委预审意见", ("（盖章）", _signed("党委书记签名"))),
        ("备注", ()),
    )


def _probationary(document: Any) -> None:
    _cover(document, "预备党员考察登记表")
    _instructions(document)
    _heading(document, "基本情况", new_page=True)
    _table(
        document,
        [
            [("姓名", 2), ("{{姓名}}", 2), ("性别", 2), ("", 2), ("出生年月", 2), ("", 2)],
            [("籍贯", 2), ("", 2), ("文化程度", 2), ("", 2), ("职务（职称）", 2), ("", 2)],
            [("班级", 2), ("{{班级}}", 4), ("联系电话", 2), ("", 4)],
            [("申请入党日期", 3), ("", 3), ("确定积极分子日期", 3), ("", 3)],
            [("确定发展对象日期", 3), ("", 3), ("召开支部大会日期", 3), ("{{支部大会日期}}", 3)],
            [("何支部发展", 3), ("{{支部}}", 9)],
            [("预备期起止日期", 3), ("{{预备期起}}至{{预备期止}}", 9)],
            [("延长预备期起止日期", 3), ("", 9)],
            [("编入党支部或党小组", 3), ("", 9)],
        ],
    )
    _gap(document, new_page=False)
    _table(
        document,
        [
            [("入党介绍人", 2), ("所在支部", 4), ("职务", 3), ("是否正式党员", 3)],
            *(
                [
                    (f"{{{{介绍人{n}}}}}", 2),
                    (f"{{{{介绍人{n}支部}}}}", 4),
                    (f"{{{{介绍人{n}职务}}}}", 3),
                    (f"{{{{介绍人{n}正式党员}}}}", 3),
                ]
                for n in (1, 2)
            ),
        ],
    )
    _tall(document, ("宣誓记录", "入党时主要优缺点"), 3.6)
    _heading(document, "本人填写", new_page=True)
    _tall(document, ("参加党内活动情况", "工作学习情况", "获奖情况"), 7.2)
    _half_years(
        document, FormKind.PROBATIONARY,
        "考察情况（谈话记录）", "考察人签名", "党支部考察意见（半年）",
    )  # fmt: skip
    _pages(
        document,
        ("入党介绍人意见", (_signed("入党介绍人签名"), _signed("入党介绍人签名"))),
        ("听取党内外群众意见", (_signed("党支部书记签名"),)),
        ("转正前公示情况", (_signed("党支部书记签名"),)),
        ("转正前党支部审查意见", (_signed("党支部书记签名", branch=True),)),
        ("党委（党总支）意见", ("（盖章）", _signed("党委书记签名"))),
        ("备注", ()),
    )


HEADS = {"教育培训情况": "班名：              结业时间："}


def _pages(document: Any, *boxes: tuple[str, Sequence[str]]) -> None:
    """Add boxes by title and signatures, two to a page."""
    for number, (title, signatures) in enumerate(boxes):
        _hand(
            document, title, *signatures,
            head=HEADS.get(title, ""), height=11.6, new_page=number % 2 == 0,
        )  # fmt: skip


def _tall(document: Any, titles: Iterable[str], height: float) -> None:
    """Add rows with much room: their title in front, lying."""
    _gap(document, new_page=False)
    table = _table(document, [[(title, 3), ("", 9)] for title in titles], height=height)
    for row in table.rows:
        row.height_rule = WD_ROW_HEIGHT_RULE.EXACTLY


def main() -> None:
    for kind in FormKind:
        (FOLDER / resource_name(kind)).write_bytes(template(kind))


if __name__ == "__main__":
    main()
