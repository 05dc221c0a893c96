"""What Telegram says of a chat itself: the bot was put out of it, or it has become a supergroup."""

from __future__ import annotations

from telegram import Chat, ChatMember, Update

from bot.actions import link, trouble
from bot.desk import Desk

GONE = frozenset({ChatMember.LEFT, ChatMember.BANNED})


def membership(desk: Desk, update: Update) -> None:
    """The bot's own standing in a chat has changed."""
    change = update.my_chat_member
    if change is None or change.new_chat_member.status not in GONE:
        return
    if change.chat.type == Chat.PRIVATE:  # its person has blocked the bot
        trouble.lost(desk, change.chat.id)
    else:
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
