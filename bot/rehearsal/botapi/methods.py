"""The one table of methods this server speaks; any other is 404, as with Telegram."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.rehearsal.botapi import messaging, profile
from bot.rehearsal.botapi import parameters as read
from bot.rehearsal.botapi.errors import NOT_FOUND, RefusedError
from bot.rehearsal.botapi.model import Exchange, Json
from bot.rehearsal.botapi.parameters import Parameters, Reader, Request, read_parameters
from bot.rehearsal.botapi.world import World


@dataclass(frozen=True, slots=True)
class Method:
    """What a method does, how its parameters are read, and which of them it needs."""

    call: Callable[[World, Parameters], messaging.Outcome]
    readers: Mapping[str, Reader] = field(default_factory=dict)
    required: tuple[str, ...] = ()


PREVIEW = read.record(
    "is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"
)
SENDING: dict[str, Reader] = {
    "chat_id": read.chat_id,
    "message_thread_id": read.integer,
    "parse_mode": read.text,
    "disable_notification": read.boolean,
    "protect_content": read.boolean,
    "reply_parameters": read.record(
        "message_id", "chat_id", "allow_sending_without_reply", "quote_parse_mode"
    ),
    "reply_markup": read.markup,
}
EDITING: dict[str, Reader] = {
    "chat_id": read.chat_id,
    "message_id": read.integer,
    "reply_markup": read.markup,
}
MENU: dict[str, Reader] = {
    "scope": read.record("type", "chat_id", "user_id"),
    "language_code": read.text,
}
POLLING: dict[str, Reader] = {
    "offset": read.integer,
    "limit": read.integer,
    "timeout": read.integer,
    "allowed_updates": read.texts,
}
ONE_MESSAGE = ("chat_id", "message_id")

METHODS: dict[str, Method] = {
    "getMe": Method(profile.get_me),
    "deleteWebhook": Method(profile.delete_webhook, {"drop_pending_updates": read.boolean}),
    "getWebhookInfo": Method(profile.get_webhook_info),
    "sendMessage": Method(
        messaging.send_message,
        SENDING | {"text": read.text, "link_preview_options": PREVIEW},
        ("chat_id", "text"),
    ),
    "sendDocument": Method(
        messaging.send_document,
        SENDING
        | {
            "document": read.file,
            "caption": read.text,
            "disable_content_type_detection": read.boolean,
        },
        ("chat_id", "document"),
    ),
    "sendPhoto": Method(
        messaging.send_photo,
        SENDING | {"photo": read.file, "caption": read.text},
        ("chat_id", "photo"),
    ),
    "editMessageText": Method(
        messaging.edit_message_text,
        EDITING | {"text": read.text, "parse_mode": read.text, "link_preview_options": PREVIEW},
        (*ONE_MESSAGE, "text"),
    ),
    "editMessageCaption": Method(
        messaging.edit_message_caption,
        EDITING | {"caption": read.text, "parse_mode": read.text},
        ONE_MESSAGE,
    ),
    "editMessageMedia": Method(
        messaging.edit_message_media,
        EDITING | {"media": read.input_photo},
        (*ONE_MESSAGE, "media"),
    ),
    # The real server ignores what it does not know, and this is where python-telegram-bot says
    # something unknown: a default parse mode goes with every edit.
    "editMessageReplyMarkup": Method(
        messaging.edit_message_reply_markup, EDITING | {"parse_mode": read.text}, ONE_MESSAGE
    ),
    "deleteMessage": Method(
        messaging.delete_message,
        {"chat_id": read.chat_id, "message_id": read.integer},
        ONE_MESSAGE,
    ),
    "answerCallbackQuery": Method(
        messaging.answer_callback_query,
        {
            "callback_query_id": read.text,
            "text": read.text,
            "show_alert": read.boolean,
            "cache_time": read.integer,
        },
        ("callback_query_id",),
    ),
    "sendChatAction": Method(
        messaging.send_chat_action,
        {"chat_id": read.chat_id, "action": read.text, "message_thread_id": read.integer},
        ("chat_id", "action"),
    ),
    "setMessageReaction": Method(
        messaging.set_message_reaction,
        {
            "chat_id": read.chat_id,
            "message_id": read.integer,
            "reaction": read.objects,
            "is_big": read.boolean,
        },
        ONE_MESSAGE,
    ),
    "setMyCommands": Method(
        profile.set_my_commands, MENU | {"commands": read.objects}, ("commands",)
    ),
    "deleteMyCommands": Method(profile.delete_my_commands, MENU),
    "getMyCommands": Method(profile.get_my_commands, MENU),
    "setMyName": Method(profile.set_my_name, {"name": read.text, "language_code": read.text}),
    "setMyDescription": Method(
        profile.set_my_description, {"description": read.text, "language_code": read.text}
    ),
    "setMyShortDescription": Method(
        profile.set_my_short_description,
        {"short_description": read.text, "language_code": read.text},
    ),
    "getChat": Method(profile.get_chat, {"chat_id": read.chat_id}, ("chat_id",)),
    "getChatMember": Method(
        profile.get_chat_member,
        {"chat_id": read.chat_id, "user_id": read.integer},
        ("chat_id", "user_id"),
    ),
    "leaveChat": Method(profile.leave_chat, {"chat_id": read.chat_id}, ("chat_id",)),
    "getFile": Method(profile.get_file, {"file_id": read.text}, ("file_id",)),
}


def perform(world: World, name: str, request: Request) -> object:
    """Do what the bot asks and write it down; the ``result`` for it. Raises `RefusedError`.

    Without an await: a request is accepted whole or not at all.
    """
    method = METHODS.get(name)
    if method is None:
        raise RefusedError(*NOT_FOUND)
    try:
        outcome = method.call(world, read_parameters(method.readers, method.required, request))
    except RefusedError as refusal:
        chat = str(request.fields.get("chat_id", ""))
        known = int(chat) if chat.lstrip("-").isdecimal() else None
        world.record(Exchange(at=world.now(), method=name, chat=known, error=refusal.description))
        raise
    world.record(_exchange(world, name, outcome))
    return outcome.result


async def poll(world: World, request: Request) -> list[Json]:
    """getUpdates; the only method that waits. Raises `RefusedError`."""
    return await world.updates.get(**read_parameters(POLLING, (), request))


def _exchange(world: World, name: str, outcome: messaging.Outcome) -> Exchange:
    message = outcome.message
    if message is None:
        return Exchange(
            at=world.now(), method=name, chat=outcome.chat, text=outcome.text,
            to=outcome.to, alert=outcome.alert,
        )  # fmt: skip
    return Exchange(
        at=world.now(),
        method=name,
        chat=message.chat,
        message=message.id,
        text=message.text,
        buttons=message.buttons,
        file=message.file.name if message.file else None,
        silent=message.silent,
    )
