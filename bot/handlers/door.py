"""The door: every update passes here once, is allowed or refused, and becomes one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from bot import access
from bot.access import Where
from bot.actions import denial, enrol
from bot.delivery.inbox import Inbox
from bot.desk import Desk
from bot.handlers.turn import Turn, read
from bot.refusal import Denied, Refusal
from messages.catalogue import Catalogue

log = logging.getLogger(__name__)

Handler = Callable[[Turn], None]
Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


class Door:
    """Wraps plain, synchronous handlers into what the dispatcher of python-telegram-bot calls."""

    def __init__(self, desk: Desk, catalogue: Catalogue, inbox: Inbox) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._inbox = inbox

    def opens(self, action: str, handler: Handler) -> Callback:
        """Return the callback for a handler; an action that `access` does not know stops the start."""
        access.require_known([action])

        async def callback(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
            self._take(action, handler, update)

        return callback

    def opens_press(self, handler: Callable[[Turn, str], None]) -> Callback:
        """Return the callback for presses; the button's own action is checked once it is found."""

        async def callback(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
            token = (update.callback_query and update.callback_query.data) or ""
            self._take("press", lambda turn: handler(turn, token), update)

        return callback

    def notes(self, happened: Callable[[Desk, Update], None]) -> Callback:
        """Return the callback for what Telegram itself says of a group: nobody acts, nobody is answered."""

        async def callback(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
            with self._desk.store.transaction(sync=False):  # `Inbox` syncs
                happened(self._desk, update)
                self._inbox.finish()

        return callback

    def _take(self, action: str, handler: Handler, update: Update) -> None:
        turn = read(self._desk, self._catalogue, update)
        if turn is None:
            return
        try:
            with self._desk.store.transaction(sync=False):  # `Inbox` syncs
                _hear(turn)
                turn.admit(action)
                self._handle(turn, handler)
                self._inbox.finish()
        except Refusal as refusal:
            self._refuse(turn.action, update, refusal)

    def _handle(self, turn: Turn, handler: Handler) -> None:
        """Let the handler act; a group then reads only whether something was recorded."""
        store = self._desk.store
        deeds, rows = len(store.deeds), len(store.outbox)
        handler(turn)
        turn.pop()
        if not (turn.private or turn.is_answered_aloud) and len(store.outbox) > rows:
            turn.reply("group_recorded" if len(store.deeds) > deeds else "group_private")

    def _refuse(self, action: str, update: Update, refusal: Refusal) -> None:
        """Nothing of the handler's holds; the answer is a transaction of its own."""
        turn = read(self._desk, self._catalogue, update)
        if turn is None:
            return
        log.info("%s by person %s: %s", action, turn.person and turn.person.id, refusal.kind)
        with self._desk.store.transaction(sync=False):  # `Inbox` syncs
            _hear(turn)
            if isinstance(refusal, Denied):
                denial.note(self._desk, turn.person, action, str(turn.where.name).lower())
            if _is_member_unknown(turn, action, refusal):
                _lead_to_private(turn)
            else:
                turn.refuse(refusal.kind, **refusal.args_said)
            if not turn.private and turn.person is not None and not turn.is_answered_aloud:
                turn.reply("group_private")
            self._inbox.finish()


def _is_member_unknown(turn: Turn, action: str, refusal: Refusal) -> bool:
    """Whether somebody in a branch's group has asked us without having an account.

    A command that is not ours is for another bot.
    """
    is_ours = refusal.kind == "stranger" and action != "unknown"
    return is_ours and turn.where is Where.BRANCH_GROUP and turn.query is None


def _lead_to_private(turn: Turn) -> None:
    if not turn.was_said_lately("group_not_enrolled"):
        turn.reply("group_not_enrolled")


def _hear(turn: Turn) -> None:
    """Whoever writes in private can be answered there, whatever failed before."""
    if turn.private and turn.person is not None:
        enrol.heard_from(turn.desk, turn.person)
