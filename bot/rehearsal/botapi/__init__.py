"""A stand-in Telegram server on loopback: what the real one refuses, this one refuses too.

For rehearsals and tests: `World` is the made-up Telegram, `serve` puts the Bot API before it.
"""

from bot.rehearsal.botapi.faults import Fault, FaultKind, Program
from bot.rehearsal.botapi.limits import Limits
from bot.rehearsal.botapi.model import Chat, Exchange, Message, User
from bot.rehearsal.botapi.server import serve
from bot.rehearsal.botapi.world import World

__all__ = [
    "Chat",
    "Exchange",
    "Fault",
    "FaultKind",
    "Limits",
    "Message",
    "Program",
    "User",
    "World",
    "serve",
]
