"""Backups from the command line: one made now, one checked, one put in the place of a lost store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.checkup import audit
from bot.desk import Desk
from bot.desks import BACKUPS, STORE, keep_private, open_desk, way_back
from bot.outcome import Outcome
from bot.refusal import Refused
from messages.filters import day
from storage import backup as copies
from storage import backup_folder
from storage.backup import Summary
from storage.contents import Contents
from storage.errors import BackupDamaged, StoreError, StoreLive, StoreLocked

SHOWN = {"people": "人员", "pairings": "结对", "talks": "谈话", "forms": "登记表"}


def backup(desk: Desk, *, folder: str, file: str | None) -> Outcome:
    """Back the store up to ``file``, or under a name of its own in that folder of backups."""
    if not desk.store.sequence:
        raise Refused("还没有数据，没有备份。请先运行 yinlu roster import FILE。")
    contents, made = desk.store.contents(), desk.now()
    try:
        if file is None:
            path, summary = backup_folder.keep(contents, Path(folder), made=made)
        else:
            path = Path(file)
            summary = copies.write(contents, path, made=made)
    except FileExistsError as taken:
        raise Refused(f"{taken} 已存在，没有覆盖。请换一个文件名。") from None
    except OSError as error:
        raise Refused(f"没有备份：{error.filename or file or folder}：{error.strerror}") from None
    except StoreError as error:
        raise Refused(f"没有备份：{error}") from None
    return Outcome(
        lines=(f"已备份到 {path}：{_extent(summary)}。",), document=_json(path, summary)
    )


def verify(folder: Path, file: Path | None) -> Outcome:
    """Check a backup, also against the live store; without a file that store. Beside a bot too."""
    if file is None:
        return _verify_live(folder)
    try:
        contents, summary = copies.read(file)
    except OSError as error:
        raise Refused(f"打不开 {file}：{error.strerror}") from None
    except StoreError as error:
        raise Refused(f"{error}。") from None
    _require_chain(contents)
    _require_continued(folder, file, contents)
    line = f"备份完好：{file}，{_made(summary)}，{_extent(summary)}；{audit.extent(contents)}。"
    return Outcome(lines=(line,), document=_json(file, summary))


def _require_chain(contents: Contents) -> None:
    fault = audit.faults(contents)
    if fault is not None:
        raise Refused(f"{fault}。请勿改动该文件夹，并查明是谁改的。")


def _require_continued(folder: Path, file: Path, copy: Contents) -> None:
    """Refuse where the live store goes as far as that copy and tells of the same time otherwise."""
    try:
        with open_desk(folder, writing=False) as desk:
            is_ahead = desk.store.sequence >= copy.sequence
            differs = audit.differs(copy, desk.store) if is_ahead else None
    except Refused:  # whoever has lost the store asks about the backup all the same
        return
    if differs:
        raise Refused(f"{file} 读得出，但{differs}。")


def _verify_live(folder: Path) -> Outcome:
    with open_desk(folder, writing=False) as desk:
        contents = desk.store.contents()
        newest = backup_folder.newest_good(folder / BACKUPS)
        differs = newest and audit.differs(copies.read(newest[0])[0], desk.store)
    if not contents.sequence:
        raise Refused(f"{folder} 里还没有数据。")
    _require_chain(contents)
    if newest and differs:
        raise Refused(f"{newest[0]}：{differs}。")
    counts = copies.counts(contents)
    document = {"file": None, "sequence": contents.sequence, "made": None, "counts": counts}
    held = f"第 {contents.sequence} 笔，{_records(counts)}"
    line = f"数据完好：{held}；{audit.extent(contents)}。"
    return Outcome(lines=(line,), document=document)


def restore(folder: Path, file: Path) -> Outcome:
    """Put what a backup holds in the place of a store that is lost or does not start."""
    try:
        keep_private(folder)
        known = backup_folder.newest_known(folder / BACKUPS)
        summary, aside = copies.restore(file, folder / STORE, known=known.sequence if known else 0)
    except StoreLocked:
        raise Refused(f"{folder} 正由另一个进程使用，没有恢复。请先停下机器人。") from None
    except StoreLive as live:
        advice = f"要退回到这份备份，请先把 {folder / STORE} 移到别处，再运行一次。"
        raise Refused(f"{live}，没有恢复。{advice}") from None
    except BackupDamaged as damaged:
        raise Refused(f"没有恢复：{damaged}。{way_back(folder)}") from None
    except OSError as error:
        raise Refused(f"没有恢复：{error.filename or file}：{error.strerror}") from None
    except StoreError as error:
        raise Refused(f"没有恢复：{error}。") from None
    lines = [
        f"已恢复：{_made(summary)}，{_extent(summary)}。",
        "备份之后的确认和登记不在其中，请运行 yinlu status 核对。",
    ]
    if aside is not None:
        lines.append(f"原来的数据移到 {aside}，没有删除。")
    return Outcome(lines=tuple(lines), document=_json(file, summary))


def _extent(summary: Summary) -> str:
    return f"第 {summary.sequence} 笔，{_records(summary.counts)}"


def _records(counts: Mapping[str, int]) -> str:
    shown = "、".join(f"{word} {counts.get(table, 0)}" for table, word in SHOWN.items())
    return f"共 {sum(counts.values())} 条记录（{shown}）"


def _made(summary: Summary) -> str:
    made = summary.made
    return f"{made.year}年{day(made.date())}{made:%H:%M} 的备份"


def _json(path: Path, summary: Summary) -> dict[str, Any]:
    return {
        "file": str(path),
        "sequence": summary.sequence,
        "made": summary.made.isoformat(),
        "counts": summary.counts,
    }
