"""What a mentor's plain words do; also those of people who are neither mentor nor student."""

from __future__ import annotations

from bot.actions import mentor_list
from bot.handlers import claims, days, mentor
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.dates import DayRead
from bot.rules.utterance import Expects, Intent, Utterance, understand
from storage.records import Row

RECORDS = frozenset({*mentor_list.LISTS, "T11", "T12"})  # what a date or 日期不对 may be about


def expected(row: Row | None) -> Expects:
    """Return VERDICT for an answer to the list of claims; otherwise a mentor may name students."""
    answers = row is not None and row.kind in mentor_list.LISTS
    return Expects.VERDICT if answers else Expects.NAMES


def act(turn: Turn, row: Row | None, said: Utterance) -> None:
    """Do what the words say, or tell how it is done."""
    if not mentor.charges(turn):
        raise Refusal("no_students" if said.intent is Intent.TALKED else "not_understood")
    is_about_records = row is not None and row.kind in RECORDS
    match said.intent:
        case Intent.TALKED:
            _record(turn, said)
        case Intent.AGREE if said.names_text or said.day_problem != "none":
            _record(turn, said)
        case Intent.AGREE:
            claims.agree(turn, said.day, everyone=said.everyone)
        case Intent.DENY:
            claims.disagree(turn)
        case Intent.NOT_YET if _denies(turn):
            claims.disagree(turn)
        case Intent.DATE_ONLY if is_about_records and said.day:
            claims.redate(turn, claims.recorded_in(turn, row), said.day)
        case Intent.WRONG_DAY:
            days.ask_redate(turn, claims.recorded_in(turn, row))
        case _ if mentor_list.waiting(turn.desk, turn.who.id):
            raise Refusal("press_list")
        case _:
            raise Refusal("talked_or_not")


def _record(turn: Turn, said: Utterance) -> None:
    read = DayRead(said.day, said.names_text, said.day_doubt, said.day_problem)
    mentor.record(turn, read, everyone=said.everyone)


def _denies(turn: Turn) -> bool:
    """还没谈 without a reply: an answer only while exactly one claim waits, and if nothing else is said."""
    waiting = mentor_list.waiting(turn.desk, turn.who.id)
    today = turn.said_at.date()
    judged = understand(turn.text, today, expects=Expects.VERDICT)
    return len(waiting) == 1 and judged.intent is Intent.DENY
