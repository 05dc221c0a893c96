"""The card of one student, for whoever runs the branch: stage, talks, form, mentors, history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot import college
from bot.actions import enrol
from bot.compose import card
from bot.compose.card import assigns, away_of, open_pairings, student_of
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from bot.compose.students import round_of
from bot.rules import talks as talk_rules
from messages.facts import DEEDS, DeedLine, PairingLine
from storage.records import Away, Ending, Pairing, PersonId, TalkState

LATEST = 8  # things of the history on a card


def _card(reading: Reading) -> dict[str, Any]:
    """Return what the reader may know: the history, consents and 约不上老师 are the assigner's alone."""
    whole = assigns(reading)
    return {
        **_in_roster(reading, with_consents=whole),
        **_in_round(reading, with_obstacle=whole),
        **_away(reading, with_reason=whole),
        **_account(reading),
        "history": _history(reading) if whole else [],
    }


def _away(reading: Reading, *, with_reason: bool) -> dict[str, Any]:
    pause = away_of(reading, student_of(reading))
    return {
        "away_until": pause and pause.until,
        "away": pause.reason if pause and with_reason else None,
    }


def _account(reading: Reading) -> dict[str, Any]:
    student = student_of(reading)
    invite = enrol.running(reading.desk, student.id)
    return {
        "is_enrolled": college.is_enrolled(reading.desk.store, student.id),
        "link_until": invite and invite.expires,
    }


def _in_roster(reading: Reading, *, with_consents: bool = True) -> dict[str, Any]:
    student, store = student_of(reading), reading.desk.store
    held = open_pairings(reading)
    ended = [one for one in store.pairings.where("student", student.id) if one not in held]
    lines = [_line(reading, one) for one in held]
    return {
        "branch": store.branches[student.branch].name,
        "class_name": student.class_name,
        "stage": student.stage,
        "since": student.stage_since,
        "held": lines if with_consents else [replace(one, consent="") for one in lines],
        "past": [_line(reading, one) for one in ended if one.ended is not Ending.UNDONE],
    }


def _in_round(reading: Reading, *, with_obstacle: bool) -> dict[str, Any]:
    """Return where the student stands now; nothing where no round asks for it."""
    student, windows = student_of(reading), reading.windows
    if windows is None or not talk_rules.takes_part(student, windows):
        return {
            "talks": [],
            "form_state": None,
            "form_day": None,
            "form_lacks": (),
            "exempt": [],
            "obstacle": False,
        }
    now = round_of(reading, student)
    return now if with_obstacle else {**now, "obstacle": False}


def _history(reading: Reading) -> list[DeedLine]:
    """Return what was last recorded about the student, the latest first."""
    told = [
        one
        for one in reading.desk.store.deeds.where("about", student_of(reading).id)
        if one.what in DEEDS
    ]
    return [
        DeedLine(
            what=one.what,
            day=one.at.date(),
            by=None if one.by is None else reading.named(one.by),
            undone=one.undone is not None,
        )
        for one in reversed(told[-LATEST:])
    ]


def _line(reading: Reading, pairing: Pairing) -> PairingLine:
    mentor = reading.desk.store.people[pairing.mentor]
    return PairingLine(
        mentor=reading.named(mentor.id),
        role=pairing.role,
        since=pairing.since,
        until=pairing.until or mentor.left,
        load=college.load(reading.desk.store, mentor, reading.today),
        consent=consent_of(pairing),
    )


def consent_of(pairing: Pairing) -> str:
    """Return the key of what is to be said of the mentor's consent, or nothing (A20)."""
    if pairing.consent:
        return "proxy" if pairing.proxy else ""
    if pairing.asked is None and pairing.consent is None:
        return ""
    return "waiting" if pairing.consent is None else "declined"


def _record(reading: Reading) -> dict[str, Any]:
    """Return the student's record as the next branch needs it: the card, and the confirmed talks."""
    talks = college.all_talks_of(reading.desk.store, student_of(reading))
    days = {one.day for one in talks if one.day and one.state is TalkState.CONFIRMED}
    return {**_in_roster(reading), "days": sorted(days)}


def _reasons(reading: Reading) -> Rows:
    args = {"pairing": reading.row.args["pairing"]}
    return in_rows(
        [
            named(reading, f"ended_{one.value}", "end_reason", {**args, "reason": one.value})
            for one in (Ending.MOVED, Ending.RETIRED, Ending.RESIGNED, Ending.OTHER)
        ]
    )


def _why_away(reading: Reading) -> Rows:
    args = {"student": reading.row.args["student"]}
    return [
        [
            named(reading, f"away_{one.value}", "pause_reason", {**args, "reason": one.value})
            for one in Away
        ]
    ]


def _which(reading: Reading) -> Rows:
    """Return a tap per person whom the words may mean."""
    args = reading.row.args
    then = args["then"]
    kept = {"row": args["row"]} if "row" in args else {}
    whom = "mentor" if then in {"assign_pick", "mentor_card"} else "student"
    people = (PersonId(one) for one in args["choices"])
    return in_rows([Press(reading.named(one).label, then, {**kept, whom: one}) for one in people])


BUILDERS: dict[str, Callable[[Reading], dict[str, Any] | None]] = {
    "person_card": _card,
    "leave_record": _record,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "person_card": card.rows,
    "assign_which": _which,
    "ask_end_reason": _reasons,
    "ask_pause_reason": _why_away,
}
