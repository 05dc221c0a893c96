"""What is gathered over the day and leaves once, at 16:00 of the working day (PRODUCT § 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time

from bot.actions.say import tell
from bot.desk import Desk
from bot.rules import term as term_rules
from storage.records import PersonId, RowState

AT = time(16, 0)


def next_gathering(desk: Desk) -> datetime:
    """Return the coming 16:00 of a working day, today's while it is still ahead."""
    now = desk.now()
    day = now.date()
    if now.time() >= AT or not term_rules.is_working(desk.calendar, day):
        day = term_rules.next_working(desk.calendar, day)
    return term_rules.moment(day, AT)


def gather(
    desk: Desk,
    to: PersonId,
    kind: str,
    *,
    about: Iterable[PersonId] = (),
    live: bool = False,
    **args: object,
) -> None:
    """Have one message of that kind leave today, about everyone named until then.

    What it says of them is read when it leaves.
    """
    due = next_gathering(desk)
    key = f"{kind}:{to}:{due:%Y-%m-%d}"
    waiting = desk.store.outbox.one("key", key)
    if waiting is None:
        tell(desk, to, kind, dict(args), about=about, keys=(key,), due=due, live=live)
        return
    together = tuple(dict.fromkeys([*waiting.about, *about]))
    # It may have been cancelled meanwhile, with everything else for somebody out of reach.
    desk.store.outbox.put(replace(waiting, about=together, state=RowState.PENDING))
