"""What whoever assigns reads: the proposal (B2, B2b), one student after another, the candidates."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from bot import college
from bot.actions import assign, pair
from bot.compose.person import consent_of
from bot.compose.presses import Press, Rows, in_rows, named, paged
from bot.compose.reading import Reading
from bot.rules import matching
from bot.rules.matching import Proposed
from messages import render
from messages.facts import Named, Offered, PairingLine, Proposal
from storage.records import Branch, BranchId, PairingId, Person, PersonId, Role

Facts = dict[str, Any] | None
PER_PAGE = 8  # candidates, a row each
SHOWN = 60  # lines of a proposal


def _branch(reading: Reading) -> Branch:
    return reading.desk.store.branches[BranchId(reading.row.args["branch_id"])]


def _proposal(reading: Reading) -> Facts:
    """Return B2's facts: who lacks whom, out of how many, and the proposed names."""
    args, branch = reading.row.args, _branch(reading)
    by_student = [
        (student, [mentor for _, mentor in those])
        for student, those in groupby(args["pairs"], key=lambda one: one[0])
    ]
    everyone = [student for student, _ in by_student] + [student for student, _ in args["left"]]
    lines = [
        Proposal(student=reading.named(student), mentors=tuple(reading.all_named(mentors)))
        for student, mentors in by_student
    ]
    return {
        "students": reading.all_named(everyone),
        "paired": [reading.desk.store.branches[one].name for one in branch.paired],
        "available": assign.available(reading.desk, branch),
        "proposals": lines[:SHOWN],
        "more": len(lines[SHOWN:]),
        "heavy": _heavy(reading),
        "left_out": reading.all_named(student for student, _ in args["left"]),
    }


def _heavy(reading: Reading) -> list[tuple[Named, int]]:
    """Return who would come to more students than the office's mark (policy § 7)."""
    args, people = reading.row.args, reading.desk.store.people
    pairs = [
        Proposed(people[PersonId(student)], people[PersonId(mentor)], Role(args["role"]))
        for student, mentor in args["pairs"]
    ]
    found = assign.heavy(reading.desk, matching.Proposal(tuple(pairs)))
    return [(reading.named(one.mentor.id), one.students) for one in found]


def _proposal_rows(reading: Reading) -> Rows:
    names = ["assign_all"] if reading.row.args["pairs"] else []
    return [[named(reading, one, one, {}) for one in (*names, "assign_each", "assign_later")]]


def offered(reading: Reading, mentor: Person) -> Offered:
    """Return the mentor with branch and load."""
    store = reading.desk.store
    return Offered(
        mentor=reading.named(mentor.id),
        branch=store.branches[mentor.branch].name,
        load=college.load(store, mentor, reading.today),
    )


def _one(reading: Reading) -> Facts:
    args, people = reading.row.args, reading.desk.store.people
    return {
        "class_name": people[PersonId(args["student"])].class_name,
        "offered": [offered(reading, people[PersonId(one)]) for one in args["mentors"]],
        "left": len(args["queue"]),
    }


def _one_rows(reading: Reading) -> Rows:
    args = reading.row.args
    student = {"student": args["student"]}
    sure = [named(reading, "assign_yes", "assign_yes", {**student, "mentors": args["mentors"]})]
    others = [named(reading, name, name, student) for name in ("assign_other", "assign_skip")]
    return [[*(sure if args["mentors"] else []), *others]]


def _choice(reading: Reading) -> Facts:
    args = reading.row.args
    instead = args.get("instead")
    pairing = None if instead is None else reading.desk.store.pairings[PairingId(instead)]
    return {"instead": pairing and reading.named(pairing.mentor), "found": _found(reading)}


def _found(reading: Reading) -> list[Person]:
    args, store = reading.row.args, reading.desk.store
    instead = args.get("instead")
    return pair.candidates(
        reading.desk,
        store.people[PersonId(args["student"])],
        Role(args["role"]),
        None if instead is None else store.pairings.get(PairingId(instead)),
    )


def _choice_rows(reading: Reading) -> Rows:
    presses = [
        Press(_label(reading, one), "assign_pick", {"mentor": one.id}) for one in _found(reading)
    ]
    page = reading.row.args.get("page", 1)
    rows, _, _ = paged(reading, presses, page, per_page=PER_PAGE, per_row=1, turn="assign_page")
    return rows


def _label(reading: Reading, mentor: Person) -> str:
    one = offered(reading, mentor)
    return f"{one.mentor.label} {one.branch} {one.load}{reading.catalogue.labels['people']}"


def _consents(reading: Reading) -> Facts:
    pairings = assign.without_consent(reading.desk, _branch(reading))
    return {
        "lines": [
            (
                reading.named(one.student),
                PairingLine(
                    mentor=reading.named(one.mentor), role=one.role, consent=consent_of(one)
                ),
            )
            for one in pairings
        ]
    }


def _consent_rows(reading: Reading) -> Rows:
    students = dict.fromkeys(
        one.student for one in assign.without_consent(reading.desk, _branch(reading))
    )
    return in_rows(
        [Press(reading.named(one).label, "assign_card", {"student": one}) for one in students]
    )


def _branches(reading: Reading) -> Rows:
    branches = reading.desk.store.branches
    return [
        [Press(branches[one].name, "assign_branch", {"branch_id": one})]
        for one in reading.row.args["choices"]
    ]


def _undo(reading: Reading) -> Rows:
    return [
        [Press(render.label(reading.catalogue, "undo"), "undo", {"act": reading.row.args["act"]})]
    ]


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "B2": _proposal,
    "B2b": _proposal,
    "assign_one": _one,
    "assign_choose": _choice,
    "assign_consents": _consents,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "B2": _proposal_rows,
    "B2b": _proposal_rows,
    "assign_one": _one_rows,
    "assign_choose": _choice_rows,
    "assign_consents": _consent_rows,
    "assign_branches": _branches,
    "assign_done": _undo,
    "assign_set": _undo,
}
