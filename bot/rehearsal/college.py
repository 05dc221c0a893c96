"""A made-up college in the shape of the real one: branches, people, who answers for whom.

Everybody in it is invented. Every call gives the same college, so that rehearsals compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, cycle
from typing import Final

from storage.records import Duty, Kind, Role, Stage
from storage.workbook_rows import BranchRow, PairingRow, PersonRow, Roster

# The numbers of surnames and of given names share no divisor, so names repeat late.
SURNAMES: Final = (
    *("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高"),
    *("林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧"),
    *("程", "曹", "袁", "邓", "许", "傅", "沈"),
)
YOUNG: Final = (
    *("雨桐", "子涵", "思远", "佳怡", "浩然", "梓萱", "明轩", "晓雯", "文博", "诗琪", "俊杰"),
    *("若曦", "志远", "雅婷", "天佑", "欣然", "宇航", "静怡", "嘉豪", "婉清", "泽宇", "宁"),
    *("可馨", "一鸣", "语嫣", "承志", "蕾", "帆", "书瑶"),
)
GROWN: Final = (
    *("建国", "秀英", "卫东", "丽华", "国强", "玉兰", "海燕", "振华", "春梅", "立新", "淑芬"),
    *("晓峰", "慧敏", "家明", "美琳", "磊", "红", "志刚", "雪梅"),
)
RARE: Final = "刘䶮"  # a character that older code pages and fonts lack
NAMESAKE: Final = "王欣怡"  # two of this name in one branch, told apart by class


@dataclass(frozen=True, slots=True)
class House:
    """A student branch: its classes, its faculty branches with the number of mentors from each,
    and the duties of its full members, one entry a person; those without a duty are mentors.
    """

    name: str
    classes: tuple[str, ...]
    teachers: dict[str, int]
    full: tuple[tuple[Duty, ...], ...]


LEADERS: Final = ((Duty.SECRETARY,), (Duty.COMMITTEE,))
# The pairing table of policy § 1.1. The first branch's secretary is a teacher, the third has no
# committee member (A23).
HOUSES: Final = (
    House(
        "本科生第一党支部",
        ("小教1班", "小教2班", "小教3班"),
        {"教工第一党支部（教育系+教技系）": 6, "教工第五党支部（艺教系）": 4},
        ((Duty.COMMITTEE,), (), ()),
    ),
    House(
        "本科生第二党支部",
        ("小教4班", "小教5班", "小教6班"),
        {"教工第三党支部（小教系）": 6, "教工第六党支部（行政）": 4},
        (*LEADERS, ()),
    ),
    House(
        "本科生第三党支部",
        ("学前1班", "学前2班"),
        {"教工第四党支部（学前系）": 10},
        ((Duty.SECRETARY,), ()),
    ),
    House(
        "本科生第四党支部",
        ("教技1班", "特教1班", "心理1班"),
        {"教工第二党支部（心理系）": 6, "教工第七党支部（心研院）": 4},
        (*LEADERS, ()),
    ),
)
OFFICE_BRANCH: Final = "教工第六党支部（行政）"

ACTIVIST_SINCE: Final = (
    date(2025, 10, 17),
    date(2025, 11, 28),
    date(2026, 4, 17),
    date(2026, 5, 22),
)
CANDIDATE_SINCE: Final = date(2026, 5, 29)
PROBATIONARY_SINCE: Final = (date(2025, 12, 12), date(2026, 6, 5))
FULL_SINCE: Final = date(2026, 6, 19)
# In each student branch: how many of each stage, since when, from which years.
STAGES: Final = (
    (Stage.ACTIVIST, 18, ACTIVIST_SINCE, (2024, 2025)),
    (Stage.CANDIDATE, 6, (CANDIDATE_SINCE,), (2024,)),
    (Stage.PROBATIONARY, 4, PROBATIONARY_SINCE, (2023,)),
)


def sample() -> Roster:
    """The whole college: 11 branches, 123 students, 45 mentors. The roster's check accepts it."""
    grown, young = _names(GROWN), _names(YOUNG)
    people = [
        _teacher(901, next(grown), OFFICE_BRANCH, Duty.OFFICE),
        _teacher(902, next(grown), HOUSES[0].name, Duty.SECRETARY),
        _teacher(903, next(grown), OFFICE_BRANCH, may_introduce=False),
    ]
    pairings: list[PairingRow] = []
    for index, house in enumerate(HOUSES):
        number = count(index * 100 + 1)
        teachers = [
            _teacher(next(number), next(grown), branch)
            for branch, many in house.teachers.items()
            for _ in range(many)
        ]
        students = list(_students(index, house, young))
        people += [*teachers, *students]
        pairings += _pairings(students, teachers)
    return Roster(branches=_branches(), people=tuple(people), pairings=tuple(pairings))


def _branches() -> tuple[BranchRow, ...]:
    student = (
        BranchRow(name=house.name, kind=Kind.STUDENT, paired=tuple(house.teachers))
        for house in HOUSES
    )
    faculty = (
        BranchRow(name=name, kind=Kind.TEACHER) for house in HOUSES for name in house.teachers
    )
    return (*student, *faculty)


def _names(given: Sequence[str]) -> Iterator[str]:
    return map("".join, zip(cycle(SURNAMES), cycle(given), strict=False))


def _teacher(
    number: int, name: str, branch: str, *duties: Duty, may_introduce: bool = True
) -> PersonRow:
    return PersonRow(
        number=f"T{number:04}",
        name=name,
        branch=branch,
        kind=Kind.TEACHER,
        stage=Stage.FULL,
        duties=duties,
        may_introduce=may_introduce,
    )


def _students(index: int, house: House, names: Iterator[str]) -> Iterator[PersonRow]:
    special = {(1, 0): NAMESAKE, (1, 1): NAMESAKE, (2, 0): RARE}
    places: list[tuple[Stage, date, int, tuple[Duty, ...]]] = [
        (stage, since[at % len(since)], years[at % len(years)], ())
        for stage, many, since, years in STAGES
        for at in range(many)
    ]
    places += [(Stage.FULL, FULL_SINCE, 2023, duties) for duties in house.full]
    for at, (stage, since, year, duties) in enumerate(places):
        room = at % len(house.classes)
        yield PersonRow(
            number=f"{year}{index + 1:02}{room + 1:02}{at + 1:02}",
            name=special.get((index, at)) or next(names),
            branch=house.name,
            kind=Kind.STUDENT,
            stage=stage,
            duties=duties,
            class_name=f"{year}级{house.classes[room]}",
            stage_since=since,
        )


def _pairings(
    students: Sequence[PersonRow], teachers: Sequence[PersonRow]
) -> Iterator[PairingRow]:
    """Teachers take turns; every fourth activist has a peer, a full member, as second contact."""
    turn = cycle(teachers)
    peers = cycle([s for s in students if s.stage is Stage.FULL and not s.duties])
    for at, student in enumerate(students):
        since = student.stage_since
        if student.stage is Stage.ACTIVIST:
            yield _pairing(student, next(turn), Role.CONTACT, since)
            if at % 4 == 0:
                yield _pairing(student, next(peers), Role.CONTACT, since)
        elif student.stage is not Stage.FULL:
            first, second = next(turn), next(turn)
            if student.stage is Stage.CANDIDATE:  # the contact goes on as introducer (R12)
                yield _pairing(student, first, Role.CONTACT, ACTIVIST_SINCE[0])
            yield _pairing(student, first, Role.INTRODUCER, CANDIDATE_SINCE)
            yield _pairing(student, second, Role.INTRODUCER, CANDIDATE_SINCE)


def _pairing(student: PersonRow, mentor: PersonRow, role: Role, since: date | None) -> PairingRow:
    return PairingRow(student=student.number, mentor=mentor.number, role=role, since=since)
