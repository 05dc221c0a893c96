"""What lies in the data folder: the store, its backups, the room that is left."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.checkup.check import Check, lasting, size
from bot.clock import SHANGHAI
from storage import backup, backup_folder, migrations
from storage.errors import StoreError
from storage.replay import SNAPSHOT, journal_paths
from storage.store import Store

STALE_HOURS = 36  # one of the daily backups is missing
MISSING = "每天的备份没有做成，请查看日志，并运行 yinlu backup。"
ROOM = 256 * 1024 * 1024  # bytes: a snapshot, a backup and the logs of a while


def store_check(folder: Path, store: Store) -> Check:
    """How far the store goes, and how large it is."""
    files = [folder / SNAPSHOT, *journal_paths(folder)]
    sizes = {path.name: path.stat().st_size for path in files if path.exists()}
    total = sum(sizes.values())
    snapshot = folder / SNAPSHOT
    taken = _changed(snapshot) if snapshot.exists() else None
    facts: dict[str, Any] = {
        "sequence": store.sequence,
        "bytes": total,
        "journal_bytes": total - sizes.get(SNAPSHOT, 0),
        "snapshot": taken and taken.isoformat(),
        "schema": migrations.current(),
    }
    when = f"{taken:%Y-%m-%d %H:%M}" if taken else "还没有"
    stands = (
        f"完好，第 {store.sequence} 笔；共 {size(total)}，其中日志 {size(facts['journal_bytes'])}；"
        f"快照 {when}；格式 {facts['schema']}"
    )
    return Check(name="store", label="数据", stands=stands, facts=facts)


def backups_check(folder: Path, store: Store | None, now: datetime) -> Check:
    """The newest backup, read whole, and how old it is."""
    found = backup_folder.newest_known(folder)
    if found is None:
        return _none_yet(store, now)
    try:
        made = backup.verify(found.path).made
    except StoreError as fault:
        stands, remedy = "最新的一份已损坏", f"{fault}。请运行 yinlu backup 另做一份。"
        facts: dict[str, Any] = {"made": None, "verified": False}
    else:
        hours = (now - made).total_seconds() / 3600
        stands = f"最新 {made:%Y-%m-%d %H:%M}（{lasting(max(hours, 0) * 3600)}前），已核对"
        remedy = MISSING if hours > STALE_HOURS else ""
        facts = {"made": made.isoformat(), "verified": True}
    count = len(list(folder.glob("*.backup")))
    facts |= {"count": count, "newest": str(found.path)}
    stands = f"{stands}；共 {count} 份"
    return Check(name="backups", label="备份", stands=stands, facts=facts, remedy=remedy or None)


def _none_yet(store: Store | None, now: datetime) -> Check:
    """A day without a backup is no fault while there is but a day's work."""
    began = now if store is None else min((deed.at for deed in store.deeds), default=now)
    is_missing = (now - began).total_seconds() > STALE_HOURS * 3600
    facts = {"made": None, "verified": None, "count": 0, "newest": None}
    remedy = MISSING if is_missing else None
    return Check(name="backups", label="备份", stands="还没有", facts=facts, remedy=remedy)


def disk_check(folder: Path, needed: int) -> Check:
    """The room on the disk. ``needed``: bytes of the store, of which a copy must always fit."""
    free = shutil.disk_usage(folder).free
    short = free < max(ROOM, 4 * needed)
    remedy = "请腾出磁盘空间；写不进去时，机器人不会确认任何事。" if short else None
    return Check(
        name="disk", label="磁盘", stands=f"剩余 {size(free)}", facts={"free": free}, remedy=remedy
    )


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI)
