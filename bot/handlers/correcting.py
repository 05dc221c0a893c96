"""更正 on a student's card: another day, or not recorded after all; each with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot import college
from bot.actions import corrections, form
from bot.actions.own_talks import running_term
from bot.handlers.acting import ask_reason, student_of
from bot.handlers.stages import ask_day
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules import forms as form_rules
from storage.records import Form, Person, PersonId, Talk, TalkId

Args = dict[str, Any]


def opened(turn: Turn, args: Args) -> None:
    """更正: what is recorded of this round, with a way to change each."""
    student = student_of(turn, args)
    if not _on_record(turn, student):
        raise Refusal("correct_nothing", student=student.id)
    turn.reply("correct_what", student=student.id)


def _on_record(turn: Turn, student: Person) -> bool:
    talks = corrections.talks_on_record(turn.desk, student)
    return bool(talks) or corrections.form_on_record(turn.desk, student) is not None


def _talk(turn: Turn, args: Args) -> Talk:
    """Return the talk, if this secretary may still change it."""
    found = turn.desk.store.talks[TalkId(args["talk"])]
    student = student_of(turn, {"student": turn.desk.store.pairings[found.pairing].student})
    if found not in corrections.talks_on_record(turn.desk, student):
        raise Refusal("correct_gone")
    return found


def _form(turn: Turn, args: Args) -> Form:
    found = corrections.form_on_record(turn.desk, student_of(turn, args))
    if found is None:
        raise Refusal("correct_gone")
    return found


def ask_talk_day(turn: Turn, args: Args) -> None:
    found = _talk(turn, args)
    mentor = turn.desk.store.pairings[found.pairing].mentor
    day = found.day and found.day.isoformat()
    asked = {"for": "redate_talk", "talk": found.id, "people": [mentor], "day": day}
    ask_day(turn, "ask_right_day", asked)


def talk_day(turn: Turn, args: Args, day: date) -> None:
    corrections.check_new_day(turn.desk, _talk(turn, args), day)
    ask_reason(turn, {"act": "redate_talk", "talk": args["talk"], "day": day.isoformat()})


def redate_talk(turn: Turn, args: Args, why: str) -> None:
    day = date.fromisoformat(args["day"])
    noted = corrections.correct_talk(turn.desk, turn.who, _talk(turn, args), day, why)
    _note_talk(turn, "corrected_noted", args, noted.batch)


def ask_why_void_talk(turn: Turn, args: Args) -> None:
    ask_reason(turn, {"act": "void_talk", "talk": _talk(turn, args).id})


def void_talk(turn: Turn, args: Args, why: str) -> None:
    noted = corrections.void_talk(turn.desk, turn.who, _talk(turn, args), why)
    _note_talk(turn, "voided_noted", args, noted.batch)


def _note_talk(turn: Turn, kind: str, args: Args, act: int) -> None:
    found = turn.desk.store.talks[TalkId(args["talk"])]
    pairing = turn.desk.store.pairings[found.pairing]
    told = _reached(turn, pairing.student, pairing.mentor)
    said = {"student": pairing.student, "mentor": pairing.mentor, "told": told}
    turn.reply(kind, **said, day=found.day and found.day.isoformat(), act=act)


def _reached(turn: Turn, *people: PersonId) -> list[PersonId]:
    return [one for one in people if college.is_enrolled(turn.desk.store, one)]


def ask_form_day(turn: Turn, args: Args) -> None:
    found = _form(turn, args)
    day = form_rules.last_day(found)
    said = {"student": found.student, "form_state": found.state, "day": day and day.isoformat()}
    ask_day(turn, "ask_right_form_day", {"for": "redate_form", **said})


def form_day(turn: Turn, args: Args, day: date) -> None:
    corrections.check_new_form_day(turn.desk, _form(turn, args), day)
    ask_reason(turn, {"act": "redate_form", "student": args["student"], "day": day.isoformat()})


def redate_form(turn: Turn, args: Args, why: str) -> None:
    day = date.fromisoformat(args["day"])
    noted = corrections.correct_form(turn.desk, turn.who, _form(turn, args), day, why)
    _note_form(turn, args, noted.batch)


def ask_why_void_form(turn: Turn, args: Args) -> None:
    ask_reason(turn, {"act": "void_form", "student": _form(turn, args).student})


def void_form(turn: Turn, args: Args, why: str) -> None:
    noted = corrections.void_form(turn.desk, turn.who, _form(turn, args), why)
    _note_form(turn, args, noted.batch)


def _note_form(turn: Turn, args: Args, act: int) -> None:
    student = turn.desk.store.people[PersonId(args["student"])]
    now = form.current(turn.desk, student, running_term(turn.desk))
    day = form_rules.last_day(now)
    said = {"student": student.id, "form_state": now.state, "day": day and day.isoformat()}
    turn.reply("form_corrected_noted", **said, told=_reached(turn, student.id), act=act)
