"""The buttons on a student's card that move the student on: 改阶段, 转出, 结束."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot import college
from bot.actions import departure, hand_over, question, stage
from bot.actions.say import strip
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.stages import NEXT
from messages.render import label
from storage.records import Deed, Ending, Pairing, Person, PersonId, Stage

Args = dict[str, Any]


def student_at(turn: Turn, args: Args) -> Person:
    """Return the student, if there is still something to decide."""
    student = turn.desk.store.people[PersonId(args["student"])]
    if student.left is not None:
        raise Refusal("leave_gone", students=[student.id])
    return student


def ask_day(turn: Turn, kind: str, args: Args) -> None:
    """Ask for a day; `days` brings the answer back."""
    turn.reply(kind, **args)
    question.ask(turn.desk, turn.who.id, "day", args)


def open_stage(turn: Turn, args: Args) -> None:
    """改阶段: ask since when. Whoever is to be received is received by the meeting (A1, R47)."""
    student = student_at(turn, args)
    if student.stage is Stage.FULL:
        raise Refusal("stage_last", student=student.id)
    if student.stage is Stage.CANDIDATE:
        raise Refusal("stage_by_meeting", student=student.id)
    ask_day(turn, "ask_stage_day", {**args, "for": "stage", "to_stage": NEXT[student.stage].value})


def reach(turn: Turn, args: Args, day: date) -> None:
    """The day is known: the stage is changed, unless it is early and nobody has confirmed that."""
    _reach(turn, args, day, None)


def anyway(turn: Turn, args: Args) -> None:
    """仍要更改: less than the regular time has passed, and a human says so."""
    _reach(turn, args, date.fromisoformat(args["on"]), label(turn.catalogue, "stage_anyway"))
    if turn.row is not None:
        strip(turn.desk, turn.row)


def _reach(turn: Turn, args: Args, day: date, why: str | None) -> None:
    student, to = student_at(turn, args), Stage(args["to_stage"])
    act = stage.change_stage(turn.desk, student, to, day, turn.who.id, why=why)
    facts = {"student": student.id, "to_stage": to.value, "day": day.isoformat()}
    turn.reply("stage_done", **facts, lacking=_lacking(turn, student), act=act.batch)


def open_leave(turn: Turn, args: Args) -> None:
    """转出: ask since when."""
    ask_day(turn, "ask_leave_day", {"student": student_at(turn, args).id, "for": "leave"})


def leave(turn: Turn, args: Args, day: date) -> None:
    """The day is known: the student is off the roster, and the secretary has the record to hand on."""
    student = student_at(turn, args)
    act = departure.leave(turn.desk, [student], day, Ending.LEFT, turn.who.id)
    turn.reply("leave_done", student=student.id, day=day.isoformat(), act=act.batch)
    turn.reply("leave_record", student=student.id)


def _pairing(turn: Turn, args: Args) -> Pairing:
    pairing = turn.desk.store.pairings[args["pairing"]]
    student_at(turn, {"student": pairing.student})
    if pairing.until is not None:
        raise Refusal("pairing_ended")
    return pairing


def open_end(turn: Turn, args: Args) -> None:
    """结束: ask for the reason, which stays on record."""
    pairing = _pairing(turn, args)
    turn.reply("ask_end_reason", pairing=pairing.id, **_pair(pairing))


def end_reason(turn: Turn, args: Args) -> None:
    pairing = _pairing(turn, args)
    asked = {"for": "end", "pairing": pairing.id, "reason": args["reason"], **_pair(pairing)}
    ask_day(turn, "ask_end_day", asked)


def end(turn: Turn, args: Args, day: date) -> None:
    """Reason and day are known: the pairing is over. Who then has nobody is on the list to mend (R7)."""
    pairing = _pairing(turn, args)
    act: Deed = hand_over.end(turn.desk, pairing, Ending(args["reason"]), turn.who.id, day=day)
    student = turn.desk.store.people[pairing.student]
    lacking = _lacking(turn, student)
    turn.reply("end_done", **_pair(pairing), day=day.isoformat(), lacking=lacking, act=act.batch)


def _pair(pairing: Pairing) -> Args:
    return {"student": pairing.student, "mentor": pairing.mentor}


def _lacking(turn: Turn, student: Person) -> bool:
    """Whether nobody answers for the student any more."""
    now = turn.desk.store.people[student.id]
    is_through = now.stage is Stage.FULL
    return not is_through and not college.in_charge(turn.desk.store, now, turn.desk.today())
