"""The buttons of the digests: a way to each thing that needs action and has no message of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.compose import branches
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from bot.compose.status_lists import opener
from bot.rules.forms import FormAct


def _of_branch(reading: Reading) -> dict[str, Any]:
    return {} if reading.branch is None else {"branch_id": reading.branch.id}


def _summary_rows(reading: Reading) -> Rows:
    """Return the way to each thing that needs the secretary and has no message of its own."""
    found, own = branches.summary(reading) or {}, _of_branch(reading)

    def any_of(*names: str) -> bool:
        return any(found.get(name) for name in names)

    hand_out = {"step": FormAct.HAND_OUT}
    ways = [
        (any_of("without_mentor", "few_introducers"), "assign", "assign_branch", own),
        (any_of("not_handed_out"), "to_hand_out", "forms_list", hand_out),
    ]
    presses = [named(reading, name, act, args) for needed, name, act, args in ways if needed]
    lists = {
        "to_confirm": any_of("disputed", "unanswered", "to_record"),
        "not_enrolled": any_of("not_enrolled"),
        "to_write": any_of("opinions"),
        "to_archive": any_of("to_archive"),
    }
    presses += [opener(reading, listing, own) for listing, needed in lists.items() if needed]
    return in_rows(presses)


def _overdue_rows(reading: Reading) -> Rows:
    found, own = branches.overdue(reading) or {}, _of_branch(reading)
    lacking = {code for one in found.get("overdue", ()) for code in one.missing}
    lists = {
        "overdue": bool(lacking),
        "unsigned": "record" in lacking,
        "to_write": bool(found.get("opinions")),
        "to_archive": bool(found.get("to_archive")),
    }
    return in_rows([opener(reading, one, own) for one, needed in lists.items() if needed])


def _office_rows(reading: Reading) -> Rows:
    return [[opener(reading, "overdue", {})]]


def _to_hand_out(reading: Reading) -> Rows:
    return [[_forms_list(reading, "to_hand_out", FormAct.HAND_OUT)]]


def _still_missing_rows(reading: Reading) -> Rows:
    found = branches.still_missing(reading) or {}
    rows = []
    if found.get("not_received"):
        rows.append(_forms_list(reading, "to_receive", FormAct.RECEIVE))
    if found.get("not_archived"):
        rows.append(_forms_list(reading, "to_archive", FormAct.ARCHIVE))
    if found.get("unsigned"):
        rows.append(opener(reading, "unsigned", _of_branch(reading)))
    return [rows] if rows else []


def _forms_list(reading: Reading, name: str, step: FormAct) -> Press:
    return named(reading, name, "forms_list", {"step": step})


BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "B1": _summary_rows,
    "B3": _overdue_rows,
    "E1": _office_rows,
    "C1": _to_hand_out,
    "C4": _still_missing_rows,
    "C7": _to_hand_out,
}
