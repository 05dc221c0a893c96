"""Whether the chain of the audit holds, and how it ends (`storage.chain`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.checkup.check import Check
from storage import chain, migrations
from storage.contents import Contents
from storage.store import Store

SHOWN = 12  # characters of a hash: enough to compare by eye
FAULTS_SHOWN = 5


def audit_check(store: Store) -> Check:
    """How long the audit is, and what of it does not agree."""
    contents = store.contents()
    fault = faults(contents)
    return Check(
        name="audit",
        label="审计",
        stands="对不上" if fault else extent(contents),
        facts={"deeds": len(store.deeds), "intact": fault is None},
        remedy=f"{fault}。请运行 yinlu verify，并查明是谁改的。" if fault else None,
    )


def extent(contents: Contents) -> str:
    """Return how long the chain is and how it ends, for whoever writes it down."""
    number, link = chain.head(_deeds(contents))
    return f"审计记录 {number} 条，末条校验值 {link[:SHOWN]}" if number else "审计记录 0 条"


def faults(contents: Contents) -> str | None:
    """Return in words what of the chain does not agree; None: all of it does."""
    found = list(chain.faults(_deeds(contents)))
    if not found:
        return None
    more = f"等 {len(found)} 处" if len(found) > FAULTS_SHOWN else ""
    return f"审计记录对不上：{'；'.join(found[:FAULTS_SHOWN])}{more}"


def differs(copy: Contents, store: Store) -> str | None:
    """Return how the store's chain does not go on from where the backup's ends; None: it does."""
    number, link = chain.head(_deeds(copy))
    held = store.deeds.get(number)
    if not number or (held is not None and held.link == link):
        return None
    return (
        f"备份里审计记录的末条（第 {number} 条）与现在的数据不一致："
        "备份之后有记录被改写，或者恢复过更早的备份"
    )


def _deeds(contents: Contents) -> Mapping[str, Mapping[str, Any]]:
    return migrations.migrated(contents).tables.get("deeds", {})
