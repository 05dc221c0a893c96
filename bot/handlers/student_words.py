"""What a student's plain words do: what they mean depends on what was asked or told last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.actions import question
from bot.handlers import student
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.utterance import Expects, Intent, Utterance
from storage.records import Question, Row

DATED = frozenset({"S10", "S10b", "S12", "S13"})  # a date in answer to these is the talk's date


def expected(turn: Turn, row: Row | None, asked: Question | None) -> Expects | None:
    """Return VERDICT where 是的 and 没有 answer something: S16, or what the mentor recorded (S12)."""
    replies = row is not None and row.kind == "S16"
    follows = row is None and asked is not None and asked.action == student.TALKED
    is_judged = replies or follows or student.doubted(turn, row) is not None
    return Expects.VERDICT if is_judged else None


def _day_asked_about(turn: Turn, row: Row | None) -> date | None:
    """Return the day that S16 was asked about: 是的 says that day."""
    asked = question.open_question(turn.desk, turn.who.id)
    args = row.args if row is not None else asked.args if asked is not None else {}
    return date.fromisoformat(args["said"]) if "said" in args else None


def act(turn: Turn, row: Row | None, said: Utterance, *, is_judged: bool) -> None:
    """Do what the words say, or ask back; what no talk is asked about is never taken for a yes."""
    is_dated = said.day is not None or said.day_problem != "none"
    doubted = student.doubted(turn, row)
    match said.intent:
        case Intent.DATE_ONLY | Intent.TALKED | Intent.AGREE if (
            is_dated and row is not None and row.kind in DATED
        ):
            student.answered_day(turn, row, said)
        case Intent.AGREE if doubted and not is_dated:
            turn.reply("thanks")
        case Intent.DENY if doubted:
            student.did_not_talk(turn, {"talk": doubted.id})
        case Intent.TALKED:
            student.talked_words(turn, said)
        case Intent.AGREE if is_judged and not is_dated:
            student.talked_words(turn, replace(said, day=_day_asked_about(turn, row)))
        case Intent.AGREE if is_judged:
            student.talked_words(turn, said)
        case Intent.DATE_ONLY:
            student.only_date(turn, said)
        case Intent.WRONG_DAY:
            student.wrong_day(turn, row)
        case Intent.NOT_YET:
            student.not_yet(turn, {})
        case Intent.DENY if is_judged:
            student.not_yet(turn, {})
        case Intent.CANNOT_REACH:
            student.cannot_reach(turn, {})
        case Intent.NO_FORM:
            student.no_form(turn)
        case Intent.FORM_HANDED_IN:
            raise Refusal("own_receipt")
        case _:
            student.ask_back(turn)
