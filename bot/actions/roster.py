"""The roster into the store and out of it: check, import, export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from bot.actions.roster_draft import Change, Draft, draft, key
from bot.actions.roster_judgement import Staying, judged
from bot.actions.roster_report import Counts, Report, Unlisted
from bot.actions.roster_writer import Writer
from bot.rules.eligibility import Held
from storage.records import Branch, BranchId, Pairing, Person, PersonId
from storage.store import Store
from storage.workbook_rows import (
    BRANCH_SHEET,
    PAIRING_SHEET,
    PERSON_SHEET,
    SHEETS,
    BranchRow,
    Fault,
    PairingRow,
    PersonRow,
    Roster,
)

R = TypeVar("R", Branch, Person, Pairing)


def check(
    store: Store, roster: Roster, faults: Sequence[Fault] = (), *, remove_missing: bool = False
) -> Report:
    """What an import would find and do; changes nothing.

    ``faults`` are those of the file itself: they are reported together with the rules' own.
    """
    return _report(store, roster, draft(store, roster), faults, remove_missing=remove_missing)


def apply(
    store: Store,
    roster: Roster,
    faults: Sequence[Fault] = (),
    *,
    at: datetime,
    remove_missing: bool = False,
    by: PersonId | None = None,
) -> Report:
    """Makes the store agree with the roster, inside the caller's open transaction.

    With any fault it changes nothing. People and pairings that the roster lacks are reported; with
    ``remove_missing`` they are marked as left, or ended, that day. Nothing is deleted.
    """
    plan = draft(store, roster)
    report = _report(store, roster, plan, faults, remove_missing=remove_missing)
    if report.accepted:
        writer = Writer(store, at, by)
        writer.bring_in(plan)
        if remove_missing:
            writer.let_go(plan)
    return report


def export(store: Store) -> Roster:
    """The roster as it stands: who is on it, and the open pairings among them.

    Importing it again changes nothing.
    """
    names = {branch.id: branch.name for branch in store.branches}
    branches = sorted(store.branches, key=lambda branch: branch.id)
    people = sorted(
        (person for person in store.people if person.left is None),
        key=lambda person: (person.branch, person.number),
    )
    numbers = {person.id: person.number for person in people}
    listed = set(numbers.values())
    pairings = [
        pairing
        for person in people
        for pairing in store.pairings.where("open_student", person.id)
        if pairing.mentor in numbers
    ]
    return Roster(
        branches=tuple(_branch_row(branch, names) for branch in branches),
        people=tuple(_person_row(person, names, listed) for person in people),
        pairings=tuple(_pairing_row(pairing, numbers) for pairing in pairings),
    )


def _branch_row(branch: Branch, names: Mapping[BranchId, str]) -> BranchRow:
    paired = tuple(names[id] for id in branch.paired)
    return BranchRow(name=branch.name, kind=branch.kind, paired=paired)


def _person_row(person: Person, names: Mapping[BranchId, str], listed: set[str]) -> PersonRow:
    return PersonRow(
        number=person.number,
        name=person.name,
        branch=names[person.branch],
        kind=person.kind,
        stage=person.stage,
        duties=person.duties,
        class_name=person.class_name,
        stage_since=person.stage_since,
        may_introduce=person.may_introduce,
        relatives=tuple(number for number in person.relatives if number in listed),
    )


def _pairing_row(pairing: Pairing, numbers: Mapping[PersonId, str]) -> PairingRow:
    return PairingRow(
        student=numbers[pairing.student],
        mentor=numbers[pairing.mentor],
        role=pairing.role,
        since=pairing.since,
    )


# What is found


def _report(
    store: Store, roster: Roster, plan: Draft, faults: Sequence[Fault], *, remove_missing: bool
) -> Report:
    found = [*faults]
    if remove_missing and not roster.people:
        nobody = "一个人也没有，不能与 --remove-missing 一起使用"
        found.append(Fault(PERSON_SHEET, None, None, None, nobody))
    refused, warnings = judged(roster, plan, () if remove_missing else _staying(store, plan))
    unlisted_people, unlisted_pairings = len(plan.unlisted_people), len(plan.unlisted_pairings)
    return Report(
        faults=tuple(sorted([*found, *refused], key=_place)),
        warnings=tuple(warnings),
        branches=_counts(plan.branches.values(), len(plan.unlisted_branches)),
        people=_counts(plan.people.values(), unlisted_people, leave=remove_missing),
        pairings=_counts(plan.pairings.values(), unlisted_pairings, leave=remove_missing),
        unlisted={
            BRANCH_SHEET: tuple(Unlisted(b.name, b.name) for b in plan.unlisted_branches),
            PERSON_SHEET: tuple(Unlisted(_called(p), p.number) for p in plan.unlisted_people),
            PAIRING_SHEET: tuple(_pair(store, p) for p in plan.unlisted_pairings),
        },
    )


def _staying(store: Store, plan: Draft) -> Iterator[Staying]:
    """The open pairings that the file does not list, with people and branch as the file leaves them."""
    people = {change.after.id: change.after for change in plan.people.values()}
    homes = {change.after.id: change.after for change in plan.branches.values()}
    for pairing in store.pairings:
        if pairing.until is not None or key(pairing) in plan.pairings:
            continue
        student, mentor = (
            people.get(one, store.people[one]) for one in (pairing.student, pairing.mentor)
        )
        if student.left is None and mentor.left is None:
            home = homes.get(student.branch, store.branches.get(student.branch))
            yield Staying(student, Held(pairing.role, mentor), home or homes[student.branch])


def _place(fault: Fault) -> tuple[int, int]:
    return SHEETS.index(fault.sheet) if fault.sheet else -1, fault.row or 0


def _counts(changes: Iterable[Change[R]], unlisted: int, *, leave: bool = False) -> Counts:
    kinds = Counter(
        "added" if change.before is None else "changed" if change.changed else "unchanged"
        for change in changes
    )
    return Counts(**kinds, unlisted=unlisted, left=unlisted if leave else 0)


def _called(person: Person) -> str:
    return f"{person.name}（{person.number}）"


def _pair(store: Store, pairing: Pairing) -> Unlisted:
    student, mentor = store.people[pairing.student], store.people[pairing.mentor]
    return Unlisted(
        f"{_called(student)}—{_called(mentor)}",
        {"student": student.number, "mentor": mentor.number, "as": pairing.role.value},
    )
