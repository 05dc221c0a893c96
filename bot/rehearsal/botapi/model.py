"""What the made-up Telegram holds: users, chats, messages, files; and their looks on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]  # an object of the Bot API as it travels
ChatKind = Literal["private", "group", "supergroup"]
BotStatus = Literal["left", "member", "administrator", "kicked"]
RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
    "can_manage_video_chats", "can_restrict_members", "can_promote_members", "can_change_info",
    "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class User:
    """A person or a bot with an account."""

    id: int
    first_name: str
    username: str | None = None
    is_bot: bool = False
    blocked: bool = False  # has blocked our bot
    deactivated: bool = False

    def as_json(self) -> Json:
        named = {"username": self.username} if self.username else {}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name} | named


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A stored file; ``path`` is what getFile hands out, ``size`` a picture's (width, height)."""

    id: str
    name: str
    path: str
    content: bytes
    kind: Literal["document", "photo"] = "document"
    size: tuple[int, int] = (0, 0)

    def as_json(self) -> Json | list[Json]:
        """A Document, or for a photo its list of one PhotoSize."""
        common = {
            "file_id": self.id,
            "file_unique_id": f"unique{self.id}",
            "file_size": len(self.content),
        }
        if self.kind == "photo":
            return [common | {"width": self.size[0], "height": self.size[1]}]
        return common | {"file_name": self.name}


@dataclass(slots=True, kw_only=True)
class Message:
    """One message as people see it. ``text`` is plain; of a file it is the caption.

    ``date`` and ``edited`` are aware moments of the world's clock. ``service`` holds the fields of
    a service message. ``forwarded_from`` is the user who first wrote it.
    """

    id: int
    chat: int
    sender: int
    date: datetime
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    markup: Json | None = None
    reply_to: int | None = None
    thread: int | None = None
    file: File | None = None
    edited: datetime | None = None
    silent: bool = False
    protected: bool = False
    reaction: str | None = None  # the bot's
    forwarded_from: int | None = None
    service: Json = field(default_factory=dict)

    @property
    def buttons(self) -> tuple[tuple[str, ...], ...]:
        """Labels of the inline buttons, row by row; empty if there are none."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return tuple(tuple(button["text"] for button in row) for row in rows)


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat. A private one has its user's id and exists once the user has opened it.

    ``moved_to`` is the supergroup that a group became. ``topics`` are the ids of a forum's topics.
    """

    id: int
    kind: ChatKind
    title: str = ""
    user: User | None = None
    owner: int | None = None
    members: set[int] = field(default_factory=set)
    topics: frozenset[int] = frozenset()
    bot_status: BotStatus = "left"
    moved_to: int | None = None
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def is_group(self) -> bool:
        return self.kind != "private"

    @property
    def bot_present(self) -> bool:
        return self.bot_status in ("member", "administrator")

    def as_json(self) -> Json:
        if self.user is not None:
            named = {k: v for k, v in self.user.as_json().items() if k != "is_bot"}
            return named | {"type": "private"}
        forum = {"is_forum": True} if self.topics else {}
        return {"id": self.id, "type": self.kind, "title": self.title} | forum


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request of the bot and what people saw of it. ``error``: the refusal's sentence, if any.

    ``text`` is plain. ``to`` is the user who sees the answer to a pressed button, with ``alert``
    as a pop-up.
    """

    at: datetime
    method: str
    chat: int | None = None
    message: int | None = None
    text: str = ""
    buttons: tuple[tuple[str, ...], ...] = ()
    file: str | None = None
    silent: bool = False
    to: int | None = None
    alert: bool = False
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class Query:
    """A pressed button that waits for its answer."""

    id: str
    user: int
    chat: int
    message: int
    at: datetime
    answered: bool = False


def message_json(
    message: Message, chat: Chat, users: Mapping[int, User], *, with_reply: bool = True
) -> Json:
    """A Message on the wire, with the message it replies to, one level deep as with Telegram."""
    body: Json = {
        "message_id": message.id,
        "date": int(message.date.timestamp()),
        "chat": chat.as_json(),
        "from": users[message.sender].as_json(),
    }
    words, marks = ("caption", "caption_entities") if message.file else ("text", "entities")
    replied = chat.messages.get(message.reply_to) if message.reply_to and with_reply else None
    optional = {
        words: message.text,
        marks: message.entities,
        message.file.kind if message.file else "document": message.file and message.file.as_json(),
        "reply_markup": message.markup if message.buttons else None,
        "reply_to_message": replied and message_json(replied, chat, users, with_reply=False),
        "edit_date": message.edited and int(message.edited.timestamp()),
        "has_protected_content": message.protected,
        "message_thread_id": message.thread,
        "is_topic_message": message.thread is not None,
        "forward_origin": message.forwarded_from
        and {
            "type": "user",
            "date": int(message.date.timestamp()),
            "sender_user": users[message.forwarded_from].as_json(),
        },
    }
    return body | {k: v for k, v in optional.items() if v} | message.service


def member_json(user: User, status: str) -> Json:
    """A ChatMember with the fields its status demands."""
    extra: Json = {}
    if status == "administrator":
        extra = dict.fromkeys(RIGHTS, False) | {"can_manage_chat": True}
    elif status == "creator":
        extra = {"is_anonymous": False}
    elif status == "kicked":
        extra = {"until_date": 0}
    return {"user": user.as_json(), "status": status} | extra
