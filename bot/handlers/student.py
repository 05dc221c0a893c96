"""A student's words and buttons: 已谈话, 还没谈, 约不上老师, 没拿到表, 没有谈."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot import college
from bot.actions import no_form as no_form_action
from bot.actions import obstacle, own_talks, question, talk
from bot.actions.own_talks import Owed, may_redate, of_kinds
from bot.actions.say import redraw
from bot.handlers import days
from bot.handlers.turn import Turn
from bot.refusal import Refusal
from bot.rules import names
from bot.rules import progress as progress_rules
from bot.rules.talks import Side, is_open
from bot.rules.utterance import Intent, Utterance, understand
from storage.records import Pairing, Row, Talk

Args = dict[str, Any]
TALKED = "talked"  # the action of a question that waits for yes or no (S16)


def is_student(turn: Turn) -> bool:
    return turn.person is not None and progress_rules.is_counted(turn.person)


def _in_charge(turn: Turn) -> list[Pairing]:
    found = college.in_charge(turn.desk.store, turn.who, turn.desk.today())
    if not found:
        raise Refusal("no_mentor")
    return list(found)


def open_or_refuse(turn: Turn) -> list[Owed]:
    """Return the student's open talks; refuse with the next step where there is none."""
    found = own_talks.open_talks(turn.desk, turn.who)
    if not found:
        raise talk.already_said(turn.desk, own_talks.owed_in(turn.desk, _in_charge(turn)))
    return found


def talked_button(turn: Turn, args: Args) -> None:
    """已谈话 asks: with whom, if there are two; which talk, if both are open; on which day."""
    found = open_or_refuse(turn)
    said = args.get("said")
    if len(own_talks.pairings_of(found)) > 1:
        _ask_mentor(turn, found, said)
    else:
        _ask_on(turn, found, said)


def _ask_mentor(turn: Turn, found: Sequence[Owed], day: str | None) -> None:
    turn.reply("ask_mentor", **_claim_args(found), **({"day": day} if day else {}))


def _claim_args(found: Sequence[Owed]) -> Args:
    pairings = own_talks.pairings_of(found)
    mentors = [one.mentor for one in pairings]
    return {
        "for": "claim",
        "pairings": [one.id for one in pairings],
        "of": own_talks.kinds_of(found),
        "people": mentors,
        "mentors": mentors,
    }


def claimed(turn: Turn, args: Args) -> list[Owed]:
    """Return the talks that a button or a question is about; refuse where they are not one's own."""
    pairings = [turn.desk.store.pairings[one] for one in args["pairings"]]
    for one in pairings:
        talk.require_side(turn.who, one, Side.STUDENT)
    return of_kinds(own_talks.owed_in(turn.desk, pairings), args.get("of"))


def _ask_on(
    turn: Turn,
    found: Sequence[Owed],
    day: str | None,
    *,
    chosen: bool = False,
    in_place: bool = False,
) -> None:
    """Ask once which talk it was, where both are open; then the day, unless it was said already."""
    asked = {**_claim_args(found), **({"day": day} if day else {})}
    if len(asked["of"]) > 1 and not chosen:
        if in_place and turn.row is not None:
            redraw(turn.desk, turn.row, kind="ask_kind", **asked)
        else:
            turn.reply("ask_kind", **asked)
    elif day:
        days.settle(turn, asked, date.fromisoformat(day))
    else:
        days.ask(turn, "ask_day", asked, in_place=in_place)


def picked_mentor(turn: Turn, args: Args) -> None:
    """Which mentor (or both) is known; which talk and the day are next, unless they are known."""
    found = claimed(turn, args)
    still = [one for one in found if is_open(own_talks.state_at(turn.desk, one))]
    _ask_on(turn, still or found, args.get("day"), in_place=True)


def picked_kind(turn: Turn, args: Args) -> None:
    """半年考察, 入党介绍 or both is known; the day is next, unless it was said already."""
    _ask_on(turn, claimed(turn, args), args.get("day"), chosen=True, in_place=True)


def done(turn: Turn, words: str) -> None:
    """/done, said by a student: the same as 已谈."""
    term = own_talks.running_term(turn.desk)
    said = understand(f"已谈 {words}", turn.said_at.date(), term.week1)
    if said.intent is Intent.TALKED:
        talked_words(turn, said)
    else:
        ask_back(turn)


def talked_words(turn: Turn, said: Utterance) -> None:
    """已谈 in words records the day at once; with two mentors it asks which, unless one was named.

    With a day it also corrects a claim that waits, or what the mentor has recorded.
    """
    if said.day_problem == "impossible":
        raise Refusal("day_impossible")
    found = _spoken_of(turn, said)
    is_clear = len(own_talks.pairings_of(found)) == 1 or said.everyone or bool(said.names_text)
    if not found:
        ask_back(turn, said.day)
    elif said.day_problem == "ambiguous" and is_clear:
        days.ask_again(turn, _claim_args(found), said.day_doubt)
    elif is_clear:
        _ask_on(turn, found, (said.day or turn.said_at.date()).isoformat())
    else:
        is_known = said.day_problem == "none"
        day = said.day or turn.said_at.date()
        _ask_mentor(turn, found, day.isoformat() if is_known else None)


def _spoken_of(turn: Turn, said: Utterance) -> list[Owed]:
    """Return the talks that the words can be about; empty where they name somebody else."""
    is_dated = said.day is not None or said.day_problem == "ambiguous"
    open_ones = own_talks.open_talks(turn.desk, turn.who)
    if not said.names_text and open_ones:
        return open_ones
    meant = own_talks.owed_in(turn.desk, _named(turn, _in_charge(turn), said.names_text))
    redated = own_talks.talks_to_redate(turn.desk, turn.who) if is_dated else []
    able = [*open_ones, *(own_talks.owed_of(turn.desk, one) for one in redated)]
    found = [one for one in meant if one in able]
    if meant and not found:
        raise talk.already_said(turn.desk, meant)
    return found


def _named(turn: Turn, pairings: list[Pairing], words: str) -> list[Pairing]:
    """Narrow to the mentors whom the words name; empty where they name somebody else."""
    if not words:
        return pairings
    by_mentor = {one.mentor: one for one in pairings}
    people = [turn.desk.store.people[mentor] for mentor in by_mentor]
    found = [sought.found.exact for sought in names.find_each(words, people)]
    if any(len(exact) != 1 for exact in found):
        return []
    return [by_mentor[exact[0].id] for exact in found]


def answered_day(turn: Turn, row: Row, said: Utterance) -> None:
    """A date in answer to S10, S12 or S13 is a claim of that date."""
    if said.day_problem == "impossible":
        raise Refusal("day_impossible")
    found = _of_row(turn, row)
    if said.day is None:
        days.ask_again(turn, _claim_args(found), said.day_doubt)
        return
    talk.claim(turn.desk, turn.who, found, said.day)


def _of_row(turn: Turn, row: Row) -> list[Owed]:
    if "pairings" in row.args:
        return claimed(turn, dict(row.args))
    return [own_talks.owed_of(turn.desk, turn.desk.store.talks[row.args["talk"]])]


def only_date(turn: Turn, said: Utterance) -> None:
    """A bare date: with a talk open it is asked whether that was it, else it corrects one."""
    if said.day and own_talks.open_talks(turn.desk, turn.who):
        ask_back(turn, said.day)
    else:
        talked_words(turn, said)


def wrong_day(turn: Turn, row: Row | None) -> None:
    """日期不对, in words: the right day of what was recorded is asked."""
    to_redate = own_talks.talks_to_redate(turn.desk, turn.who)
    found = [own_talks.owed_of(turn.desk, one) for one in to_redate]
    if row is not None and ("talk" in row.args or "pairings" in row.args):
        found = _of_row(turn, row)
    if not found:
        ask_back(turn)
    elif len(own_talks.pairings_of(found)) > 1:
        _ask_mentor(turn, found, None)
    else:
        _ask_right_day(turn, found)


def ask_back(turn: Turn, day: date | None = None) -> None:
    """Unclear words with a talk open are asked back with two buttons (S16)."""
    if not turn.desk.term() or not own_talks.open_talks(turn.desk, turn.who):
        raise Refusal("not_understood")
    asked = {"said": day.isoformat()} if day else {}
    turn.reply("S16", **asked)
    question.ask(turn.desk, turn.who.id, TALKED, asked)


def doubted(turn: Turn, row: Row | None) -> Talk | None:
    """Return the talk whose truth the student may be speaking of (S12); None: there is no such one.

    Without a reply only where nothing else of the student is open.
    """
    if row is not None:
        return turn.desk.store.talks[row.args["talk"]] if row.kind == "S12" else None
    if turn.desk.term() is None or own_talks.open_talks(turn.desk, turn.who):
        return None
    told = own_talks.talks_to_redate(turn.desk, turn.who)
    unasked = [one for one in told if own_talks.is_unasked(turn.desk, one)]
    return unasked[0] if len(told) == len(unasked) == 1 else None


def not_yet(turn: Turn, _: Args) -> None:
    """还没谈: nothing is recorded; who has claimed already is told how to take that back."""
    question.forget(turn.desk, turn.who.id)
    try:
        open_or_refuse(turn)
    except Refusal as refusal:
        if refusal.kind == "already_claimed":
            raise Refusal("claimed_not_talked", **refusal.args_said) from None
        raise
    turn.reply("not_yet_noted")


def cannot_reach(turn: Turn, _: Args) -> None:
    term = own_talks.running_term(turn.desk)
    open_or_refuse(turn)
    question.forget(turn.desk, turn.who.id)
    obstacle.report(turn.desk, turn.who, term)


def no_form(turn: Turn) -> None:
    no_form_action.report(turn.desk, turn.who)


def did_not_talk(turn: Turn, args: Args) -> None:
    """没有谈: objects to what the mentor recorded."""
    talk.object_to(turn.desk, turn.who, turn.desk.store.talks[args["talk"]])


def change_date(turn: Turn, args: Args) -> None:
    """改日期 under S10 (the student's claim) or T11 (the mentor's record)."""
    if "talks" in args:
        days.ask_redate(turn, [turn.desk.store.talks[one] for one in args["talks"]])
    else:
        _ask_right_day(turn, claimed(turn, args))


def _ask_right_day(turn: Turn, found: list[Owed]) -> None:
    told = [own_talks.talk_at(turn.desk, one) for one in found]
    day = next((one.day for one in told if one and one.day), None)
    if day is None:  # taken back meanwhile
        days.ask(turn, "ask_day", _claim_args(found))
    elif any(one and (is_open(one.state) or may_redate(turn.desk, one)) for one in told):
        days.ask(turn, "ask_right_day", {**_claim_args(found), "day": day.isoformat()})
    else:
        raise talk.already_said(turn.desk, found)
