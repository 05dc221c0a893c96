"""毕业名单: whole classes or single people ticked in place, then one day for all of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot import college
from bot.actions import departure
from bot.actions.assigner import branches_of
from bot.actions.say import redraw, strip
from bot.handlers.stages import ask_day
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules.typed import fold
from messages.render import label
from storage.records import BranchId, Ending, Person, PersonId, RowId

Args = dict[str, Any]
WORD = "毕业"


def is_meant(turn: Turn, words: str) -> bool:
    return fold(words) in {WORD, label(turn.catalogue, "graduate_open")}


def graduates(turn: Turn) -> None:
    """/assign 毕业: the list of the own branch; the office chooses one first."""
    own = branches_of(turn.desk, turn.who)
    if len(own) == 1:
        open_list(turn, {"branch_id": own[0].id})
    else:
        turn.reply("graduate_branches", choices=[one.id for one in own])


def open_list(turn: Turn, args: Args) -> None:
    """Show everyone who may be on the list; ``student``: who is ticked to begin with."""
    branch = turn.desk.store.branches[BranchId(args["branch_id"])]
    if not departure.leavers(turn.desk, branch, turn.who):
        raise Refusal("graduate_none_left", branch_id=branch.id)
    picked = [args["student"]] if "student" in args else []
    turn.reply("graduate_pick", branch_id=branch.id, picked=picked, page=1)


def toggle(turn: Turn, args: Args) -> None:
    """A tap on a name or a class: ✓ for all of it; once all of it is ticked, for none."""
    row = turn.pressed
    picked = dict.fromkeys(row.args["picked"])
    if picked.keys() >= set(args["tapped"]):
        kept = [one for one in picked if one not in args["tapped"]]
    else:
        kept = list(picked | dict.fromkeys(args["tapped"]))
    redraw(turn.desk, row, picked=kept)


def turn_page(turn: Turn, args: Args) -> None:
    redraw(turn.desk, turn.pressed, page=args["page"])


def chosen(turn: Turn, _: Args) -> None:
    """选好了: ask for the day that holds for all who are ticked and still here."""
    row = turn.pressed
    branch = turn.desk.store.branches[BranchId(row.args["branch_id"])]
    here = departure.leavers(turn.desk, branch, turn.who)
    students = [one.id for one in here if one.id in row.args["picked"]]
    if not students:
        raise Refusal("graduate_nobody")
    asked = {"for": "graduate", "students": students, "picker": row.id}
    ask_day(turn, "ask_graduation_day", asked)


def leave(turn: Turn, args: Args, day: date) -> None:
    """The day is known: all of them leave in one act, or none."""
    desk = turn.desk
    students = [desk.store.people[PersonId(one)] for one in args["students"]]
    act = departure.leave(desk, students, day, Ending.GRADUATED, turn.who.id)
    said = {"students": args["students"], "day": day.isoformat(), "act": act.batch}
    turn.reply("graduate_done", **said, orphans=_orphans(turn, students))
    strip(desk, desk.store.outbox[RowId(args["picker"])])


def _orphans(turn: Turn, gone: list[Person]) -> list[PersonId]:
    """Return who has nobody any more because a mentor is among those who have gone (R7)."""
    store = turn.desk.store
    led = {
        one.student for mentor in gone for one in store.pairings.where("open_mentor", mentor.id)
    }
    students = (store.people[one] for one in sorted(led))
    return [
        one.id
        for one in students
        if one.left is None and not college.in_charge(store, one, turn.desk.today())
    ]
