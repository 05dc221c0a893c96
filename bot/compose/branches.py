"""What those who run a branch read: the C, B, E and G messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from bot import college
from bot.actions import no_form, signature
from bot.compose.presses import Rows, named
from bot.compose.reading import Reading
from bot.rules import forms as form_rules
from bot.rules import pause as pause_rules
from bot.rules.audience import Matters, branch_missing, matters
from bot.situation import situation
from bot.standings import progress_of
from messages.facts import BranchLine, Named, Overdue, Stuck
from storage.records import (
    FormKind,
    FormState,
    Obstacle,
    Person,
    Progress,
    TalkState,
)

Facts = dict[str, Any] | None
COUNTED = {"opinions", "to_archive", "not_handed_out"}  # numbers, not names, in the summary


def _about(reading: Reading) -> list[Person]:
    return [reading.desk.store.people[one] for one in reading.row.about]


def _forms_out(reading: Reading) -> Facts:
    kinds: dict[FormKind, list[Named]] = {kind: [] for kind in FormKind}
    for student in _about(reading):
        kinds[form_rules.kind_for(student.stage)].append(reading.named(student.id))
    return {
        "activist_forms": kinds[FormKind.ACTIVIST],
        "probationary_forms": kinds[FormKind.PROBATIONARY],
    }


def still_missing(reading: Reading) -> Facts:
    """What the forms of the branch still lack on the last day (C4)."""
    groups = reading.by_state(reading.row.about)
    store, term = reading.desk.store, reading.round
    forms = {one: college.form_of(store, one, term) for one in reading.row.about}
    received = [one for one, form in forms.items() if form and form.state is FormState.RECEIVED]
    unsigned = [one for one in received if (form := forms[one]) and not form.signed]
    return {
        "not_received": reading.all_named(
            one for one, form in forms.items() if form is None or not form_rules.is_in(form.state)
        ),
        "not_talked": groups[TalkState.NONE],
        "disputed": groups[TalkState.DISPUTED],
        "claimed": groups[TalkState.CLAIMED],
        "unsigned": reading.all_named(unsigned),
        "not_archived": reading.all_named(received),
    }


def _unsigned(reading: Reading) -> Facts:
    lacking = signature.still_lacking(reading.desk, reading.reader.id, reading.row.about)
    return {"students": reading.all_named(lacking)} if lacking else None


def _without_form(reading: Reading) -> Facts:
    waiting = no_form.still_without(reading.desk, reading.row.about)
    return {"students": reading.all_named(waiting)} if waiting else None


def _progress(reading: Reading) -> Progress:
    if reading.branch is None:
        raise LookupError("no branch")
    return progress_of(reading.desk, reading.branch)


def summary(reading: Reading) -> Facts:
    """What needs the secretary's action, and the totals (B1)."""
    if reading.branch is None:
        return None
    view = situation(
        reading.desk, reading.round, college.students(reading.desk.store, reading.branch.id)
    )
    found = matters(view, reading.branch.id, reading.desk.now())
    progress = _progress(reading)
    people = {
        field.name: len(getattr(found, field.name))
        if field.name in COUNTED
        else reading.all_named(getattr(found, field.name))
        for field in fields(Matters)
    }
    away = sum(pause_rules.is_on(one.pause, reading.today) for one in view.students)
    return {
        **people,
        "talk": progress.talk,
        "received": progress.received,
        "on_leave": away,
    }


def overdue(reading: Reading) -> Facts:
    """What is overdue, by student, and what waits for the branch (B3)."""
    view = situation(reading.desk, reading.round, _about(reading))
    lines = [
        Overdue(student=reading.named(one.id), missing=lacking)
        for one in view.students
        if (lacking := tuple(code for code in branch_missing(one) if code != "opinion"))
    ]
    return {
        "overdue": lines,
        "opinions": sum("opinion" in branch_missing(one) for one in view.students),
        "to_archive": sum(one.form is FormState.RECEIVED for one in view.students),
    }


def open_obstacles(reading: Reading) -> list[Obstacle]:
    """Return the branch's 约不上老师 that wait for the secretary."""
    store = reading.desk.store
    return [
        one
        for one in store.obstacles.where("open_term", reading.round.id)
        if store.people[one.student].branch == reading.reader.branch
    ]


def _stuck(reading: Reading) -> Facts:
    found = open_obstacles(reading)
    if not found:
        return None if reading.row.sent is None else {"kind": "obstacles_answered"}
    store = reading.desk.store
    lines = []
    for one in found:
        pairings = college.in_charge(store, store.people[one.student], reading.today)
        mentors = tuple(reading.named(pairing.mentor) for pairing in pairings)
        lines.append(Stuck(student=reading.named(one.student), mentors=mentors))
    return {"stuck": lines}


def _to_record(reading: Reading) -> Facts:
    talk = reading.desk.store.talks[reading.row.args["talk"]]
    if talk.state is TalkState.CLAIMED:
        return {}
    return None if reading.row.sent is None else {"kind": "record_closed"}


def _office_numbers(reading: Reading) -> Facts:
    view = situation(reading.desk, reading.round, _about(reading))
    counted: dict[Any, int] = {}
    for one in view.students:
        counted[one.branch] = counted.get(one.branch, 0) + 1
    return {
        "branches": [
            BranchLine(name=branch.name, overdue=counted[branch.id])
            for branch in college.student_branches(reading.desk.store)
            if branch.id in counted
        ]
    }


def _totals(reading: Reading) -> Facts:
    progress = _progress(reading)
    return {"talk": progress.talk, "received": progress.received}


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "C1": _forms_out,
    "C4": still_missing,
    "C7": _without_form,
    "T3": _unsigned,
    "B1": summary,
    "B3": overdue,
    "B6": _stuck,
    "B8": _to_record,
    "E1": _office_numbers,
    "G1": _totals,
}


def _obstacle_rows(reading: Reading) -> Rows:
    found = open_obstacles(reading)
    rows = []
    for one in found:
        who = reading.named(one.student) if len(found) > 1 else None
        args = {"obstacle": one.id}
        rows.append(
            [named(reading, name, name, args, who) for name in ("arranged", "replaced", "moved")]
        )
    return rows


def _record_rows(reading: Reading) -> Rows:
    talk = reading.desk.store.talks[reading.row.args["talk"]]
    waiting = talk.state is TalkState.CLAIMED
    return [[named(reading, "hand_on", "hand_on", {"talk": talk.id})]] if waiting else []


BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "B6": _obstacle_rows,
    "B8": _record_rows,
}
