"""Who did what, when: one deed per changed record, which is also what /undo takes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.desk import Desk
from storage.records import (
    Deed,
    Form,
    Introduction,
    Obstacle,
    Opinion,
    Pairing,
    Person,
    PersonId,
    Talk,
)
from storage.store import document

Changed = Talk | Form | Obstacle | Pairing | Person | Introduction | Opinion

TABLES: dict[type, str] = {
    Talk: "talks",
    Form: "forms",
    Obstacle: "obstacles",
    Pairing: "pairings",
    Person: "people",
    Introduction: "introductions",
    Opinion: "opinions",
}


def record(
    desk: Desk,
    what: str,
    by: PersonId | None,
    *,
    about: PersonId | None = None,
    before: Changed | None = None,
    after: Changed | None = None,
    batch: Deed | None = None,
    why: str | None = None,
) -> Deed:
    """Write a deed down. ``batch``: the first deed of the same act, so that both are undone together."""
    changed: Any = after if after is not None else before
    deed = desk.store.deeds.add(
        Deed(
            at=desk.now(),
            by=by,
            what=what,
            about=about,
            table=None if changed is None else TABLES[type(changed)],
            row=None if changed is None else int(changed.id),
            before=None if before is None else document(before),
            after=None if after is None else document(after),
            why=why,
        )
    )
    return desk.store.deeds.put(replace(deed, batch=batch.batch if batch else deed.id))
