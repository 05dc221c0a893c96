"""One row to one call of the Bot API, and the buttons that stand under a message."""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot import college
from bot import path as ways
from bot.actions.say import EDIT, MENU, POP, STRIP
from bot.compose import Message, Press
from bot.compose.message import facts_of
from bot.compose.reading import Reading
from bot.delivery.easel import Draw
from bot.delivery.workshop import Workshop
from bot.desk import Desk
from messages import render
from messages.catalogue import Catalogue
from storage.records import Button, Row, RowId

log = logging.getLogger(__name__)

BUTTON_LIFE = timedelta(days=60)
SECOND_COPY = "（补发）"

COMMANDS = {
    "student": ("status", "undo", "guide", "mydata", "help"),
    "mentor": ("done", "status", "undo", "guide", "mydata", "help"),
    "committee": ("forms", "status", "export", "undo", "guide", "mydata", "help"),
    "secretary": (
        "status",
        "assign",
        "forms",
        "intro",
        "plan",
        "export",
        "undo",
        "guide",
        "mydata",
        "help",
    ),
    "on_a_way": ("intro",),  # candidates and introducers, between review and branch meeting
    "office": ("status", "assign", "plan", "export", "undo", "guide", "mydata", "help"),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What has become a message of Telegram's."""

    message: int
    picture: bool = False


class Wire:
    """Speaks the Bot API for the outbox."""

    def __init__(self, desk: Desk, catalogue: Catalogue, bot: Bot, draw: Draw) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._bot = bot
        self._workshop = Workshop()
        self._draw = draw

    def keep_buttons(self, row: Row, message: Message) -> None:
        """Store the message's buttons under its row, reusing those that already mean the same."""
        present = self._buttons(row)
        expires = self._desk.now() + BUTTON_LIFE
        for press in (press for line in message.buttons for press in line):
            if _meaning(press.action, press.args) not in present:
                self._desk.store.buttons.add(
                    Button(
                        token=secrets.token_urlsafe(12),
                        row=RowId(row.id),
                        label=press.label,
                        action=press.action,
                        args=press.args,
                        person=row.to,
                        expires=expires,
                    )
                )

    def _buttons(self, row: Row) -> dict[str, Button]:
        found = self._desk.store.buttons.where("row", row.id)
        return {_meaning(one.action, one.args): one for one in found}

    def _keyboard(self, row: Row, message: Message) -> InlineKeyboardMarkup | None:
        if not message.buttons:
            return None
        kept = self._buttons(row)

        def key(press: Press) -> InlineKeyboardButton:
            token = kept[_meaning(press.action, press.args)].token
            return InlineKeyboardButton(press.label, callback_data=token)

        return InlineKeyboardMarkup([[key(press) for press in line] for line in message.buttons])

    async def send(self, row: Row, message: Message | None, *, again: bool) -> Sent | None:
        """Make the call; return the message where there is a new one. Raises telegram.error."""
        if row.kind == POP:
            await self._pop(row)
        elif row.kind == MENU:
            await self._menu(row)
        elif row.kind in {EDIT, STRIP}:
            await self._edit(row, message)
        elif message is not None:
            return await self._new(row, message, SECOND_COPY if again else "")
        return None

    async def _new(self, row: Row, message: Message, mark: str) -> Sent:
        """Send a file or a picture with its words, or the words alone; ``mark`` stands in front."""
        options: dict[str, Any] = {
            "reply_markup": self._keyboard(row, message),
            "disable_notification": row.silent,
            "protect_content": message.protected,
            "message_thread_id": row.thread,
            "reply_parameters": _reply(row),
        }
        text, file = f"{mark}{message.text}", message.file
        if file is not None:
            made = await self._workshop.make(file.make)
            sent = await self._bot.send_document(
                row.chat, made, text, filename=file.name, **options
            )
            return Sent(sent.message_id)
        png = await self._drawn(message)
        if png is not None:
            try:
                words = f"{mark}{message.caption}"
                sent = await self._bot.send_photo(row.chat, png, caption=words, **options)
                return Sent(sent.message_id, picture=True)
            except BadRequest as error:  # whatever it holds against a picture; it did not arrive
                log.warning("the picture of row %s was refused: %s", row.id, error.message)
        return Sent((await self._bot.send_message(row.chat, text, **options)).message_id)

    async def _drawn(self, message: Message) -> bytes | None:
        return None if message.picture is None else await self._draw(message.picture)

    async def _edit(self, row: Row, message: Message | None) -> None:
        edited = self._desk.store.outbox[RowId(row.edits or 0)]
        where: dict[str, Any] = {"chat_id": edited.chat, "message_id": edited.message}
        if message is None:
            await self._bot.edit_message_reply_markup(**where, reply_markup=None)
            return
        where["reply_markup"] = self._keyboard(edited, message)
        if edited.picture:
            await self._edit_picture(message, where)
        else:
            await self._bot.edit_message_text(message.text, **where)

    async def _edit_picture(self, message: Message, where: dict[str, Any]) -> None:
        """A picture never becomes a text again: where there is none, it stays with new words."""
        png, words = await self._drawn(message), message.caption
        if png is None:
            await self._bot.edit_message_caption(caption=words, **where)
            return
        media = InputMediaPhoto(png, caption=words, parse_mode=ParseMode.HTML)
        await self._bot.edit_message_media(media, **where)

    async def _pop(self, row: Row) -> None:
        said = row.args.get("say")
        text = None
        if said:
            facts = facts_of(Reading(self._desk, self._catalogue, row)) or {}
            text = render.plain(render.render(self._catalogue, said, facts).text)
        await self._bot.answer_callback_query(
            row.args["query"], text=text, show_alert=bool(row.args.get("alert"))
        )

    async def _menu(self, row: Row) -> None:
        person = self._desk.store.people[row.to or 0]
        roles = college.roles(self._desk.store, person, self._desk.today()) or ("student",)
        if ways.is_on_one(self._desk, person):
            roles = (*roles, "on_a_way")
        names = dict.fromkeys(name for role in roles for name in COMMANDS[role])
        ordered = [name for name in names if name != "help"] + ["help"]
        words = self._catalogue.commands
        await self._bot.set_my_commands(
            [BotCommand(name, words[name]) for name in ordered], BotCommandScopeChat(row.chat)
        )


def _meaning(action: str, args: Any) -> str:
    return f"{action} {json.dumps(args, sort_keys=True)}"


def _reply(row: Row) -> ReplyParameters | None:
    if row.reply_to is None:
        return None
    return ReplyParameters(row.reply_to, allow_sending_without_reply=True)
