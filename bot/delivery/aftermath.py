"""What a send has come to, written into the store: each in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from bot.actions import link, trouble
from bot.actions.say import POP
from bot.delivery.wire import Sent
from bot.desk import Desk
from storage.records import Row, RowId, RowState

ASK_AGAIN = timedelta(seconds=60)  # before a second, marked copy of what may have arrived
COPIES = 2  # how often an ambiguous row may leave at most


class Aftermath:
    """Takes rows on from "being sent"."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def sent(self, row: Row, sent: Sent | None) -> None:
        self._put(
            row,
            state=RowState.SENT,
            sent=self._desk.now(),
            message=sent and sent.message,
            picture=sent is not None and sent.picture,
        )

    def dead(self, row: Row, reason: str) -> None:
        """It will never arrive; the secretary is told whom it was for, or what group stays silent."""
        with self._desk.store.transaction():
            self._change(row, state=RowState.DEAD, reason=reason)
            trouble.missed(self._desk, row)
            link.unsaid(self._desk, row)

    def not_sent(self, row: Row) -> None:
        """It surely did not arrive: it waits again, and no attempt has been used up."""
        self._put(row, state=RowState.PENDING, attempts=row.attempts - 1)

    def interrupted(self, in_flight: Collection[RowId]) -> None:
        """Whatever is being sent by nobody may have arrived before the process ended (F16)."""
        for row in self._desk.store.outbox.where("state", RowState.SENDING):
            if row.id not in in_flight:
                self.ambiguous(row, "interrupted")

    def ambiguous(self, row: Row, reason: str) -> None:
        """It may have arrived: once more a minute later, marked; then it stays uncertain.

        The secretary is told whom that was for (reliability F16).
        """
        again = row.attempts < COPIES and row.kind != POP
        with self._desk.store.transaction():
            self._change(
                row,
                state=RowState.PENDING if again else RowState.UNCERTAIN,
                due=self._desk.now() + ASK_AGAIN,
                reason=reason,
            )
            if not again:
                trouble.missed(self._desk, row)

    def moved(self, row: Row, chat: int) -> None:
        """The group has become a supergroup: the branch and whatever waits for it move along.

        An edit can't: its message has stayed behind.
        """
        with self._desk.store.transaction():
            link.follow(self._desk, row.chat, chat)
            present = self._present(row)
            if row.edits is not None:
                moved = replace(present, state=RowState.DEAD, reason="migrated")
            else:
                moved = replace(
                    present, chat=chat, state=RowState.PENDING, attempts=row.attempts - 1
                )
            self._desk.store.outbox.put(moved)

    def without_topic(self, row: Row) -> None:
        """The topic has been deleted or closed: this and what is to come goes to General.

        Where that is what is closed, it goes nowhere.
        """
        if row.thread is None:
            self.dead(row, "General is closed")
            return
        with self._desk.store.transaction():
            link.leave_topic(self._desk, row.chat, row.thread)
            present = self._present(row)
            self._desk.store.outbox.put(
                replace(present, thread=None, state=RowState.PENDING, attempts=row.attempts - 1)
            )

    def unreachable(self, row: Row) -> None:
        """Blocked or gone: nothing more is tried until the person opens the chat again.

        A group that the bot is no longer in is no branch's any more.
        """
        with self._desk.store.transaction():
            if row.chat < 0:
                link.unbind(self._desk, row.chat)
            self._change(row, state=RowState.DEAD, reason="unreachable")
            trouble.lost(self._desk, row.chat)

    def _present(self, row: Row) -> Row:
        """The row as it stands now: it may have been changed while it was on the wire."""
        return self._desk.store.outbox[row.id]

    def _put(self, row: Row, **changes: object) -> None:
        with self._desk.store.transaction():
            self._change(row, **changes)

    def _change(self, row: Row, **changes: object) -> None:
        self._desk.store.outbox.put(replace(self._present(row), **changes))  # type: ignore[arg-type]  # names are checked by replace
