"""A step on the way to the meeting whose day is known: recorded, and answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bot import college
from bot import path as ways
from bot.actions import introduce, on_behalf
from bot.actions.own_talks import Owed
from bot.actions.say import redraw, strip
from bot.handlers.turn import Turn
from bot.refusal import Denied, Refusal
from bot.rules.introduction import Introducer, Path
from messages.render import label
from storage.records import Decision, Person, PersonId, RowId, TalkKind

Args = dict[str, Any]
AHEAD = timedelta(days=183)  # a meeting typed without its year lies within half a year


def path_at(turn: Turn, args: Args) -> Path:
    """Return the open way the step is on; refuse where it is over."""
    student = PersonId(args["student"])
    path = ways.open_path(turn.desk, student)
    if path is None:
        raise Refusal("intro_closed", student=student)
    return path


def is_secretary_of(turn: Turn, student: PersonId) -> bool:
    is_own = turn.desk.store.people[student].branch == turn.who.branch
    return is_own and college.is_secretary(turn.desk.store, turn.who)


def require_secretary(turn: Turn, student: PersonId) -> None:
    if not is_secretary_of(turn, student):
        raise Denied("not_allowed")


def place_of(turn: Turn, path: Path, args: Args) -> Introducer:
    """Return the introducer whose step it is: the own, or that of somebody without account (代记)."""
    found = [one for one in path.introducers if one.pairing == args["pairing"]]
    if not found:
        raise Refusal("intro_over")
    is_own = found[0].mentor == turn.who.id
    if not is_own:
        require_secretary(turn, path.introduction.student)
        if college.is_enrolled(turn.desk.store, found[0].mentor):
            raise Denied("not_allowed")
    return found[0]


def require_step(turn: Turn, args: Args) -> None:
    """Refuse whoever the step is not for: the introducer's own, the student's own, else the secretary's."""
    if args["step"] == "opinion":
        place_of(turn, path_at(turn, args), args)
        return
    is_own = args["step"] == "basics" and args["student"] == turn.who.id
    for one in () if is_own else args["students"]:
        require_secretary(turn, one)


def record(turn: Turn, args: Args, day: date) -> None:
    """Record the step that the day was asked for."""
    require_step(turn, args)
    STEPS[args["step"]](turn, args, day)


def _people(turn: Turn, args: Args) -> list[Person]:
    return [turn.desk.store.people[one] for one in args["students"]]


def _begin(turn: Turn, args: Args, day: date) -> None:
    students = _people(turn, args)
    noted = introduce.begin(turn.desk, turn.who, students, day)
    _answer_for_several(turn, args, "intro_begun", day, noted.batch)


def _meeting(turn: Turn, args: Args, day: date) -> None:
    on = _next_such_day(turn, day)
    found = [path_at(turn, {"student": one}) for one in args["students"]]
    noted = introduce.set_meeting(turn.desk, turn.who, found, on)
    _answer_for_several(turn, args, "intro_meeting_set", on, noted.batch)


def _next_such_day(turn: Turn, day: date) -> date:
    """A day typed without its year is read as the last such day; a meeting is meant ahead."""
    if day >= turn.desk.today() or str(day.year) in turn.text or (day.month, day.day) == (2, 29):
        return day
    coming = day.replace(year=day.year + 1)
    return coming if coming - turn.desk.today() <= AHEAD else day


def _answer_for_several(turn: Turn, args: Args, kind: str, day: date, act: int) -> None:
    turn.reply(kind, students=args["students"], day=day.isoformat(), act=act)
    if "picker" in args:
        strip(turn.desk, turn.desk.store.outbox[RowId(args["picker"])])


def _basics(turn: Turn, args: Args, day: date) -> None:
    path = path_at(turn, args)
    student = path.introduction.student
    noted = introduce.fill_basics(turn.desk, turn.who, path, day)
    if student == turn.who.id:
        turn.reply("intro_basics_noted", day=day.isoformat(), act=noted.batch)
    else:
        _note(turn, args, day, noted.batch)


def _talk(turn: Turn, args: Args, day: date) -> None:
    """A talk of two people without account."""
    path = path_at(turn, args)
    one, student = place_of(turn, path, args), path.introduction.student
    if college.is_enrolled(turn.desk.store, student):
        raise Denied("not_allowed")
    owed = Owed(turn.desk.store.pairings[one.pairing], TalkKind.INTRODUCTION)
    why = label(turn.catalogue, "list_not_enrolled")
    noted = on_behalf.record_talk(turn.desk, turn.who, owed, day, why)
    _note(turn, args, day, noted.batch)


def _opinion(turn: Turn, args: Args, day: date) -> None:
    path = path_at(turn, args)
    noted = introduce.write_opinion(turn.desk, turn.who, path, place_of(turn, path, args), day)
    _note(turn, args, day, noted.batch)


def _reviewed(turn: Turn, args: Args, day: date) -> None:
    noted = introduce.record_review(turn.desk, turn.who, path_at(turn, args), day)
    _note(turn, args, day, noted.batch)


def _note(turn: Turn, args: Args, day: date, act: int) -> None:
    turn.reply(
        "intro_step_noted",
        student=args["student"],
        step=args["step"],
        day=day.isoformat(),
        act=act,
    )


STEPS: dict[str, Callable[[Turn, Args, date], None]] = {
    "begin": _begin,
    "meeting": _meeting,
    "basics": _basics,
    "talk": _talk,
    "opinion": _opinion,
    "reviewed": _reviewed,
}

INTRODUCERS_CARD = "intro_mine"


def opinion_written(turn: Turn, args: Args) -> None:
    """意见已写, today: the same message asks for the attitude (T13); a digest keeps its other paragraphs."""
    path = path_at(turn, args)
    one = place_of(turn, path, args)
    if one.written is None:  # an older message may still offer it: what is noted stays as it is
        introduce.write_opinion(turn.desk, turn.who, path, one, turn.said_at.date())
    if one.mentor != turn.who.id:
        return  # the secretary's card follows by itself
    row = turn.row
    if row is not None and row.kind in {"T8", INTRODUCERS_CARD}:
        redraw(turn.desk, row, kind="T13", was=row.kind, student=args["student"])
    else:
        turn.reply("T13", student=args["student"], was=INTRODUCERS_CARD)


def answered(turn: Turn, args: Args) -> None:
    """愿意 or 暂不: the message goes back to what it was."""
    path = path_at(turn, args)
    one = place_of(turn, path, args)
    if one.consent is not args["consent"]:
        why = None if one.mentor == turn.who.id else label(turn.catalogue, "list_not_enrolled")
        introduce.answer(turn.desk, turn.who, path, one, consent=args["consent"], why=why)
    turn.pop("intro_consent_noted")
    if turn.row is not None and turn.row.kind == "T13":
        redraw(turn.desk, turn.row, kind=turn.row.args["was"])


def decided(turn: Turn, args: Args) -> None:
    """接收, 暂缓 or 未通过."""
    path = path_at(turn, args)
    decision = Decision(args["decision"])
    noted = introduce.decide(turn.desk, turn.who, path, decision)
    day = path.meeting and path.meeting.isoformat()
    said = {"student": args["student"], "decision": decision, "day": day}
    turn.reply("intro_decided", **said, act=noted.batch)


def extended(turn: Turn, args: Args) -> None:
    """延长半年 or 延长一年."""
    student = turn.desk.store.people[args["student"]]
    noted = introduce.extend(turn.desk, turn.who, student, args["months"])
    turn.reply("intro_extended", student=student.id, act=noted.batch)
    if turn.row is not None:
        redraw(turn.desk, turn.row)
