"""`yinlu doctor`: everything the operator may want to know, beside a running bot or without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size

from bot import settings as settings_file
from bot.calendar import calendar
from bot.checkup.audit import audit_check
from bot.checkup.check import Check
from bot.checkup.files import backups_check, disk_check, store_check
from bot.checkup.process import process_checks
from bot.checkup.queues import accounts_check, inbox_check, outbox_check, term_check
from bot.clock import Clock, SystemClock
from bot.desk import Desk
from bot.desks import BACKUPS, STORE, way_back
from bot.outcome import Outcome
from bot.settings import Settings, SettingsError
from storage.backup_folder import check_against, newest_known
from storage.errors import StoreBehind, StoreDamaged, StoreError
from storage.store import Store


def doctor(folder: Path, clock: Clock | None = None) -> Outcome:
    """Look at everything; code 1: something is to be done. Changes nothing."""
    checks = list(_checks(folder, clock or SystemClock()))
    sick = [check for check in checks if check.remedy]
    document: dict[str, Any] = {
        "healthy": not sick,
        "sick": [{"name": check.name, "remedy": check.remedy} for check in sick],
        **{check.name: dict(check.facts) for check in checks},
    }
    return Outcome(lines=tuple(_table(checks)), document=document, code=1 if sick else 0)


def _checks(folder: Path, clock: Clock) -> Iterator[Check]:
    settings, settings_check = _settings(folder)
    yield settings_check
    if not folder.is_dir():
        remedy = f"没有 {folder}。请核对 --data，或运行 yinlu init。"
        yield Check(name="store", label="数据", stands="没有数据文件夹", remedy=remedy)
        return
    store, found = _store(folder)
    yield found
    desk = Desk(store, clock, settings, calendar(settings.holidays)) if store else None
    in_service = desk is None or any(one.until is None for one in desk.store.accounts)
    yield from process_checks(folder, folder / STORE, clock.now(), in_service=in_service)
    if desk is not None:
        for check in (inbox_check, outbox_check, accounts_check, term_check):
            yield check(desk)
    if store is not None:
        yield audit_check(store)
    yield backups_check(folder / BACKUPS, store, clock.now())
    yield disk_check(folder, int(found.facts.get("bytes", 0)))


def _settings(folder: Path) -> tuple[Settings, Check]:
    """Read the settings; with a fault in them the rest is looked at with what is built in."""
    try:
        found = settings_file.load(folder)
        token = found.read_token() is not None
    except SettingsError as error:
        remedy = f"请改正：{error}"
        facts: dict[str, Any] = {"fault": str(error), "token": None}
        check = Check(name="settings", label="设置", stands="有误", facts=facts, remedy=remedy)
        return Settings.model_construct(), check
    stands = f"无误；令牌{'已设' if token else '在这里没有设'}"
    facts = {"fault": None, "token": token}
    return found, Check(name="settings", label="设置", stands=stands, facts=facts)


def _store(folder: Path) -> tuple[Store | None, Check]:
    # Before the store is read: a bot beside us may back up what it writes from now on.
    known = newest_known(folder / BACKUPS)
    try:
        store = Store.read(folder / STORE)
        check_against(known, store.sequence)
        return store, store_check(folder / STORE, store)
    except StoreBehind as behind:
        remedy = f"{behind}。{way_back(folder)}"
    except StoreDamaged as damaged:
        remedy = f"{damaged.what}。请勿改动该文件夹。{way_back(folder)}"
    except (StoreError, OSError) as error:
        remedy = f"{error}"
    return None, Check(name="store", label="数据", stands="打不开", remedy=remedy)


def _table(checks: list[Check]) -> Iterator[str]:
    """A line per check; a sick one is marked, and what to do stands below it."""
    width = max(cell_len(check.label) for check in checks)
    for check in checks:
        mark = "✗" if check.remedy else "✓"
        yield f"{mark} {set_cell_size(check.label, width)}  {check.stands}"
        indent = " " * (width + 4)
        yield from (f"{indent}{detail}" for detail in check.details)
        if check.remedy:
            yield f"{indent}→ {check.remedy}"
