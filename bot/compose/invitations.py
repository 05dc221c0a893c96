"""Links that leave: the only place where a token comes into being outside the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from bot.actions import enrol, invites
from bot.compose.presses import Rows, named
from bot.compose.reading import Reading
from messages.file_names import file_name
from messages.invitations import Code, Invitation, written
from storage.records import Invite

Facts = dict[str, Any] | None


def _link(reading: Reading, invite: Invite) -> str:
    """Return the address with a new token. It is written into the store: compose runs in a transaction."""
    return f"{reading.desk.link()}?start={enrol.cut(reading.desk, invite)}"


def _card(reading: Reading) -> Facts:
    """Return the link and its picture; said again later, the message has none any more."""
    invite = reading.desk.store.invites.get(reading.row.args["invite"])
    if invite is None or not enrol.is_good(reading.desk, invite):
        return None if reading.row.sent is None else {"kind": "invite_dead", **_until(reading)}
    if reading.row.sent is not None:
        return None
    link = _link(reading, invite)
    return {
        "link": link,
        "picture": Code(link),
        "again": reading.row.attempts > 0,
        **_until(reading),
    }


def _until(reading: Reading) -> dict[str, Any]:
    return {"at": datetime.fromisoformat(reading.row.args["at"])}


def _good(reading: Reading) -> list[Invite]:
    found = map(reading.desk.store.invites.get, reading.row.args["invites"])
    return [one for one in found if one is not None and enrol.is_good(reading.desk, one)]


def _sheet(reading: Reading) -> Facts:
    found = _good(reading)
    if not found:
        return None
    until = min(one.expires for one in found)
    return {"count": len(found), "at": until, "again": reading.row.attempts > 0}


def sheet(reading: Reading) -> tuple[str, Callable[[], bytes]]:
    """Return the name of the file of a branch's links, and what makes it."""
    branch = reading.desk.store.branches[reading.row.args["branch_id"]].name
    words = reading.catalogue.labels["invite_one"]
    rows = [
        Invitation(
            name=reading.desk.store.people[one.person].name,
            link=_link(reading, one),
            expires=one.expires,
        )
        for one in _good(reading)
    ]
    return file_name(f"{branch}{words}", "xlsx"), partial(written, {branch: rows})


def _ask_all(reading: Reading) -> Facts:
    if reading.branch is None:
        raise LookupError("no branch")
    people = invites.not_enrolled(reading.desk, reading.branch)
    return {"count": len(people), "left": len(invites.with_link(reading.desk, people))}


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "invite_note": _until,
    "invite_card": _card,
    "invite_file": _sheet,
    "ask_invite_all": _ask_all,
}


def _revoke(reading: Reading) -> Rows:
    student = {"student": reading.row.args["student"]}
    return [[named(reading, "invite_revoke", "invite_revoke", student)]]


def _all_yes(reading: Reading) -> Rows:
    whose = {"branch_id": reading.row.args["branch_id"]}
    return [[named(reading, "invite_all_yes", "invite_all_yes", whose)]]


BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "invite_note": _revoke,
    "ask_invite_all": _all_yes,
}
