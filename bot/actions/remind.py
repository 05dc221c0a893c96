"""The tick: what is due is put on the way, once per key for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.actions import consent, mentor_list
from bot.actions.say import tell
from bot.desk import Desk
from bot.rules import reminders as rules
from bot.rules.moments import next_moment
from bot.rules.reminders import Due
from bot.rules.term import may_send
from bot.situation import situation
from storage.records import BranchId, PersonId, Row

DIGEST = "digest"  # several reminders of one minute in one message


def tick(desk: Desk) -> int:
    """Put everything due on the way; returns how many messages. Call inside a transaction."""
    term, now = desk.term(), desk.now()
    if term is None or not may_send(now, desk.calendar, desk.quiet):
        return 0
    view = situation(desk, term)
    if term.settled is not None and term.settled > now:
        # The clock has been set back: what it leapt over is to come again, and keys know what has gone.
        term = replace(term, settled=None)
    if term.settled is not None:
        claims = [claim for student in view.students for claim in student.claims]
        coming = next_moment(view.timing, term.settled, claims, view.dated)
        if coming is None or coming > now:
            return 0
    found = rules.due(view, now, lambda key: _is_used(desk, key), since=term.settled)
    for one in found:
        _put_on_the_way(desk, one)
    desk.store.terms.put(replace(term, settled=now))
    return len(found)


def _is_used(desk: Desk, key: str) -> bool:
    return bool(desk.store.outbox.count("key", key))


def _put_on_the_way(desk: Desk, due: Due) -> None:
    if due.group:
        _to_group(desk, due)
        return
    to = PersonId(due.to)
    kind = due.kinds[0] if len(due.kinds) == 1 else DIGEST
    args: dict[str, object] = {"until": due.until.isoformat()}
    if kind == DIGEST:
        args["kinds"] = list(due.kinds)
    is_list = kind in mentor_list.LISTS
    if is_list:
        mentor_list.replace_live(desk, to)
        args["talks"] = [talk.id for talk in mentor_list.waiting(desk, to)]
    tell(
        desk,
        to,
        kind,
        args,
        about=due.about,
        keys=due.keys,
        reminder=True,
        live=is_list or kind in consent.ASKING,
    )


def _to_group(desk: Desk, due: Due) -> None:
    branch = desk.store.branches[BranchId(due.to)]
    if branch.chat is None:
        return
    now: datetime = desk.now()
    desk.store.outbox.add(
        Row(
            kind="G1",
            chat=branch.chat,
            to=None,
            args={"branch_id": branch.id, "until": due.until.isoformat()},
            keys=due.keys,
            due=now,
            created=now,
            reminder=True,
            thread=branch.thread,
        )
    )
