"""What mentors read when they are asked for their consent, and secretaries of a 不便."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.actions.consent import waiting
from bot.compose.presses import Rows, named
from bot.compose.reading import Reading
from messages.facts import Asked
from storage.records import Pairing, PairingId, Role

Facts = dict[str, Any] | None
ROLES = {"T5": {Role.CONTACT}, "T5b": {Role.INTRODUCER}, "T17": set(Role)}


def _asked(reading: Reading) -> list[Pairing]:
    """Return the open pairings of which this message asks, in its order."""
    roles = ROLES[reading.row.kind]
    place = {student: number for number, student in enumerate(reading.row.about)}
    found = [
        one
        for one in reading.desk.store.pairings.where("open_mentor", reading.reader.id)
        if one.student in place and one.role in roles and one.asked is not None
    ]
    return sorted(found, key=lambda one: place[one.student])


def _question(reading: Reading) -> Facts:
    asked = _asked(reading)
    if not asked:
        return None if reading.row.sent is None else {"kind": "consent_withdrawn"}
    return {
        "asked": [_line(reading, one) for one in asked if one.consent is None],
        "replied": [_line(reading, one) for one in asked if one.consent is not None],
    }


def _line(reading: Reading, pairing: Pairing) -> Asked:
    return Asked(
        student=reading.named(pairing.student),
        class_name=reading.desk.store.people[pairing.student].class_name or "",
        role=pairing.role,
        consent=pairing.consent,
    )


def _rows(reading: Reading) -> Rows:
    return _pairs(reading, [one for one in _asked(reading) if one.consent is None])


def _pairs(reading: Reading, open_ones: list[Pairing]) -> Rows:
    """Return 同意 and 不便 per question; with several the labels carry the name."""
    rows = []
    for one in open_ones:
        who = reading.named(one.student) if len(open_ones) > 1 else None
        args = {"pairing": one.id}
        rows.append([named(reading, name, name, args, who) for name in ("agree", "decline")])
    if len(open_ones) > 1:
        everyone = {"pairings": [one.id for one in open_ones]}
        rows.append([named(reading, "agree_all", "agree_all", everyone)])
    return rows


def _own_pairing(reading: Reading) -> Pairing:
    return reading.desk.store.pairings[PairingId(reading.row.args["pairing"])]


def _hand_over_rows(reading: Reading) -> Rows:
    """Return the question under T7, if whoever takes over is asked and has not answered."""
    if "pairing" not in reading.row.args:
        return []
    pairing = _own_pairing(reading)
    return _pairs(
        reading, [one for one in waiting(reading.desk, pairing.mentor) if one == pairing]
    )


def _declined(reading: Reading) -> Facts:
    return {} if _is_declined(_own_pairing(reading)) else {"kind": "consent_settled"}


def _is_declined(pairing: Pairing) -> bool:
    return pairing.until is None and pairing.consent is False


def _declined_rows(reading: Reading) -> Rows:
    pairing = _own_pairing(reading)
    if not _is_declined(pairing):
        return []
    return [[named(reading, "assign_change", "assign_change", {"pairing": pairing.id})]]


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "T5": _question,
    "T5b": _question,
    "T17": _question,
    "consent_declined": _declined,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "T5": _rows,
    "T5b": _rows,
    "T17": _rows,
    "T7": _hand_over_rows,
    "consent_declined": _declined_rows,
}
