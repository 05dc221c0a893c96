"""What goes out: rows of the store become messages, once; answers before reminders, in order per chat."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

from bot import college
from bot.actions import trouble
from bot.actions.say import EDIT, MENU, POP, STRIP
from bot.compose import Message, compose, is_late
from bot.delivery import mending
from bot.delivery.aftermath import Aftermath
from bot.delivery.limiter import Limiter
from bot.delivery.outage import LONGEST, LONGEST_IN_DOUBT, Outage
from bot.delivery.telegram import Failure, Meaning, meaning_of
from bot.delivery.waiting import Waiting
from bot.delivery.wire import Sent, Wire
from bot.desk import Desk
from messages.catalogue import Catalogue
from storage.records import Row, RowId, RowState
from storage.store import StoreClosedForWriting

log = logging.getLogger(__name__)

IN_FLIGHT = 8
FOR_ANSWERS = 1  # of these, how many no reminder may take
POP_SECONDS = 15  # an answer to a press is worthless later
IDLE_SECONDS = 30
NO_MESSAGE = frozenset({POP, MENU})  # Telegram does not count them
NO_TEXT = frozenset({STRIP, POP, MENU})


class Outbox:
    """The one dispatcher: picks rows, composes, claims, sends, records."""

    def __init__(self, desk: Desk, catalogue: Catalogue, wire: Wire, limiter: Limiter) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._wire = wire
        self._limiter = limiter
        self._aftermath = Aftermath(desk)
        self._waiting = Waiting(desk.store)
        self._news = asyncio.Event()
        self._in_flight: dict[int, RowId] = {}  # by chat
        self._outage = Outage()
        self._closed = False

    def wake(self) -> None:
        self._news.set()

    def try_now(self) -> None:
        """Telegram is heard again: if nothing could be said meanwhile, try it at once."""
        self._outage.try_now()
        self._news.set()

    def overdue(self) -> RowId | None:
        """Return the row that has been due longest, on the wire or before it; None: none, or excused.

        Excused are all while Telegram has asked us to wait, or while the store takes no claims.
        """
        if self._limiter.halt_delay(self._desk.clock.monotonic()) > 0:
            return None
        if not self._desk.store.is_writable:
            return None
        now, rows = self._desk.now(), self._desk.store.outbox
        sending, waiting = rows.where("state", RowState.SENDING), self._waiting
        late = min(
            ((row.due, row.id) for row in (*sending, *waiting) if row.due <= now), default=None
        )
        return None if late is None else late[1]

    def close(self) -> None:
        """Start nothing more; `run` ends once what is in flight has arrived."""
        self._closed = True
        self._news.set()

    async def run(self) -> None:
        """Send what is due until `close`, or until Telegram refuses the token."""
        async with asyncio.TaskGroup() as sends:
            while not self._closed:
                pause = self._start_ready(sends)
                await self._desk.clock.wait(self._news, pause)

    async def drain(self) -> None:
        """Send everything that is due at this moment, and come back."""
        async with asyncio.TaskGroup() as sends:
            while True:
                pause = self._start_ready(sends)
                if not self._in_flight and not self._due_now():
                    return
                await self._desk.clock.wait(self._news, pause)

    def _due_now(self) -> bool:
        return any(row.due <= self._desk.now() for row in self._waiting)

    def _start_ready(self, sends: asyncio.TaskGroup) -> float:
        """Start every send that may start now; return the seconds in which there is nothing to start."""
        try:
            self._aftermath.interrupted(self._in_flight.values())
            return self._start_in_turn(sends)
        except StoreClosedForWriting:
            return mending.SECONDS

    def _start_in_turn(self, sends: asyncio.TaskGroup) -> float:
        pause = float(IDLE_SECONDS)
        held = set(self._in_flight)  # chats in which an earlier row has still to leave
        for row in self._waiting:
            if len(self._in_flight) >= self._room(row):
                break  # the next one that ends wakes us
            later = (row.due - self._desk.now()).total_seconds()
            if later > 0:
                pause = min(pause, later)
                continue
            if row.chat in held:
                continue
            full, wait = self._delays(row)
            if full > 0:
                return min(pause, full)
            if wait > 0:
                pause = min(pause, wait)
            elif not self._start(row, sends):
                continue
            held.add(row.chat)
        return pause

    def _room(self, row: Row) -> int:
        """Return how many may be on the wire when this row leaves, itself among them."""
        if self._outage.is_on:
            return 1
        return IN_FLIGHT - FOR_ANSWERS if row.reminder else IN_FLIGHT

    def _delays(self, row: Row) -> tuple[float, float]:
        """Return how long no row may leave, and how long this chat's may not (seconds)."""
        now = self._desk.clock.monotonic()
        silence = max(self._outage.delay(now), self._limiter.halt_delay(now))
        if row.kind in NO_MESSAGE:
            return silence, 0.0
        full = max(silence, self._limiter.overall_delay(now))
        return full, self._limiter.chat_delay(row.chat, now)

    def _start(self, row: Row, sends: asyncio.TaskGroup) -> bool:
        """Claim the row and put it on the wire; False: it has nothing to say."""
        claimed = self._claim(row)
        if claimed is None:
            return False
        if row.kind not in NO_MESSAGE:
            self._limiter.note(row.chat, self._desk.clock.monotonic())
        self._in_flight[row.chat] = row.id
        sends.create_task(self._send(*claimed))
        return True

    def _claim(self, row: Row) -> tuple[Row, Message | None] | None:
        """Compose and claim in one transaction; what has nothing to say any more is cancelled."""
        try:
            with self._desk.store.transaction():
                return self._composed(row)
        except StoreClosedForWriting:
            raise
        except Exception as error:  # one row that can't be said must not silence the others
            log.exception("row %s (%s) cannot be composed", row.id, row.kind)
            self._aftermath.dead(row, f"compose: {type(error).__name__}")
            return None

    def _composed(self, row: Row) -> tuple[Row, Message | None] | None:
        target = self._target(row)
        if isinstance(target, str):
            self._cancel(row, target)
            return None
        message = None
        if row.kind not in NO_TEXT:
            message = compose(self._desk, self._catalogue, target)
            if message is None and row.kind != EDIT:
                self._drop(row)
                return None
        claimed = self._desk.store.outbox.put(
            replace(row, state=RowState.SENDING, attempts=row.attempts + 1)
        )
        if message is not None:
            self._wire.keep_buttons(target, message)
        return claimed, message

    def _drop(self, row: Row) -> None:
        """Nothing is left to say; what an outage made late is told by the secretary (F18)."""
        if not is_late(self._desk, self._catalogue, row):
            self._cancel(row, "closed")
            return
        state = RowState.UNCERTAIN if row.attempts else RowState.CANCELLED
        self._desk.store.outbox.put(replace(row, state=state, reason="late"))
        trouble.missed(self._desk, row)

    def _cancel(self, row: Row, reason: str) -> None:
        self._desk.store.outbox.put(replace(row, state=RowState.CANCELLED, reason=reason))

    def _target(self, row: Row) -> Row | str:
        """Return the row whose message is said, or why there is nothing to do."""
        if row.kind == POP and self._desk.now() - row.created > timedelta(seconds=POP_SECONDS):
            return "too old"
        if row.to is not None and not self._is_theirs(row):
            return "not theirs any more"
        if row.edits is None:
            return row
        edited = self._desk.store.outbox.get(row.edits)
        return edited if edited is not None and edited.message is not None else "nothing to edit"

    def _is_theirs(self, row: Row) -> bool:
        """Whether the chat is still that of the person: an account may have ended, or been passed on."""
        person = college.person_at(self._desk.store, row.chat)
        return person is not None and person.id == row.to

    async def _send(self, row: Row, message: Message | None) -> None:
        try:
            sent = await self._attempt(row, message)
            if isinstance(sent, Failure):
                self._failed(row, sent)
            else:
                self._answered()
                self._aftermath.sent(row, sent)
        except StoreClosedForWriting as error:
            # It stays "being sent": once the store is back, that is an interrupted one.
            log.error("the outcome of row %s is not written (%s)", row.id, error)  # noqa: TRY400 - no news in a traceback
        finally:
            del self._in_flight[row.chat]
            self._news.set()

    async def _attempt(self, row: Row, message: Message | None) -> Sent | Failure | None:
        try:
            return await self._wire.send(row, message, again=row.attempts > 1)
        except Exception as error:  # noqa: BLE001 - one row's failure is judged, the sender lives on
            return meaning_of(error)

    def _failed(self, row: Row, failure: Failure) -> None:
        match failure.meaning:
            case Meaning.SLOW_DOWN:
                log.warning("Telegram asks to wait %s s", failure.seconds)
                self._limiter.halt(failure.seconds, self._desk.clock.monotonic())
                self._outage.suspect()
                self._aftermath.not_sent(row)
            case Meaning.CERTAIN:
                self._out_of_reach(failure, LONGEST)
                self._aftermath.not_sent(row)
            case Meaning.AMBIGUOUS:
                self._out_of_reach(failure, LONGEST_IN_DOUBT)
                self._aftermath.ambiguous(row, failure.reason)
            case Meaning.FATAL if row.kind == MENU:
                # A Bot API server without menus says 404, as to a wrong token; polling would know.
                self._aftermath.dead(row, failure.reason)
            case Meaning.FATAL:
                self.close()
                self._aftermath.not_sent(row)
            case _:
                self._answered()
                self._judged(row, failure)

    def _judged(self, row: Row, failure: Failure) -> None:
        """Telegram has taken a look at the row, and will not at the same one again."""
        match failure.meaning:
            case Meaning.DONE:
                self._aftermath.sent(row, None)
            case Meaning.MIGRATED:
                self._aftermath.moved(row, failure.new_chat)
            case Meaning.NO_TOPIC:
                self._aftermath.without_topic(row)
            case Meaning.UNREACHABLE:
                log.warning("the chat of row %s is unreachable: %s", row.id, failure.reason)
                self._aftermath.unreachable(row)
            case _:
                log.error("row %s (%s) refused: %s", row.id, row.kind, failure.reason)
                self._aftermath.dead(row, failure.reason)

    def _out_of_reach(self, failure: Failure, longest: float) -> None:
        """Nothing is tried for a while: one row that can't reach Telegram speaks for all."""
        if not self._outage.is_on:
            log.warning("cannot reach Telegram (%s); trying on", failure.reason)
        self._outage.failed(self._desk.clock.monotonic(), longest)

    def _answered(self) -> None:
        if self._outage.is_on:
            log.info("Telegram answers again")
        self._outage.over()
