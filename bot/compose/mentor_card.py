"""The small card of a mentor, for whoever gives the mentor a link or moves the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot import college
from bot.actions import assigner, enrol, rebind
from bot.compose.presses import Rows, named
from bot.compose.reading import Reading
from storage.records import Person, PersonId, Stage


def _mentor(reading: Reading) -> Person:
    return reading.desk.store.people[PersonId(reading.row.args["mentor"])]


def _card(reading: Reading) -> dict[str, Any]:
    mentor, store = _mentor(reading), reading.desk.store
    invite = enrol.running(reading.desk, mentor.id)
    return {
        "branch": store.branches[mentor.branch].name,
        "is_member": mentor.stage is Stage.FULL,
        "load": len(set(assigner.students_with(reading.desk, reading.reader, mentor))),
        "is_enrolled": college.is_enrolled(store, mentor.id),
        "link_until": invite and invite.expires,
    }


def account_rows(reading: Reading, person: Person) -> Rows:
    """Return 开通链接 of somebody without account, 作废链接 while one still opens; else 换账号.

    None of these where the account is another's to move.
    """
    is_anothers = rebind.is_for_the_secretary(reading.desk, person, reading.reader)
    names = [] if is_anothers else ["account_move"]
    if not college.is_enrolled(reading.desk.store, person.id):
        is_out = enrol.running(reading.desk, person.id) is not None
        names = ["invite_one", "invite_revoke"] if is_out else ["invite_one"]
    keys = [named(reading, name, name, {"student": person.id}) for name in names]
    return [keys] if keys else []


def _rows(reading: Reading) -> Rows:
    return account_rows(reading, _mentor(reading))


BUILDERS: dict[str, Callable[[Reading], dict[str, Any]]] = {"mentor_card": _card}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {"mentor_card": _rows}
