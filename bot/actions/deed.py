"""Who did what, when: one deed per changed record, which is also what /undo takes back."""

from __future__ import annotations

from typing import Any, Final

from bot.desk import Desk
from storage.records import (
    Arrangement,
    Deed,
    Exemption,
    Form,
    Hours,
    Introduction,
    Json,
    Obstacle,
    Opinion,
    Pairing,
    Pause,
    Person,
    PersonId,
    Talk,
    Term,
)
from storage.store import document

Changed = (
    Talk
    | Form
    | Obstacle
    | Pause
    | Exemption
    | Pairing
    | Person
    | Introduction
    | Opinion
    | Arrangement
    | Hours
    | Term
)

RECORDS: dict[str, type[Changed]] = {
    "talks": Talk,
    "forms": Form,
    "obstacles": Obstacle,
    "pauses": Pause,
    "exemptions": Exemption,
    "pairings": Pairing,
    "people": Person,
    "introductions": Introduction,
    "opinions": Opinion,
    "arrangements": Arrangement,
    "hours": Hours,
    "terms": Term,
}
TABLES = {kind: table for table, kind in RECORDS.items()}
# Of a person's row a deed keeps this alone: the 编号 and the name live nowhere but in the row.
OF_A_PERSON: Final = ("stage", "stage_since", "left")


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
    noted: Json | None = None,
) -> Deed:
    """Write a deed down. ``batch``: the first deed of the same act, so that both are undone together.

    ``noted``: what is kept of it where no record changed.
    """
    changed: Any = after if after is not None else before
    return desk.store.deeds.add(
        Deed(
            at=desk.now(),
            by=by,
            what=what,
            about=about,
            table=None if changed is None else TABLES[type(changed)],
            row=None if changed is None else int(changed.id),
            before=None if before is None else kept(before),
            after=noted if after is None else kept(after),
            batch=batch.batch if batch else 0,
            why=why,
        )
    )


def kept(changed: Changed) -> dict[str, Any]:
    """Return what a deed keeps of a record: its document, of a person only what may be changed in chat."""
    written = document(changed)
    if isinstance(changed, Person):
        return {name: written[name] for name in OF_A_PERSON}
    return written
