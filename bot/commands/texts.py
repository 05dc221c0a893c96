"""`yinlu messages`: every sentence as it reads now, in the form in which the office replaces it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.outcome import Outcome
from bot.refusal import Refused
from bot.texts import load_texts, own_texts
from messages.catalogue import Catalogue, Entry

HEAD = (
    "# 要换哪一句，就把那一段放进数据文件夹的 messages.toml，改 text 的内容，再重新启动。",
    "# {{ }} 里的变量都要用到，不能多也不能少；按钮、称呼和落款不在这里改。",
)


def messages(folder: Path, keys: Iterable[str]) -> Outcome:
    """Return those messages (none named: all) as TOML and as a document. Refused: there is none of that key."""
    catalogue = load_texts(own_texts(folder))
    chosen = tuple(keys) or tuple(catalogue.entries)
    if unknown := [key for key in chosen if key not in catalogue.entries]:
        raise Refused(f"没有这条消息：{'、'.join(unknown)}。全部消息见 yinlu messages。")
    entries = [catalogue.entries[key] for key in chosen]
    lines = [*HEAD, *(line for entry in entries for line in _toml(catalogue, entry))]
    return Outcome(lines=tuple(lines), document=[_as_json(entry) for entry in entries])


def _as_json(entry: Entry) -> dict[str, object]:
    return {
        "key": entry.key,
        "text": entry.source,
        "variables": sorted(entry.needs),
        "replaced": entry.ours is not None,
    }


def _toml(catalogue: Catalogue, entry: Entry) -> list[str]:
    """Return the message as it may stand in messages.toml, its variables and buttons above it."""
    buttons = "、".join(catalogue.labels[name] for row in entry.buttons for name in row)
    notes = [
        *(["# 已由 messages.toml 替换"] if entry.ours is not None else []),
        *([f"# 变量：{'、'.join(sorted(entry.needs))}"] if entry.needs else []),
        *([f"# 按钮：{buttons}"] if buttons else []),
    ]
    escaped = entry.source.replace("\\", "\\\\").replace('"""', '""\\"')
    if escaped.endswith('"'):
        escaped = f'{escaped[:-1]}\\"'
    return ["", f"[{entry.key}]", *notes, f'text = """\n{escaped}"""']
