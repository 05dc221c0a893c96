"""Chats and people as the page shows them, as JSON. Reads only."""

from __future__ import annotations

import json

from bot import college
from bot.desk import Desk
from bot.rehearsal.botapi import Message, World
from bot.rehearsal.company import Company
from bot.rehearsal.glance import Json

NEWEST = 80  # messages of a chat that a phone shows


def people(desk: Desk, company: Company) -> list[Json]:
    """Everybody with a phone, by role and then by number, and the branches' groups."""
    today = desk.today()
    shown: list[Json] = []
    for who, phone in company.phones.items():
        person = desk.store.people[who]
        held = college.roles(desk.store, person, today)
        shown.append(
            {
                "id": phone.telegram,
                "name": phone.owner,
                "roles": held,
                "branch": desk.store.branches[person.branch].name,
                "factor": person.number[-4:],
                "group": _group_of(company, phone.telegram),
            }
        )
    return shown


def _group_of(company: Company, telegram: int) -> int | None:
    found = (
        one.id
        for one in company.world.chats.values()
        if one.is_group and telegram in one.members and one.moved_to is None
    )
    return next(found, None)


def chat(world: World, chat_id: int, viewer: int) -> Json:
    """One chat as one of its people sees it. An unopened one has no messages."""
    found = world.chats.get(chat_id)
    shown = world.messages(chat_id)
    return {
        "open": found is not None,
        "title": found.title if found and found.is_group else world.bot.first_name,
        "group": bool(found and found.is_group),
        "blocked": world.users[viewer].blocked,
        "menu": _menu(world, chat_id),
        "messages": [_message(world, one, viewer) for one in shown[-NEWEST:]],
    }


def _menu(world: World, chat_id: int) -> list[Json]:
    kind = "all_private_chats" if chat_id > 0 else "all_group_chats"
    for scope in ({"type": "chat", "chat_id": chat_id}, {"type": kind}, {"type": "default"}):
        menu = world.commands.get(json.dumps([scope, ""], sort_keys=True))
        if menu is not None:
            return menu
    return []


def _message(world: World, one: Message, viewer: int) -> Json:
    rows = (one.markup or {}).get("inline_keyboard", [])
    file = one.file
    return {
        "id": one.id,
        "from": world.users[one.sender].first_name,
        "bot": one.sender == world.bot.id,
        "own": one.sender == viewer,
        "at": one.date.isoformat(),
        "edited": one.edited is not None,
        "silent": one.silent,
        "text": "/start" if one.text.startswith("/start ") else one.text,  # as apps show a link
        "entities": one.entities,
        "reply": one.reply_to,
        "service": bool(one.service),
        "buttons": [
            [{"text": b["text"], "data": b.get("callback_data"), "url": b.get("url")} for b in row]
            for row in rows
        ],
        "file": file
        and {
            "id": file.id,
            "name": file.name,
            "photo": file.kind == "photo",
            "size": file.size,
        },
    }


def counts(world: World) -> dict[str, int]:
    """How many messages of the bot each chat holds: what a phone has not shown yet is unread."""
    return {
        str(one.id): sum(message.sender == world.bot.id for message in one.messages.values())
        for one in world.chats.values()
    }
