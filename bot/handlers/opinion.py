"""A draft opinion sent for checking: asked for, taken, and answered with hints."""

from __future__ import annotations

from typing import Any

from bot.actions import opinion, question
from bot.actions.say import redraw
from bot.delivery.redaction import LONGEST_KEPT
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.opinion import TOO_LONG
from bot.rules.opinion_signs import ENOUGH, is_signed, signs
from bot.rules.utterance import Expects, Intent, understand
from storage.records import Person, PersonId

REQUEST = 20  # characters in which 帮我写… would stand


def asked(turn: Turn, _: dict[str, Any]) -> None:
    """检查意见: the next text is the draft."""
    opinion.require_may_check(turn.desk, turn.who)
    turn.reply("opinion_ask", hours=turn.desk.settings.opinion.memory_hours)
    opinion.ask(turn.desk, turn.who)


def took(turn: Turn) -> bool:
    """Take the text if it is a draft opinion; False: it is none, and means something else."""
    if not (_is_awaited(turn) or _stands_out(turn)) or _asks_us_to_write(turn):
        return False
    if not turn.private:
        raise Refusal("group_private")
    opinion.require_may_check(turn.desk, turn.who)
    if len(turn.text) >= TOO_LONG:
        raise Refusal("opinion_too_long")
    if not signs(turn.text):
        if _meaning(turn, turn.text) is not Intent.UNCLEAR:
            return False
        raise Refusal("opinion_unlike")
    _take(turn)
    return True


def _is_awaited(turn: Turn) -> bool:
    is_awaited = turn.private and opinion.is_awaited(turn.desk, turn.who.id)
    return is_awaited and opinion.may_check(turn.desk, turn.who)


def _stands_out(turn: Turn) -> bool:
    """Whether the text is an opinion although nobody asked for one.

    An introducer's may lack its attitude, or all else; anybody else's must be whole, and in a group
    nobody else is answered.
    """
    if not LONGEST_KEPT < len(turn.text) < TOO_LONG:
        return False
    is_full, is_own = signs(turn.text) >= ENOUGH, is_signed(turn.text)
    if opinion.candidates(turn.desk, turn.who):
        return is_full or is_own
    return turn.private and is_full and is_own


def _asks_us_to_write(turn: Turn) -> bool:
    return _meaning(turn, turn.text[:REQUEST]) is Intent.WRITE_FOR_ME


def _meaning(turn: Turn, text: str) -> Intent:
    return understand(text, turn.said_at.date(), expects=Expects.NAMES).intent


def _take(turn: Turn) -> None:
    people = opinion.candidates(turn.desk, turn.who)
    if len(people) == 1:
        _answer(turn, people[0], turn.text)
        return
    opinion.hold(turn.desk, turn.who, turn.text)
    question.forget(turn.desk, turn.who.id)
    turn.reply("opinion_whom", choices=[one.id for one in people])


def picked(turn: Turn, args: dict[str, Any]) -> None:
    """The writer says whom the text is about."""
    opinion.require_may_check(turn.desk, turn.who)
    student = turn.desk.store.people[PersonId(args["student"])]
    if student not in opinion.candidates(turn.desk, turn.who):
        raise Refusal("stale_button")
    text = turn.desk.drafts.read(turn.who.id, None, turn.desk.now())
    if text is None:
        raise Refusal("say_again")
    if turn.row is not None:
        redraw(turn.desk, turn.row, student=student.id)
    _answer(turn, student, text)


def _answer(turn: Turn, student: Person, text: str) -> None:
    verdict = opinion.check(turn.desk, turn.who, student, text)
    turn.reply("O3", hints=[[hint.code, hint.level] for hint in verdict.hints])
