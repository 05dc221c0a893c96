"""Candidates on their way to the meeting, read out of the store for the rules of the introduction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.desk import Desk
from bot.rules.eligibility import Held, judge
from bot.rules.introduction import Introducer, Path
from bot.rules.talks import in_force
from storage.records import (
    BranchId,
    Introduction,
    Opinion,
    Pairing,
    Person,
    PersonId,
    Role,
    Stage,
    Talk,
    TermId,
)

NO_TERM = TermId(0)  # an introduction's talk belongs to no round


def open_introduction(desk: Desk, student: PersonId) -> Introduction | None:
    """Return the way the student is on; None: not on any, no longer a candidate, or gone."""
    found = desk.store.introductions.one("open_student", student)
    person = desk.store.people[student]
    is_candidate = person.stage is Stage.CANDIDATE and person.left is None
    return found if is_candidate else None


def open_path(desk: Desk, student: PersonId) -> Path | None:
    found = open_introduction(desk, student)
    return None if found is None else path_of(desk, found)


def paths(desk: Desk, branch: BranchId | None = None) -> list[Path]:
    """Return every open way, of one branch or of all, by branch and number of the student."""
    store = desk.store
    found = [
        one
        for one in store.introductions
        if open_introduction(desk, one.student) == one
        and branch in (None, store.people[one.student].branch)
    ]
    people = store.people
    found.sort(key=lambda one: (people[one.student].branch, people[one.student].number))
    return [path_of(desk, one) for one in found]


def path_of(desk: Desk, found: Introduction) -> Path:
    """Return all that is recorded of that way; the introducers as of the meeting day, else today."""
    student = desk.store.people[found.student]
    pairings = introducer_pairings(desk, student, found.meeting or desk.today())
    return Path(
        introduction=found,
        since=student.stage_since,
        introducers=tuple(_introducer(desk, student, found, one, pairings) for one in pairings),
    )


def introducer_pairings(desk: Desk, student: Person, on: date) -> list[Pairing]:
    """Return the pairings of the student's introducers in force on that day, in their order.

    Whoever had left by then is none.
    """
    people = desk.store.people
    return [
        one
        for one in desk.store.pairings.where("student", student.id)
        if one.role is Role.INTRODUCER and in_force(one, on) and _is_here(people[one.mentor], on)
    ]


def _is_here(person: Person, on: date) -> bool:
    return person.left is None or person.left > on


def _introducer(
    desk: Desk, student: Person, found: Introduction, pairing: Pairing, pairings: list[Pairing]
) -> Introducer:
    store = desk.store
    others = [Held(one.role, store.people[one.mentor]) for one in pairings if one != pairing]
    verdict = judge(
        student,
        replace(store.people[pairing.mentor], left=None),  # on that day: see introducer_pairings
        Role.INTRODUCER,
        home=store.branches[student.branch],
        held=others,
    )
    return Introducer(
        mentor=pairing.mentor,
        pairing=pairing.id,
        eligible=verdict.allowed,
        talk=introduction_talk(desk, pairing),
        opinion=opinion_of(desk, found, pairing),
    )


def introduction_talk(desk: Desk, pairing: Pairing) -> Talk | None:
    return desk.store.talks.one("pairing_term", (pairing.id, NO_TERM))


def opinion_of(desk: Desk, found: Introduction, pairing: Pairing) -> Opinion | None:
    return desk.store.opinions.one("of", (found.id, pairing.id))


def talk_is_due(desk: Desk, pairing: Pairing) -> bool:
    """Whether an introduction's talk of that pairing is asked for: the way is open, the mentor on it."""
    path = open_path(desk, pairing.student)
    return path is not None and any(one.pairing == pairing.id for one in path.introducers)


def people_on(path: Path) -> tuple[PersonId, ...]:
    """Return the introducers on the way."""
    return tuple(one.mentor for one in path.introducers)


def charges_of(desk: Desk, mentor: Person) -> list[Path]:
    """Return the open ways on which the person is an introducer, by the student's number."""
    store = desk.store
    asked = {one.student for one in store.pairings.where("open_mentor", mentor.id)}
    by_number = sorted(asked, key=lambda student: store.people[student].number)
    found = (open_path(desk, student) for student in by_number)
    return [path for path in found if path and mentor.id in people_on(path)]


def is_on_one(desk: Desk, person: Person) -> bool:
    """Whether /intro has a card for the person: of the own way, or as introducer on somebody's."""
    return open_path(desk, person.id) is not None or bool(charges_of(desk, person))


def extension(desk: Desk, student: PersonId) -> int:
    """Return by how many months the student's 预备期 was extended."""
    return max(
        (one.extended for one in desk.store.introductions.where("student", student)), default=0
    )
