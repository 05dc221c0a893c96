"""After a failed write the store takes nothing until it is reopened (DESIGN, decision 1)."""

from __future__ import annotations

import logging

from storage.store import Store, StoreClosedForWriting

log = logging.getLogger(__name__)

SECONDS = 5  # between attempts


def is_writable(store: Store) -> bool:
    """Whether the store takes transactions; if it has stopped, it is read back and verified first.

    StoreDamaged: what is on disk is not what was written, and waiting does not help.
    """
    try:
        with store.transaction():
            pass
    except StoreClosedForWriting:
        try:
            store.reopen()
        except OSError as error:
            log.error("the store cannot be reopened (%s)", error.strerror)  # noqa: TRY400 - no news in a traceback
            return False
        log.warning("the store has been reopened")
    return True
