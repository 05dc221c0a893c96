"""The methods about the bot and its chats: who am I, menus, names, members, files."""

from __future__ import annotations

import json
import re

from telegram.constants import (
    BotCommandLimit,
    BotCommandScopeType,
    BotDescriptionLimit,
    BotNameLimit,
    FileSizeLimit,
)

from bot.rehearsal.botapi.entities import utf16_length
from bot.rehearsal.botapi.errors import bad_request
from bot.rehearsal.botapi.messaging import Outcome
from bot.rehearsal.botapi.model import Chat, Json, member_json
from bot.rehearsal.botapi.parameters import Parameters
from bot.rehearsal.botapi.world import World

COMMAND = re.compile(rf"[a-z0-9_]{{1,{BotCommandLimit.MAX_COMMAND}}}")
SCOPE_FIELDS = {kind.value: {"type"} for kind in BotCommandScopeType} | {
    "chat": {"type", "chat_id"},
    "chat_administrators": {"type", "chat_id"},
    "chat_member": {"type", "chat_id", "user_id"},
}
GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)
ABILITIES = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,  # privacy mode
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}


def get_me(world: World, _: Parameters) -> Outcome:
    return Outcome(result=world.bot.as_json() | ABILITIES)


def delete_webhook(world: World, given: Parameters) -> Outcome:
    if given.get("drop_pending_updates", False):
        world.updates.forget()
    return Outcome()


def get_webhook_info(world: World, _: Parameters) -> Outcome:
    pending = world.updates.pending
    return Outcome(
        result={"url": "", "has_custom_certificate": False, "pending_update_count": pending}
    )


def set_my_commands(world: World, given: Parameters) -> Outcome:
    """The menu of one scope and language; an empty list is refused (deleteMyCommands is meant)."""
    commands, key = given["commands"], _menu_key(world, given)
    if not 1 <= len(commands) <= BotCommandLimit.MAX_COMMAND_NUMBER:
        raise bad_request("BOT_COMMANDS_TOO_MUCH" if commands else "BOT_COMMANDS_EMPTY")
    for command in commands:
        _check_command(command)
    if len({command["command"] for command in commands}) < len(commands):
        raise bad_request("BOT_COMMAND_DUPLICATE")
    world.commands[key] = commands
    return Outcome()


def delete_my_commands(world: World, given: Parameters) -> Outcome:
    world.commands.pop(_menu_key(world, given), None)
    return Outcome()


def get_my_commands(world: World, given: Parameters) -> Outcome:
    return Outcome(result=world.commands.get(_menu_key(world, given), []))


def set_my_name(world: World, given: Parameters) -> Outcome:
    return _describe(world, given, "name", BotNameLimit.MAX_NAME_LENGTH)


def set_my_description(world: World, given: Parameters) -> Outcome:
    return _describe(world, given, "description", BotDescriptionLimit.MAX_DESCRIPTION_LENGTH)


def set_my_short_description(world: World, given: Parameters) -> Outcome:
    most = BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH
    return _describe(world, given, "short_description", most)


def get_chat(world: World, given: Parameters) -> Outcome:
    chat = _readable(world, given["chat_id"])
    full: Json = {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    return Outcome(result=chat.as_json() | full)


def get_chat_member(world: World, given: Parameters) -> Outcome:
    """A user's standing in a group; in a private chat both sides are members."""
    chat = _readable(world, given["chat_id"])
    user = world.users.get(given["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if user is world.bot:
        status: str = chat.bot_status
    elif user.id == chat.owner:
        status = "creator"
    else:
        status = "member" if user.id in chat.members or user.id == chat.id else "left"
    return Outcome(result=member_json(user, status))


def leave_chat(world: World, given: Parameters) -> Outcome:
    chat = world.writable(given["chat_id"])
    if not chat.is_group:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    return Outcome(chat=chat.id)


def get_file(world: World, given: Parameters) -> Outcome:
    """Where to download a file, up to 20 MB."""
    file = world.files.get(given["file_id"])
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > FileSizeLimit.FILESIZE_DOWNLOAD:
        raise bad_request("file is too big")
    return Outcome(
        result={
            "file_id": file.id,
            "file_unique_id": f"unique{file.id}",
            "file_size": len(file.content),
            "file_path": file.path,
        }
    )


def _readable(world: World, chat_id: int | str) -> Chat:
    """A chat the bot may look at: one that it has met, even if it cannot write there now."""
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        raise bad_request("chat not found")
    if chat.is_group:
        return world.writable(chat.id)
    return chat


def _menu_key(world: World, given: Parameters) -> str:
    scope = given.get("scope", {"type": "default"})
    language = given.get("language_code", "")
    if SCOPE_FIELDS.get(str(scope.get("type"))) != set(scope):
        raise bad_request("can't parse BotCommandScope")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    if "chat_id" in scope:
        _readable(world, scope["chat_id"])
    return json.dumps([scope, language], sort_keys=True)


def _check_command(command: Json) -> None:
    if set(command) != {"command", "description"}:
        raise bad_request("can't parse BotCommand: command and description expected")
    if not COMMAND.fullmatch(str(command["command"])):
        raise bad_request("BOT_COMMAND_INVALID")
    length = utf16_length(str(command["description"]))
    if not BotCommandLimit.MIN_DESCRIPTION <= length <= BotCommandLimit.MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def _describe(world: World, given: Parameters, name: str, most: int) -> Outcome:
    value = given.get(name, "")
    if utf16_length(value) > most:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    world.profile[f"{name}:{given.get('language_code', '')}"] = value
    return Outcome()
