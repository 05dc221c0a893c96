"""/mydata: what is kept about a person, its views, and the wish to have it corrected or erased.

Also the answer to a new version of the notice on it.
"""

from __future__ import annotations

from typing import Any

from bot.actions import notice, question, requests
from bot.actions.say import redraw
from bot.handlers.acting import REASON
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from storage.records import RowId, Wish

Args = dict[str, Any]
VIEWS = ("mydata", "mydata_records", "mydata_traces")


def mydata(turn: Turn) -> None:
    turn.reply(VIEWS[0])


def turn_page(turn: Turn, args: Args) -> None:
    """Another view or another page, in place."""
    row = turn.row
    if row is None or args.get("kind", row.kind) not in VIEWS:
        raise Refusal("stale_button")
    redraw(turn.desk, row, **args)


def correct(turn: Turn, _: Args) -> None:
    _ask(turn, Wish.CORRECT)


def erase(turn: Turn, _: Args) -> None:
    _ask(turn, Wish.ERASE)


def _ask(turn: Turn, wish: Wish) -> None:
    """请求更正, 请求删除: the next text says what, and why."""
    requests.require_none_open(turn.desk, turn.who, wish)
    question.ask(turn.desk, turn.who.id, REASON, {"act": f"data_{wish}"})
    turn.reply("data_ask", wish=wish)


def said(turn: Turn, args: Args, text: str) -> None:
    """The text is there: on to whoever answers."""
    requests.ask(turn.desk, turn.who, Wish(args["act"].removeprefix("data_")), text)


def done(turn: Turn, args: Args) -> None:
    """已处理."""
    found = requests.open_request(turn.desk, turn.who, args["request"])
    requests.answer(turn.desk, turn.who, found, granted=True)
    _redrawn(turn)


def refuse(turn: Turn, args: Args) -> None:
    """不能处理: the next text says why."""
    found = requests.open_request(turn.desk, turn.who, args["request"])
    row = 0 if turn.row is None else turn.row.id
    asked = {"act": "data_refuse", "request": found.id, "row": row}
    question.ask(turn.desk, turn.who.id, REASON, asked)
    turn.reply("data_why_not", student=found.person)


def refused(turn: Turn, args: Args, why: str) -> None:
    found = requests.open_request(turn.desk, turn.who, args["request"])
    requests.answer(turn.desk, turn.who, found, granted=False, reply=why)
    turn.row = turn.desk.store.outbox.get(RowId(args["row"]))
    _redrawn(turn)
    turn.reply("data_refusal_sent", student=found.person)


def agree(turn: Turn, args: Args) -> None:
    """同意 under a new version of the notice."""
    notice.agree(turn.desk, turn.who, args["version"])
    _redrawn(turn)
    turn.pop("notice_agreed")


def _redrawn(turn: Turn) -> None:
    if turn.row is not None:
        redraw(turn.desk, turn.row)
