"""The card of one student, for whoever runs the branch: stage, talks, form, mentors, history.

To add a button: a function from the reading to rows of presses, listed in `ROWS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot import college
from bot.actions import assigner, enrol
from bot.compose import acting, exemptions
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from bot.compose.students import round_of
from bot.rules import progress as progress_rules
from bot.rules import talks as talk_rules
from bot.rules.eligibility import MOST, counts
from messages.facts import DEEDS, DeedLine, PairingLine
from storage.records import Away, Ending, Pairing, Pause, Person, PersonId, Role, Stage, TalkState

LATEST = 8  # things of the history on a card


def student_of(reading: Reading) -> Person:
    """Return whose card it is."""
    return reading.desk.store.people[PersonId(reading.row.args["student"])]


def open_pairings(reading: Reading) -> list[Pairing]:
    """Return the student's pairings that have not ended, in the order in which they began."""
    return college.open_pairings_of(reading.desk.store, student_of(reading))


def _card(reading: Reading) -> dict[str, Any]:
    """Return what the reader may know: the history, consents and 约不上老师 are the assigner's alone."""
    whole = _assigns(reading)
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


def _assigns(reading: Reading) -> bool:
    own = assigner.branches_of(reading.desk, reading.reader)
    return student_of(reading).branch in {branch.id for branch in own}


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


def away_of(reading: Reading, student: Person) -> Pause | None:
    """Return the pause in which the student is today, if any."""
    return college.pause_on(reading.desk.store, student.id, reading.today)


def _record(reading: Reading) -> dict[str, Any]:
    """Return the student's record as the next branch needs it: the card, and the confirmed talks."""
    talks = college.all_talks_of(reading.desk.store, student_of(reading))
    days = {one.day for one in talks if one.day and one.state is TalkState.CONFIRMED}
    return {**_in_roster(reading), "days": sorted(days)}


def _life(reading: Reading) -> Rows:
    """Return the buttons that move the student on, and one per mentor that ends the pairing."""
    whose = {"student": student_of(reading).id}
    ends = [
        named(reading, "end_open", "end_open", {"pairing": one.id}, reading.named(one.mentor))
        for one in open_pairings(reading)
    ]
    pause = "pause_end" if away_of(reading, student_of(reading)) else "pause_open"
    moves = [named(reading, name, name, whose) for name in ("stage_open", "leave_open", pause)]
    listed = {**whose, "branch_id": student_of(reading).branch}
    moves.append(named(reading, "graduate_open", "graduate_open", listed))
    return [moves, *in_rows(ends)]


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


def _assigning(reading: Reading) -> Rows:
    """Return 更换 per mentor, and 增加 where one more is possible."""
    student = student_of(reading)
    if not progress_rules.is_counted(student):
        return []
    held = [one for one in open_pairings(reading) if counts(one.role, student)]
    rows = [[_change(reading, one)] for one in held]
    as_what = Role.CONTACT if student.stage is Stage.ACTIVIST else Role.INTRODUCER
    if sum(one.role is as_what for one in held) < MOST:
        rows.append([named(reading, "assign_add", "assign_add", {"student": student.id})])
    return rows


def _change(reading: Reading, pairing: Pairing) -> Press:
    who = reading.named(pairing.mentor)
    return named(reading, "assign_change", "assign_change", {"pairing": pairing.id}, who)


def _enrolment(reading: Reading) -> Rows:
    """Return 开通链接 of somebody without account, and 作废链接 while one still opens."""
    student = student_of(reading)
    if college.is_enrolled(reading.desk.store, student.id):
        return []
    names = ["invite_one"]
    if enrol.running(reading.desk, student.id) is not None:
        names.append("invite_revoke")
    return [[named(reading, name, name, {"student": student.id}) for name in names]]


def _moving(reading: Reading) -> Rows:
    """Return 换账号 of somebody enrolled: seldom needed, so it stands last."""
    student = student_of(reading)
    if not college.is_enrolled(reading.desk.store, student.id):
        return []
    return [[named(reading, "account_move", "account_move", {"student": student.id})]]


ROWS: list[Callable[[Reading], Rows]] = [
    _enrolment,
    exemptions.card_rows,
    acting.card_rows,
    _assigning,
    _life,
    _moving,
]


def _rows(reading: Reading) -> Rows:
    if not _assigns(reading):
        return []
    return [row for rows in ROWS for row in rows(reading)]


def _which(reading: Reading) -> Rows:
    """Return a tap per person whom the words may mean."""
    args = reading.row.args
    then = args["then"]
    kept = {"row": args["row"]} if "row" in args else {}
    whom = "mentor" if then == "assign_pick" else "student"
    people = (PersonId(one) for one in args["choices"])
    return in_rows([Press(reading.named(one).label, then, {**kept, whom: one}) for one in people])


BUILDERS: dict[str, Callable[[Reading], dict[str, Any] | None]] = {
    "person_card": _card,
    "leave_record": _record,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "person_card": _rows,
    "assign_which": _which,
    "ask_end_reason": _reasons,
    "ask_pause_reason": _why_away,
}
