"""What the bot does for its own sake: a backup a day, and no more of them than are of use."""

from __future__ import annotations

import logging
from datetime import datetime, time
from pathlib import Path

from bot.desk import Desk
from storage import backup_folder
from storage.errors import StoreError

log = logging.getLogger(__name__)

DAILY_AT = time(3)  # nobody waits for an answer


def daily_backup(desk: Desk, folder: Path) -> Path | None:
    """Back the store up, once a calendar day from 03:00 on, then remove what is too old.

    Call it outside a transaction: what is not yet durable must not be in a backup. None: not due,
    done, nothing to keep, or failed; a failure is logged, and the next call tries again.
    """
    now = desk.now()
    since = datetime.combine(now, DAILY_AT, now.tzinfo)
    if now < since or not desk.store.sequence or backup_folder.was_kept_since(folder, since):
        return None
    try:
        path, summary = backup_folder.keep(desk.store.contents(), folder, made=now)
        backup_folder.tidy(folder, now.date())
    except (OSError, StoreError):
        log.exception("the daily backup failed")
        return None
    log.info("backed up to %s, transaction %s", path, summary.sequence)
    return path
