"""`yinlu audit`: who did what, to whom, when and why."""

from __future__ import annotations

from typing import Any

from bot.desk import Desk
from bot.outcome import Outcome
from bot.refusal import Refused
from messages.facts import ACTS, READS
from storage.records import Deed, Denial, PersonId
from storage.store import Store

PURGED = "已清除"  # stands for the 编号 of somebody of whom nothing else is left


def audit(desk: Desk, number: str | None) -> Outcome:
    """Return every deed in its order, or those by and about one person; never what they changed.

    Below them in one line how often the access rules refused: everybody, or that person.
    """
    deeds = sorted(desk.store.deeds, key=lambda deed: deed.id)
    denials = list(desk.store.denials)
    if number is not None:
        person = desk.store.people.one("number", number)
        if person is None:
            raise Refused(f"花名册里没有编号 {number}，请核对后再试。")
        deeds = [deed for deed in deeds if person.id in (deed.by, deed.about)]
        denials = [one for one in denials if one.person == person.id]
    lines = [_line(desk.store, deed) for deed in deeds] or ["还没有记录。"]
    return Outcome(
        lines=(*lines, *_refused(denials)),
        document=[_as_json(desk.store, deed) for deed in deeds],
    )


def _as_json(store: Store, deed: Deed) -> dict[str, Any]:
    return {
        "number": deed.id,
        "at": deed.at.isoformat(),
        "by": _number(store, deed.by),
        "what": deed.what,
        "about": _number(store, deed.about),
        "why": deed.why,
        "undone": None if deed.undone is None else deed.undone.isoformat(),
    }


def _line(store: Store, deed: Deed) -> str:
    what = ACTS.get(deed.what) or READS.get(deed.what, deed.what)
    parts = [f"{deed.at:%Y-%m-%d %H:%M}", _who(store, deed.by) or "系统", what]
    parts += [part for part in (_who(store, deed.about), deed.why) if part]
    return "\t".join([*parts, "已撤销"] if deed.undone else parts)


def _refused(denials: list[Denial]) -> tuple[str, ...]:
    """Return one line that counts what the access rules have refused, strangers' attempts too; or none."""
    if not denials:
        return ()
    times = sum(one.times for one in denials)
    first, last = min(one.day for one in denials), max(one.last for one in denials)
    return (f"另有 {times} 次请求被拒绝（{first} 起，最近 {last:%Y-%m-%d %H:%M}），只计次数。",)


def _number(store: Store, id: PersonId | None) -> str | None:
    if id is None:
        return None
    person = store.people.get(id)
    return PURGED if person is None else person.number


def _who(store: Store, id: PersonId | None) -> str | None:
    if id is None:
        return None
    person = store.people.get(id)
    return PURGED if person is None else f"{person.name}（{person.number}）"
