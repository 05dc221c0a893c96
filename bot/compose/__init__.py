"""From a row of the outbox to the message that a person reads, composed at the moment it leaves."""

from bot.compose.message import Message, Press, compose, is_late

__all__ = ["Message", "Press", "compose", "is_late"]
