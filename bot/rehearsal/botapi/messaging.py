"""The methods with which a bot speaks: send, edit, delete, answer, react."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram.constants import (
    CallbackQueryLimit,
    ChatAction,
    FileSizeLimit,
    MessageLimit,
    ReactionEmoji,
)

from bot.rehearsal.botapi.entities import Formatted, formatted, utf16_length
from bot.rehearsal.botapi.errors import bad_request
from bot.rehearsal.botapi.markup import inline_only
from bot.rehearsal.botapi.model import Chat, File, Json, Message
from bot.rehearsal.botapi.parameters import Parameters, Upload
from bot.rehearsal.botapi.world import World

QUERY_LIVES = timedelta(seconds=15)  # a button must be answered by then
DELETABLE = timedelta(hours=48)  # Bot API, deleteMessage
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
PNG = b"\x89PNG\r\n\x1a\n"
LONGEST_SIDES = 10_000  # pixels, width and height together (Bot API, sendPhoto)
STEEPEST = 20  # longer side : shorter side (Bot API, sendPhoto)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``result`` goes back to the bot; the rest is what people see of it (see `Exchange`)."""

    result: Any = True
    chat: int | None = None
    message: Message | None = None
    text: str = ""
    to: int | None = None
    alert: bool = False


def send_message(world: World, given: Parameters) -> Outcome:
    chat = world.writable(given["chat_id"])
    return _send(world, chat, given, _words(given))


def send_document(world: World, given: Parameters) -> Outcome:
    chat = world.writable(given["chat_id"])
    caption = _words(given, "caption")
    document = given["document"]
    if isinstance(document, Upload):
        _check_size(document, FileSizeLimit.FILESIZE_UPLOAD)
        document = world.keep(document.content, document.name)
    return _send(world, chat, given, caption, _stored(world, document, "document"))


def send_photo(world: World, given: Parameters) -> Outcome:
    """PNG only: the one kind of picture our bot draws."""
    chat = world.writable(given["chat_id"])
    caption = _words(given, "caption")
    return _send(world, chat, given, caption, _photo(world, given["photo"]))


def edit_message_text(world: World, given: Parameters) -> Outcome:
    chat, message = _own(world, given)
    if message.file is not None:
        raise bad_request("there is no text in the message to edit")
    words, markup = _words(given), inline_only(given.get("reply_markup"))
    if (words.text, words.entities) == (message.text, message.entities):
        _check_modified(message, markup)
    world.gate.admit(chat.id, group=chat.is_group, edit=True)
    message.text, message.entities, message.markup = words.text, words.entities, markup
    message.edited = world.now()
    return Outcome(result=world.as_json(message), message=message)


def edit_message_caption(world: World, given: Parameters) -> Outcome:
    chat, message = _own(world, given)
    if message.file is None:
        raise bad_request("there is no caption in the message to edit")
    return _recaptioned(world, chat, message, given, _words(given, "caption"), message.file)


def edit_message_media(world: World, given: Parameters) -> Outcome:
    """Photos only; a text becomes one too, and its words go unless the new caption says them."""
    chat, message = _own(world, given)
    media = given["media"]
    words = _words(media, "caption")
    return _recaptioned(world, chat, message, given, words, _photo(world, media["media"]))


def _recaptioned(
    world: World, chat: Chat, message: Message, given: Parameters, words: Formatted, file: File
) -> Outcome:
    markup = inline_only(given.get("reply_markup"))
    is_same = message.file is not None and message.file.content == file.content
    if is_same and (words.text, words.entities) == (message.text, message.entities):
        _check_modified(message, markup)
    world.gate.admit(chat.id, group=chat.is_group, edit=True)
    message.text, message.entities, message.markup = words.text, words.entities, markup
    message.file, message.edited = file, world.now()
    return Outcome(result=world.as_json(message), message=message)


def edit_message_reply_markup(world: World, given: Parameters) -> Outcome:
    chat, message = _own(world, given)
    markup = inline_only(given.get("reply_markup"))
    _check_modified(message, markup)
    world.gate.admit(chat.id, group=chat.is_group, edit=True)
    message.markup, message.edited = markup, world.now()
    return Outcome(result=world.as_json(message), message=message)


def delete_message(world: World, given: Parameters) -> Outcome:
    """Own messages and, in private chats, the person's; nothing older than 48 hours."""
    chat = world.writable(given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    foreign = message.sender != world.bot.id and chat.is_group
    if foreign and chat.bot_status != "administrator":
        raise bad_request("message can't be deleted")
    if world.now() - message.date > DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message.id]
    return Outcome(message=message)


def answer_callback_query(world: World, given: Parameters) -> Outcome:
    """Once, and within 15 seconds of the world's clock."""
    query = world.queries.get(given["callback_query_id"])
    text = given.get("text", "")
    if query is None or query.answered or world.now() - query.at > QUERY_LIVES:
        raise bad_request(TOO_OLD)
    if utf16_length(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answered = True
    return Outcome(chat=query.chat, text=text, to=query.user, alert=given.get("show_alert", False))


def send_chat_action(world: World, given: Parameters) -> Outcome:
    chat = world.writable(given["chat_id"])
    if given["action"] not in list(ChatAction):
        raise bad_request("wrong parameter action in request")
    return Outcome(chat=chat.id, text=given["action"])


def set_message_reaction(world: World, given: Parameters) -> Outcome:
    chat = world.writable(given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    reaction = given.get("reaction", [])
    if len(reaction) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    for one in reaction:
        if set(one) != {"type", "emoji"} or one["emoji"] not in list(ReactionEmoji):
            raise bad_request("REACTION_INVALID")
    message.reaction = reaction[0]["emoji"] if reaction else None
    return Outcome(message=message)


def _words(given: Parameters, name: str = "text") -> Formatted:
    """The text or caption as shown. A text must not be empty, neither may be too long."""
    words = formatted(given.get(name, ""), given.get("parse_mode"))
    length = utf16_length(words.text)
    if name == "text" and length < MessageLimit.MIN_TEXT_LENGTH:
        raise bad_request("message text is empty")
    if name == "text" and length > MessageLimit.MAX_TEXT_LENGTH:
        raise bad_request("message is too long")
    if name == "caption" and length > MessageLimit.CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    return words


def _send(
    world: World, chat: Chat, given: Parameters, words: Formatted, file: File | None = None
) -> Outcome:
    """Post what has been judged. The flood limits come last: a refused message does not count."""
    thread = given.get("message_thread_id")
    if thread is not None and thread not in chat.topics:
        raise bad_request("message thread not found")
    reply_to = _reply_target(chat, given.get("reply_parameters"))
    world.gate.admit(chat.id, group=chat.is_group)
    message = world.post(
        chat,
        world.bot.id,
        text=words.text,
        entities=words.entities,
        markup=given.get("reply_markup"),
        reply_to=reply_to,
        thread=thread,
        file=file,
        silent=given.get("disable_notification", False),
        protected=given.get("protect_content", False),
    )
    return Outcome(result=world.as_json(message), message=message)


def _reply_target(chat: Chat, reply: Json | None) -> int | None:
    if reply is None:
        return None
    if reply.get("chat_id", chat.id) != chat.id:
        raise bad_request("replies across chats are not spoken here")
    target = reply.get("message_id")
    if target in chat.messages:
        return int(target)
    if reply.get("allow_sending_without_reply", False):
        return None
    raise bad_request("message to be replied not found")


def _own(world: World, given: Parameters) -> tuple[Chat, Message]:
    """The bot's own message that is to be edited."""
    chat = world.writable(given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != world.bot.id:
        raise bad_request("message can't be edited")
    return chat, message


def _check_modified(message: Message, markup: Json | None) -> None:
    before = (message.markup or {}).get("inline_keyboard", [])
    if before == (markup or {}).get("inline_keyboard", []):
        raise bad_request(NOT_MODIFIED)


def _check_size(upload: Upload, most: int) -> None:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > most:
        raise bad_request("file is too big")


def _stored(world: World, file: File | str, kind: str) -> File:
    """The file itself, or the stored one of that id."""
    found = world.files.get(file) if isinstance(file, str) else file
    if found is None or found.kind != kind:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return found


def _photo(world: World, photo: Upload | str) -> File:
    """The picture that was sent along, kept; or the stored one of that id."""
    if isinstance(photo, str):
        return _stored(world, photo, "photo")
    _check_size(photo, FileSizeLimit.PHOTOSIZE_UPLOAD)
    size = _png_size(photo.content)
    return world.keep(photo.content, photo.name, kind="photo", size=size)


def _png_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header."""
    if not content.startswith(PNG) or len(content) < 24:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", content[16:24])
    steep = max(width, height) > STEEPEST * min(width, height)
    if width + height > LONGEST_SIDES or steep:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
