"""The store as it would be after an import: each row beside what is stored, nothing written yet.

What is new carries a negative id until it is stored, so that the rules can already judge it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from storage.records import Branch, BranchId, Duty, Pairing, PairingId, Person, PersonId, Role
from storage.store import Store
from storage.workbook_rows import BranchRow, PairingRow, PersonRow, Roster, branch_key

R = TypeVar("R", Branch, Person, Pairing)
Key = tuple[PersonId, PersonId, Role]


@dataclass(frozen=True, slots=True)
class Change(Generic[R]):
    """A record as it is stored (None: not yet) and as the file wants it."""

    before: R | None
    after: R

    @property
    def changed(self) -> bool:
        """New, or other than what is stored."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Draft:
    """``branches`` by `branch_key`, ``people`` by 编号, ``pairings`` by who and as what.

    The ``unlisted`` are stored and live, and the file does not have them. A pairing with an
    unlisted person is in none of the lists: the file cannot say anything about it.
    """

    branches: Mapping[str, Change[Branch]]
    people: Mapping[str, Change[Person]]
    pairings: Mapping[Key, Change[Pairing]]
    unlisted_branches: tuple[Branch, ...]
    unlisted_people: tuple[Person, ...]
    unlisted_pairings: tuple[Pairing, ...]


def draft(store: Store, roster: Roster) -> Draft:
    """Sets the file beside the store. Rows that refer to what the file lacks are left out."""
    branches = _branches(store, roster)
    people = _people(store, roster, branches)
    pairings = dict(_pairings(store, roster, people))
    listed = {change.after.id for change in people.values()}
    return Draft(
        branches=branches,
        people=people,
        pairings=pairings,
        unlisted_branches=tuple(b for b in store.branches if branch_key(b.name) not in branches),
        unlisted_people=tuple(
            sorted(
                (p for p in store.people if p.left is None and p.number not in people),
                key=lambda person: person.number,
            )
        ),
        unlisted_pairings=tuple(
            pairing
            for pairing in _open_pairings(store, people)
            if pairing.mentor in listed and key(pairing) not in pairings
        ),
    )


def key(pairing: Pairing) -> Key:
    """What makes two pairings the same."""
    return pairing.student, pairing.mentor, pairing.role


def _branches(store: Store, roster: Roster) -> dict[str, Change[Branch]]:
    stored = {branch_key(branch.name): branch for branch in store.branches}
    ids = {
        branch_key(row.name): stored[branch_key(row.name)].id
        if branch_key(row.name) in stored
        else BranchId(-position)
        for position, row in enumerate(roster.branches, start=1)
    }
    found = {}
    for row in roster.branches:
        before = stored.get(branch_key(row.name))
        after = _branch(row, before, ids)
        if before is not None and "paired" in roster.absent:
            after = replace(after, paired=before.paired)
        found[branch_key(row.name)] = Change(before, after)
    return found


def _branch(row: BranchRow, before: Branch | None, ids: Mapping[str, BranchId]) -> Branch:
    paired = tuple(ids[branch_key(name)] for name in row.paired if branch_key(name) in ids)
    if before is not None:
        return replace(before, name=row.name, kind=row.kind, paired=paired)
    return Branch(id=ids[branch_key(row.name)], name=row.name, kind=row.kind, paired=paired)


def _people(
    store: Store, roster: Roster, branches: Mapping[str, Change[Branch]]
) -> dict[str, Change[Person]]:
    listed = {row.number for row in roster.people}
    found = {}
    for position, row in enumerate(roster.people, start=1):
        home = branches.get(branch_key(row.branch))
        if home is None:
            continue
        before = store.people.one("number", row.number)
        after = _person(row, home.after.id, PersonId(-position))
        if before is not None:
            silent = {name: getattr(before, name) for name in roster.absent & _OPTIONAL}
            after = replace(after, id=before.id, **silent)
            # The file cannot name who is not in it, so its silence ends no kinship.
            kept = {number for number in before.relatives if number not in listed}
            after = replace(after, relatives=tuple(sorted({*after.relatives, *kept})))
        found[row.number] = Change(before, after)
    return found


_OPTIONAL = frozenset({"duties", "class_name", "stage_since", "may_introduce", "relatives"})


def _person(row: PersonRow, branch: BranchId, id: PersonId) -> Person:
    return Person(
        id=id,
        number=row.number,
        name=row.name,
        branch=branch,
        kind=row.kind,
        stage=row.stage,
        duties=tuple(duty for duty in Duty if duty in row.duties),
        class_name=row.class_name,
        stage_since=row.stage_since,
        may_introduce=row.may_introduce,
        relatives=tuple(sorted(set(row.relatives))),
    )


def _pairings(
    store: Store, roster: Roster, people: Mapping[str, Change[Person]]
) -> Iterator[tuple[Key, Change[Pairing]]]:
    stored = {key(pairing): pairing for pairing in _open_pairings(store, people)}
    for position, row in enumerate(roster.pairings, start=1):
        if row.student not in people or row.mentor not in people:
            continue
        after = _pairing(row, people, PairingId(-position))
        before = stored.get(key(after))
        if before is not None:
            after = replace(before, since=row.since or before.since)
        yield key(after), Change(before, after)


def _pairing(row: PairingRow, people: Mapping[str, Change[Person]], id: PairingId) -> Pairing:
    student, mentor = people[row.student].after.id, people[row.mentor].after.id
    return Pairing(id=id, student=student, mentor=mentor, role=row.role, since=row.since)


def _open_pairings(store: Store, people: Mapping[str, Change[Person]]) -> Iterator[Pairing]:
    for change in people.values():
        if change.before is not None:
            yield from store.pairings.where("open_student", change.before.id)
