"""What a press on a form did, as it is said over the press."""

from __future__ import annotations

from typing import Any

from bot import college
from bot.actions import form, gather, signature
from bot.actions.form import Pressed
from bot.actions.own_talks import running_term
from bot.handlers.turn import Turn
from bot.rules import forms as rules
from bot.rules.forms import FormAct, Step, Tick
from storage.records import Form, Person

Args = dict[str, Any]


def say_pressed(turn: Turn, done: Pressed, student: Person, step: Step) -> None:
    """Say over the press what it did."""
    term = running_term(turn.desk)
    now = form.current(turn.desk, student, term)
    about: Args = {"student": student.id}
    match done:
        case Pressed.INCOMPLETE:
            turn.pop("C6", **about, missing=[str(tick) for tick in rules.ticks_missing(now)])
        case Pressed.UNVERIFIED:
            state = college.student_state(turn.desk, student, term, turn.desk.today())
            turn.pop("C5", **about, day=_day(now), state=state)
        case Pressed.BACK if isinstance(step, FormAct):
            turn.pop("form_unticked", **about, form_state=now.state)
        case Pressed.BACK:
            turn.pop("paper_unticked", **about, tick=step)
        case _ if step is Tick.UNSIGNED:
            on = gather.next_gathering(turn.desk).date().isoformat()
            told = signature.to_hear(turn.desk, student)
            turn.pop("paper_unsigned", **about, told=told, day=on)
        case _ if isinstance(step, FormAct):
            turn.pop("form_ticked", **about, form_state=now.state, day=_day(now))
        case _:
            turn.pop("paper_ticked", **about, tick=step)


def _day(form: Form) -> str | None:
    day = rules.last_day(form)
    return None if day is None else day.isoformat()
