"""What a student who enrols in the middle of a round is told at once (S0), instead of waiting."""

from __future__ import annotations

from datetime import datetime

from bot import college
from bot.actions.say import tell
from bot.desk import Desk
from bot.rules import progress as progress_rules
from bot.rules import talks as talk_rules
from bot.rules.moments import counted_as_sent
from bot.situation import timing
from storage.records import Person, Stage


def into_term(desk: Desk, person: Person, *, due: datetime | None = None) -> None:
    """Tell a student who takes part what this round asks; inside the talk window with S1's buttons.

    That window's reminder then counts as sent (PRODUCT § 3). ``due``: not at once, but then.
    Whoever is away is told when the pause is over.
    """
    term, windows = desk.term(), desk.windows()
    if term is None or windows is None or not progress_rules.is_counted(person):
        return
    today = desk.today()
    if (
        not talk_rules.takes_part(person, windows)
        or not windows.week1 <= today <= windows.deadline
        or college.pause_on(desk.store, person.id, today)
    ):
        return
    kind = "S0b" if person.stage is Stage.PROBATIONARY else "S0"
    tell(desk, person.id, kind, keys=unused_keys(desk, person), due=due)


def unused_keys(desk: Desk, person: Person) -> tuple[str, ...]:
    """Return the keys of the student's reminders whose window we are in and that have not gone."""
    term = desk.term()
    if term is None:
        return ()
    keys = counted_as_sent(term.id, timing(desk, term), person.id, desk.now())
    return tuple(key for key in keys if not desk.store.outbox.where("key", key))
