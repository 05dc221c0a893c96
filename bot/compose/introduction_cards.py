"""The cards and lists of /intro: for the secretary, the candidate, an introducer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot import college
from bot import path as ways
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.probation import probations
from bot.compose.reading import Reading
from bot.compose.way import (
    OVER,
    Facts,
    Way,
    about_one,
    basics_button,
    opinion_row,
    other_attitude,
    way_of,
)
from bot.rules import introduction as rules
from bot.rules import probation as probation_rules
from messages import render
from messages.facts import IntroducerLine
from storage.records import Decision, PersonId, Stage


def _secretary_card(way: Way) -> Facts:
    found = way.path.introduction
    return {
        **way.card(),
        "introducers": [way.line(one) for one in way.path.introducers],
        "reviewed": rules.reviewed_on(way.path),
        "decision": found.decision,
        "candidate": way.candidate(gate=True),
        "notes": [str(note) for note in rules.notes(way.path)],
    }


def _candidate_card(way: Way) -> Facts:
    lacking = rules.candidate_lacks(way.path)
    lines = [
        IntroducerLine(mentor=line.mentor, state=line.state, day=line.day, proxy=line.proxy)
        for line in map(way.line, way.path.introducers)
    ]
    missing = ("intro_talk",) if lacking else ()
    return {**way.card(), "introducers": lines, "candidate": way.candidate(missing)}


def _introducer_card(way: Way) -> Facts:
    if not way.own():
        return dict(OVER)
    missing = rules.introducer_lacks(way.path, way.reading.reader.id)
    lines = [way.line(one) for one in way.own()]
    return {**way.card(), "introducers": lines, "candidate": way.candidate(missing)}


def _decided(reading: Reading) -> Facts:
    """Return the last day of the 预备期 where it has begun."""
    args = reading.row.args
    if args["decision"] != Decision.ACCEPTED:
        return {"last_day": None}
    return {"last_day": probation_rules.last_day(date.fromisoformat(args["day"]))}


def _list(reading: Reading) -> Facts:
    found = [Way(reading, one) for one in ways.paths(reading.desk, reading.reader.branch)]
    return {
        "candidates": [way.candidate(gate=True) for way in found],
        "probations": probations(
            reading, college.students(reading.desk.store, reading.reader.branch)
        ),
    }


def _picked(reading: Reading) -> Facts:
    return {"students": reading.all_named(reading.row.args.get("picked", []))}


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "intro_list": _list,
    "intro_decided": _decided,
    "intro_card": about_one(_secretary_card),
    "intro_own": about_one(_candidate_card),
    "intro_mine": about_one(_introducer_card),
    "intro_pick_begin": _picked,
    "intro_pick_meeting": _picked,
}


def _candidate_rows(reading: Reading) -> Rows:
    way = way_of(reading)
    rows = basics_button(reading, way)
    if way is not None and rules.candidate_lacks(way.path).talks:
        rows.append([named(reading, "talked", "talked", {})])
    return rows


def _introducer_rows(reading: Reading) -> Rows:
    way = way_of(reading)
    if way is None:
        return []
    rows: Rows = []
    for one in way.own():
        rows.append(opinion_row(reading, way, one, None))
        if one.written:
            args = {"student": way.student, "pairing": one.pairing, "step": "opinion"}
            change = named(reading, "change_date", "intro_step", args)
            rows.append([change, *other_attitude(reading, way, one, None)])
    return [row for row in rows if row]


def _secretary_rows(reading: Reading) -> Rows:
    way = way_of(reading)
    if way is None:
        return []
    student = {"student": way.student}
    rows = [
        [
            named(reading, "intro_meeting", "intro_step", {**student, "step": "meeting"}),
            named(reading, "intro_reviewed", "intro_step", {**student, "step": "reviewed"}),
        ]
    ]
    if way.path.meeting and way.path.meeting <= reading.today:
        rows.append(
            [
                named(reading, f"intro_{one}", "intro_decide", {**student, "decision": one})
                for one in Decision
            ]
        )
    return [*rows, *_for_those_without_account(reading, way)]


def _for_those_without_account(reading: Reading, way: Way) -> Rows:
    """Return the steps that the secretary records for people who are not enrolled."""
    store = reading.desk.store
    rows: Rows = []
    is_alone = not college.is_enrolled(store, way.student)
    if is_alone:
        rows += basics_button(reading, way)
    for one in way.path.introducers:
        if not college.is_enrolled(store, one.mentor):
            who = reading.named(one.mentor)
            if is_alone and not rules.talk_counts(way.path, one.talk):
                args = {"student": way.student, "pairing": one.pairing, "step": "talk"}
                rows.append([named(reading, "talked", "intro_step", args, who)])
            rows.append(opinion_row(reading, way, one, who))
            rows.append(other_attitude(reading, way, one, who))
    return [row for row in rows if row]


def _list_rows(reading: Reading) -> Rows:
    found = ways.paths(reading.desk, reading.reader.branch)
    people = [one.introduction.student for one in found]
    cards = in_rows(
        [Press(reading.named(one).label, "intro_open", {"student": one}) for one in people]
    )
    members = college.students(reading.desk.store, reading.reader.branch)
    cards += in_rows(
        [
            Press(reading.named(one.id).label, "intro_probation", {"student": one.id})
            for one in members
            if one.stage is Stage.PROBATIONARY and one.stage_since is not None
        ]
    )
    steps = [named(reading, "intro_begin", "intro_pick", {"step": "begin"})]
    if people:
        steps.append(named(reading, "intro_meeting", "intro_pick", {"step": "meeting"}))
    return [*cards, steps]


def eligible_for(reading: Reading, step: str) -> list[PersonId]:
    """Return whom the list of a step for several offers: candidates not yet, or already on the way."""
    desk, branch = reading.desk, reading.reader.branch
    if step == "meeting":
        return [one.introduction.student for one in ways.paths(desk, branch)]
    return [
        one.id
        for one in college.students(desk.store, branch)
        if one.stage is Stage.CANDIDATE and ways.open_introduction(desk, one.id) is None
    ]


def _pick_rows(reading: Reading) -> Rows:
    step, picked = reading.row.args["step"], reading.row.args.get("picked", [])
    presses = []
    for one in eligible_for(reading, step):
        label = reading.named(one).label
        words = render.tick(label) if one in picked else label
        presses.append(Press(words, "intro_toggle", {"student": one}))
    return [*in_rows(presses), [named(reading, "intro_chosen", "intro_chosen", {"step": step})]]


BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "intro_list": _list_rows,
    "intro_card": _secretary_rows,
    "intro_own": _candidate_rows,
    "intro_mine": _introducer_rows,
    "intro_pick_begin": _pick_rows,
    "intro_pick_meeting": _pick_rows,
}
