"""Which day: asked with three buttons, typed, or corrected later; what the day is for travels along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.actions import obstacle, own_talks, question, talk
from bot.actions.say import redraw, strip
from bot.handlers import (
    acting,
    card_form,
    correcting,
    graduation,
    introduction_steps,
    pauses,
    stages,
)
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules import dates
from bot.rules.talks import DayVerdict, Side, day_verdict
from storage.records import Answer, RowId, Talk

Args = dict[str, Any]
DAY = "day"  # the action of a question that waits for a date


def ask(turn: Turn, kind: str, args: Args, *, in_place: bool = False) -> None:
    """Ask for a day; a button or the next text answers."""
    if in_place and turn.row is not None:
        redraw(turn.desk, turn.row, kind=kind, **args)
    else:
        turn.reply(kind, **args)
    question.ask(turn.desk, turn.who.id, DAY, args)


def pressed(turn: Turn, args: Args) -> None:
    """今天, 昨天, 前天 (as of the press), or one of two days offered."""
    ago = args.pop("ago", None)
    today = turn.said_at.date()
    day = date.fromisoformat(args["day"]) if ago is None else today - timedelta(days=ago)
    settle(turn, args, day)


def other(turn: Turn, args: Args) -> None:
    """其他日期: the next text is the date."""
    ask(turn, "ask_day_typed", {key: args[key] for key in args if key != "day"})


def typed(turn: Turn, args: Args, read: dates.DayRead) -> None:
    """A date that was typed: certain, impossible, or one of two."""
    if read.problem == "impossible":
        raise not_read(args, "day_impossible")
    if read.problem == "ambiguous" or read.day is None:
        ask_again(turn, args, read.doubt)
        return
    settle(turn, args, read.day)


def not_read(args: Mapping[str, Any], why: str = "day_unread") -> Refusal:
    """Return what to answer to no day; the example is a day that the question could mean."""
    return Refusal("pause_day_unread" if args["for"] == "pause" else why)


def ask_again(turn: Turn, args: Args, doubt: tuple[date, ...]) -> None:
    if not doubt:
        raise not_read(args)
    asked = {key: value for key, value in args.items() if key not in {"day", "days"}}
    ask(turn, "day_unclear", {**asked, "days": [one.isoformat() for one in doubt]})


def settle(turn: Turn, args: Args, day: date) -> None:
    """The day is known: do what it was asked for."""
    turn.admit(f"day_{args['for']}", args)
    question.forget(turn.desk, turn.who.id)  # before another may be asked
    PURPOSES[args["for"]](turn, args, day)
    if turn.row is not None and turn.row.kind in ASKING:
        strip(turn.desk, turn.row)


ASKING = frozenset(
    {
        "ask_mentor",
        "ask_kind",
        "ask_day",
        "ask_right_day",
        "ask_day_typed",
        "ask_list_day",
        "ask_receipt_day",
        "ask_step_day",
        "ask_stage_day",
        "ask_leave_day",
        "ask_graduation_day",
        "ask_end_day",
        "ask_act_day",
        "ask_form_day",
        "ask_right_form_day",
        "ask_pause_day",
        "day_unclear",
    }
)


def _owed(turn: Turn, args: Args) -> list[own_talks.Owed]:
    pairings = [turn.desk.store.pairings[one] for one in args["pairings"]]
    return own_talks.of_kinds(own_talks.owed_in(turn.desk, pairings), args.get("of"))


def _claim(turn: Turn, args: Args, day: date) -> None:
    talk.claim(turn.desk, turn.who, _owed(turn, args), day)


def _done(turn: Turn, args: Args, day: date) -> None:
    changed = talk.done(turn.desk, turn.who, _owed(turn, args), day, day)
    if not changed:
        raise Refusal("already_done", day=day.isoformat(), people=args["people"])
    note_done(turn, changed)


def note_done(turn: Turn, talks: Iterable[Talk]) -> None:
    """Say what the mentor has recorded: one T11 per day, because claims keep their own."""
    by_day: dict[date | None, list[Talk]] = {}
    for one in talks:
        by_day.setdefault(one.day, []).append(one)
    for same_day in by_day.values():
        written = turn.desk.store.deeds.where("row", ("talks", same_day[0].id))
        turn.reply("T11", talks=[one.id for one in same_day], act=written[-1].batch)


def ask_redate(turn: Turn, talks: Sequence[Talk]) -> None:
    """Ask a mentor for the right day of what is recorded."""
    for one in talks:
        talk.require_side(turn.who, turn.desk.store.pairings[one.pairing], Side.MENTOR)
    day = talks[0].day
    if day is None:  # taken back meanwhile
        raise Refusal("already_answered")
    students = [turn.desk.store.pairings[one.pairing].student for one in talks]
    ids = [one.id for one in talks]
    asked = {"for": "redate", "talks": ids, "people": students, "day": day.isoformat()}
    ask(turn, "ask_right_day", asked)


def _redate(turn: Turn, args: Args, day: date) -> None:
    for one in args["talks"]:
        talk.confirm(turn.desk, turn.who, turn.desk.store.talks[one], day)
    note_done(turn, [turn.desk.store.talks[one] for one in args["talks"]])


def _list_day(turn: Turn, args: Args, day: date) -> None:
    """The one date on top of a /done list; the taps that follow use it."""
    talk.check_day(turn.desk, day)
    listed = turn.desk.store.outbox[RowId(args["list"])]
    redraw(turn.desk, listed, day=day.isoformat(), chosen=True)
    turn.reply("done_list_day", day=day.isoformat())


def _receipt_day(turn: Turn, args: Args, day: date) -> None:
    if day_verdict(day, turn.desk.today(), day) is DayVerdict.FUTURE:
        raise Refusal("receipt_future")
    redraw(turn.desk, turn.desk.store.outbox[RowId(args["list"])], on=day.isoformat())
    turn.reply("receipt_day_set", day=day.isoformat())


def _moved(turn: Turn, args: Args, day: date) -> None:
    found = turn.desk.store.obstacles[args["obstacle"]]
    obstacle.answer(turn.desk, turn.who, found, Answer.MOVED, day)
    answered(turn, found.student)


def answered(turn: Turn, student: Any) -> None:
    """Tell the secretary what came of an answer, and bring the list up to date."""
    enrolled = turn.desk.store.accounts.one("person", student) is not None
    turn.reply("obstacle_answered", student=student, told=enrolled)


# What a day is for; `access.TABLE` says who may: each is an action of the name after ``day_``.
PURPOSES: dict[str, Callable[[Turn, Args, date], None]] = {
    "claim": _claim,
    "done": _done,
    "redate": _redate,
    "list": _list_day,
    "receipt": _receipt_day,
    "moved": _moved,
    "intro": introduction_steps.record,
    "stage": stages.reach,
    "leave": stages.leave,
    "graduate": graduation.leave,
    "end": stages.end,
    "proxy_talk": acting.talk_day,
    "act_form": card_form.day,
    "redate_talk": correcting.talk_day,
    "redate_form": correcting.form_day,
    "pause": pauses.begin,
}
