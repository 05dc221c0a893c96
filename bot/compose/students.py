"""What a student reads: the facts of the S messages, and of a student's own /status."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from bot import college
from bot import path as ways
from bot.compose import exemptions
from bot.compose.presses import Press, Rows, in_rows, named, standing
from bot.compose.reading import Reading
from bot.rules import forms as form_rules
from bot.rules import talks as talk_rules
from bot.rules.audience import own_missing
from bot.rules.talks import Timeliness
from bot.situation import situation
from messages.facts import FORM_NAMES, Named, TalkLine
from messages.filters import day as day_words
from storage.records import Form, FormState, Person, Role, TalkKind, TalkState

Facts = dict[str, Any] | None


def own_mentors(reading: Reading) -> list[Named]:
    pairings = college.in_charge(reading.desk.store, reading.reader, reading.today)
    return [reading.named(pairing.mentor) for pairing in pairings]


def mentors_to_see(reading: Reading) -> list[Named]:
    """Return the mentors with whom the talk is still open, or all of them."""
    store, term = reading.desk.store, reading.round
    pairings = college.in_charge(store, reading.reader, reading.today)
    open_ones = [
        one for one in pairings if talk_rules.is_open(college.talk_state(store, one, term))
    ]
    return [reading.named(one.mentor) for one in open_ones or pairings]


def _welcome(reading: Reading) -> Facts:
    student, store = reading.reader, reading.desk.store
    if reading.row.sent is None and college.pause_on(store, student.id, reading.today):
        return None  # paused (again) before it left
    return {
        "form_name": FORM_NAMES[form_rules.kind_for(student.stage)],
        "form_state": college.form_state(reading.desk.store, student.id, reading.round),
        "mentors": own_mentors(reading),
        "state": reading.state(student.id),
    }


def _talk_reminder(reading: Reading) -> Facts:
    return {"mentors": mentors_to_see(reading), "state": reading.state(reading.reader.id)}


def _has_obstacle(reading: Reading) -> bool:
    found = college.open_obstacle(reading.desk.store, reading.reader.id, reading.round)
    return found is not None


def missing(reading: Reading) -> tuple[str, ...]:
    """Return what the student can still do."""
    view = situation(reading.desk, reading.round, [reading.reader])
    return own_missing(view.students[0])


def _hand_in(reading: Reading) -> Facts:
    return {"obstacle": _has_obstacle(reading), "missing": missing(reading)}


def _receipt(reading: Reading) -> Facts:
    store, args = reading.desk.store, reading.row.args
    form: Form = store.forms[args["form"]]
    if store.deeds[args["deed"]].undone is not None or form.received is None:
        return None  # taken back within the two minutes
    return {"day": form.received, "state": reading.state(reading.reader.id)}


def _with_mentors(reading: Reading) -> Facts:
    return {"mentors": mentors_to_see(reading)}


def _helped(reading: Reading) -> Facts:
    return {"mentors": mentors_to_see(reading), "day": reading.recipe().get("day")}


def _new_mentor(reading: Reading) -> Facts:
    windows = reading.windows
    inside = windows is not None and windows.talk_from <= reading.today <= windows.talk_to
    return {
        "role": Role(reading.row.args["role"]),
        "mentors": own_mentors(reading),
        "urge": inside and talk_rules.is_open(reading.state(reading.reader.id)),
    }


def status_lines(reading: Reading) -> dict[str, Any]:
    """Return what a student sees of the own round."""
    return round_of(reading, reading.reader)


def round_of(reading: Reading, student: Person) -> dict[str, Any]:
    """Return where a student stands in the running round: the talks, the form, an open 约不上老师."""
    store, term = reading.desk.store, reading.round
    lines = []
    for pairing in college.in_charge(store, student, reading.today):
        talk = college.talk_of(store, pairing, term)
        lines.append(
            TalkLine(
                mentor=reading.named(pairing.mentor),
                state=talk.state if talk else TalkState.NONE,
                day=talk.day if talk else None,
                timeliness=_timeliness(reading, talk.day if talk else None),
                proxy=talk is not None and talk.proxy,
            )
        )
    form = college.form_of(store, student.id, term)
    pause = college.pause_on(store, student.id, reading.today)
    return {
        "stage": student.stage,
        "talks": lines,
        "form_state": form.state if form else FormState.NOT_HANDED_OUT,
        "form_day": form and (form.archived or form.received or form.handed_out),
        "form_lacks": form_rules.ticks_missing(form)
        if form and form_rules.is_in(form.state)
        else (),
        "obstacle": college.open_obstacle(store, student.id, term) is not None,
        "away_until": pause and pause.until,
        "exempt": exemptions.lines(reading, student),
    }


def _timeliness(reading: Reading, day: date | None) -> str:
    if day is None or reading.windows is None:
        return Timeliness.ON_TIME
    return talk_rules.timeliness(day, reading.windows)


def _enrolled(reading: Reading) -> Facts:
    store = reading.desk.store
    return {
        "branch": store.branches[reading.reader.branch].name,
        "roles": college.roles(store, reading.reader, reading.today),
        "students": [reading.named(pairing.student) for pairing in reading.charges],
    }


def _help(reading: Reading) -> Facts:
    desk, reader = reading.desk, reading.reader
    return {
        "roles": college.roles(desk.store, reader, reading.today),
        "on_a_way": ways.is_on_one(desk, reader),
    }


def still(*states: TalkState) -> Callable[[Reading], Facts]:
    """Return the builder of news about a talk: none any more, once it has been taken back."""

    def build(reading: Reading) -> Facts:
        talk = reading.desk.store.talks[reading.row.args["talk"]]
        return {"form_due": reading.row.args.get("form_due")} if talk.state in states else None

    return build


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "S0": _welcome,
    "S0b": _welcome,
    "S1": _talk_reminder,
    "S2": _talk_reminder,
    "S3": _talk_reminder,
    "S4": _hand_in,
    "S5": _hand_in,
    "S6": _receipt,
    "S7": _hand_in,
    "S11": still(TalkState.CONFIRMED),
    "S12": still(TalkState.CONFIRMED),
    "S13": still(TalkState.DISPUTED),
    "S14": still(TalkState.CONFIRMED),
    "S16": _with_mentors,
    "S17": _new_mentor,
    "S19": _helped,
    "status_student": status_lines,
    "status_next_round": lambda reading: {"mentors": own_mentors(reading)},
    "enrol_done": _enrolled,
    "help": _help,
}


def _welcome_buttons(reading: Reading) -> Rows:
    windows = reading.windows
    inside = windows is not None and windows.talk_from <= reading.today <= windows.talk_to
    asks = inside and talk_rules.is_open(reading.state(reading.reader.id))
    return standing(reading, [["talked", "cannot_reach"]]) if asks else []


def _mentor_choice(reading: Reading) -> Rows:
    store, args = reading.desk.store, dict(reading.row.args)
    presses = [
        Press(
            reading.named(store.pairings[one].mentor).titled,
            "pick_mentor",
            {**args, "pairings": [one]},
        )
        for one in args["pairings"]
    ]
    return [*in_rows(presses), [named(reading, "both_mentors", "pick_mentor", args)]]


def _kind_choice(reading: Reading) -> Rows:
    args = dict(reading.row.args)
    action = "pick_done_kind" if args["for"] == "done" else "pick_kind"
    kinds = {
        "half_year_talk": [TalkKind.HALF_YEAR],
        "introduction_talk": [TalkKind.INTRODUCTION],
        "both_talks": list(TalkKind),
    }
    return in_rows(
        [named(reading, name, action, {**args, "of": of}) for name, of in kinds.items()]
    )


def _day_choice(reading: Reading) -> Rows:
    args = {key: value for key, value in reading.row.args.items() if key != "days"}
    return [
        [Press(day_words(one), "day", {**args, "day": one.isoformat()})]
        for one in reading.recipe()["days"]
    ]


BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "S0": _welcome_buttons,
    "S0b": _welcome_buttons,
    "ask_mentor": _mentor_choice,
    "ask_kind": _kind_choice,
    "day_unclear": _day_choice,
}
