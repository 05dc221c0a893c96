"""The lists of forms: a name per student, ✓ in place; C3 is the one of forms to receive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from bot import college
from bot.actions import form, form_lists
from bot.actions.form_lists import LISTS
from bot.compose.presses import PAGE, Press, Rows, in_rows, named, paged
from bot.compose.reading import Reading
from bot.rules import forms as rules
from bot.rules.forms import FormAct, Step, Tick
from bot.rules.spelling import letter, stands_under
from messages import render
from storage.records import Form, FormState, Person

Facts = dict[str, Any] | None

STEPS: dict[str, Step] = {
    **{kind: step for step, kind in LISTS.items()},
    form_lists.OF_MONDAY: FormAct.RECEIVE,
}
LONG = 24  # names from which on a list has letters to leaf through it
LETTERS_PER_ROW = 8
ALL_AT_ONCE: dict[Step, str] = {
    FormAct.HAND_OUT: "all_handed_out",
    FormAct.ARCHIVE: "archive_complete",
    Tick.RECORD: "all_signed",
    Tick.OPINION: "all_written",
}  # nothing of the kind for receiving: each paper is taken by hand
OPENERS = {
    "to_hand_out": FormAct.HAND_OUT,
    "to_receive": FormAct.RECEIVE,
    "to_archive": FormAct.ARCHIVE,
}
TICKS = {"to_sign": Tick.RECORD, "to_mark": Tick.UNSIGNED, "to_write": Tick.OPINION}
MARKS = {"no_signature": Tick.UNSIGNED, "opinion_there": Tick.OPINION}  # of a form just received


def ticked(reading: Reading) -> set[int]:
    """Return who has been ticked in this very list."""
    return set(reading.row.args.get("ticked", []))


def shown(reading: Reading) -> list[Person]:
    """Return whom a list shows now: everyone, or those of the surname or letter asked for."""
    of = reading.row.args.get("of")
    return [one for one in listed(reading) if of is None or stands_under(one.name, of)]


def listed(reading: Reading) -> list[Person]:
    """Return whom a list is about: those who wait for the step, and those ticked in it."""
    waiting = form_lists.forms_at(reading.desk, reading.reader, STEPS[reading.row.kind])
    store = reading.desk.store
    done = [store.people[one] for one in ticked(reading)]
    return sorted({one.id: one for one in [*waiting, *done]}.values(), key=lambda one: one.number)


def list_day(reading: Reading) -> date:
    """Return the one date of the list: today unless it was changed."""
    given = reading.row.args.get("on")
    return date.fromisoformat(given) if given else reading.today


def _form(reading: Reading, student: Person) -> Form:
    return form.current(reading.desk, student, reading.round)


def _list(reading: Reading) -> Facts:
    step = STEPS[reading.row.kind]
    waiting = form_lists.forms_at(reading.desk, reading.reader, step)
    pages = max(1, -(-len(shown(reading)) // PAGE))
    return {
        "day": list_day(reading),
        "on": list_day(reading) if "on" in reading.row.args else None,
        "count": len(waiting),
        "complete": len(form_lists.complete(reading.desk, waiting)),
        "students": reading.listed(one.id for one in waiting),
        "page": min(max(reading.row.args.get("page", 1), 1), pages),
        "pages": pages,
    }


def _menu(reading: Reading) -> Facts:
    return {
        name: len(form_lists.forms_at(reading.desk, reading.reader, step))
        for name, step in OPENERS.items()
    }


def _not_keeper(reading: Reading) -> Facts:
    """Return who keeps the forms; a teachers' branch has none."""
    branch = reading.branch
    is_student_branch = branch in college.student_branches(reading.desk.store)
    return {} if is_student_branch else {"committee": None, "branch": None}


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "forms_menu": _menu,
    "forms_not_allowed": _not_keeper,
    **dict.fromkeys(STEPS, _list),
}


def _list_rows(reading: Reading) -> Rows:
    step = STEPS[reading.row.kind]
    presses = []
    for student in shown(reading):
        label = reading.in_list(student.id).label
        done = rules.has_taken(_form(reading, student), step)
        asked = student.id in reading.row.args.get("asked", [])
        args = {"student": student.id, "step": step, "ticked": done, "asked": asked}
        presses.append(Press(render.tick(label) if done else label, "form_press", args))
    rows, _, _ = paged(reading, presses, reading.row.args.get("page", 1))
    return [*_letters(reading), *rows, *_below(reading, step)]


def _letters(reading: Reading) -> Rows:
    """Return a button per letter over a long list, and the way back from one."""
    everyone, of = listed(reading), reading.row.args.get("of")
    if of is None and len(everyone) <= LONG:
        return []
    letters = sorted({letter(one.name) for one in everyone}) if len(everyone) > LONG else []
    presses = [Press(one.upper(), "turn", {"of": one, "page": 1}) for one in letters]
    rows = in_rows(presses, LETTERS_PER_ROW)
    if of is None:
        return rows
    back = named(reading, "all_names", "turn", {"of": None, "page": 1})
    return [*rows, [replace(back, label=f"{back.label} {of.upper()}")]]


def _below(reading: Reading, step: Step) -> Rows:
    if step is FormAct.RECEIVE:
        return [*_marks(reading), [named(reading, "received_day", "receipt_day", {})]]
    if step is Tick.UNSIGNED:
        return []
    ticks = [opening(reading, TICKS)] if step is FormAct.ARCHIVE else []
    if reading.row.args.get("of") is not None:
        return ticks  # 全部 would be read as: all of these
    return [*ticks, [named(reading, ALL_AT_ONCE[step], "forms_all", {"step": step})]]


def _marks(reading: Reading) -> Rows:
    """Return what may be noted of the paper that was received last in this list."""
    last = reading.row.args.get("last")
    if last is None:
        return []
    now, who = _form(reading, reading.desk.store.people[last]), reading.named(last)
    if now.state is not FormState.RECEIVED:
        return []
    presses = []
    for name, tick in MARKS.items():
        done = rules.has_taken(now, tick)
        if done or rules.waits_for(now, tick):
            label = render.label(reading.catalogue, name, who, ticked=done)
            args = {"student": last, "step": tick, "ticked": done}
            presses.append(Press(label, "form_press", args))
    return [presses]


def opening(reading: Reading, lists: dict[str, Any]) -> list[Press]:
    return [named(reading, name, "forms_list", {"step": step}) for name, step in lists.items()]


def _menu_rows(reading: Reading) -> Rows:
    paper = [named(reading, "print_forms", "print_forms", {})]
    return [opening(reading, OPENERS), opening(reading, TICKS), paper]


BUTTONS: dict[str, Callable[[Reading], Rows]] = {
    "forms_menu": _menu_rows,
    **dict.fromkeys(STEPS, _list_rows),
}
