"""What has had its time goes: people long gone, dead links, old updates and messages (X23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.actions.forget import forget
from bot.desk import Desk
from bot.rules import retention, throttle
from storage import chain
from storage.records import Person, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Who and what is to go now; ids by table."""

    people: tuple[Person, ...]
    expired: dict[str, list[int]]

    def others(self) -> int:
        """Return how many records go beside those of people."""
        return sum(map(len, self.expired.values()))


def due(desk: Desk) -> Due:
    """Return what the settings no longer keep. Passes through whole tables: once a day."""
    store, now, keep = desk.store, desk.now(), desk.settings.keep
    pressable = {one.row for one in store.buttons if now < one.expires}
    oldest = (now - timedelta(days=keep.log_days)).date()

    def is_said(row: Row) -> bool:
        return row.id not in pressable and retention.is_said(row, now, keep.message_days)

    expired: dict[str, list[int]] = {
        "invites": [
            one.id for one in store.invites if retention.is_spent(one, now, keep.invite_days)
        ],
        "inbox": [one.id for one in store.inbox if retention.is_read(one, now, keep.inbox_days)],
        "outbox": [row.id for row in store.outbox if is_said(row)],
        "buttons": [one.id for one in store.buttons if now >= one.expires],
        "questions": [one.id for one in store.questions if now >= one.expires],
        "failed_tries": [one.id for one in store.failed_tries if one.at <= now - throttle.WITHIN],
        "denials": [one.id for one in store.denials if one.day < oldest],
    }
    people = [one for one in store.people if retention.is_over(one, now, keep.left_months)]
    return Due(people=tuple(sorted(people, key=lambda one: one.number)), expired=expired)


def carry_out(desk: Desk, found: Due) -> None:
    """Let it go, inside the caller's open transaction."""
    for table, ids in found.expired.items():
        for id in ids:
            desk.store.table_named(table).remove(id)
    forget(desk, found.people)


def last_sequence(desk: Desk) -> int:
    """Return which transaction forgot somebody last; what was copied before it must go. 0: none."""
    purges = [
        int((one.after or {}).get("sequence", 0))
        for one in desk.store.deeds
        if one.what == chain.PURGED
    ]
    return max(purges, default=0)
