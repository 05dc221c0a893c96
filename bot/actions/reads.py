"""Who has read of others: in the audit once a day, so that reading fills no disk (X21)."""

from __future__ import annotations

from bot.actions import deed
from bot.desk import Desk
from storage.records import Person, PersonId

# What of /status tells of others.
OF_STATUS = {
    "T4": "read_mentor",
    "status_mentor": "read_mentor",
    "status_branch": "read_branch",
    "status_office": "read_office",
}


def note(desk: Desk, reader: Person, what: str, about: PersonId | None = None) -> None:
    """Write down that the reader has seen that, of that person or of many, unless today's is there."""
    today = desk.today()
    for one in reversed(desk.store.deeds.where("by", reader.id)):
        if one.at.date() < today:
            break
        if (one.what, one.about) == (what, about):
            return
    deed.record(desk, what, reader.id, about=about)
