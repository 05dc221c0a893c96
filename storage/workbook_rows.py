"""The roster as the workbook says it: rows that know their place, and faults that name one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from storage.records import Duty, Kind, Role, Stage

MOST_BYTES: Final = 5 * 1024 * 1024  # of a file with a roster in it (reliability X12)
BRANCH_SHEET: Final = "支部"
PERSON_SHEET: Final = "人员"
PAIRING_SHEET: Final = "结对"
SHEETS: Final = (BRANCH_SHEET, PERSON_SHEET, PAIRING_SHEET)

KINDS: Final[Mapping[str, Kind]] = {"学生": Kind.STUDENT, "教工": Kind.TEACHER}
STAGES: Final[Mapping[str, Stage]] = {
    "入党积极分子": Stage.ACTIVIST,
    "发展对象": Stage.CANDIDATE,
    "预备党员": Stage.PROBATIONARY,
    "正式党员": Stage.FULL,
}
DUTIES: Final[Mapping[str, Duty]] = {
    "书记": Duty.SECRETARY,
    "组织委员": Duty.COMMITTEE,
    "学院": Duty.OFFICE,
}
ROLES: Final[Mapping[str, Role]] = {"培养联系人": Role.CONTACT, "入党介绍人": Role.INTRODUCER}
ANSWERS: Final[Mapping[str, bool]] = {"是": True, "否": False}


def branch_key(name: str) -> str:
    """What makes two spellings one branch: width (of brackets, digits) and spaces don't count."""
    return "".join(unicodedata.normalize("NFKC", name).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRow:
    """A row of 支部. ``paired``: names as spelled in this sheet's own 支部名称.

    In all three kinds of row ``row`` is the spreadsheet's, from 1; 0: not from a file.
    """

    name: str
    kind: Kind
    paired: tuple[str, ...] = ()
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A row of 人员. ``branch``: the name as spelled in 支部; ``relatives``: 编号."""

    number: str
    name: str
    branch: str
    kind: Kind
    stage: Stage
    duties: tuple[Duty, ...] = ()
    class_name: str | None = None
    stage_since: date | None = None
    may_introduce: bool = True
    relatives: tuple[str, ...] = ()
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingRow:
    """A row of 结对: both ends by 编号."""

    student: str
    mentor: str
    role: Role
    since: date | None = None
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Every row of the workbook, in its order.

    ``absent``: optional fields (of any of the three rows) whose column the file does not have at
    all, so that its silence is no statement: an import leaves them as they are.
    """

    branches: tuple[BranchRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    pairings: tuple[PairingRow, ...] = ()
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the office has to put right.

    ``sheet``, ``row`` and ``column`` are None where the fault is not of one place; ``said`` is
    what the cell holds, shortened; ``expected`` ends the sentence.
    """

    sheet: str | None
    row: int | None
    column: str | None
    said: str | None
    expected: str

    @property
    def sentence(self) -> str:
        """人员 第5行 「阶段」：写的是“党员”，应为 …。"""
        row = None if self.row is None else f"第{self.row}行"
        column = None if self.column is None else f"「{self.column}」"
        place = " ".join(part for part in (self.sheet, row, column) if part)
        said = "" if self.said is None else f"写的是“{self.said}”，"
        return f"{place}：{said}{self.expected}" if place else f"{said}{self.expected}"

    def as_json(self) -> dict[str, str | int | None]:
        """One JSON object; ``text`` is the sentence."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "said": self.said,
            "expected": self.expected,
            "text": self.sentence,
        }
