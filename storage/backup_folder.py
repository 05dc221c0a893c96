"""The folder of backups: their names, the newest good one, which may go, what a start asks of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain, count
from pathlib import Path

from storage import backup
from storage.backup import RESTORING, UNVERIFIED, Summary
from storage.contents import Contents, make_folder, read_line
from storage.errors import StoreBehind, StoreDamaged, StoreError
from storage.replay import journal_paths
from storage.store import Store

LONGEST_HEAD = 64 * 1024  # bytes; a snapshot's first line is far shorter
DAILY, RECENT = "yinlu", "recent"  # what a name begins with
NAME = re.compile(r"(yinlu|recent)-([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{4}(?:-[0-9]+)?\.backup")


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """How far a backup goes, by its own first line; the rest of it may be damaged."""

    sequence: int
    path: Path


def keep(
    contents: Contents, folder: Path, *, made: datetime, stem: str = DAILY
) -> tuple[Path, Summary]:
    """Makes a backup ``yinlu-2026-09-14T0300.backup`` in the folder, which it creates (0700).

    ``stem`` is what the name begins with: one named ``RECENT`` stays for hours, see `to_remove`.
    The second one of a minute ends in ``-2``. OSError, BackupDamaged: there is no new one.
    """
    with backup.ONE_AT_A_TIME:
        make_folder(folder)
        first = f"{stem}-{made:%Y-%m-%dT%H%M}"
        stems = chain([first], (f"{first}-{number}" for number in count(2)))
        path = next(path for name in stems if not (path := folder / f"{name}.backup").exists())
        return path, backup.write(contents, path, made=made)


def was_kept_since(folder: Path, moment: datetime) -> bool:
    """Whether a backup of that day bears that minute or a later one in its name."""
    of_day = (path.name for path in folder.glob(f"yinlu-{moment:%Y-%m-%d}T*.backup"))
    return any(NAME.fullmatch(name) and name >= f"yinlu-{moment:%Y-%m-%dT%H%M}" for name in of_day)


def newest_known(folder: Path) -> Known | None:
    """The backup that goes farthest, good or not; None: there is none. Reads first lines only."""
    return max(_known(folder), default=None)


def oldest_known(folder: Path) -> Known | None:
    """The backup that goes least far, good or not; None: there is none."""
    return min(_known(folder), default=None)


def newest_good(folder: Path) -> tuple[Path, Summary] | None:
    """The backup that goes farthest among those that verify; None: there is none."""
    for known in sorted(_known(folder), reverse=True):
        try:
            return known.path, backup.verify(known.path)
        except StoreError:
            continue
    return None


def check_against(known: Known | None, sequence: int) -> None:
    """StoreBehind: a store that ends with that transaction has lost what the backup holds.

    A journal cut exactly at a line's end looks whole; only a backup tells (reliability § 5, Open).
    """
    if known is None or known.sequence <= sequence:
        return
    if sequence == 0:
        raise StoreBehind(
            f"数据不见了：备份 {known.path} 里有 {known.sequence} 笔，这里一笔也没有"
        )
    raise StoreBehind(
        f"数据缺了最后一段：备份 {known.path} 已到第 {known.sequence} 笔，这里只到第 {sequence} 笔"
    )


def open_store(folder: Path, backups: Path, *, now: datetime) -> Store:
    """`Store.open`, but never less than was once backed up, nor in the middle of a restore.

    A store of an older schema is backed up first, then migrated for good.
    StoreBehind: nothing was created. BackupDamaged, StoreClosedForWriting: the older one stands.
    Otherwise as `Store.open`.
    """
    known = newest_known(backups)
    if not journal_paths(folder):
        # Before opening: that would begin an empty store in the place of the lost one.
        check_against(known, 0)
        if known is None and any(backups.glob("*.backup")):
            raise StoreBehind(f"数据不见了：{backups} 里有备份，但没有一份读得出")
        if folder.with_name(folder.name + RESTORING).exists():
            raise StoreBehind("上次恢复没有完成")
    store = Store.open(folder)
    try:
        check_against(known, store.sequence)
        if store.unmigrated is not None:
            _keep_unmigrated(store.unmigrated, backups, now)
            store.snapshot()
    except BaseException:
        store.close()
        raise
    return store


def read_store(folder: Path, backups: Path) -> Store:
    """`Store.read`, but never less than was once backed up. StoreBehind; otherwise as `Store.read`."""
    # Before the store is read: its writer may back up what it writes from now on.
    known = newest_known(backups)
    store = Store.read(folder)
    check_against(known, store.sequence)
    return store


def _keep_unmigrated(contents: Contents, backups: Path, now: datetime) -> None:
    found = newest_good(backups)
    # One is enough, however often the start that follows it fails.
    if found is None or (found[1].sequence, found[1].schema) != (
        contents.sequence,
        contents.schema,
    ):
        keep(contents, backups, made=now)


def to_remove(
    names: Iterable[str], today: date, *, daily: int = 14, weekly: int = 8, recent: int = 8
) -> list[str]:
    """Which of the names have had their time: by age, so that purged people leave backups too (X23).

    Stays: all of the last ``daily`` days, the last of each of the last ``weekly`` weeks (today's
    included in both), what is dated ahead of today, and what `keep` did not name. Of the recent
    ones stay as many as ``recent``, today and tomorrow.
    """
    every = {name: day for name in names if (day := _day(name)) and day <= today}
    hasty = sorted(name for name in every if name.startswith(RECENT))
    dated = {name: day for name, day in every.items() if name.startswith(DAILY)}
    yesterday = today - timedelta(days=1)
    stale = {name for name in hasty if every[name] < yesterday} | {*hasty[: -recent or None]}
    last_of_week = {_monday(dated[name]): name for name in sorted(dated)}
    first_week = _monday(today) - timedelta(weeks=weekly - 1)
    first_day = today - timedelta(days=daily - 1)
    kept = {name for week, name in last_of_week.items() if week >= first_week}
    old = {name for name, day in dated.items() if day < first_day and name not in kept}
    return sorted(old | stale)


def tidy(folder: Path, today: date) -> None:
    """Removes what `to_remove` names, and what an interrupted `keep` left. OSError."""
    with backup.ONE_AT_A_TIME:
        for name in to_remove((path.name for path in folder.glob("*.backup")), today):
            (folder / name).unlink()
        for stem in (DAILY, RECENT):
            for path in folder.glob(f"{stem}-*.backup{UNVERIFIED}*"):
                path.unlink()


def remove_older(folder: Path, sequence: int) -> int:
    """Removes every backup that ends before that transaction, and what can't be read; how many. OSError.

    For the end of a purge: what was copied before it still holds who was purged (X23). 0: nothing.
    """
    if not sequence:
        return 0
    with backup.ONE_AT_A_TIME:
        kept = {known.path for known in _known(folder) if known.sequence >= sequence}
        older = [path for path in folder.glob("*.backup*") if path not in kept and path.is_file()]
        for path in older:
            path.unlink()
        return len(older)


def goes_to(path: Path) -> int:
    """The last transaction in a snapshot or a backup, by its first line; 0: there is none."""
    return (path.exists() and _sequence(path)) or 0


def _known(folder: Path) -> list[Known]:
    return [
        Known(sequence, path)
        for path in folder.glob("*.backup")
        if path.is_file() and (sequence := _sequence(path)) is not None
    ]


def _sequence(path: Path) -> int | None:
    with path.open("rb") as file:
        head = file.readline(LONGEST_HEAD)
    try:
        sequence: int | None = read_line(path, 1, head.removesuffix(b"\n")).get("seq")
    except StoreDamaged:
        return None
    return sequence


def _day(name: str) -> date | None:
    match = NAME.fullmatch(name)
    try:
        return date.fromisoformat(match[2]) if match else None
    except ValueError:  # a 31 February is none of ours
        return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
