"""What came in: raw updates are committed before Telegram may forget them, and this inbox is the queue.

python-telegram-bot confirms updates before it handles them; so its transport commits each batch here
and hands it hollow updates, which only move the offset (DESIGN, decision 4).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from telegram import Update

from bot import college
from bot.actions import opinion, trouble
from bot.actions.say import POP
from bot.delivery import mending, reading
from bot.delivery.flood import Flood, Notice
from bot.delivery.redaction import redacted
from bot.desk import Desk
from storage.records import InboxState, Json, PersonId, Received, Row
from storage.store import StoreClosedForWriting

log = logging.getLogger(__name__)

ATTEMPTS = 3
RETRY_SECONDS = (2, 10)
HANDLER_SECONDS = 20  # a handler that hangs longer is cut off
SWEEP_SECONDS = 30
TOGETHER = 10  # updates whose effects become durable together; the first waits for the last

Handle = Callable[[Update], Awaitable[None]]


def _say_nothing(_update: Update, _code: str) -> None:
    """Nobody has been told how to apologise."""


def _storable(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the update without halves of characters. ValueError, RecursionError: no JSON holds it."""
    text = json.dumps(raw, ensure_ascii=False, allow_nan=False)
    return dict(json.loads(text.encode(errors="replace")))


def _is_anyone(_telegram: int) -> bool:
    return True


class Inbox:
    """Takes raw updates in, and feeds them in order to whoever handles updates."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._news = asyncio.Event()
        self._whole: dict[int, dict[str, Any]] = {}  # by inbox id: updates with a withheld text
        self._retry_at: dict[int, float] = {}
        self._asked: set[PersonId] = set()  # by presses not yet handled, for a draft
        self._current: Received | None = None
        rate = desk.settings.rate
        self._flood = Flood(rate.account_minute, rate.account_presses)
        self._notices: list[Notice] = []  # of the batch in hand
        self.failure: BaseException | None = None  # set by the application's error handler
        self.apologise: Callable[[Update, str], None] = _say_nothing

    def take(self, updates: list[dict[str, Any]]) -> None:
        """Commit a batch as one transaction; an update that is already known is skipped."""
        # Not left to the next sweep: Telegram's next attempt may be half a minute away.
        mending.is_writable(self._desk.store)
        self._notices = []
        try:
            self._whole |= self._commit(updates)
        except BaseException:
            for notice in self._notices:
                self._flood.was_not_told(notice)
            raise
        self._news.set()

    def _commit(self, updates: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        """Return by inbox id the updates of which more is handled than is kept."""
        whole: dict[int, dict[str, Any]] = {}
        with self._desk.store.transaction():
            waiting = self._desk.store.inbox.where("state", InboxState.WAITING)
            self._asked = {person for row in waiting for person in self._asked_by(row.raw)}
            for raw in updates:
                if self._is_too_much(raw):
                    continue
                received, handled = self._received(raw)
                if self._is_known(received, handled):
                    continue
                self._asked |= self._asked_by(received.raw)
                row = self._desk.store.inbox.add(received)
                if handled is not received.raw:
                    whole[row.id] = handled
        return whole

    def _is_too_much(self, raw: dict[str, Any]) -> bool:
        """Whether its account has sent too much; it is told so once, where nobody else reads it."""
        is_over, notice = self._flood.is_over(raw, self._desk.now().timestamp())
        if notice is not None:
            log.warning("account %s sends too much; what comes now is left out", notice.account)
            self._notices.append(notice)
            self._tell_flooder(notice)
        return is_over

    def _tell_flooder(self, notice: Notice) -> None:
        """Over the press where it was one: one answer of many, or a flooder would have us send as much."""
        person = college.person_at(self._desk.store, notice.account)
        kind, args, now = notice.kind, {}, self._desk.now()
        if notice.press is not None:
            kind, args = POP, {"query": notice.press, "say": kind, "alert": True}
        elif person is None and not notice.is_private:
            return
        to = None if person is None else person.id
        self._desk.store.outbox.add(
            Row(kind=kind, chat=notice.account, to=to, args=args, due=now, created=now)
        )

    def _received(self, raw: dict[str, Any]) -> tuple[Received, dict[str, Any]]:
        """Return what is kept of an update, and the update as it is to be handled.

        Of one that no journal can hold, only the number is kept: it must not take its batch along.
        """
        number, at = int(raw["update_id"]), self._desk.now()
        try:
            written, handled = redacted(_storable(raw), self._keeps_to_memory)
        except Exception as error:  # noqa: BLE001 - whatever Telegram may send must not stop the intake
            log.error("update %s cannot be kept (%s)", number, type(error).__name__)  # noqa: TRY400 - ids only
            trouble.unhandled(self._desk)
            hollow = {"update_id": number}
            name = type(error).__name__
            state = InboxState.QUARANTINED
            return Received(update=number, raw=hollow, at=at, state=state, reason=name), hollow
        return Received(update=number, raw=written, at=at), handled

    def _keeps_to_memory(self, telegram: int) -> bool:
        """Whether what this account says may be its second factor, or the draft that was asked for."""
        person = college.person_at(self._desk.store, telegram)
        if person is None or opinion.is_awaited(self._desk, person.id):
            return True
        return person.id in self._asked

    def _asked_by(self, raw: Json) -> set[PersonId]:
        """Whose next text is a draft once this update, which has not been handled, is: that of a press."""
        press = raw.get("callback_query")
        if not isinstance(press, dict):
            return set()
        pressed = self._desk.store.buttons.one("token", str(press.get("data")))
        asks = pressed is not None and pressed.action == opinion.ASKS
        return {pressed.person} if pressed and pressed.person and asks else set()

    def _is_known(self, received: Received, handled: dict[str, Any]) -> bool:
        """Numbers may start anew after a quiet week: the same number alone proves nothing.

        It was kept as from a stranger if its sender has enrolled since, by this very update perhaps.
        """
        known = self._desk.store.inbox.where("update", received.update)
        forms = (handled, redacted(handled, _is_anyone)[0]) if known else ()
        return any(row.raw in (received.raw, *forms) for row in known)

    def finish(self) -> None:
        """Mark the update in hand as done, inside the transaction of what it caused."""
        if self._current is not None:
            self._desk.store.inbox.put(replace(self._current, state=InboxState.DONE))

    async def run(self, handle: Handle, bot: Any) -> None:
        """Feed waiting updates in order, for ever; a failed one is tried again while others go on.

        StoreDamaged: the store stopped, and cannot be read back.
        """
        while True:
            pause = await self.sweep(handle, bot)
            await self._desk.clock.wait(self._news, pause)

    async def sweep(self, handle: Handle, bot: Any) -> float:
        """Handle what waits now; return the seconds until something is to be tried again."""
        if not mending.is_writable(self._desk.store):
            return mending.SECONDS
        try:
            return await self._feed(handle, bot)
        except StoreClosedForWriting as error:
            log.error("the inbox waits for the store (%s)", error)  # noqa: TRY400 - no news in a traceback
            return mending.SECONDS

    async def _feed(self, handle: Handle, bot: Any) -> float:
        soonest = float(SWEEP_SECONDS)
        waiting = self._desk.store.inbox.where("state", InboxState.WAITING)
        for count, row in enumerate(waiting, start=1):
            wait = self._retry_at.get(row.id, 0.0) - self._desk.clock.monotonic()
            if wait <= 0:
                await self._one(row, handle, bot)
                if count % TOGETHER == 0:
                    await self._release()
                wait = self._retry_at.get(row.id, 0.0) - self._desk.clock.monotonic()
            if wait > 0:
                soonest = min(soonest, wait)
        await self._release()
        return soonest

    async def _release(self) -> None:
        """Make durable what the last updates caused, and let it leave: many share one wait for the disk.

        It could not have left before: to put anything on the wire is a transaction that syncs.
        """
        self._desk.store.sync()
        self._forget_handled()
        self._desk.wake()
        await asyncio.sleep(0)

    async def _one(self, row: Received, handle: Handle, bot: Any) -> None:
        try:
            update = reading.read(self._whole.get(row.id, dict(row.raw)), bot)
        except Exception as error:  # noqa: BLE001 - whatever Telegram may send must not stop the intake
            log.error("update %s cannot be read (%s)", row.update, type(error).__name__)  # noqa: TRY400 - ids only
            self._settle(row, InboxState.QUARANTINED, type(error).__name__)
            return
        failure = await self._handled(row, update, handle)
        if isinstance(failure, StoreClosedForWriting):
            raise failure
        if not self._is_waiting(row.id):
            return  # what came after the commit does not undo it
        if failure is None:
            self._settle(row, InboxState.DONE, "unhandled")
        else:
            self._failed(row, update, failure)

    async def _handled(
        self, row: Received, update: Update, handle: Handle
    ) -> BaseException | None:
        """Handle one update; return what went wrong."""
        self._current, self.failure = row, None
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await handle(update)
        except Exception as error:  # noqa: BLE001 - hung, or the dispatcher itself failed: this one alone
            self.failure = error
        finally:
            self._current = None
        if self.failure is not None:
            log.error("update %s failed", row.update, exc_info=self.failure)
        return self.failure

    def _failed(self, row: Received, update: Update, error: BaseException) -> None:
        tried = replace(row, attempts=row.attempts + 1)
        if tried.attempts >= ATTEMPTS:
            self._give_up(tried, update, type(error).__name__)
            return
        with self._desk.store.transaction():
            self._desk.store.inbox.put(tried)
        pause = RETRY_SECONDS[tried.attempts - 1]
        self._retry_at[row.id] = self._desk.clock.monotonic() + pause

    def _give_up(self, row: Received, update: Update, reason: str) -> None:
        """Bury the update, and tell whoever sent it."""
        try:
            with self._desk.store.transaction():
                self._desk.store.inbox.put(replace(row, state=InboxState.DEAD, reason=reason))
                self.apologise(update, str(row.update))
                trouble.unhandled(self._desk)
        except StoreClosedForWriting:
            raise
        except Exception:  # the apology may fail of what the handler failed of
            log.exception("nobody told of update %s", row.update)
            self._settle(row, InboxState.DEAD, reason)

    def _settle(self, row: Received, state: InboxState, reason: str) -> None:
        with self._desk.store.transaction():
            self._desk.store.inbox.put(replace(row, state=state, reason=reason))
            if state is not InboxState.DONE:
                trouble.unhandled(self._desk)

    def _forget_handled(self) -> None:
        """Not before that is durable: what the disk does not take is handled again, in the same words."""
        self._whole = {id: one for id, one in self._whole.items() if self._is_waiting(id)}
        self._retry_at = {id: at for id, at in self._retry_at.items() if self._is_waiting(id)}

    def _is_waiting(self, id: int) -> bool:
        row = self._desk.store.inbox.get(id)
        return row is not None and row.state is InboxState.WAITING
