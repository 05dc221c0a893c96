"""A mentor's consent at assignment (A20): one nudge after three working days, then the secretary decides."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.rules.term import SHANGHAI, Quiet, add_working_days, moment, next_sending
from storage.records import Calendar, Pairing

WORKING_DAYS: Final = 3


def is_waiting(pairing: Pairing) -> bool:
    """Whether the mentor has been asked, has not answered, and the pairing stands."""
    return pairing.until is None and pairing.asked is not None and pairing.consent is None


def nudge_at(asked: datetime, calendar: Calendar, quiet: Quiet) -> datetime:
    """When T17 leaves: three working days after the question at its hour, never before."""
    here = asked.astimezone(SHANGHAI)
    due = moment(add_working_days(calendar, here.date(), WORKING_DAYS), here.time())
    return next_sending(due, calendar, quiet)


def is_unsettled(pairing: Pairing, at: datetime, calendar: Calendar, quiet: Quiet) -> bool:
    """Whether the secretary is to decide: the mentor has said 不便, or has let the nudge's time come."""
    if pairing.until is not None or pairing.asked is None or pairing.consent:
        return False
    return pairing.consent is False or nudge_at(pairing.asked, calendar, quiet) <= at
