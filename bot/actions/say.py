"""Putting something on the way: every sentence is a row of the outbox, committed with its cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import college
from bot.desk import Desk
from bot.rules import term as term_rules
from storage.records import PersonId, Row, RowId, RowState

EDIT = "edit"  # say the edited row's message anew
STRIP = "strip"  # take the buttons off the edited row's message
POP = "pop"  # answer a press
MENU = "menu"  # set a person's command menu
WORDLESS = frozenset({EDIT, STRIP, POP, MENU})  # nobody misses one that does not arrive


def tell(
    desk: Desk,
    to: PersonId,
    kind: str,
    args: dict[str, Any] | None = None,
    *,
    about: Iterable[PersonId] = (),
    keys: tuple[str, ...] = (),
    due: datetime | None = None,
    reminder: bool = False,
    live: bool = False,
) -> Row | None:
    """Say something to a person in private; None when the person is not enrolled.

    What follows from somebody else's act leaves at once, without sound outside sending hours
    (PRODUCT § 3).
    """
    account = college.account_of(desk.store, to)
    if account is None or not account.reachable:
        return None
    now = desk.now()
    return desk.store.outbox.add(
        Row(
            kind=kind,
            chat=account.telegram,
            to=to,
            args=args or {},
            about=tuple(about),
            keys=keys,
            due=due or now,
            created=now,
            reminder=reminder,
            silent=not term_rules.may_send(due or now, desk.calendar, desk.quiet),
            live=live,
        )
    )


def redraw(desk: Desk, row: Row, **args: Any) -> None:
    """Say a message anew in place: what it shows is read when the edit leaves, so one edit is enough."""
    kind = args.pop("kind", row.kind)
    if args or kind != row.kind:
        row = desk.store.outbox.put(replace(row, kind=kind, args={**row.args, **args}))
    _edit(desk, row, EDIT)


def follow(desk: Desk, row: Row) -> None:
    """Say a message anew behind everything that is on its way to the chat now."""
    _put_edit(desk, row, EDIT)


def strip(desk: Desk, row: Row) -> None:
    """Take the buttons off a message that another has replaced."""
    _edit(desk, desk.store.outbox.put(replace(row, live=False)), STRIP)


def _edit(desk: Desk, row: Row, kind: str) -> None:
    waiting = desk.store.outbox.where("chat_state", (row.chat, RowState.PENDING))
    if any(other.edits == row.id and other.kind == kind for other in waiting):
        return
    _put_edit(desk, row, kind)


def _put_edit(desk: Desk, row: Row, kind: str) -> None:
    now = desk.now()
    desk.store.outbox.add(
        Row(kind=kind, chat=row.chat, to=row.to, due=now, created=now, edits=RowId(row.id))
    )
