"""What the bot does for its own sake: backups, and no more of them than are of use."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from bot.desk import Desk
from bot.rules import term as term_rules
from storage import backup_folder
from storage.contents import Contents
from storage.errors import StoreError

log = logging.getLogger(__name__)

DAILY_AT = time(3)  # nobody waits for an answer
BUSY_WEEKS = 4
WORDS = {backup_folder.DAILY: "daily", backup_folder.RECENT: "recent"}  # of the log


@dataclass(frozen=True, slots=True)
class Backup:
    """One that is due. ``contents`` stay as they are, so any thread may keep it."""

    contents: Contents
    folder: Path
    made: datetime
    stem: str

    def keep(self) -> Path | None:
        """Write it, then remove what is too old. None: it failed, which is logged; it is due again."""
        try:
            path, summary = backup_folder.keep(
                self.contents, self.folder, made=self.made, stem=self.stem
            )
            backup_folder.tidy(self.folder, self.made.date())
        except (OSError, StoreError):
            log.exception("the %s backup failed", WORDS[self.stem])
            return None
        log.info("backed up to %s, transaction %s", path, summary.sequence)
        return path


def daily_due(desk: Desk, folder: Path) -> Backup | None:
    """Return a backup if today's, from 03:00 on, has still to be made; None: not yet, or nothing to keep.

    Call it outside a transaction: what is not yet durable must not be in a backup.
    """
    now = desk.now()
    since = datetime.combine(now, DAILY_AT, now.tzinfo)
    if now < since or not desk.store.sequence or backup_folder.was_kept_since(folder, since):
        return None
    return _backup(desk, folder, backup_folder.DAILY)


def recent_due(desk: Desk, folder: Path) -> Backup | None:
    """Return a backup if something is newer than the last one, in weeks 1–4 of a round (reliability F9).

    How often it is asked for is how much may be lost with the disk. OSError; otherwise as above.
    """
    term = desk.term()
    if term is None or not 1 <= term_rules.week_of(term.week1, desk.today()) <= BUSY_WEEKS:
        return None
    known = backup_folder.newest_known(folder)
    if known is not None and known.sequence >= desk.store.sequence:
        return None
    return _backup(desk, folder, backup_folder.RECENT)


def _backup(desk: Desk, folder: Path, stem: str) -> Backup:
    return Backup(desk.store.contents().copied(), folder, desk.now(), stem)
