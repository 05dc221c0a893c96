"""``yinlu run``: one process, one college, until it is told to end."""

from __future__ import annotations

import asyncio
import gc
import logging
from pathlib import Path

from bot import logs, texts
from bot.app import build
from bot.commands.papers import check_templates
from bot.delivery.deadman import Ping
from bot.delivery.schedule import keep_backups
from bot.delivery.watchdog import watched
from bot.desks import BACKUPS, open_desk
from bot.refusal import Refused
from bot.service import run
from bot.settings import supervisor
from bot.who import require_token

log = logging.getLogger(__name__)


def serve(folder: Path) -> None:
    """Run the bot on that folder. Raises Refused, whose text is one line."""
    with open_desk(folder, writing=True) as desk:
        token = require_token(desk.settings)
        check_templates(desk.templates)
        catalogue = texts.load_texts(texts.own_texts(folder))
        logs.set_up(desk.settings.log_level)
        try:
            app = build(desk, catalogue, token)
            # What has been read back stays: going through it for garbage would hold everybody up.
            gc.freeze()
            gc.enable()  # `yinlu run` had it off while all this was made
            keep_backups(app.telegram, desk, folder / BACKUPS)
            Ping(desk, app.heartbeat).install(app.telegram)
            with watched(app.heartbeat, supervisor()) as watchdog:
                asyncio.run(run(app, folder, watchdog.end_soon))
        except Refused:
            raise
        except Exception as error:
            # Said by the log and not by a traceback, which would hold the token or a name.
            log.critical("stopped", exc_info=error)
            raise Refused(f"机器人已停止（{type(error).__name__}），详情见日志。") from None
