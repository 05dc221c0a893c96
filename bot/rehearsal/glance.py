"""A glance at the bot's book: what the page shows all the time, and what people have done there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from bot import college
from bot.commands import reading
from bot.desk import Desk
from bot.rehearsal.ledger import Ledger
from bot.rules import reminders
from bot.situation import situation
from storage.records import FormState, PersonId, TalkState

KIND = re.compile(r"[STCBOG]\d+")
Json = dict[str, Any]
AUDIENCE = {
    "S": "student", "T": "mentor", "C": "committee", "B": "secretary", "O": "office", "G": "group",
}  # fmt: skip


def glance(desk: Desk, end: datetime) -> Json:
    """Board, timeline up to ``end``, and for `follow_book` accounts, talks and forms."""
    term = desk.term()
    return {
        "board": reading.status(desk, None).document,  # what `yinlu status --json` says
        "timeline": timeline(desk, end),
        "accounts": [(one.person, one.telegram) for one in desk.store.accounts],
        "talks": [] if term is None else [
            (one.student, one.mentor, college.talk_state(desk.store, one, term))
            for one in desk.store.pairings
        ],
        "forms": [] if term is None else [
            (one.id, college.form_state(desk.store, one.id, term))
            for branch in college.student_branches(desk.store)
            for one in college.students(desk.store, branch.id)
        ],
    }  # fmt: skip


def follow_book(seen: Json, ledger: Ledger) -> None:
    """Whoever acts at the page writes no ledger: take over what the bot has noted."""
    for student, mentor, state in seen["talks"]:
        ledger.set_talk(PersonId(student), PersonId(mentor), TalkState(state))
    for student, state in seen["forms"]:
        ledger.forms[PersonId(student)] = FormState(state)
    ledger.enrolled.update(PersonId(person) for person, _ in seen["accounts"])


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
    """Whom a reminder is for, by its code (policy § 5), which stands in every key."""
    kind = next((part for part in keys[0].split(":") if KIND.fullmatch(part)), "O")
    return AUDIENCE[kind[0]]
