"""A contact's opinion on listing an activist as candidate: given or not, and when (R25). The text is on paper."""

from __future__ import annotations

from dataclasses import replace

from bot.actions import deed
from bot.desk import Desk
from bot.refusal import Refusal
from storage.records import Deed, Pairing, Person


def give(desk: Desk, mentor: Person, pairing: Pairing) -> Deed:
    """Note that the contact has handed the opinion to the branch, as of today; return the act.

    Refusals ``advice_over`` (nobody's contact any more) and ``advice_before``.
    """
    if pairing.mentor != mentor.id or pairing.until is not None:
        raise Refusal("advice_over")
    if pairing.advised is not None:
        raise Refusal("advice_before", day=pairing.advised.isoformat(), student=pairing.student)
    given = desk.store.pairings.put(replace(pairing, advised=desk.today()))
    return deed.record(
        desk, "advised", mentor.id, about=pairing.student, before=pairing, after=given
    )
