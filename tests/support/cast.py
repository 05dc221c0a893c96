"""The named cast: one small college whose people every dialogue shares.

学一 (student branch, paired with 教一): 李明 and 王小雨 with teacher 周老师; 赵一 with two contacts
(周老师, 吴老师); 钱二 whose mentor 郑老师 has no account; 孙三 (probationary) with introducers 周老师 and
吴老师; 陈静 is 组织委员, 林峰 书记, 何主任 the office. 学二 has only 韩书记 and her student 冯四.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.desk import Desk
from storage.records import (
    Account,
    Branch,
    Duty,
    Kind,
    Pairing,
    Person,
    Role,
    Stage,
    Term,
)

WEEK1 = date(2026, 9, 7)


@dataclass(frozen=True, slots=True)
class Cast:
    """People by name; ids of Telegram accounts by name."""

    people: dict[str, Person]
    telegram: dict[str, int]
    branches: dict[str, Branch]

    def __getitem__(self, name: str) -> Person:
        return self.people[name]


STUDENTS = {
    "李明": (Stage.ACTIVIST, ["周老师"]),
    "王小雨": (Stage.ACTIVIST, ["周老师"]),
    "赵一": (Stage.CANDIDATE, ["周老师", "吴老师"]),
    "钱二": (Stage.ACTIVIST, ["郑老师"]),
    "孙三": (Stage.PROBATIONARY, ["周老师", "吴老师"]),
}
NAMES = {"周老师": "周文", "吴老师": "吴静", "郑老师": "郑强", "何主任": "何平", "韩书记": "韩雪"}
WITHOUT_ACCOUNT = {"郑老师"}


def settle(desk: Desk, *, term: bool = True) -> Cast:
    """Put the cast into the store: roster, pairings, accounts, and the autumn term of 2026."""
    store = desk.store
    with store.transaction():
        branches = _branches(desk)
        people = _people(desk, branches)
        telegram = {name: 1000 + number for number, name in enumerate(people)}
        for name, person in people.items():
            if name not in WITHOUT_ACCOUNT:
                store.accounts.add(
                    Account(person=person.id, telegram=telegram[name], since=desk.now())
                )
        if term:
            store.terms.add(Term(name="2026-2027-1", week1=WEEK1, opened=desk.now()))
    return Cast(people, telegram, branches)


def _branches(desk: Desk) -> dict[str, Branch]:
    add = desk.store.branches.add
    faculty = add(Branch(name="教工第一党支部", kind=Kind.TEACHER))
    return {
        "教一": faculty,
        "学一": add(Branch(name="本科生第一党支部", kind=Kind.STUDENT, paired=(faculty.id,))),
        "学二": add(Branch(name="本科生第二党支部", kind=Kind.STUDENT, paired=(faculty.id,))),
    }


def _people(desk: Desk, branches: dict[str, Branch]) -> dict[str, Person]:
    people: dict[str, Person] = {}

    def add(name: str, branch: str, kind: Kind, stage: Stage, *duties: Duty) -> None:
        people[name] = desk.store.people.add(
            Person(
                number=f"{'T' if kind is Kind.TEACHER else '20240'}{len(people):04d}",
                name=NAMES.get(name, name),
                branch=branches[branch].id,
                kind=kind,
                stage=stage,
                duties=duties,
                class_name="小教2401" if kind is Kind.STUDENT else None,
                stage_since=date(2026, 3, 2),
            )
        )

    for teacher in ("周老师", "吴老师", "郑老师"):
        add(teacher, "教一", Kind.TEACHER, Stage.FULL)
    add("何主任", "教一", Kind.TEACHER, Stage.FULL, Duty.OFFICE)
    for name, (stage, _) in STUDENTS.items():
        add(name, "学一", Kind.STUDENT, stage)
    add("陈静", "学一", Kind.STUDENT, Stage.FULL, Duty.COMMITTEE)
    add("林峰", "学一", Kind.STUDENT, Stage.FULL, Duty.SECRETARY)
    add("韩书记", "学二", Kind.TEACHER, Stage.FULL, Duty.SECRETARY)
    add("冯四", "学二", Kind.STUDENT, Stage.ACTIVIST)
    for name, (stage, mentors) in STUDENTS.items():
        role = Role.INTRODUCER if stage is Stage.PROBATIONARY else Role.CONTACT
        for mentor in mentors:
            desk.store.pairings.add(
                Pairing(student=people[name].id, mentor=people[mentor].id, role=role)
            )
    return people
