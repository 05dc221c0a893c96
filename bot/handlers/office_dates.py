"""The office's own dates by chat: 日期, 学期, 放假, 调休, 安静时段; shown, confirmed, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

from bot.actions import arrangement, question
from bot.actions import term as terms
from bot.actions.say import redraw, strip
from bot.compose.office_dates import meant
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules import entered
from bot.rules import term as rules
from bot.rules.entered import Entry
from storage.records import ArrangementKind, Row

Args = dict[str, Any]
ENTRY = "dates"  # the action of a question that waits for a date, a span or hours
_ASKING = {
    "term": "ask_dates_term",
    "rest": "ask_dates_rest",
    "work": "ask_dates_work",
    "hours": "ask_dates_hours",
}


def took(turn: Turn) -> bool:
    """Take one of the words with what stands behind it, or the answer to our question; False: neither."""
    entry = _entry(turn) if turn.private else None
    if entry is None:
        return False
    begun = entry.apart and turn.may("dates_ask")
    if not (begun or _is_meant(turn, entry.words)):
        return False
    turn.admit("dates_ask")
    enter(turn, entry)
    return True


def _entry(turn: Turn) -> Entry | None:
    """Return what is entered: by its word, or as the answer to the question for it."""
    entry = entered.read_entry(turn.text)
    asked = question.open_question(turn.desk, turn.who.id)
    if entry is None and asked is not None and asked.action == ENTRY:
        return Entry(asked.args["what"], turn.text, apart=False)
    return entry


def _is_meant(turn: Turn, words: str) -> bool:
    """Whether the words are nothing but dates or hours; a mentor at the office says 放假前谈过了."""
    is_day = entered.read_span(words, turn.desk.today()) is not None
    return is_day or entered.looks_entered(words)


def card(turn: Turn, _: Args) -> None:
    turn.reply("dates_card")


def ask(turn: Turn, args: Args) -> None:
    """A button of the card: the next text is the date, the span or the hours."""
    what = args["what"]
    turn.reply(_ASKING[what])
    question.ask(turn.desk, turn.who.id, ENTRY, {"what": what})


def enter(turn: Turn, entry: Entry) -> None:
    """What was typed behind a word, or as the answer; nothing typed: it is asked for."""
    if entry.what == "card":
        turn.reply("dates_card")
        return
    if not entry.words:
        ask(turn, {"what": entry.what})
        return
    _ENTERED[entry.what](turn, entry.words)
    question.forget(turn.desk, turn.who.id)


def _term(turn: Turn, words: str) -> None:
    day = entered.read_monday(words, turn.desk.today())
    if day is None:
        raise Refusal("dates_unread")
    if rules.refuse_week1(day):
        turn.reply("term_not_monday", day=day.isoformat())
    else:
        _propose(turn, day)


def _propose(turn: Turn, week1: date) -> None:
    terms.require_settable(turn.desk, week1)
    turn.reply("term_preview", week1=week1.isoformat(), instead_of=_present(turn))


def _present(turn: Turn) -> str | None:
    term = turn.desk.term()
    return None if term is None else term.week1.isoformat()


def picked(turn: Turn, args: Args) -> None:
    """One of the Mondays that were offered for another weekday."""
    _propose(turn, date.fromisoformat(args["week1"]))
    if turn.row is not None:
        strip(turn.desk, turn.row)


def _span(kind: ArrangementKind) -> Callable[[Turn, str], None]:
    def propose(turn: Turn, words: str) -> None:
        span = entered.read_span(words, turn.desk.today())
        if span is None:
            raise Refusal("dates_unread")
        args = {"of_kind": kind, "span": [span.first.isoformat(), span.last.isoformat()]}
        arrangement.require_sound(turn.desk, meant(args))
        turn.reply(
            "arrangement_preview",
            guessed=entered.is_year_doubtful(span, turn.desk.today()),
            **args,
        )

    return propose


def _typed_hours(turn: Turn, words: str) -> None:
    read = entered.read_hours(words)
    if read is None:
        raise Refusal("hours_unread")
    closes, opens = read
    _set_hours(turn, opens, closes)


def hours(turn: Turn, args: Args) -> None:
    """One of the choices."""
    _set_hours(turn, time.fromisoformat(args["opens"]), time.fromisoformat(args["closes"]))
    question.forget(turn.desk, turn.who.id)
    strip(turn.desk, turn.pressed)


def _set_hours(turn: Turn, opens: time, closes: time) -> None:
    act = arrangement.set_hours(turn.desk, opens, closes, turn.who.id)
    turn.reply("hours_set", act=act.batch)


_ENTERED: dict[str, Callable[[Turn, str], None]] = {
    "term": _term,
    "rest": _span(ArrangementKind.REST),
    "work": _span(ArrangementKind.WORK),
    "hours": _typed_hours,
}


def confirmed(turn: Turn, _: Args) -> None:
    """确定 under a preview: what it shows holds from now on."""
    row = turn.pressed
    match row.kind:
        case "term_preview":
            _set_term(turn, row)
        case "arrangement_preview":
            _arrange(turn, row)
        case _:  # pressed twice: it has become what came of it
            raise Refusal("stale_button")


def _set_term(turn: Turn, row: Row) -> None:
    if row.args["instead_of"] != _present(turn):
        raise Refusal("dates_stale")
    week1 = date.fromisoformat(row.args["week1"])
    terms.require_settable(turn.desk, week1)
    terms.set_week1(turn.desk, week1, None, turn.who.id)
    redraw(turn.desk, row, kind="term_set")


def _arrange(turn: Turn, row: Row) -> None:
    act = arrangement.enter(turn.desk, meant(dict(row.args)), turn.who.id)
    redraw(turn.desk, row, kind="arrangement_done", arrangement=act.row, act=act.batch)


def given_up(turn: Turn, _: Args) -> None:
    """放弃: the preview makes room for the word that nothing has changed."""
    redraw(turn.desk, turn.pressed, kind="dates_left")


def removed(turn: Turn, args: Args) -> None:
    """删除 beside an entry of the card."""
    act = arrangement.remove(turn.desk, args["arrangement"], turn.who.id)
    redraw(turn.desk, turn.pressed)
    turn.reply("arrangement_removed", arrangement=act.row, act=act.batch)


def completed(turn: Turn, args: Args) -> None:
    """已录完: the year counts as announced."""
    if args["year"] in turn.desk.calendar.announced:
        raise Refusal("year_known", year=args["year"])
    act = arrangement.enter(turn.desk, arrangement.whole_year(args["year"]), turn.who.id)
    redraw(turn.desk, turn.pressed)
    turn.reply("year_complete", arrangement=act.row, act=act.batch)
