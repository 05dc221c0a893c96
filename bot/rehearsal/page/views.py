"""What the page shows, as JSON: chats, people, board and timeline. Reads only."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from bot import college
from bot.commands import reading
from bot.desk import Desk
from bot.rehearsal.botapi import Message, World
from bot.rehearsal.company import Company
from bot.rules import reminders
from bot.situation import situation

Json = dict[str, Any]
NEWEST = 80  # messages of a chat that a phone shows
AUDIENCE = {
    "S": "student", "T": "mentor", "C": "committee", "B": "secretary", "O": "office", "G": "group",
}  # fmt: skip


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
                "enrolled": college.is_enrolled(desk.store, who),
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


def cast(desk: Desk, company: Company) -> Json:
    """Who plays the guided tour: a student with one mentor, and who is responsible for them.

    Empty where the roster has nobody like that.
    """
    for who, student in company.students.items():
        if len(student.mentors) != 1 or not college.is_enrolled(desk.store, who):
            continue
        mentor = student.mentors[0]
        branch = desk.store.people[who].branch
        secretaries = [
            one for one in company.secretaries if desk.store.people[one].branch == branch
        ]
        if college.is_enrolled(desk.store, mentor.id) and secretaries:
            return {
                "student": student.phone.telegram,
                "mentor": mentor.phone.telegram,
                "committee": student.keeper.telegram,
                "secretary": company.phones[secretaries[0]].telegram,
                "group": student.group,
            }
    return {}


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
        "file": file and {"id": file.id, "name": file.name, "photo": file.kind == "photo"},
    }


def counts(world: World) -> dict[str, int]:
    """How many messages of the bot each chat holds: what a phone has not shown yet is unread."""
    return {
        str(one.id): sum(message.sender == world.bot.id for message in one.messages.values())
        for one in world.chats.values()
    }


def board(desk: Desk) -> Json:
    """What `yinlu status --json` says."""
    document: Json = reading.status(desk, None).document
    return document


def timeline(desk: Desk, end: datetime) -> list[Json]:
    """Every moment of reminders, sent or planned: {"at", "done", "to": {role: messages}}."""
    term = desk.term()
    moments: defaultdict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for row in desk.store.outbox:
        if row.sent is not None and row.keys and row.reminder:
            minute = row.due.replace(second=0, microsecond=0)
            moments[minute.isoformat(), True][_role(row.keys)] += 1
    if term is not None:
        for one in reminders.plan(situation(desk, term), desk.now(), end):
            if one.at > desk.now():
                moments[one.at.isoformat(), False][_role(one.keys)] += 1
    return [
        {"at": at, "done": done, "to": dict(counted)}
        for (at, done), counted in sorted(moments.items())
    ]


def _role(keys: tuple[str, ...]) -> str:
    """Whom a reminder is for, by its code (policy § 5): `term:kind:recipient:slot`."""
    kind = keys[0].split(":")[1]
    return AUDIENCE.get(kind[0], "office")
