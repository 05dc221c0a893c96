"""A roster sent by chat: asked for, judged, then applied, dropped or too old.

Its numbers wait in a file of the data folder, which goes with the record: no row, deed or log holds them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import access
from bot.access import Where
from bot.actions import deed, roster
from bot.actions.roster_draft import Draft, draft
from bot.actions.roster_intake import take_in
from bot.actions.roster_report import Counts, Report
from bot.actions.say import redraw, tell
from bot.desk import Desk
from bot.refusal import Refusal
from storage.records import Person, RowId, Upload
from storage.workbook_apart import Found
from storage.workbook_rows import BRANCH_SHEET, PAIRING_SHEET, PERSON_SHEET

UPLOAD = "roster_upload"
WAITS = timedelta(hours=1)  # for a press, then the numbers are gone


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a sent roster would do to the store as it is now."""

    found: Found
    plan: Draft
    report: Report

    @property
    def mark(self) -> str:
        """Differs where anything of it does: only what was shown is applied."""
        return hashlib.sha256(repr((self.plan, self.report)).encode()).hexdigest()[:32]

    @property
    def counted(self) -> Iterator[tuple[str, Counts]]:
        """The counts by sheet."""
        report = self.report
        yield PERSON_SHEET, report.people
        yield BRANCH_SHEET, report.branches
        yield PAIRING_SHEET, report.pairings

    @property
    def is_change(self) -> bool:
        """Whether there is anything to apply."""
        return self.report.accepted and any(c.added or c.changed for _, c in self.counted)


def ask(desk: Desk, person: Person, file: str) -> None:
    """Have that file of Telegram's fetched and judged; an earlier one of the person's is dropped."""
    earlier = desk.store.uploads.one("person", person.id)
    if earlier is not None:
        close(desk, earlier, "roster_dropped")
    desk.store.uploads.add(Upload(person=person.id, file=file, at=desk.now()))
    deed.record(desk, "roster_sent", person.id)


def judge(desk: Desk, upload: Upload) -> Judgement | None:
    """Set the roster beside the store as it is now; None: what was read of it is no longer there."""
    if upload.kept is None or desk.uploads is None:
        return None
    try:
        found = Found.from_json((desk.uploads / upload.kept).read_bytes())
    except (OSError, ValueError):
        return None
    report = roster.check(desk.store, found.roster, found.faults)
    return Judgement(found, draft(desk.store, found.roster), report)


def show(desk: Desk, id: int, kept: str) -> None:
    """It has been read: its sender is told what it would change, or what is wrong in it.

    Nothing happens where it has been dropped meanwhile, or its sender is not the office any more.
    """
    upload = desk.store.uploads.get(id)
    if upload is None:
        return
    person = desk.store.people[upload.person]
    if not access.allows(desk, person, UPLOAD, Where.PRIVATE):
        close(desk, upload, "roster_dropped")
        return
    row = tell(desk, upload.person, "roster_found", {"upload": id})
    shown = RowId(row.id) if row else None
    desk.store.uploads.put(replace(upload, kept=kept, at=desk.now(), row=shown))


def not_fetched(desk: Desk, id: int) -> None:
    """It could not be had from Telegram: its sender is asked to send it again."""
    upload = desk.store.uploads.get(id)
    if upload is not None:
        close(desk, upload, "roster_dropped")
        tell(desk, upload.person, "roster_not_fetched")


def apply(desk: Desk, person: Person, upload: Upload, shown: str) -> bool:
    """Do what was shown. False: the store has changed since, and what it comes to now is shown instead."""
    now = judge(desk, upload)
    if now is None:
        raise Refusal("roster_settled")
    if now.mark != shown or not now.is_change:
        if upload.row is not None:
            redraw(desk, desk.store.outbox[upload.row])
        return False
    take_in(desk, now.found.roster, by=person.id)
    counts = [[sheet, count.added, count.changed] for sheet, count in now.counted]
    close(desk, upload, "roster_applied", counts=counts)
    return True


def drop_all(desk: Desk) -> None:
    """Forget what waits, whoever sent it: it may name those who are being forgotten."""
    for upload in list(desk.store.uploads):
        close(desk, upload, "roster_dropped")


def tidy(desk: Desk) -> None:
    """Remove what belongs to no upload: applied, dropped, too old, or left by a killed process.

    Not while one is being read: its file has no record yet. OSError. StoreClosedForWriting: an upload
    that is gone may come back, and nothing is removed.
    """
    desk.store.sync()
    live = {one.kept for one in desk.store.uploads}
    if None in live:
        return
    folder = desk.uploads
    for path in folder.iterdir() if folder is not None and folder.is_dir() else ():
        if path.name not in live:
            path.unlink(missing_ok=True)


def close(desk: Desk, upload: Upload, kind: str, **args: object) -> None:
    """Forget it, and let its message say so; what was read of it goes with the next sweep."""
    desk.store.uploads.remove(upload.id)
    if upload.row is not None:
        redraw(desk, desk.store.outbox[upload.row], kind=kind, **args)
