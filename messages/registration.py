"""What stands on a registration form before anybody writes on it (policy § 3, the rows marked +), by placeholder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from storage.records import Duty, FormKind

BOXES: Final[Mapping[FormKind, int]] = {FormKind.ACTIVIST: 4, FormKind.PROBATIONARY: 2}
MENTORS: Final = 2
_DUTIES: Final = {Duty.SECRETARY: "书记", Duty.COMMITTEE: "组织委员"}
_TERM: Final = re.compile(r"(\d{4})-(\d{4})-([12])")  # 2026-2027-1


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMentor:
    name: str
    branch: str
    duties: tuple[Duty, ...] = ()
    is_full: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One student's form. ``rounds``: name of the term and day of the confirmed talk, the last ones of it.

    ``number`` None: it is left for the student to write. ``accepted``: the day of the branch meeting,
    ``ends`` the last day of the 预备期; None: not known, or not yet.
    """

    kind: FormKind
    name: str
    branch: str
    class_name: str | None = None
    number: str | None = None
    rounds: tuple[tuple[str, date | None], ...] = ()
    mentors: tuple[FormMentor, ...] = ()
    accepted: date | None = None
    ends: date | None = None


def placeholders(kind: FormKind) -> frozenset[str]:
    """Return the names that a template of that form may use."""
    boxes, mentors = range(1, BOXES[kind] + 1), range(1, MENTORS + 1)
    common = {"姓名", "班级", "支部", "学号"}
    common |= {f"{name}{box}" for name in ("期间", "谈话日期") for box in boxes}
    if kind is FormKind.ACTIVIST:
        return frozenset(common | {f"联系人{one}{of}" for one in mentors for of in ("", "支部")})
    of_introducers = ("", "支部", "职务", "正式党员")
    introducers = {f"介绍人{one}{of}" for one in mentors for of in of_introducers}
    return frozenset(common | introducers | {"支部大会日期", "预备期起", "预备期止"})


def values(facts: Registration) -> dict[str, str]:
    """Return the words for every placeholder of that form; what is not known is empty."""
    found = dict.fromkeys(placeholders(facts.kind), "")
    found |= {"姓名": facts.name, "班级": facts.class_name or "", "支部": facts.branch}
    found |= {"学号": facts.number or ""}
    for box, (term, day) in enumerate(facts.rounds, start=1):
        found |= {f"期间{box}": _period(term), f"谈话日期{box}": _written(day)}
    is_contact = facts.kind is FormKind.ACTIVIST
    for number, mentor in enumerate(facts.mentors, start=1):
        found |= _contact(number, mentor) if is_contact else _introducer(number, mentor)
    if not is_contact:
        found |= {"支部大会日期": _written(facts.accepted), "预备期起": _written(facts.accepted)}
        found |= {"预备期止": _written(facts.ends)}
    return found


def _contact(number: int, mentor: FormMentor) -> dict[str, str]:
    return {f"联系人{number}": mentor.name, f"联系人{number}支部": mentor.branch}


def _introducer(number: int, mentor: FormMentor) -> dict[str, str]:
    who = f"介绍人{number}"
    duties = "、".join(word for duty, word in _DUTIES.items() if duty in mentor.duties)
    full = "是" if mentor.is_full else "否"
    return {
        who: mentor.name,
        f"{who}支部": mentor.branch,
        f"{who}职务": duties,
        f"{who}正式党员": full,
    }


def _period(term: str) -> str:
    """Return the round as a form names it, where its name follows the usual pattern."""
    match = _TERM.fullmatch(term)
    if match is None:
        return term
    first, last, half = match.groups()
    return f"{first}—{last}学年第{'一' if half == '1' else '二'}学期"


def _written(day: date | None) -> str:
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"
