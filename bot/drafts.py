"""Texts of opinions while somebody may still need them: in memory alone, few, and not for long.

They are never written down (DESIGN, decision 8); after a restart the writer is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from storage.records import PersonId

MOST = 200  # texts; the oldest makes room


@dataclass(frozen=True, slots=True)
class Draft:
    text: str = field(repr=False)
    until: datetime


class Drafts:
    """By writer and by whom the text is about; None while the writer has not said whom."""

    def __init__(self) -> None:
        self._kept: dict[tuple[PersonId, PersonId | None], Draft] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, writer: PersonId, about: PersonId | None, draft: Draft) -> None:
        """Hold the text until then, in place of the writer's earlier one about the same person."""
        self._kept.pop((writer, about), None)
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[writer, about] = draft

    def read(self, writer: PersonId, about: PersonId | None, now: datetime) -> str | None:
        """Return the text, or None: never sent, forgotten or expired."""
        found = self._kept.get((writer, about))
        return found.text if found is not None and now < found.until else None

    def forget(self, writer: PersonId, about: PersonId | None) -> None:
        self._kept.pop((writer, about), None)

    def forget_person(self, person: PersonId) -> None:
        """Drop what that person wrote, and what was written about them."""
        self._kept = {key: one for key, one in self._kept.items() if person not in key}

    def forget_expired(self, now: datetime) -> None:
        self._kept = {key: draft for key, draft in self._kept.items() if now < draft.until}
