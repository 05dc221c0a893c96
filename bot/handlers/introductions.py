"""/intro: the secretary's list and cards, and the own card of a candidate or an introducer."""

from __future__ import annotations

from typing import Any

from bot import college
from bot import path as ways
from bot.actions import introduction_cards
from bot.actions.say import redraw
from bot.compose.introduction_cards import eligible_for
from bot.compose.reading import Reading
from bot.handlers import days
from bot.handlers.introduction_steps import path_at, require_step
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.introduction import Part, missing
from storage.records import PersonId

Args = dict[str, Any]


def intro(turn: Turn) -> None:
    """/intro: a list for a secretary, a card for each way one is on."""
    desk, who = turn.desk, turn.who
    own = ways.open_path(desk, who.id)
    charges = ways.charges_of(desk, who)
    secretary = college.is_secretary(desk.store, who)
    if secretary:
        turn.reply("intro_list")
    if own is not None:
        introduction_cards.show(desk, who, "intro_own", who.id)
    for path in charges:
        introduction_cards.show(desk, who, "intro_mine", path.introduction.student)
    if not (secretary or own or charges):
        raise Refusal("intro_nothing")


def open_card(turn: Turn, args: Args) -> None:
    path_at(turn, args)
    introduction_cards.show(turn.desk, turn.who, "intro_card", PersonId(args["student"]))


def open_probation(turn: Turn, args: Args) -> None:
    turn.reply("intro_probation", student=args["student"])


def ask_step(turn: Turn, args: Args) -> None:
    """A step's button: on which day? A gate that is shut says so at once (B4)."""
    asked = {**args, "for": "intro", "students": [args["student"]]}
    require_step(turn, asked)
    path = path_at(turn, args)
    if args["step"] == "reviewed" and set(missing(path)) - {Part.REVIEWED}:
        raise Refusal("B4", student=args["student"])
    days.ask(turn, "ask_meeting_day" if args["step"] == "meeting" else "ask_step_day", asked)


def basics_filled(turn: Turn, args: Args) -> None:
    ask_step(turn, {"student": args["student"], "step": "basics"})


def pick(turn: Turn, args: Args) -> None:
    """The list on which several candidates are chosen for one step."""
    step = args["step"]
    if not eligible_for(Reading(turn.desk, turn.catalogue, turn.pressed), step):
        raise Refusal("intro_no_candidates")
    turn.reply(PICKERS[step], step=step)


PICKERS = {"begin": "intro_pick_begin", "meeting": "intro_pick_meeting"}


def toggle(turn: Turn, args: Args) -> None:
    """A tap on a name: ✓, the next one takes it away."""
    row = turn.pressed
    picked = list(row.args.get("picked", []))
    (picked.remove if args["student"] in picked else picked.append)(args["student"])
    redraw(turn.desk, row, picked=picked)


def chosen(turn: Turn, args: Args) -> None:
    """选好了: the day that holds for all of them."""
    row = turn.pressed
    students = row.args.get("picked", [])
    if not students:
        raise Refusal("intro_nobody")
    asked = {"for": "intro", "step": args["step"], "students": students, "picker": row.id}
    days.ask(turn, "ask_meeting_day" if args["step"] == "meeting" else "ask_step_day", asked)
