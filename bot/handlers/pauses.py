"""The buttons on a student's card for somebody who is away: 暂停, 恢复."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot import college
from bot.actions import pause
from bot.handlers.stages import ask_day, student_at
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.probation import YEAR, add_months
from storage.records import Away

Args = dict[str, Any]


def open_pause(turn: Turn, args: Args) -> None:
    """暂停: ask why."""
    student = student_at(turn, args)
    running = college.pause_on(turn.desk.store, student.id, turn.desk.today())
    if running is not None:
        until = running.until.isoformat()
        raise Refusal("pause_is_on", student=student.id, last_day=until)
    turn.reply("ask_pause_reason", student=student.id)


def chose_reason(turn: Turn, args: Args) -> None:
    """休学, 交换, 其他: ask for the last day."""
    student = student_at(turn, args)
    asked = {"for": "pause", "student": student.id, "reason": args["reason"]}
    ask_day(turn, "ask_pause_day", asked)


def begin(turn: Turn, args: Args, day: date) -> None:
    """The last day is known: from now on nothing goes to or about the student."""
    student, until = student_at(turn, args), _coming(turn, day)
    act = pause.begin(turn.desk, student, Away(args["reason"]), until, turn.who.id)
    turn.reply("pause_done", student=student.id, last_day=until.isoformat(), act=act.batch)


def _coming(turn: Turn, day: date) -> date:
    """A day typed without its year is read as the last such day; the last day of a pause lies ahead."""
    is_meant_so = day >= turn.desk.today() or str(day.year) in turn.text
    return day if is_meant_so else add_months(day, YEAR)


def resume(turn: Turn, args: Args) -> None:
    """恢复: the pause is over before its last day."""
    student = student_at(turn, args)
    act = pause.end(turn.desk, student, turn.who.id)
    turn.reply("pause_ended", student=student.id, act=act.batch)
