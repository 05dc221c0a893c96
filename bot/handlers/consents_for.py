"""代记同意 on a student's card: a mentor without Telegram has told the secretary so."""

from __future__ import annotations

from typing import Any

from bot import path as ways
from bot.actions import consent, introduce, on_behalf
from bot.actions.say import strip
from bot.handlers.acting import ask_reason, student_of
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from storage.records import Pairing, PairingId, Person, TalkKind

Args = dict[str, Any]


def opened(turn: Turn, args: Args) -> None:
    """代记同意: whose, where several are open; then why the secretary records it."""
    student = student_of(turn, args)
    found = _open(turn, student)
    if not found:
        raise Refusal("proxy_consent_nothing", student=student.id)
    if len(found) == 1:
        _ask(turn, student, *found[0])
    else:
        listed = [[pairing, of] for pairing, of in found]
        turn.reply("proxy_consent_which", student=student.id, consents=listed)


def _open(turn: Turn, student: Person) -> list[tuple[PairingId, TalkKind]]:
    """Return the pairings, and whether it is about the task (半年) or the opinion (介绍)."""
    tasks = on_behalf.consents_to_record(turn.desk, student)
    opinions = on_behalf.attitudes_to_record(turn.desk, student)
    found = [(one.id, TalkKind.HALF_YEAR) for one in tasks]
    return found + [(one.pairing, TalkKind.INTRODUCTION) for one in opinions]


def picked(turn: Turn, args: Args) -> None:
    pairing, of = _pairing(turn, args)
    _ask(turn, turn.desk.store.people[pairing.student], pairing.id, of)
    if turn.row is not None:
        strip(turn.desk, turn.row)


def _pairing(turn: Turn, args: Args) -> tuple[Pairing, TalkKind]:
    """Return the pairing, if a consent of its mentor is still to be recorded by this secretary."""
    pairing, of = turn.desk.store.pairings[PairingId(args["pairing"])], TalkKind(args["of"])
    student = student_of(turn, {"student": pairing.student})
    if (pairing.id, of) not in _open(turn, student):
        raise Refusal("proxy_consent_nothing", student=student.id)
    return pairing, of


def _ask(turn: Turn, student: Person, pairing: PairingId, of: TalkKind) -> None:
    asked = {"act": "proxy_consent", "student": student.id, "pairing": pairing, "of": of}
    ask_reason(turn, asked)


def record(turn: Turn, args: Args, why: str) -> None:
    pairing, of = _pairing(turn, args)
    path = ways.open_path(turn.desk, pairing.student)
    if of is TalkKind.INTRODUCTION and path is not None:
        (one,) = (one for one in path.introducers if one.pairing == pairing.id)
        act = introduce.answer(turn.desk, turn.who, path, one, consent=True, why=why)
    else:
        act = consent.agree_for(turn.desk, turn.who, pairing, why)
    said = {"student": pairing.student, "mentor": pairing.mentor, "role": pairing.role}
    is_opinion = of is TalkKind.INTRODUCTION
    turn.reply("proxy_consent_noted", **said, introduction=is_opinion, act=act.batch)
