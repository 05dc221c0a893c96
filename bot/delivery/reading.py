"""What an update must look like before anybody's words are read from it; anything else is nobody's.

python-telegram-bot takes what it is given: a text may be a list there, a date be missing, and whoever
reads it fails. So the parts that we read are looked at first, here alone (reliability F13).
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from telegram import Update

Number = Annotated[int, Field(gt=-(2**63), lt=2**63)]
Moment = Annotated[
    int, Field(ge=0, lt=2**32)
]  # seconds since the epoch; 0: of a message that is gone
Length = Annotated[int, Field(ge=0, lt=2**31)]  # UTF-16 units, or bytes


class Part(BaseModel):
    """Strict: a truth is no number. What we do not read may be anything."""

    model_config = ConfigDict(strict=True, frozen=True)


class Account(Part):
    id: Annotated[Number, Field(gt=0)]
    is_bot: bool
    first_name: str


class Place(Part):
    id: Number
    type: str


class Reference(Part):
    """A message that another one answers, or whose button was pressed."""

    message_id: Number
    date: Moment
    chat: Place
    message_thread_id: Number | None = None
    is_topic_message: bool | None = None


class Entity(Part):
    type: str
    offset: Length
    length: Length


class File(Part):
    file_id: str
    file_size: Number | None = None


class Message(Reference):
    sender: Account | None = Field(default=None, alias="from")
    text: str | None = None
    entities: list[Entity] | None = None
    reply_to_message: Reference | None = None
    document: File | None = None
    migrate_to_chat_id: Number | None = None
    migrate_from_chat_id: Number | None = None


class Press(Part):
    id: str
    sender: Account = Field(alias="from")
    message: Reference | None = None
    data: str | None = None


class Standing(Part):
    status: str


class Membership(Part):
    chat: Place
    sender: Account = Field(alias="from")
    new_chat_member: Standing


class Shape(Part):
    """One update: something new of one kind, or nothing that was asked for."""

    message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        kinds = (self.message, self.callback_query, self.my_chat_member)
        if sum(kind is not None for kind in kinds) > 1:
            raise ValueError("more than one kind")
        return self


def read(raw: dict[str, Any], bot: Any) -> Update:
    """Return the update. ValidationError, or whatever the library raises: it cannot be read."""
    Shape.model_validate(raw)
    return Update.de_json(raw, bot)
