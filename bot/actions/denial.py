"""What the access rules have refused: counted per day, person, action and kind of chat, without content."""

from __future__ import annotations

from dataclasses import replace

from bot.desk import Desk
from storage.records import Denial, Person


def note(desk: Desk, person: Person | None, action: str, where: str) -> Denial:
    """Count one more (X21). Whoever asks a thousand times a day still fills one record."""
    denials = desk.store.denials
    day, who = desk.today(), None if person is None else person.id
    found = denials.one("of", (day, who, action, where))
    if found is None:
        return denials.add(
            Denial(day=day, person=who, action=action, where=where, times=1, last=desk.now())
        )
    return denials.put(replace(found, times=found.times + 1, last=desk.now()))
