"""The composition root: settings and store become a Telegram application; which command is whose."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot import access, settings
from bot.clock import SHANGHAI
from bot.delivery.easel import Draw, Easel
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.inbox import Inbox
from bot.delivery.intake import Intake
from bot.delivery.limiter import Limiter
from bot.delivery.outbox import Outbox
from bot.delivery.polling import InboxRequest
from bot.delivery.schedule import Tick
from bot.delivery.trust import trusted
from bot.delivery.wire import Wire
from bot.desk import Desk
from bot.handlers import (
    about,
    assignments,
    days,
    desk_work,
    groups,
    guide,
    introductions,
    mentor,
    own_data,
    papers,
    plan,
    press,
    reasons,
    secretary,
    status,
    uploads,
    words,
)
from bot.handlers.door import Door, Handler
from bot.handlers.turn import read
from messages.catalogue import Catalogue

log = logging.getLogger(__name__)

# Every command, and the handler that answers it; the Chinese words are in `rules.utterance`.
COMMANDS: dict[str, Handler] = {
    "start": about.start,
    "help": about.help,
    "status": status.status,
    "done": mentor.done,
    "forms": desk_work.forms,
    "assign": assignments.assign,
    "plan": plan.plan,
    "export": papers.export,
    "guide": guide.guide,
    "intro": introductions.intro,
    "undo": about.take_back,
    "mydata": own_data.mydata,
    "link": secretary.bind_group,
}
ALLOWED_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]
CONNECTIONS = 8  # at most that many messages are in flight
NEW = filters.UpdateType.MESSAGE  # an edited message is not said again


@dataclass(slots=True)
class App:
    """The parts of a running bot."""

    desk: Desk
    catalogue: Catalogue
    telegram: Application[Any, Any, Any, Any, Any, Any]
    inbox: Inbox
    outbox: Outbox
    intake: Intake
    polling: InboxRequest
    heartbeat: Heartbeat

    @property
    def loops(self) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
        """What runs for ever and waits on the clock while there is nothing to do; the sender first."""
        hear = partial(self.inbox.run, self.telegram.process_update, self.telegram.bot)
        return self.outbox.run, hear, self.intake.run


def build(
    desk: Desk,
    catalogue: Catalogue,
    token: str,
    *,
    request: BaseRequest | None = None,
    draw: Draw | None = None,
) -> App:
    """Wire everything. Nothing is sent and nothing asked before `bot.service.run`.

    ``request`` replaces the transport of everything but getUpdates; ``draw`` whoever draws pictures.
    """
    settings.choose_timedeltas()
    desk.store.snapshots_beside = True
    inbox = Inbox(desk)
    options: dict[str, Any] = {
        "proxy": desk.settings.proxy,
        # Only settings.py reads the environment; httpx would look for a proxy there by itself.
        "httpx_kwargs": {"trust_env": False, "verify": trusted()},
    }
    heartbeat = Heartbeat(desk.clock)
    polling = InboxRequest(inbox.take, heartbeat, connection_pool_size=2, **options)
    application = (
        Application.builder()
        .token(token)
        .base_url(f"{desk.settings.api_url}/bot")
        .base_file_url(f"{desk.settings.api_url}/file/bot")
        .request(request or HTTPXRequest(connection_pool_size=CONNECTIONS, **options))
        .get_updates_request(polling)
        .defaults(Defaults(parse_mode=ParseMode.HTML, tzinfo=SHANGHAI))
        .concurrent_updates(False)
        .build()
    )
    wire = Wire(desk, catalogue, application.bot, draw or Easel().draw)
    limiter = Limiter(desk.settings.rate.overall, desk.settings.rate.group_minute)
    outbox = Outbox(desk, catalogue, wire, limiter)
    intake = Intake(desk, application.bot)

    def wake() -> None:
        outbox.wake()
        intake.wake()

    desk.wake = wake
    polling.recovered = outbox.try_now
    _add_handlers(application, Door(desk, catalogue, inbox))
    _watch_failures(application, inbox)
    inbox.apologise = partial(_apologise, desk, catalogue)
    Tick(desk, lambda failure: heartbeat.beat(outbox.overdue(), failure)).install(application)
    return App(desk, catalogue, application, inbox, outbox, intake, polling, heartbeat)


def _add_handlers(application: Any, door: Door) -> None:
    days_for = (f"day_{one}" for one in days.PURPOSES)
    access.require_known([*press.BUTTONS, *words.COMMANDS, *reasons.ACTS, *days_for])
    for name, handler in COMMANDS.items():
        callback = door.opens(name, handler)
        application.add_handler(CommandHandler(name, callback, filters=NEW))
    application.add_handler(
        MessageHandler(NEW & filters.COMMAND, door.opens("unknown", about.unknown))
    )
    application.add_handler(
        MessageHandler(NEW & filters.TEXT, door.opens("text", words.from_anyone))
    )
    application.add_handler(CallbackQueryHandler(door.opens_press(press.pressed)))
    application.add_handler(
        ChatMemberHandler(door.notes(groups.membership), ChatMemberHandler.MY_CHAT_MEMBER)
    )
    application.add_handler(
        MessageHandler(filters.StatusUpdate.MIGRATE, door.notes(groups.upgraded))
    )
    not_text = NEW & ~filters.TEXT & ~filters.StatusUpdate.ALL & filters.ChatType.PRIVATE
    application.add_handler(MessageHandler(not_text, door.opens("text", uploads.not_text)))


def _watch_failures(application: Any, inbox: Inbox) -> None:
    async def failed(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        if isinstance(update, Update):
            inbox.failure = context.error
        else:  # the tick: it comes again, and finds what this one has not put on the way
            log.error("a job failed", exc_info=context.error)

    application.add_error_handler(failed)


def _apologise(desk: Desk, catalogue: Catalogue, update: Update, code: str) -> None:
    """Tell whoever sent an update that it could not be handled."""
    turn = read(desk, catalogue, update)
    if turn is not None:
        turn.refuse("busy", code=code)
