"""The secretary's own buttons (代记, the answers to 约不上老师), and /link."""

from __future__ import annotations

from typing import Any

from bot.actions import link, obstacle, on_behalf, reads
from bot.actions.say import redraw
from bot.handlers import days
from bot.handlers.turn import Turn
from messages.render import label
from storage.records import Answer, Obstacle

Args = dict[str, Any]


def hand_on(turn: Turn, args: Args) -> None:
    """代记: recorded by the secretary for a mentor without account."""
    found = turn.desk.store.talks[args["talk"]]
    on_behalf.record_claim(turn.desk, turn.who, found, label(turn.catalogue, "list_not_enrolled"))
    redraw(turn.desk, turn.pressed)


def _own_obstacle(turn: Turn, args: Args) -> Obstacle:
    found = turn.desk.store.obstacles[args["obstacle"]]
    obstacle.require_open(turn.desk, turn.who, found)
    return found


def arranged(turn: Turn, args: Args) -> None:
    found = _own_obstacle(turn, args)
    obstacle.answer(turn.desk, turn.who, found, Answer.ARRANGED)
    days.answered(turn, found.student)
    redraw(turn.desk, turn.pressed)


def moved(turn: Turn, args: Args) -> None:
    found = _own_obstacle(turn, args)
    asked = {"for": "moved", "obstacle": found.id, "student": found.student}
    days.ask(turn, "ask_moved_day", {**asked, "list": turn.pressed.id})


def replaced(turn: Turn, args: Args) -> None:
    """换人: the student's card, where 更换 names another; the student is told by that change (S17)."""
    found = _own_obstacle(turn, args)
    reads.note(turn.desk, turn.who, "read_card", found.student)
    turn.reply("person_card", student=found.student)


def bind_group(turn: Turn) -> None:
    """/link, in the group, by the branch's secretary."""
    branch = link.bind(turn.desk, turn.who, turn.chat, turn.thread)
    sharing = link.others(turn.desk, branch)
    if sharing:
        turn.reply("link_shared", branch=branch.name, others=sharing)
    else:
        turn.reply("link_bound", branch=branch.name)
