"""What Telegram says of a group itself: the bot has left it, or it has become a supergroup."""

from __future__ import annotations

from telegram import ChatMember, Update

from bot.actions import link
from bot.desk import Desk

GONE = frozenset({ChatMember.LEFT, ChatMember.BANNED})


def membership(desk: Desk, update: Update) -> None:
    """The bot's own standing in a chat has changed."""
    change = update.my_chat_member
    if change is not None and change.new_chat_member.status in GONE:
        link.unbind(desk, change.chat.id)


def upgraded(desk: Desk, update: Update) -> None:
    """Said twice, once in the old group and once in the new; either is enough."""
    message = update.message
    if message is None:
        return
    if message.migrate_to_chat_id:
        link.follow(desk, message.chat_id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        link.follow(desk, message.migrate_from_chat_id, message.chat_id)
