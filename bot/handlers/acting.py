"""What the secretary records for others from a student's card: asked for the day, then for the reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.actions import on_behalf, question, talk
from bot.actions.on_behalf import require_own_secretary
from bot.actions.own_talks import Owed
from bot.actions.say import strip
from bot.handlers.stages import ask_day
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from storage.records import PairingId, Person, PersonId, TalkKind

Args = dict[str, Any]
REASON = "act_reason"  # the action of a question that waits for a reason
WAITS = timedelta(minutes=30)  # what is written later was meant for something else


def student_of(turn: Turn, args: Args) -> Person:
    """Return the student, if this secretary may act for them."""
    student = turn.desk.store.people[PersonId(args["student"])]
    require_own_secretary(turn.desk, turn.who, student)
    return student


def open_talk(turn: Turn, args: Args) -> None:
    """代记谈话: with whom, where several are possible; then the day."""
    student = student_of(turn, args)
    found = on_behalf.talks_to_record(turn.desk, student)
    if not found:
        raise Refusal("proxy_nothing", student=student.id)
    if len(found) == 1:
        _ask_day(turn, found[0])
    else:
        listed = [[one.pairing.id, one.kind] for one in found]
        turn.reply("proxy_which", student=student.id, talks_owed=listed)


def picked_talk(turn: Turn, args: Args) -> None:
    _ask_day(turn, _owed(turn, args))
    if turn.row is not None:
        strip(turn.desk, turn.row)


def _owed(turn: Turn, args: Args) -> Owed:
    """Return the talk, if it is still one that the secretary may record."""
    pairing = turn.desk.store.pairings[PairingId(args["pairing"])]
    student = student_of(turn, {"student": pairing.student})
    owed = Owed(pairing, TalkKind(args["of"]))
    if owed not in on_behalf.talks_to_record(turn.desk, student):
        raise Refusal("proxy_nothing", student=student.id)
    return owed


def _ask_day(turn: Turn, owed: Owed) -> None:
    pairing = owed.pairing
    asked = {"student": pairing.student, "mentor": pairing.mentor, "pairing": pairing.id}
    ask_day(turn, "ask_act_day", {"for": "proxy_talk", **asked, "of": owed.kind})


def talk_day(turn: Turn, args: Args, day: date) -> None:
    """The day of the talk is known: ask why the secretary records it."""
    talk.check_talk_day(turn.desk, _owed(turn, args), day)
    ask_reason(turn, {**args, "act": "proxy_talk", "day": day.isoformat()})


def ask_reason(turn: Turn, args: Args) -> None:
    """Ask for a reason in words; `reasons` brings it back, by the ``act`` in the arguments."""
    turn.reply(REASON, **args)
    question.ask(turn.desk, turn.who.id, REASON, args, WAITS)


def record_talk(turn: Turn, args: Args, why: str) -> None:
    owed, day = _owed(turn, args), date.fromisoformat(args["day"])
    noted = on_behalf.record_talk(turn.desk, turn.who, owed, day, why)
    turn.reply("proxy_noted", talk=noted.row, act=noted.batch)
