"""A year after somebody became activist: the contacts are asked for their opinion on paper (R25, T15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.compose.presses import Rows, named
from bot.compose.reading import Reading
from bot.rules.stages import earliest
from storage.records import Pairing, Role, Stage


def _asked(reading: Reading) -> list[Pairing]:
    """Return the reader's activists of a year of whom the message speaks, and of whom nothing is noted."""
    store = reading.desk.store
    return [
        pairing
        for pairing in reading.charges
        if pairing.student in reading.row.about
        and pairing.role is Role.CONTACT
        and pairing.advised is None
        and store.people[pairing.student].stage is Stage.ACTIVIST
        and (first := earliest(store.people[pairing.student])) is not None
        and first <= reading.today
    ]


def _facts(reading: Reading) -> dict[str, Any] | None:
    asked = _asked(reading)
    if asked:
        return {"students": reading.all_named(one.student for one in asked)}
    return None if reading.row.sent is None else {"kind": "advice_all"}


def _rows(reading: Reading) -> Rows:
    asked = _asked(reading)
    several = len(asked) > 1
    return [
        [
            named(
                reading,
                "advised",
                "advised",
                {"pairing": one.id},
                reading.named(one.student) if several else None,
            )
        ]
        for one in asked
    ]


BUILDERS: dict[str, Callable[[Reading], dict[str, Any] | None]] = {"T15": _facts}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {"T15": _rows}
