"""What the bot does for its own sake: backups, and no more of them than are of use."""

from __future__ import annotations

import logging
from datetime import datetime, time
from pathlib import Path

from bot.desk import Desk
from bot.rules import term as term_rules
from storage import backup_folder
from storage.errors import StoreError

log = logging.getLogger(__name__)

DAILY_AT = time(3)  # nobody waits for an answer
BUSY_WEEKS = 4


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
        return _keep(desk, folder, backup_folder.DAILY)
    except (OSError, StoreError):
        log.exception("the daily backup failed")
        return None


def recent_backup(desk: Desk, folder: Path) -> Path | None:
    """Back up what happened since the newest backup, in weeks 1–4 of a round (reliability F9).

    How often it is called is how much may be lost with the disk. None and failures as above.
    """
    term = desk.term()
    if term is None or not 1 <= term_rules.week_of(term.week1, desk.today()) <= BUSY_WEEKS:
        return None
    try:
        known = backup_folder.newest_known(folder)
        if known is not None and known.sequence >= desk.store.sequence:
            return None
        return _keep(desk, folder, backup_folder.RECENT)
    except (OSError, StoreError):
        log.exception("the backup failed")
        return None


def _keep(desk: Desk, folder: Path, stem: str) -> Path:
    now = desk.now()
    path, summary = backup_folder.keep(desk.store.contents(), folder, made=now, stem=stem)
    backup_folder.tidy(folder, now.date())
    log.info("backed up to %s, transaction %s", path, summary.sequence)
    return path
