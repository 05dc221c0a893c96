"""A made-up college of any size, everybody enrolled, in a store in memory: the benches' people."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.calendar import calendar
from bot.clock import SHANGHAI
from bot.desk import Desk
from bot.settings import Settings
from storage.records import (
    Account,
    Branch,
    BranchId,
    Duty,
    Kind,
    Pairing,
    Person,
    PersonId,
    Role,
    Stage,
    Term,
)
from storage.store import Store
from tests.support.clock import StandingClock

WEEK1 = date(2026, 9, 7)
IN_A_BRANCH = 100
OF_A_MENTOR = 5
MENTORS = 1_000_000  # their numbers begin here


def moment(week: int, weekday: int, at: time = time(9)) -> datetime:
    """That weekday (0: Monday) of that week of the term."""
    day = WEEK1 + timedelta(weeks=week - 1, days=weekday)
    return datetime.combine(day, at, SHANGHAI)


def desk(students: int, now: datetime, *, store: Store | None = None) -> Desk:
    """Return that many activists in branches of 100, each with one contact of five."""
    store = store or Store.in_memory()
    own = Settings()
    opened = Desk(store, StandingClock(now), own, calendar(own.holidays), "yinlu_bot")
    with store.transaction():
        branches = [_branch(store, number) for number in range(-(-students // IN_A_BRANCH))]
        mentors = [_mentor(store, one, branches) for one in range(-(-students // OF_A_MENTOR))]
        for number in range(students):
            student = _student(store, number, branches[number // IN_A_BRANCH][0])
            mentor = mentors[number // OF_A_MENTOR]
            store.pairings.add(
                Pairing(student=student.id, mentor=mentor.id, role=Role.CONTACT, since=WEEK1)
            )
        store.terms.add(Term(name="2026-2027-1", week1=WEEK1, opened=moment(1, 0)))
    return opened


def keepers(students: int) -> list[int]:
    """The Telegram ids of the secretaries and committee members of a college of that size."""
    branches = range(-(-students // IN_A_BRANCH))
    return [kind * MENTORS + one for one in branches for kind in (2, 3)]


def _branch(store: Store, number: int) -> tuple[BranchId, BranchId]:
    faculty = store.branches.add(Branch(name=f"教工第{number}党支部", kind=Kind.TEACHER))
    ours = Branch(name=f"学生第{number}党支部", kind=Kind.STUDENT, paired=(faculty.id,))
    branch = store.branches.add(ours)
    keepers = ((Duty.SECRETARY, "书记", 2), (Duty.COMMITTEE, "委员", 3))
    for duty, name, kind in keepers:
        _enrolled(
            store,
            Person(
                number=f"K{kind}{number:07}",
                name=f"{name}{number:04}",
                branch=branch.id,
                kind=Kind.STUDENT,
                stage=Stage.FULL,
                duties=(duty,),
            ),
            kind * MENTORS + number,
        )
    return branch.id, faculty.id


def _mentor(store: Store, number: int, branches: list[tuple[BranchId, BranchId]]) -> Person:
    branch = branches[number * OF_A_MENTOR // IN_A_BRANCH][1]
    mentor = Person(
        number=f"T{number:07}",
        name=f"师{number:05}",
        branch=branch,
        kind=Kind.TEACHER,
        stage=Stage.FULL,
    )
    return _enrolled(store, mentor, MENTORS + number)


def _student(store: Store, number: int, branch: BranchId) -> Person:
    student = Person(
        number=f"S{number:07}",
        name=f"生{number:05}",
        branch=branch,
        kind=Kind.STUDENT,
        stage=Stage.ACTIVIST,
        class_name=f"小教{number % 10}班",
    )
    return _enrolled(store, student, number + 1)


def _enrolled(store: Store, person: Person, telegram: int) -> Person:
    added = store.people.add(person)
    store.accounts.add(Account(person=PersonId(added.id), telegram=telegram, since=moment(1, 0)))
    return added
