"""What a mentor reads: the T messages, the list of /done, and a mentor's own /status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from bot import college
from bot.actions import mentor_list, own_talks
from bot.actions.own_talks import Owed
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from messages import render
from messages.facts import Claim, Named
from storage.records import (
    FormState,
    Pairing,
    PairingId,
    PersonId,
    Role,
    Talk,
    TalkKind,
    TalkState,
)

Facts = dict[str, Any] | None


def _students(reading: Reading) -> Facts:
    return {"students": reading.all_named(reading.row.about)}


def by_state(reading: Reading) -> dict[TalkState, list[Named]]:
    """Return the mentor's students by the state of the talk with this mentor."""
    groups: dict[TalkState, list[Named]] = {state: [] for state in TalkState}
    for pairing in reading.charges:
        state = college.talk_state(reading.desk.store, pairing, reading.round)
        best = reading.state(pairing.student)
        if state is TalkState.NONE and best is TalkState.CONFIRMED:
            state = best  # one confirmed talk is enough (A11)
        groups[state].append(reading.in_list(pairing.student))
    return groups


def _by_state(reading: Reading) -> dict[str, Any]:
    groups = by_state(reading)
    return {
        "not_talked": groups[TalkState.NONE],
        "disputed": groups[TalkState.DISPUTED],
        "claimed": groups[TalkState.CLAIMED],
        "confirmed": groups[TalkState.CONFIRMED],
    }


def _with_another(reading: Reading) -> list[Named]:
    """Return whose confirmed talk was with another mentor: the student is done, this mentor is not
    (R20, A11)."""
    store, term = reading.desk.store, reading.round
    return [
        reading.named(one.student)
        for one in reading.charges
        if college.talk_state(store, one, term) is TalkState.NONE
        and reading.state(one.student) is TalkState.CONFIRMED
    ]


def _status(reading: Reading) -> Facts:
    roles = Counter(one.role for one in reading.charges)
    return {
        **_by_state(reading),
        "with_another": _with_another(reading),
        "as_contact": roles[Role.CONTACT],
        "as_introducer": roles[Role.INTRODUCER],
    }


def is_finished(reading: Reading) -> bool:
    """Whether the mentor has talked with every student and every form is archived: then T4 says thanks."""
    store, term = reading.desk.store, reading.round
    forms = {college.form_state(store, one.student, term) for one in reading.charges}
    talks = {college.talk_state(store, one, term) for one in reading.charges}
    return talks == {TalkState.CONFIRMED} and forms == {FormState.ARCHIVED}


def _digest(reading: Reading) -> Facts:
    """Return T2's facts; once everything in it is answered it reads like any answered list.

    Nobody asks for the talk of a student who is away; a claim stays a question.
    """
    facts, store = _by_state(reading), reading.desk.store
    asked = [one.student for one in reading.charges]
    away = [one for one in asked if college.pause_on(store, one, reading.today)]
    left_out = reading.listed(away)
    for state in ("not_talked", "disputed"):
        facts[state] = [one for one in facts[state] if one not in left_out]
    is_open = facts["not_talked"] or facts["disputed"] or facts["claimed"]
    return facts if is_open or reading.row.sent is None else _claims(reading)


def _claim(reading: Reading, talk: Talk) -> Claim:
    pairing = reading.desk.store.pairings[talk.pairing]
    return Claim(
        student=reading.named(pairing.student),
        day=talk.day or reading.today,
        recorded=talk.recorded.date(),
        state=talk.state,
        introduction=talk.kind is TalkKind.INTRODUCTION,
    )


def _claims(reading: Reading) -> Facts:
    """Return the claims that wait, and of those once shown here the answered ones.

    Changed in place, every list reads like T9.
    """
    waiting = mentor_list.waiting(reading.desk, reading.reader.id)
    store = reading.desk.store
    shown = dict.fromkeys(reading.row.args.get("talks", []))
    answered = [
        talk
        for talk in (store.talks[one] for one in shown)
        if talk.state in {TalkState.CONFIRMED, TalkState.DISPUTED}
    ]
    facts: dict[str, Any] = {
        "claims": [_claim(reading, talk) for talk in waiting],
        "answered": [_claim(reading, talk) for talk in answered],
    }
    if reading.row.sent is None:
        return facts if waiting else None
    return {**facts, "kind": "T9" if waiting or answered else "claims_withdrawn"}


def _done_noted(reading: Reading) -> Facts:
    store = reading.desk.store
    talks = [store.talks[one] for one in reading.row.args["talks"]]
    if any(talk.state is not TalkState.CONFIRMED for talk in talks):
        return None  # taken back before it was said
    students = list(dict.fromkeys(store.pairings[talk.pairing].student for talk in talks))
    return {
        "half_year": any(talk.kind is TalkKind.HALF_YEAR for talk in talks),
        "day": talks[0].day,
        "students": reading.all_named(students),
        "told": reading.all_named(one for one in students if college.is_enrolled(store, one)),
    }


def _disputed(reading: Reading) -> Facts:
    talk = reading.desk.store.talks[reading.row.args["talk"]]
    return {} if talk.state is TalkState.DISPUTED else None


def _finished(reading: Reading) -> Facts:
    return {"students": [reading.named(pairing.student) for pairing in reading.charges]}


def _taken_over(reading: Reading) -> Facts:
    """Return what a new mentor should know of the student's talks so far (T7)."""
    store, id = reading.desk.store, PersonId(reading.row.args["student"])
    talks = college.all_talks_of(store, store.people[id])
    days = [one.day for one in talks if one.day and one.state is TalkState.CONFIRMED]
    state = None if reading.term is None else reading.state(id)
    return {"last": max(days, default=None), "state": state}


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "T1": _students,
    "T2": _digest,
    "T4": _finished,
    "T7": _taken_over,
    "T9": _claims,
    "T10": _claims,
    "T11": _done_noted,
    "T12": _disputed,
    "status_mentor": _status,
}


def _claim_rows(reading: Reading) -> Rows:
    """Return a row of buttons per claim; with several the labels carry the name."""
    waiting = mentor_list.waiting(reading.desk, reading.reader.id)
    rows = []
    for talk in waiting:
        student = reading.desk.store.pairings[talk.pairing].student
        who = reading.named(student) if len(waiting) > 1 else None
        args = {"talk": talk.id}
        rows.append(
            [
                named(reading, "true", "confirm", args, who),
                named(reading, "not_yet", "deny", args, who),
                named(reading, "wrong_date", "wrong_date", args, who),
            ]
        )
    return rows


def _done_rows(reading: Reading) -> Rows:
    """Return the date on top and a tap per student; ✓ where the talk is confirmed, however that came."""
    args = reading.row.args
    presses = []
    for id, kind in args["talks_owed"]:
        pairing = reading.desk.store.pairings[PairingId(id)]
        state = own_talks.state_at(reading.desk, Owed(pairing, TalkKind(kind)))
        label = _done_label(reading, pairing, TalkKind(kind))
        ticked = state is TalkState.CONFIRMED
        tap = {"pairing": id, "of": kind}
        presses.append(Press(render.tick(label) if ticked else label, "done_tick", tap))
    return [[named(reading, "change_date", "done_day", {})], *in_rows(presses)]


def _done_label(reading: Reading, pairing: Pairing, kind: TalkKind) -> str:
    name = reading.named(pairing.student)
    if kind is TalkKind.INTRODUCTION:
        return render.label(reading.catalogue, "introduction_talk", name)
    return name.label


def _person_choice(reading: Reading) -> Rows:
    """Return a tap per person whom a typed name may mean."""
    args = {key: value for key, value in reading.row.args.items() if key != "choices"}
    presses = [
        Press(
            reading.named(reading.desk.store.pairings[PairingId(one)].student).label,
            "pick_student",
            {**args, "pairing": one},
        )
        for one in reading.row.args["choices"]
    ]
    rows = in_rows(presses)
    if reading.row.kind == "name_near":
        rows.append([named(reading, "none_of_these", "none_of_these", {})])
    return rows


BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "T2": _claim_rows,
    "T9": _claim_rows,
    "T10": _claim_rows,
    "done_list": _done_rows,
    "ask_which": _person_choice,
    "name_near": _person_choice,
}
