"""What an import of the roster found and did, as the command line says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

from bot.rules.eligibility import Reason
from storage.records import Branch, Person
from storage.workbook_rows import BRANCH_SHEET, PAIRING_SHEET, PERSON_SHEET, Fault

# Policy § 5.6, the wordings for the command line; where it is silent, our own.
SENTENCES: Final[Mapping[Reason, str]] = {
    Reason.SELF: "学生和导师不能是同一个人。",
    Reason.GONE: "{student}、{mentor}二人中有人已不在名册上。",
    Reason.TEACHER_AS_STUDENT: "{student}是教工，不能列为学生。",
    Reason.STUDENT_IS_FULL: "{student}已是正式党员，不再安排培养联系人或入党介绍人。",
    Reason.NOT_FULL_MEMBER: "培养联系人、入党介绍人应由正式党员担任，请另选。",
    Reason.EXCLUDED: "{mentor}同志目前不能担任入党介绍人，请确认后另行安排。",
    Reason.UNPAIRED: (
        "{mentor_branch}不是{branch}的对接支部。对接的是：{paired}。"
        "如需跨支部安排，请由学院党委办公室确认。"
    ),
    Reason.ALREADY_PAIRED: "{mentor}已经以这个身份与{student}结对。",
    Reason.TOO_MANY_CONTACTS: (
        "培养联系人为一至两名，{student}已有两名。如需更换，请先结束其中一位。"
    ),
    Reason.TOO_MANY_INTRODUCERS: "入党介绍人为两名，已满。",
    Reason.EXCLUDED_AS_CONTACT: (
        "{mentor}同志目前不能担任入党介绍人；培养联系人一般会担任入党介绍人，请留意。"
    ),
    Reason.RELATIVE: "{mentor}同志与发展对象是亲属，一般不宜作入党介绍人。",
    Reason.NO_TEACHER: "{student}的培养联系人、入党介绍人中没有教工党员。",
}

# The same of a pairing that stays, in a word: only these can come of a change of the roster.
SUMMARIES: Final[Mapping[Reason, str]] = {
    Reason.TEACHER_AS_STUDENT: "教工不能列为学生",
    Reason.NOT_FULL_MEMBER: "导师应为正式党员",
    Reason.EXCLUDED: "目前不能担任入党介绍人",
    Reason.UNPAIRED: "不是对接支部",
    Reason.TOO_MANY_CONTACTS: "培养联系人超过两名",
    Reason.TOO_MANY_INTRODUCERS: "入党介绍人超过两名",
}


def sentence(
    reason: Reason,
    *,
    student: Person,
    mentor: Person,
    home: Branch,
    mentor_home: Branch,
    paired: tuple[str, ...],
) -> str:
    """The reason in words. ``home`` is the student's branch, ``paired`` its faculty branches."""
    return SENTENCES[reason].format(
        student=student.name,
        mentor=mentor.name,
        branch=home.name,
        mentor_branch=mentor_home.name,
        paired="、".join(paired) or "（未填写）",
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one sheet against what is stored. ``unlisted``: stored, and not in the file;
    ``left``: how many of those were marked as left (people) or ended (pairings).
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    unlisted: int = 0
    left: int = 0

    def line(self, sheet: str, gone: str = "") -> str:
        """支部：新增 1，变更 0，不变 10；… ."""
        parts = f"{sheet}：新增 {self.added}，变更 {self.changed}，不变 {self.unchanged}"
        if not self.unlisted:
            return parts
        fate = f"，{gone} {self.left}" if self.left else ""
        return f"{parts}；名册未列出 {self.unlisted}{fate}"


class Unlisted(NamedTuple):
    """Something stored that the file lacks: in words, and by 编号 (a branch by its name)."""

    text: str
    id: str | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of a check or an import. With ``faults`` nothing was or would be changed.

    ``unlisted`` is by sheet.
    """

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    branches: Counts = Counts()
    people: Counts = Counts()
    pairings: Counts = Counts()
    unlisted: Mapping[str, tuple[Unlisted, ...]]

    @property
    def accepted(self) -> bool:
        return not self.faults

    def lines(self) -> list[str]:
        """What to print, a sentence a line."""
        if self.faults:
            found = [fault.sentence for fault in self.faults]
            return [*found, f"共 {len(found)} 处需要改正，没有作任何改动。"]
        return [
            *(f"请留意：{warning.sentence}" for warning in self.warnings),
            self.branches.line(BRANCH_SHEET),
            self.people.line(PERSON_SHEET, "标为离开"),
            self.pairings.line(PAIRING_SHEET, "结束"),
            *(
                f"{sheet}未列出：{one.text}"
                for sheet, those in self.unlisted.items()
                for one in those
            ),
        ]

    def as_json(self) -> dict[str, Any]:
        """One JSON document."""
        return {
            "accepted": self.accepted,
            "faults": [fault.as_json() for fault in self.faults],
            "warnings": [warning.as_json() for warning in self.warnings],
            "branches": asdict(self.branches),
            "people": asdict(self.people),
            "pairings": asdict(self.pairings),
            "unlisted": {
                "branches": [one.id for one in self.unlisted[BRANCH_SHEET]],
                "people": [one.id for one in self.unlisted[PERSON_SHEET]],
                "pairings": [one.id for one in self.unlisted[PAIRING_SHEET]],
            },
        }
