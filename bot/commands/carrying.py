"""A writing command finds the process that holds the store: the running bot, or this one."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from bot.control import ask
from bot.desks import HeldElsewhere, load_settings, open_desk
from bot.outcome import Outcome

# A bot that starts or ends holds the store for a moment without listening.
ATTEMPTS, SECONDS = 50, 0.2


def carry(folder: Path, command: str, arguments: dict[str, Any]) -> Outcome:
    """Carry a writing command out: in the running bot, or here with the lock. Raises Refused."""
    for _ in range(ATTEMPTS):
        answer = ask(folder, command, arguments)
        if answer is not None:
            return answer
        try:
            return _here(folder, command, arguments)
        except HeldElsewhere:
            time.sleep(SECONDS)
    return _here(folder, command, arguments)


def _here(folder: Path, command: str, arguments: dict[str, Any]) -> Outcome:
    from bot.commands.writing import carry_out  # not needed beside a running bot

    with open_desk(folder, writing=True) as desk:
        if command == "invite":
            desk.bot_name = _own_name(folder)
        return carry_out(desk, command, arguments)


def _own_name(folder: Path) -> str:
    """Ask Telegram for the bot's username, which every invite link carries."""
    from bot.who import own_name  # loads the Telegram library

    return asyncio.run(own_name(load_settings(folder)))
