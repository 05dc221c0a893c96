"""What people do in the made-up Telegram: open the bot, write, press, block, gather in groups.

Each deed puts the update into the bot's queue that the real server would, and none where it would
not (group privacy mode is on, as it is by default). A deed no person could do raises ValueError or
KeyError.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from telegram.constants import MessageLimit

from bot.rehearsal.botapi.entities import detected, utf16_length
from bot.rehearsal.botapi.model import BotStatus, Chat, Json, Message, Query, User, member_json
from bot.rehearsal.botapi.state import State

PAYLOAD = re.compile(rf"[A-Za-z0-9_-]{{0,{MessageLimit.DEEP_LINK_LENGTH}}}")
SUPERGROUP_BASE = -1_000_000_000_000


class World(State):
    """The made-up Telegram as a rehearsal holds it in its hands, on one event loop."""

    # Accounts

    def add_user(self, user_id: int, first_name: str, username: str | None = None) -> User:
        """A new account. It has no chat with the bot yet."""
        if user_id <= 0 or user_id in self.users:
            raise ValueError(f"user id {user_id} is taken or not positive")
        user = User(id=user_id, first_name=first_name, username=username)
        self.users[user_id] = user
        return user

    def start(self, user_id: int, payload: str = "") -> Message:
        """Press START (from a link with ``payload``): opens the private chat and lifts a block."""
        user = self.users[user_id]
        if not PAYLOAD.fullmatch(payload):
            raise ValueError(f"no client opens a link with this payload: {payload!r}")
        if user_id not in self.chats:
            self.chats[user_id] = Chat(id=user_id, kind="private", user=user, bot_status="member")
        if user.blocked:
            user.blocked = False
            self._bot_status(self.chats[user_id], user, "kicked", "member")
        return self.send(user_id, user_id, f"/start {payload}".strip())

    def block(self, user_id: int) -> None:
        """Block the bot. Needs an open private chat."""
        user, chat = self.users[user_id], self.chats[user_id]
        if not user.blocked:
            user.blocked = True
            self._bot_status(chat, user, "member", "kicked")

    def deactivate(self, user_id: int) -> None:
        """The account is deleted; the bot is not told."""
        self.users[user_id].deactivated = True

    # Writing and pressing

    def send(
        self,
        user_id: int,
        chat_id: int,
        text: str,
        *,
        reply_to: int | None = None,
        thread: int | None = None,
        forwarded_from: int | None = None,
    ) -> Message:
        """Write ``text`` in a chat, as a reply to one of its messages, in one of its topics."""
        chat = self._chat_of(user_id, chat_id)
        if not text.strip() or utf16_length(text) > MessageLimit.MAX_TEXT_LENGTH:
            raise ValueError("no client sends an empty text or more than 4096 characters")
        if reply_to is not None and reply_to not in chat.messages:
            raise KeyError(f"no message {reply_to} to reply to in chat {chat_id}")
        if thread is not None and thread not in chat.topics:
            raise KeyError(f"no topic {thread} in chat {chat_id}")
        text = text.strip()
        message = self.post(
            chat, user_id, text=text, entities=detected(text), reply_to=reply_to,
            thread=thread, forwarded_from=forwarded_from,
        )  # fmt: skip
        self._deliver(chat, message, "message")
        return message

    def edit(self, user_id: int, chat_id: int, message_id: int, text: str) -> Message:
        """Change one's own message."""
        chat = self._chat_of(user_id, chat_id)
        message = chat.messages[message_id]
        if message.sender != user_id:
            raise ValueError("people edit their own messages only")
        message.text, message.entities, message.edited = text, detected(text), self.now()
        self._deliver(chat, message, "edited_message")
        return message

    def upload(
        self, user_id: int, chat_id: int, content: bytes, name: str, *, caption: str = ""
    ) -> Message:
        """Send a document."""
        chat = self._chat_of(user_id, chat_id)
        file = self.keep(content, name)
        message = self.post(chat, user_id, text=caption, entities=detected(caption), file=file)
        self._deliver(chat, message, "message")
        return message

    def press(self, user_id: int, chat_id: int, message_id: int, button: str) -> str:
        """Press an inline button, named by its label or its data; the id of the callback query.

        Raises KeyError if the message has no such button now, ValueError if two are called so.
        """
        markup = self.chats[chat_id].messages[message_id].markup or {}
        buttons = [b for row in markup.get("inline_keyboard", []) for b in row]
        meant = {
            b["callback_data"]
            for b in buttons
            if "callback_data" in b and button in (b["callback_data"], b["text"])
        }
        if not meant:
            raise KeyError(f"no button {button!r} under message {message_id} in chat {chat_id}")
        if len(meant) > 1:
            raise ValueError(f"{len(meant)} buttons are called {button!r}: name one by its data")
        return self.forge_press(user_id, chat_id, message_id, meant.pop())

    def forge_press(self, user_id: int, chat_id: int, message_id: int, carried: str) -> str:
        """A callback query with any data, as a stale screen or a tampered client sends it."""
        chat = self._chat_of(user_id, chat_id)
        message = chat.messages[message_id]
        query = Query(
            id=str(len(self.queries) + 1),
            user=user_id,
            chat=chat_id,
            message=message_id,
            at=self.now(),
        )
        self.queries[query.id] = query
        body = {
            "id": query.id,
            "from": self.users[user_id].as_json(),
            "message": self.as_json(message),
            "chat_instance": str(chat_id),
            "data": carried,
        }
        self.updates.push("callback_query", body)
        return query.id

    # Groups

    def add_group(
        self,
        chat_id: int,
        title: str,
        members: Iterable[int],
        *,
        supergroup: bool = False,
        topics: Iterable[int] = (),
    ) -> Chat:
        """A group without our bot, owned by its first member. ``topics``: ids, for supergroups."""
        people = list(members)
        if chat_id >= 0 or chat_id in self.chats:
            raise ValueError(f"group id {chat_id} is taken or not negative")
        chat = Chat(
            id=chat_id, kind="supergroup" if supergroup else "group", title=title,
            owner=self.users[people[0]].id, members=set(people), topics=frozenset(topics),
        )  # fmt: skip
        self.chats[chat_id] = chat
        return chat

    def add_bot(self, chat_id: int, by: int, *, administrator: bool = False) -> None:
        """A member puts our bot into the group."""
        chat = self._chat_of(by, chat_id)
        old, chat.bot_status = chat.bot_status, "administrator" if administrator else "member"
        self._bot_status(chat, self.users[by], old, chat.bot_status)
        self._service(chat, by, {"new_chat_members": [self.bot.as_json()]})

    def remove_bot(self, chat_id: int, by: int) -> None:
        """A member puts our bot out of the group."""
        chat = self._chat_of(by, chat_id)
        old, chat.bot_status = chat.bot_status, "kicked"
        self._bot_status(chat, self.users[by], old, "kicked")

    def join(self, user_id: int, chat_id: int) -> None:
        """Someone joins the group."""
        chat = self.chats[chat_id]
        chat.members.add(user_id)
        self._service(chat, user_id, {"new_chat_members": [self.users[user_id].as_json()]})

    def upgrade(self, chat_id: int) -> Chat:
        """The group becomes a supergroup with another id; the old one only points there."""
        old = self.chats[chat_id]
        if old.kind != "group" or old.moved_to is not None:
            raise ValueError(f"chat {chat_id} is no group that can be upgraded")
        members = [old.owner, *(m for m in old.members if m != old.owner)]
        people = [member for member in members if member is not None]
        new = self.add_group(SUPERGROUP_BASE + chat_id, old.title, people, supergroup=True)
        new.bot_status = old.bot_status
        self._service(old, people[0], {"migrate_to_chat_id": new.id})
        self._service(new, people[0], {"migrate_from_chat_id": old.id})
        old.moved_to = new.id
        return new

    # How the bot hears of it

    def _chat_of(self, user_id: int, chat_id: int) -> Chat:
        """The chat, if this user can act in it now."""
        user, chat = self.users[user_id], self.chats.get(chat_id)
        if user.deactivated:
            raise ValueError(f"user {user_id} is deactivated")
        if chat is None:
            raise KeyError(f"chat {chat_id} does not exist; a private one is opened by start()")
        if chat.moved_to is not None:
            raise ValueError(f"group {chat_id} became {chat.moved_to}")
        if chat.is_group and user_id not in chat.members:
            raise ValueError(f"user {user_id} is not in group {chat_id}")
        if not chat.is_group and (chat_id != user_id or user.blocked):
            raise ValueError(f"user {user_id} cannot write in private chat {chat_id}")
        return chat

    def _deliver(self, chat: Chat, message: Message, kind: str) -> None:
        if self._bot_reads(chat, message):
            self.updates.push(kind, self.as_json(message))

    def _bot_reads(self, chat: Chat, message: Message) -> bool:
        """Privacy mode: in a group only commands for this bot, replies to it, service messages.

        A bare command is for it unless another bot posted last.
        """
        if not chat.bot_present:
            return False
        if not chat.is_group or chat.bot_status == "administrator" or message.service:
            return True
        replied = chat.messages.get(message.reply_to) if message.reply_to else None
        if replied is not None and replied.sender == self.bot.id:
            return True
        if not any(e["type"] == "bot_command" and e["offset"] == 0 for e in message.entities):
            return False
        addressee = message.text.split()[0].partition("@")[2]
        if addressee:
            return addressee.lower() == (self.bot.username or "").lower()
        bots = [m.sender for m in chat.messages.values() if self.users[m.sender].is_bot]
        return not bots or bots[-1] == self.bot.id

    def _service(self, chat: Chat, by: int, service: Json) -> None:
        self._deliver(chat, self.post(chat, by, service=service), "message")

    def _bot_status(self, chat: Chat, by: User, old: BotStatus, new: BotStatus) -> None:
        body = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": int(self.now().timestamp()),
            "old_chat_member": member_json(self.bot, old),
            "new_chat_member": member_json(self.bot, new),
        }
        self.updates.push("my_chat_member", body)
