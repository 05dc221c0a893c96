"""What the bot does for its own sake: it forgets what has had its time, and backs up what is left."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.actions import purge, trouble
from bot.desk import Desk
from bot.desks import STORE
from bot.rules import term as term_rules
from storage import backup as copies
from storage import backup_folder
from storage.contents import Contents
from storage.errors import StoreError
from storage.replay import SNAPSHOT

log = logging.getLogger(__name__)

DAILY_AT = time(3)  # nobody waits for an answer
BUSY_WEEKS = 4
ASIDE_STAYS = timedelta(days=7)  # what a restore put aside may be wanted by whoever restored
WORDS = {backup_folder.DAILY: "daily", backup_folder.RECENT: "recent"}  # of the log


@dataclass(frozen=True, slots=True)
class Backup:
    """One that is due. ``contents`` stay as they are, so any thread may keep it.

    ``purged``: the last transaction that forgot somebody; what was backed up before goes.
    """

    contents: Contents
    folder: Path
    made: datetime
    stem: str
    purged: int = 0

    def keep(self) -> Path | None:
        """Write it, then remove what is too old. None: it failed, which is logged; it is due again."""
        try:
            path, summary = backup_folder.keep(
                self.contents, self.folder, made=self.made, stem=self.stem
            )
            backup_folder.tidy(self.folder, self.made.date())
            backup_folder.remove_older(self.folder, self.purged)
        except (OSError, StoreError):
            log.exception("the %s backup failed", WORDS[self.stem])
            return None
        log.info("backed up to %s, transaction %s", path, summary.sequence)
        return path


def is_daily_due(desk: Desk, folder: Path) -> bool:
    """Whether today's backup, from 03:00 on, has still to be made, and there is something to keep."""
    now = desk.now()
    since = datetime.combine(now, DAILY_AT, now.tzinfo)
    is_time = now >= since and desk.store.sequence > 0
    return is_time and not backup_folder.was_kept_since(folder, since)


def daily_due(desk: Desk, folder: Path) -> Backup | None:
    """Return a backup if today's, from 03:00 on, has still to be made; None: not yet, or nothing to keep.

    Call it outside a transaction: what is not yet durable must not be in a backup.
    """
    if not is_daily_due(desk, folder):
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
    purged = purge.last_sequence(desk)
    return Backup(desk.store.contents().copied(), folder, desk.now(), stem, purged)


def remove_overtaken(desk: Desk, kept: Backup) -> None:
    """Remove the backup again if somebody was purged after its contents were taken: it holds them.

    A purge removes what it finds in the folder, and this one may not have been there yet.
    """
    purged = purge.last_sequence(desk)
    if purged <= kept.purged:
        return
    try:
        backup_folder.remove_older(kept.folder, purged)
    except OSError:
        log.exception("a backup from before a purge is still there; the next one removes it")


def tidy_up(desk: Desk, folder: Path) -> None:
    """Purge what has had its time, ahead of the day's backup into that folder, which then holds none of it.

    What fails is logged, and due again tomorrow. Call it outside a transaction.
    """
    try:
        found = purge.due(desk)
        with desk.store.transaction():
            purge.carry_out(desk, found)
            trouble.purged(desk, len(found.people))
        finish(desk, folder.parent / STORE, aside_before=desk.now() - ASIDE_STAYS)
    except (OSError, StoreError):
        log.exception("the purge failed")
        return
    log.info("purged %s people and %s other records", len(found.people), found.others())


def finish(desk: Desk, store: Path, *, aside_before: datetime | None = None) -> list[Path]:
    """Leave nothing of a purge in the store's own files; what was put aside is removed and returned.

    ``aside_before``: only what was put aside before then, for somebody may still be looking at it.
    OSError, StoreClosedForWriting: to be called again.
    """
    purged = purge.last_sequence(desk)
    if not purged:
        return []
    if backup_folder.goes_to(store / SNAPSHOT) < purged:
        desk.store.snapshot()
    before = None if aside_before is None else aside_before.timestamp()
    return copies.remove_asides(store, before=before)
