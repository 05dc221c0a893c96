"""A mentor's answers to what students have claimed: 属实, 还没谈, 日期不对, pressed or said."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.actions import mentor_list, own_talks, talk
from bot.handlers import days
from bot.handlers.mentor import note, own_pairing
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from storage.records import Row, Talk, TalkState

Args = dict[str, Any]


def _claimed(turn: Turn, args: Args) -> Talk:
    """Return the claim under the button; refuse where it is another mentor's or no longer waits."""
    found = turn.desk.store.talks[args["talk"]]
    own_pairing(turn, found.pairing)
    if found.state is not TalkState.CLAIMED:
        raise Refusal("already_answered")
    return found


def confirmed(turn: Turn, args: Args) -> None:
    """属实."""
    found = _claimed(turn, args)
    talk.confirm(turn.desk, turn.who, found)
    turn.pop("claim_confirmed", talk=found.id)


def denied(turn: Turn, args: Args) -> None:
    """还没谈, said by the mentor."""
    found = _claimed(turn, args)
    talk.deny(turn.desk, turn.who, found)
    turn.pop("claim_denied", talk=found.id)


def wrong_date(turn: Turn, args: Args) -> None:
    """日期不对: the right day is asked, and confirms at once."""
    days.ask_redate(turn, [_claimed(turn, args)])


def only_claim(turn: Turn) -> Talk:
    """Return the one claim that waits; with several the words do not say which."""
    waiting = mentor_list.waiting(turn.desk, turn.who.id)
    if not waiting:
        raise Refusal("no_claims")
    if len(waiting) > 1:
        raise Refusal("press_one")
    return waiting[0]


def agree(turn: Turn, day: date | None, *, everyone: bool) -> None:
    """属实, in words; a day that stands beside it is the right one."""
    waiting = mentor_list.waiting(turn.desk, turn.who.id)
    if everyone and waiting:
        note(turn, [own_talks.owed_of(turn.desk, one) for one in waiting], day, chosen=True)
        return
    found = only_claim(turn)
    if day is not None and day != found.day:
        redate(turn, [found], day)
        return
    talk.confirm(turn.desk, turn.who, found)
    turn.reply("talk_confirmed", talk=found.id)


def disagree(turn: Turn) -> None:
    """还没谈, in words."""
    found = only_claim(turn)
    talk.deny(turn.desk, turn.who, found)
    turn.reply("talk_denied", talk=found.id)


def recorded_in(turn: Turn, row: Row | None) -> list[Talk]:
    """Return the talks that a date or 日期不对 is about: those of the answered T11 or T12, else the one claim."""
    store = turn.desk.store
    if row is not None and row.kind == "T11":
        return [store.talks[one] for one in row.args["talks"]]
    if row is not None and row.kind == "T12":
        return [store.talks[row.args["talk"]]]
    return [only_claim(turn)]


def redate(turn: Turn, talks: list[Talk], day: date) -> None:
    """The mentor has said the right day of what is recorded."""
    days.settle(turn, {"for": "redate", "talks": [one.id for one in talks]}, day)
