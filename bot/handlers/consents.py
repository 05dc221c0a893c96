"""A mentor's answer to the question for consent."""

from __future__ import annotations

from typing import Any

from bot.actions import consent
from bot.handlers.turn import Turn
from storage.records import PairingId


def agreed(turn: Turn, args: dict[str, Any]) -> None:
    """同意."""
    _answer(turn, args, agrees=True)
    turn.pop("consent_thanks")


def agreed_to_all(turn: Turn, args: dict[str, Any]) -> None:
    """全部同意: of those listed, whoever still waits."""
    listed = [turn.desk.store.pairings[PairingId(one)] for one in args["pairings"]]
    consent.agree_to_all(turn.desk, turn.who, listed)
    turn.pop("consent_thanks")


def declined(turn: Turn, args: dict[str, Any]) -> None:
    """不便: an honest answer, no reason asked."""
    _answer(turn, args, agrees=False)
    turn.pop("consent_passed_on")


def _answer(turn: Turn, args: dict[str, Any], *, agrees: bool) -> None:
    pairing = turn.desk.store.pairings[PairingId(args["pairing"])]
    consent.answer(turn.desk, turn.who, pairing, agrees)
