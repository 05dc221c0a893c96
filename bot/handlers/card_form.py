"""登记表 on a student's card: one person's form handed out, received, ticked, archived by the secretary."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot import college
from bot.actions import form, form_lists
from bot.actions.form import Pressed
from bot.actions.own_talks import running_term
from bot.actions.say import redraw
from bot.handlers.acting import student_of
from bot.handlers.form_presses import say_pressed
from bot.handlers.stages import ask_day
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules import forms as rules
from bot.rules import talks as talk_rules
from bot.rules.forms import FormAct, Tick, step_of
from storage.records import Person, RowId, TalkState

Args = dict[str, Any]


def opened(turn: Turn, args: Args) -> None:
    """登记表: where it stands, and the steps that may be recorded."""
    turn.reply("act_form", student=_student(turn, args).id)


def _student(turn: Turn, args: Args) -> Person:
    """Return the student, if this round asks for a form and the secretary may record it."""
    student, windows = student_of(turn, args), turn.desk.windows()
    running_term(turn.desk)
    if windows is None or not talk_rules.takes_part(student, windows):
        raise Refusal("act_form_not_asked", student=student.id)
    return student


def step(turn: Turn, args: Args) -> None:
    """A tick is recorded at once; a step that has a day asks for it, archiving first for what is missing."""
    student, meant, row = _student(turn, args), step_of(args["step"]), turn.row
    now = form.current(turn.desk, student, running_term(turn.desk))
    if row is None or not rules.waits_for(now, meant):
        raise Refusal("form_elsewhere", student=student.id, form_state=now.state)
    if isinstance(meant, Tick):
        done = form.press(turn.desk, turn.who, student, meant, turn.desk.today())
        say_pressed(turn, done, student, meant)
        redraw(turn.desk, row)
        form_lists.refresh(turn.desk, turn.who)
    elif meant is FormAct.ARCHIVE and rules.ticks_missing(now) and not row.args.get("asked"):
        say_pressed(turn, Pressed.INCOMPLETE, student, meant)
        redraw(turn.desk, row, asked=True)
    else:
        said = {"student": student.id, "step": meant, "form": row.id}
        ask_day(turn, "ask_form_day", {"for": "act_form", **said})


def day(turn: Turn, args: Args, on: date) -> None:
    """The day of the step is known."""
    student, meant = _student(turn, args), step_of(args["step"])
    act = form.advance(turn.desk, turn.who, student, meant, on)
    redraw(turn.desk, turn.desk.store.outbox[RowId(args["form"])])
    form_lists.refresh(turn.desk, turn.who)
    term = running_term(turn.desk)
    state = college.student_state(turn.desk, student, term, turn.desk.today())
    turn.reply(
        "act_form_noted",
        student=student.id,
        form_state=form.current(turn.desk, student, term).state,
        day=on.isoformat(),
        state=state,
        is_doubtful=meant is FormAct.RECEIVE and state is not TalkState.CONFIRMED,
        act=act.batch,
    )
