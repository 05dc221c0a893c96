"""The keeper's lists of forms (组织委员, 书记): /forms, a tap per name, all at once, one date of receipt."""

from __future__ import annotations

from typing import Any

from bot.actions import form, form_lists
from bot.actions.form import Pressed
from bot.actions.own_talks import running_term
from bot.actions.say import redraw
from bot.compose.forms import STEPS, list_day, listed, shown, ticked
from bot.compose.reading import Reading
from bot.handlers import days
from bot.handlers.form_presses import say_pressed
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.forms import FormAct, step_of
from bot.rules.spelling import stands_under
from bot.rules.surnames import is_surname
from bot.rules.typed import Pattern, fold

Args = dict[str, Any]
CARRIED = ("on", "ticked", "asked", "last")  # what a list sent afresh goes on with
_OF = Pattern(r"[a-z]{1,6}|[一-龥]{1,2}")  # a surname, or how its pinyin begins

RECORDED = {
    FormAct.HAND_OUT: "forms_all_handed_out",
    FormAct.ARCHIVE: "forms_archived",
}  # said after all at once; of a tick: papers_all_ticked


def forms(turn: Turn) -> None:
    """/forms: which of the lists."""
    running_term(turn.desk)
    turn.reply("forms_menu")


def open_list(turn: Turn, args: Args) -> None:
    step = step_of(args["step"])
    if not form_lists.forms_at(turn.desk, turn.who, step):
        raise Refusal("forms_nothing")
    form_lists.show(turn.desk, turn.who, step)


def _reading(turn: Turn) -> Reading:
    return Reading(turn.desk, turn.catalogue, turn.pressed)


def pressed_name(turn: Turn, args: Args) -> None:
    """A tap on a name: records the step, or takes it back where the tapped label had its ✓.

    The button carries what had been shown when it was drawn, so that two fast taps are one.
    """
    reading, step = _reading(turn), step_of(args["step"])
    student = turn.desk.store.people[args["student"]]
    if student.branch != turn.who.branch or student.left is not None:
        raise Refusal("forms_nothing")
    asked = reading.row.args.get("asked", [])
    in_list = ticked(reading)
    done = form.press(
        turn.desk,
        turn.who,
        student,
        step,
        list_day(reading),
        ticked=args.get("ticked", False),
        asked=args.get("asked", False),
    )
    say_pressed(turn, done, student, step)
    if done is Pressed.INCOMPLETE:
        redraw(turn.desk, reading.row, asked=sorted({*asked, student.id}))
    else:
        redraw(turn.desk, reading.row, ticked=sorted({*in_list, student.id}), last=student.id)
        form_lists.refresh(turn.desk, turn.who)


def all_at_once(turn: Turn, args: Args) -> None:
    """全部已发, 全部已签, 全部已填, 已齐的全部归档."""
    reading, step = _reading(turn), step_of(args["step"])
    names = [one.id for one in shown(reading)]
    on = list_day(reading)
    done = form_lists.advance_all(turn.desk, turn.who, step, on)
    if not done.count:
        is_left = done.left and step is FormAct.ARCHIVE
        raise Refusal("forms_left" if is_left else "forms_nothing", left=done.left)
    said: Args = {"act": done.act, "count": done.count}
    if isinstance(step, FormAct):
        turn.reply(RECORDED[step], **said, left=done.left, day=on.isoformat())
    else:
        turn.reply("papers_all_ticked", **said, tick=step)
    redraw(turn.desk, reading.row, ticked=names)
    form_lists.refresh(turn.desk, turn.who)


def receipt_day(turn: Turn, _: Args) -> None:
    """收到日期: one date for the list."""
    days.ask(turn, "ask_receipt_day", {"for": "receipt", "list": turn.pressed.id})


def turn_page(turn: Turn, args: Args) -> None:
    redraw(turn.desk, turn.pressed, **args)


def narrowed(turn: Turn) -> bool:
    """张 or z while a list of forms is the live one: only those; False: the text means something else."""
    of = fold(turn.text)
    if not (turn.private and turn.desk.term() and _OF.fullmatch(of)):
        return False
    row = form_lists.newest(turn.desk, turn.who)
    if row is None:
        return False
    there = any(
        stands_under(one.name, of) for one in listed(Reading(turn.desk, turn.catalogue, row))
    )
    if not there and not (len(of) == 1 and (of.isascii() or is_surname(of))):
        return False
    turn.admit("turn")
    if not there:
        raise Refusal("forms_nobody_of", of=of.upper())
    kept = {name: row.args[name] for name in CARRIED if name in row.args}
    form_lists.show(turn.desk, turn.who, STEPS[row.kind], {**kept, "of": of})
    return True
