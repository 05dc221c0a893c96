"""The table of deeds: append-only, each deed linked to the one before it (`storage.chain`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from typing_extensions import override

from storage import chain
from storage.documents import document
from storage.errors import StoreError
from storage.live import Documents
from storage.records import Deed
from storage.table import Table


class Audit(Table[Deed]):
    """Deeds are added, marked as undone, blanked by a purge; nothing else ever happens to one."""

    @override
    def add(self, record: Deed) -> Deed:
        """Stores it behind the last one; without a ``batch`` it begins one of its own."""
        id = self._next_id()
        deed = replace(record, batch=record.batch or id)
        return super().add(replace(deed, link=chain.link(self._last_link(), id, document(deed))))

    @override
    def put(self, record: Deed) -> Deed:
        """Marks it as undone, or puts the `blanked` one in its place. StoreError: anything else."""
        held = self[record.id]
        if record not in (replace(held, undone=record.undone), blanked(held)):
            raise StoreError(f"deed {record.id} is a record: it is not changed")
        return super().put(record)

    @override
    def remove(self, id: int) -> None:
        """Never: StoreError."""
        raise StoreError(f"deed {id} is a record: it is not removed")

    @override
    def loading(self, documents: Documents) -> Callable[[], None]:
        # In their order, whatever wrote them: the last one is the last.
        return super().loading({id: documents[id] for id in sorted(documents, key=int)})

    def _last_link(self) -> str:
        last = next(reversed(self._records), None)
        return "" if last is None else self._records[last].link


def blanked(deed: Deed) -> Deed:
    """The deed without its documents and its reason, and with their digest instead."""
    left = chain.digest(document(deed))
    return replace(deed, before=None, after=None, why=None, blanked=left)
