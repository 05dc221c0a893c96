"""A mentor's /done: names, dates, and the list with a tap per student."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot import college
from bot.actions import advice, own_talks, talk, undo
from bot.actions.own_talks import Owed, of_kinds
from bot.actions.say import redraw, strip
from bot.handlers import days, student
from bot.handlers.turn import Turn
from bot.refusal import Denied, Refusal
from bot.rules import dates, names
from storage.records import Pairing, PairingId, TalkKind, TalkState

Args = dict[str, Any]
_EVERYONE = re.compile(r"(?:全部|所有|全体|大家|每个|都)的?(?:人|同学|学生)?都?(?:谈[了过]+)?")


def done(turn: Turn) -> None:
    """/done [name …] [date]: one student directly, several as a list with a tap each."""
    command, *rest = turn.text.split(maxsplit=1) or [""]
    words = rest[0] if rest and command.startswith("/") else ""
    if not charges(turn) and student.is_student(turn):
        student.done(turn, words)
        return
    term = own_talks.running_term(turn.desk)
    record(turn, dates.read_day(words, turn.said_at.date(), term.week1))


def charges(turn: Turn) -> list[Pairing]:
    """Return the pairings in which this person answers for a student."""
    return college.charges(turn.desk.store, turn.who, turn.desk.today())


def record(turn: Turn, read: dates.DayRead, everyone: bool = False) -> None:
    """Record what was typed: the names in it and the day."""
    own = charges(turn)
    if not own:
        raise Refusal("no_students")
    if read.problem == "impossible":
        raise Refusal("day_impossible")
    everyone = everyone or bool(_EVERYONE.fullmatch(read.rest))
    is_named = bool(names.split_names(read.rest)) and not everyone
    found = _named(turn, own, read) if is_named else _unsaid(turn, own)
    if not found:
        return
    pairings = own_talks.pairings_of(found)
    if not turn.private and len(pairings) > 1:
        raise Refusal("group_private")  # aloud, /done takes one clear student (PRODUCT § 4)
    if read.problem == "ambiguous":
        days.ask_again(turn, _done_args(found), read.doubt)
    elif len(pairings) > 1 and not is_named and not everyone:
        _open_list(turn, found, read.day)
    else:
        note(turn, found, read.day)


def _named(turn: Turn, own: list[Pairing], read: dates.DayRead) -> list[Owed]:
    """Return what is owed to those named, or, where it is all said, what there is to correct."""
    found = own_talks.owed_in(turn.desk, _all_named(turn, own, read))
    return _left(turn, found) or found


def _left(turn: Turn, found: Sequence[Owed]) -> list[Owed]:
    """Return those that the mentor has not confirmed yet."""
    states = (own_talks.state_at(turn.desk, one) for one in found)
    return [
        one for one, state in zip(found, states, strict=True) if state is not TalkState.CONFIRMED
    ]


def note(turn: Turn, found: Sequence[Owed], day: date | None, *, chosen: bool = False) -> None:
    """Record the talks as of that day and say so; where both of a student are open, ask once which."""
    is_double = len(found) > len(own_talks.pairings_of(found))
    if is_double and not chosen and turn.private:
        turn.reply("ask_kind", **_done_args(found), **({"day": day.isoformat()} if day else {}))
        return
    if is_double and not chosen:
        raise Refusal("group_private")
    changed = talk.done(turn.desk, turn.who, found, day, turn.said_at.date())
    if not changed:
        raise _already(turn, found)
    days.note_done(turn, changed)


def picked_kind(turn: Turn, args: Args) -> None:
    """半年考察, 入党介绍 or both, of the students that were named."""
    pairings = [own_pairing(turn, one) for one in args["pairings"]]
    found = own_talks.owed_in(turn.desk, pairings)
    meant = of_kinds(found, args["of"])
    day = date.fromisoformat(args["day"]) if "day" in args else None
    note(turn, _left(turn, meant) or meant, day, chosen=True)
    strip(turn.desk, turn.pressed)


def _already(turn: Turn, owed: Sequence[Owed]) -> Refusal:
    found = own_talks.talk_at(turn.desk, owed[0])
    day = (found.day if found else None) or turn.desk.today()
    students = [one.student for one in own_talks.pairings_of(owed)]
    return Refusal("already_done", day=day.isoformat(), people=students)


def _unsaid(turn: Turn, own: Sequence[Pairing]) -> list[Owed]:
    """Return the talks that this mentor has not confirmed yet."""
    left = _left(turn, own_talks.owed_in(turn.desk, own))
    if not left:
        raise Refusal("all_done")
    return left


def _open_list(turn: Turn, found: Sequence[Owed], day: date | None) -> None:
    if not turn.private:
        raise Refusal("group_private")
    on = day or turn.said_at.date()
    talk.check_day(turn.desk, on)
    chosen = {} if day is None else {"chosen": True}
    listed = [[one.pairing.id, one.kind] for one in found]
    turn.reply("done_list", talks_owed=listed, day=on.isoformat(), **chosen)


def _done_args(found: Sequence[Owed]) -> Args:
    pairings = own_talks.pairings_of(found)
    return {
        "for": "done",
        "pairings": [one.id for one in pairings],
        "of": own_talks.kinds_of(found),
        "people": [one.student for one in pairings],
    }


def _all_named(turn: Turn, own: Sequence[Pairing], read: dates.DayRead) -> list[Pairing]:
    """Return the pairings that the names mean. What one name leaves open is asked; the rest goes on."""
    by_student = {one.student: one for one in own}
    people = [turn.desk.store.people[one] for one in by_student]
    found: list[Pairing] = []
    for sought in names.find_each(read.rest, people):
        exact = [by_student[one.id] for one in sought.found.exact]
        if len(exact) == 1:
            found.append(exact[0])
            continue
        if not turn.private:
            raise Refusal("group_private")
        near = exact or [by_student[one.id] for one in sought.found.near]
        _ask_who(turn, sought.words, near, read.day, is_namesake=bool(exact))
    return found


def _ask_who(
    turn: Turn, name: str, near: Sequence[Pairing], day: date | None, *, is_namesake: bool
) -> None:
    if not near:
        turn.reply("name_unknown", name=name)
        return
    turn.reply(
        "ask_which" if is_namesake else "name_near",
        name=name,
        near=[one.student for one in near],
        choices=[one.id for one in near],
        **({"day": day.isoformat()} if day else {}),
    )


def picked_student(turn: Turn, args: Args) -> None:
    """A tap on one of the people whom a name may mean."""
    day = date.fromisoformat(args["day"]) if "day" in args else None
    found = own_talks.owed_in(turn.desk, [own_pairing(turn, args["pairing"])])
    note(turn, _left(turn, found) or found, day)


def none_of_these(turn: Turn, _: Args) -> None:
    _open_list(turn, _unsaid(turn, charges(turn)), None)


def own_pairing(turn: Turn, id: int) -> Pairing:
    """Return the pairing, if the person is its mentor; nobody else confirms a talk (policy § 5.6)."""
    pairing = turn.desk.store.pairings[PairingId(id)]
    if pairing.mentor != turn.who.id or pairing not in charges(turn):
        raise Denied("not_the_mentor", student=pairing.student)
    return pairing


def ticked(turn: Turn, args: Args) -> None:
    """A tap in the /done list records on the list's day, ✓ in place; the next tap takes it back."""
    pairing, row = own_pairing(turn, args["pairing"]), turn.pressed
    owed = Owed(pairing, TalkKind(args["of"]))
    day = date.fromisoformat(row.args["day"])
    found = own_talks.talk_at(turn.desk, owed)
    if found is None or found.state is not TalkState.CONFIRMED:
        # A claim keeps the day that the student named, unless the mentor has chosen another.
        chosen = day if row.args.get("chosen") else None
        (after,) = talk.done(turn.desk, turn.who, [owed], chosen, day)
        on = (after.day or day).isoformat()
        turn.pop("done_list_ticked", student=pairing.student, day=on)
    elif undo.take_back(turn.desk, turn.who, found):
        turn.pop("done_list_unticked", student=pairing.student)
    else:
        raise _already(turn, [owed])
    redraw(turn.desk, row)


def list_day(turn: Turn, _: Args) -> None:
    """改日期 on top of the /done list."""
    row = turn.pressed
    days.ask(turn, "ask_list_day", {"for": "list", "list": row.id})


def advised(turn: Turn, args: Args) -> None:
    """已提出: the contact's opinion on listing has been handed in (R25)."""
    pairing = turn.desk.store.pairings[args["pairing"]]
    act = advice.give(turn.desk, turn.who, pairing)
    if turn.row is not None:
        redraw(turn.desk, turn.row)
    day = turn.desk.today().isoformat()
    turn.reply("advice_done", student=pairing.student, day=day, act=act.batch)
