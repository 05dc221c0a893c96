"""Opening a desk: the data folder with its settings, for reading beside the bot or for writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import settings as settings_file
from bot.calendar import calendar
from bot.clock import Clock, SystemClock
from bot.desk import Desk
from bot.refusal import Refused
from storage.backup_folder import newest_good, open_store, read_store
from storage.contents import make_folder
from storage.errors import StoreBehind
from storage.store import StoreDamaged, StoreError, StoreLocked

STORE, BACKUPS, TEMPLATES, UPLOADS = (
    "store",
    "backups",
    "templates",
    "uploads",
)  # in the data folder


class HeldElsewhere(Refused):
    """Another process holds the store."""


def load_settings(folder: Path) -> settings_file.Settings:
    """Return the folder's settings; a bad one is refused in one line."""
    try:
        return settings_file.load(folder)
    except settings_file.SettingsError as error:
        raise Refused(f"设置有误：{error}") from None


@contextmanager
def open_desk(folder: Path, *, writing: bool, clock: Clock | None = None) -> Iterator[Desk]:
    """Open the folder's store. Raises Refused: locked by another process, damaged, unreadable."""
    settings = load_settings(folder)
    clock = clock or SystemClock()
    try:
        if writing:
            keep_private(folder)
            store = open_store(folder / STORE, folder / BACKUPS, now=clock.now())
        else:
            store = read_store(folder / STORE, folder / BACKUPS)
    except StoreLocked:
        refusal = f"{folder} 正由另一个进程使用。请先停下它，或改用别的 --data。"
        raise HeldElsewhere(refusal) from None
    except StoreDamaged as error:
        refusal = f"数据已损坏：{error.what}。请勿改动该文件夹。{way_back(folder)}"
        raise Refused(refusal) from None
    except StoreBehind as error:
        what = f"没有启动：{error}" if writing else str(error)
        raise Refused(f"{what}。{way_back(folder)}") from None
    except OSError as error:
        raise Refused(f"打不开 {folder}：{error.strerror}") from None
    except StoreError as error:
        raise Refused(f"打不开 {folder}：{error}") from None
    try:
        desk = Desk(store, clock, settings, calendar(settings.holidays))
        desk.templates = folder.absolute() / TEMPLATES
        desk.uploads = folder.absolute() / UPLOADS
        yield desk
    finally:
        store.close()


def way_back(folder: Path) -> str:
    """Return the sentence that names the newest good backup and the command that takes it."""
    try:
        found = newest_good(folder / BACKUPS)
    except OSError as error:
        return f"打不开 {error.filename}：{error.strerror}"
    if found is None:
        return f"{folder / BACKUPS} 里没有完好的备份。"
    path, _ = found
    option = "" if folder == settings_file.data_folder() else f"--data {folder} "
    return f"最近的完好备份：{path}，用 yinlu {option}restore {path} 恢复。"


def keep_private(folder: Path) -> None:
    """Make the folder, for its owner alone. OSError."""
    make_folder(folder)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)
