"""The answer to 收到 张三 李四: what was taken, what was not, and a tap per person who may be meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from bot import college
from bot.actions import form
from bot.compose.forms import opening
from bot.compose.presses import Press, Rows, in_rows, named
from bot.compose.reading import Reading
from bot.rules import forms as rules
from bot.rules.forms import FormAct, Tick
from messages import render
from messages.facts import Named
from storage.records import PersonId, TalkState

MOST_ASKED = 80  # people on one message (Telegram takes 100 buttons)


def _possible(reading: Reading) -> list[PersonId]:
    """Return everyone whom an unclear name may mean, each once."""
    every = (one for asked in reading.row.args["asked"] for one in asked["people"])
    return list(dict.fromkeys(every))[:MOST_ASKED]


def _is_in(reading: Reading, student: PersonId) -> bool:
    return rules.is_in(college.form_state(reading.desk.store, student, reading.round))


def _open_words(reading: Reading) -> Iterator[str]:
    """Yield the names for which nobody has been chosen yet."""
    picked = set(reading.row.args.get("ticked", []))
    for asked in reading.row.args["asked"]:
        if not any(one in picked and _is_in(reading, one) for one in asked["people"]):
            yield asked["words"]


def _receipts(reading: Reading) -> dict[str, Any]:
    args = reading.row.args
    every = [*args["taken"], *args.get("ticked", [])]
    taken = [one for one in dict.fromkeys(every) if _is_in(reading, one)]
    unsure = [one for one in taken if reading.state(one) is not TalkState.CONFIRMED]
    return {
        "day": date.fromisoformat(args["on"]),
        "taken": reading.all_named(taken),
        "unconfirmed": reading.all_named(unsure),
        "already": reading.all_named(args["already"]),
        "left_out": reading.all_named(args["left_out"]),
        "unknown": _as_typed(args["unknown"]),
        "unclear": _as_typed(_open_words(reading)),
        "undoable": bool(args["act"]),
    }


def _as_typed(words: Any) -> list[Named]:
    """Return words that name nobody for certain, as a list of names is said."""
    return [Named(one, "", "classmate") for one in words]


def _rows(reading: Reading) -> Rows:
    presses = []
    for one in _possible(reading):
        student = reading.desk.store.people[one]
        taken = rules.has_taken(
            form.current(reading.desk, student, reading.round), FormAct.RECEIVE
        )
        label = reading.named(one).label
        args = {"student": one, "step": FormAct.RECEIVE, "ticked": taken}
        presses.append(Press(render.tick(label) if taken else label, "form_press", args))
    rows = in_rows(presses)
    if any(_is_in(reading, one) for one in reading.row.args["taken"]):
        rows.append(opening(reading, {"to_mark": Tick.UNSIGNED, "to_write": Tick.OPINION}))
    if reading.row.args["act"]:
        rows.append([named(reading, "undo", "undo", {"act": reading.row.args["act"]})])
    return rows


BUILDERS: dict[str, Callable[[Reading], dict[str, Any]]] = {"receipts": _receipts}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {"receipts": _rows}
