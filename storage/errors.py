"""What can go wrong with the store.

StoreError                 everything below; also misuse and a migration that fails
├── StoreLocked            another process has the store open
├── StoreDamaged           what is on disk is not what was written; names file and line
├── StoreBehind            a backup knows more than the store
├── StoreNewer             a later version of this program wrote it
├── StoreLive              it would start: nothing may be restored over it
├── BackupDamaged          a file is no backup, or not a whole one
├── StoreClosedForWriting  opened for reading, closed, or a write failed and `reopen()` is due
└── ConstraintBroken       two records may not share this key
"""

from __future__ import annotations

from pathlib import Path


class StoreError(Exception):
    """Base of all refusals of the store."""


class StoreLocked(StoreError):  # noqa: N818 - the names state what is the case
    """Raised when opening: a second writer would interleave with the first."""


class StoreDamaged(StoreError):  # noqa: N818 - as above
    """Raised when reading back: never opened, never started empty (reliability F8)."""

    def __init__(self, path: Path | None, line: int | None, reason: str) -> None:
        place = f"{path} 第 {line} 行" if line else f"{path or '内容'}"
        advice = "请勿改动该文件夹；用 yinlu restore 恢复最近的完好备份。"
        super().__init__(f"数据损坏：{place}：{reason}。{advice}")
        self.path, self.line, self.reason = path, line, reason
        self.what = f"{place}：{reason}"  # for whoever knows which backup that is


class StoreBehind(StoreError):  # noqa: N818 - as above
    """Raised when opening: the end, or all, of what was once backed up is gone."""


class StoreNewer(StoreError):  # noqa: N818 - as above
    """Raised when reading back; what is there is whole, and no backup of it would help."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}：请用写入它的版本打开")


class StoreLive(StoreError):  # noqa: N818 - as above
    """Raised by restoring; nothing has changed."""


class BackupDamaged(StoreError):  # noqa: N818 - as above
    """Raised by whatever reads a backup, and by making one: then there is no such file."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} 不是完好的备份：{reason}")


class StoreClosedForWriting(StoreError):  # noqa: N818 - as above
    """Raised by a transaction; nothing of it holds."""


class ConstraintBroken(StoreError):  # noqa: N818 - as above
    """Raised by ``add`` and ``put``. Names ids, never the key: keys are personal (X16)."""

    def __init__(self, table: str, index: str, id: int, holder: int) -> None:
        super().__init__(f"{table}.{index}: record {id} has a key that record {holder} holds")
        self.table, self.index, self.id, self.holder = table, index, id, holder
