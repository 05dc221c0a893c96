"""Failed attempts to enrol are counted: too many, and the account has to wait (reliability X4)."""

from __future__ import annotations

from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules import throttle as rules
from storage.records import Duty, FailedTry

ALARM = "enrol_alarm"


def require_open(desk: Desk, telegram: int) -> None:
    """Refuse an account that has failed too often, before anything is looked up: ``enrol_wait``."""
    failures = recent(desk)
    own = sum(one.telegram == telegram for one in failures)
    if not rules.may_try(own, len(failures)):
        raise Refusal("enrol_wait")


def recent(desk: Desk) -> list[FailedTry]:
    """Return the failures of the last hour."""
    oldest = desk.now() - rules.WITHIN
    return [one for one in desk.store.failed_tries if one.at > oldest]


def failed(desk: Desk, telegram: int) -> None:
    """Count a failure; older ones are forgotten. The office hears once an hour that there are too many."""
    kept = recent(desk)
    for id in {one.id for one in desk.store.failed_tries} - {one.id for one in kept}:
        desk.store.failed_tries.remove(id)
    desk.store.failed_tries.add(FailedTry(telegram=telegram, at=desk.now()))
    if len(kept) + 1 >= rules.IN_ALL:
        _raise_alarm(desk, len(kept) + 1)


def _raise_alarm(desk: Desk, count: int) -> None:
    for one in desk.store.people.where("duty", Duty.OFFICE):
        key = f"{ALARM}:{one.id}:{desk.now():%Y-%m-%dT%H}"
        if not desk.store.outbox.count("key", key):
            tell(desk, one.id, ALARM, {"count": count}, keys=(key,))
