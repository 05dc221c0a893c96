"""Whose a thing is: what a button or a question names of other people, and what ties somebody to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Flag, auto
from typing import Any

from bot import college
from storage.records import BranchId, Deed, Pairing, Person, PersonId
from storage.store import Store

# The arguments of a button or a question: ids of records, by what they are called there.
Thing = Mapping[str, Any]
NOTHING: Thing = {}


class Tie(Flag):
    """What ties whoever asks to all that is named. Of several, one is enough."""

    NONE = 0  # nobody else is concerned, or the act itself looks at what is typed
    SELF = auto()  # about oneself
    MENTOR = auto()  # in these pairings, now or once; where none is named, of these students
    SECRETARY = auto()  # of their branch
    REACH = auto()  # their branch, or that of a student of theirs, is among those one works for
    BRANCH = auto()  # their branch is; naming nobody asks about one's own
    AUTHOR = auto()  # has done it


@dataclass(frozen=True, slots=True)
class Named:
    """What a thing names. ``people``: students, those of the pairings too; others where links are given."""

    pairings: tuple[Pairing, ...]
    people: tuple[Person, ...]
    mentors: tuple[Person, ...]
    branches: frozenset[BranchId]
    acts: tuple[Deed, ...]

    @property
    def of_branches(self) -> list[BranchId]:
        """The branches of whatever it names; empty: records that are gone, or nothing."""
        return [*(one.branch for one in (*self.people, *self.mentors)), *self.branches]


def named(store: Store, thing: Thing) -> Named:
    """Look up what the thing names; records that are gone name nobody."""
    talks = (store.talks.get(one) for one in _ids(thing, "talk", "talks"))
    ids = [*_ids(thing, "pairing", "pairings"), *(one.pairing for one in talks if one)]
    pairings = tuple(pairing for one in ids if (pairing := store.pairings.get(one)))
    obstacles = (store.obstacles.get(one) for one in _ids(thing, "obstacle"))
    people = [
        *(one.student for one in pairings),
        *_ids(thing, "student", "students", "tapped", "picked"),
        *(one.student for one in obstacles if one),
    ]
    return Named(
        pairings=pairings,
        people=_people(store, people),
        mentors=_people(store, _ids(thing, "mentor")),
        branches=frozenset(_ids(thing, "branch_id")),
        acts=tuple(deed for one in _ids(thing, "act") for deed in store.deeds.where("batch", one)),
    )


def is_tied(
    store: Store, person: Person, tie: Tie, thing: Named, works_for: Collection[BranchId]
) -> bool:
    """Whether one of the ties holds. ``works_for``: the branches for which the person does such things."""
    return any(_HOLDS[one](store, person, thing, works_for) for one in tie)


def _is_self(_: Store, person: Person, thing: Named, __: Collection[BranchId]) -> bool:
    return bool(thing.people) and all(one.id == person.id for one in thing.people)


def _is_mentor(store: Store, person: Person, thing: Named, _: Collection[BranchId]) -> bool:
    if thing.pairings:
        return all(one.mentor == person.id for one in thing.pairings)
    return bool(thing.people) and all(
        any(one.mentor == person.id for one in store.pairings.where("student", student.id))
        for student in thing.people
    )


def _is_secretary(store: Store, person: Person, thing: Named, _: Collection[BranchId]) -> bool:
    return college.is_secretary(store, person) and all(
        one.branch == person.branch for one in thing.people
    )


def _is_of_branch(_: Store, __: Person, thing: Named, works_for: Collection[BranchId]) -> bool:
    return all(one.branch in works_for for one in thing.people) and thing.branches <= set(
        works_for
    )


def _is_within_reach(
    store: Store, _: Person, thing: Named, works_for: Collection[BranchId]
) -> bool:
    return all(
        one.branch in works_for
        or any(
            store.people[pairing.student].branch in works_for
            for pairing in store.pairings.where("open_mentor", one.id)
        )
        for one in (*thing.people, *thing.mentors)
    )


def _is_author(_: Store, person: Person, thing: Named, __: Collection[BranchId]) -> bool:
    return all(one.by == person.id for one in thing.acts)


_HOLDS = {
    Tie.SELF: _is_self,
    Tie.MENTOR: _is_mentor,
    Tie.SECRETARY: _is_secretary,
    Tie.REACH: _is_within_reach,
    Tie.BRANCH: _is_of_branch,
    Tie.AUTHOR: _is_author,
}


def _ids(thing: Thing, *names: str) -> list[Any]:
    """The ids under these names: one alone, or several."""
    found = (thing[name] for name in names if thing.get(name) is not None)
    return [one for each in found for one in (each if isinstance(each, list) else [each])]


def _people(store: Store, ids: Iterable[PersonId]) -> tuple[Person, ...]:
    return tuple(person for one in ids if (person := store.people.get(one)))
