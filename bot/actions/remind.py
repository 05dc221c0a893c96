"""The tick: what is due is put on the way, once per key for ever."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions import consent, form_lists, mentor_list
from bot.actions.say import tell
from bot.desk import Desk
from bot.rules import reminders as rules
from bot.rules.reminders import Due
from bot.rules.term import may_send
from bot.standings import standings
from storage.records import BranchId, PersonId, Row, Term

DIGEST = "digest"  # several reminders of one minute in one message


@dataclass(frozen=True, slots=True)
class Wave:
    """All that is due at one moment, sorted; perhaps nothing, which is settled too."""

    at: datetime
    term: Term
    messages: tuple[Due, ...]


def wave(desk: Desk) -> Wave | None:
    """Return what is due now; None: nothing can have become due since what was settled."""
    term, now = desk.term(), desk.now()
    if term is None or not may_send(now, desk.calendar, desk.quiet):
        return None
    held = standings(desk)
    if term.settled is not None and term.settled > now:
        # The clock has been set back: what it leapt over is to come again, and keys know what has gone.
        term = replace(term, settled=None)
    if term.settled is not None:
        coming = held.coming(term.settled)
        if coming is None or coming > now:
            return None
    found = rules.due(held.situation(), now, lambda key: _is_used(desk, key), since=term.settled)
    return Wave(now, term, tuple(found))


def put_on_the_way(desk: Desk, wave: Wave, part: slice) -> bool:
    """Put that part of a wave on the way, and settle all of it with the last. Call inside a transaction.

    False: somebody was told of it meanwhile, another way (who has just enrolled, say); look anew.
    """
    messages = wave.messages[part]
    if any(_is_used(desk, key) for one in messages for key in one.keys):
        return False
    for one in messages:
        _say(desk, one)
    if part.stop >= len(wave.messages):
        desk.store.terms.put(replace(wave.term, settled=wave.at))
    return True


def _is_used(desk: Desk, key: str) -> bool:
    return bool(desk.store.outbox.count("key", key))


def _say(desk: Desk, due: Due) -> None:
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
        live=is_list or kind in consent.ASKING or kind == form_lists.OF_MONDAY,
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
