"""A reason in words, asked before the secretary acts for others or corrects: what it is for travels along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.actions import question
from bot.actions.say import strip
from bot.delivery.redaction import LONGEST_KEPT
from bot.handlers import acting, consents_for, correcting, exemptions, own_data
from bot.handlers.acting import REASON
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.claims import clauses
from bot.rules.typed import fold, says_something
from bot.rules.utterance import Intent, understand

SHORTEST = 2  # characters

# What each reason is for; `access.TABLE` says who may.
ACTS: dict[str, Callable[[Turn, dict[str, Any], str], None]] = {
    "proxy_talk": acting.record_talk,
    "proxy_consent": consents_for.record,
    "redate_talk": correcting.redate_talk,
    "void_talk": correcting.void_talk,
    "redate_form": correcting.redate_form,
    "void_form": correcting.void_form,
    "exempt": exemptions.decide,
    "data_correct": own_data.said,
    "data_erase": own_data.said,
    "data_refuse": own_data.refused,
}


def took(turn: Turn) -> bool:
    """Take the text if it is the reason that we wait for; False: it means something else."""
    asked = question.open_question(turn.desk, turn.who.id) if turn.private else None
    if asked is None or asked.action != REASON or _is_no_reason(turn):
        return False
    act = asked.args["act"]
    turn.admit(act, asked.args)
    ACTS[act](turn, dict(asked.args), typed_reason(turn))
    question.forget(turn.desk, turn.who.id)
    return True


def typed_reason(turn: Turn) -> str:
    """Return the text as a reason. Refusal: too short, too long, or it says nothing in words."""
    why = turn.text.strip()
    if not SHORTEST <= len(why) <= LONGEST_KEPT or not says_something(why):
        raise Refusal("assign_reason_length")
    return why


def _is_no_reason(turn: Turn) -> bool:
    """A command, or 好的."""
    meant = understand(turn.text, turn.said_at.date()).intent
    is_courtesy = says_something(turn.text) and not clauses(fold(turn.text))
    return meant in {Intent.COMMAND, Intent.UNDO} or is_courtesy


def cancelled(turn: Turn, _: dict[str, Any]) -> None:
    """不登记了: nothing has been recorded."""
    asked = question.open_question(turn.desk, turn.who.id)
    if asked is None or asked.action != REASON:
        raise Refusal("stale_button")
    question.forget(turn.desk, turn.who.id)
    turn.pop("act_cancelled")
    if turn.row is not None:
        strip(turn.desk, turn.row)
