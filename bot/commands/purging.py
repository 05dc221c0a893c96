"""`yinlu purge`: what the settings no longer keep goes, from the store and from every copy beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.actions import housekeeping, upload
from bot.actions import purge as purging
from bot.actions.purge import Due
from bot.desk import Desk
from bot.desks import BACKUPS, STORE
from bot.outcome import Outcome
from bot.refusal import Refused
from storage import backup_folder
from storage.errors import StoreError
from storage.records import Person

WORDS = {
    "invites": "过期的开通链接",
    "inbox": "收到的消息",
    "outbox": "发出的消息",
    "buttons": "过期的按钮",
    "questions": "过期的提问",
    "denials": "拒绝的计数",
    "failed_tries": "失败的开通",
}
NOTHING = "没有到期的记录。"


def preview(desk: Desk, numbers: list[str]) -> Outcome:
    """Return who and what would go."""
    found = _due(desk, numbers)
    lines = [f"{_named(one)}：{one.left} 离开" for one in found.people]
    return Outcome(lines=(*lines, *_counted(found)) or (NOTHING,), document=_as_json(found))


def purge(desk: Desk, *, folder: str, people: list[str]) -> Outcome:
    """Let it go; then a snapshot, a new verified backup, and of older copies none that holds the people.

    ``people``: those of them who have left go now, whatever the settings say. Refused: nothing is gone.
    """
    data, found = Path(folder), _due(desk, people)
    with desk.store.transaction():
        if found.people:
            upload.drop_all(desk)
        purging.carry_out(desk, found)
    is_open = bool(found.people or found.others()) or _is_unfinished(desk, data)
    if not is_open:
        return Outcome(lines=(NOTHING,), document=_as_json(found))
    try:
        desk.store.snapshot()
        upload.tidy(desk)
        aside = housekeeping.finish(desk, data / STORE)
        path, _ = backup_folder.keep(desk.store.contents(), data / BACKUPS, made=desk.now())
        removed = backup_folder.remove_older(data / BACKUPS, purging.last_sequence(desk))
    except (OSError, StoreError) as error:
        said = "已清除，但旧的副本还在：请排除下面的问题后再运行一次 yinlu purge。"
        raise Refused(f"{said}{error}") from None
    lines = [*_counted(found), f"新备份 {path} 已核对。"]
    if found.people or removed:
        lines.append(f"删去较早的备份 {removed} 份；存放在别处的备份和导出的文件，请一并删去。")
    lines += [f"已删去恢复时移开的 {one}。" for one in aside]
    return Outcome(lines=tuple(lines), document=_as_json(found))


def _due(desk: Desk, numbers: list[str]) -> Due:
    found = purging.due(desk)
    named = [_leaver(desk, number) for number in dict.fromkeys(numbers)]
    every = {one.id: one for one in (*found.people, *named)}
    return replace(found, people=tuple(every.values()))


def _leaver(desk: Desk, number: str) -> Person:
    person = desk.store.people.one("number", number)
    if person is None or person.cleared is not None:
        raise Refused(f"花名册里没有编号 {number}，请核对后再试。")
    if person.left is None:
        raise Refused(f"{person.name} 还在花名册里，没有清除。请先在花名册中移出，或登记转出。")
    return person


def _is_unfinished(desk: Desk, data: Path) -> bool:
    """Whether a purge was interrupted before its new backup, or one from before it has come back."""
    oldest = backup_folder.oldest_known(data / BACKUPS)
    return oldest is not None and oldest.sequence < purging.last_sequence(desk)


def _named(person: Person) -> str:
    return f"{person.name}（{person.number}）"


def _counted(found: Due) -> tuple[str, ...]:
    parts = [f"离开的人 {len(found.people)}"] if found.people else []
    parts += [
        f"{word} {len(found.expired[table])}"
        for table, word in WORDS.items()
        if found.expired[table]
    ]
    return (f"到期：{'、'.join(parts)}。",) if parts else ()


def _as_json(found: Due) -> dict[str, Any]:
    return {
        "people": [one.number for one in found.people],
        **{table: len(ids) for table, ids in found.expired.items()},
    }
