"""How long what is kept (reliability X23): records and a moment in, what has had its time out."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.rules.probation import add_months
from storage.records import InboxState, Invite, Person, Received, Row, RowState

SETTLED = frozenset({RowState.SENT, RowState.DEAD, RowState.UNCERTAIN, RowState.CANCELLED})


def is_over(person: Person, now: datetime, months: int) -> bool:
    """Whether somebody who left that many months ago is to be forgotten; 0 months: nobody is."""
    if person.left is None or person.cleared is not None or not months:
        return False
    return now.date() >= add_months(person.left, months)


def is_spent(invite: Invite, now: datetime, days: int) -> bool:
    """Whether a link, used or not, expired that many days ago."""
    return now >= invite.expires + timedelta(days=days)


def is_read(received: Received, now: datetime, days: int) -> bool:
    """Whether an update was settled, well or badly, and came that many days ago."""
    old = now >= received.at + timedelta(days=days)
    return old and received.state is not InboxState.WAITING


def is_said(row: Row, now: datetime, days: int) -> bool:
    """Whether a message left, or never will, and was made that many days ago.

    One with a key stays, ids and all: the key is what keeps a reminder from ever going twice.
    """
    old = now >= row.created + timedelta(days=days)
    return old and row.state in SETTLED and not row.keys and not row.live
