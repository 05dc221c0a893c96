"""The states of a talk, who may change them, and which mentors a talk is owed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.term import last_day_of_week
from storage.records import Kind, Pairing, Person, Role, Stage, Talk, TalkState, Windows

UNDO_WITHIN: Final = timedelta(minutes=10)  # PRODUCT § 2


class Side(StrEnum):
    """As what somebody acts on a talk. Whether they are that is `bot.access`'s question."""

    STUDENT = "student"
    MENTOR = "mentor"  # of that very pairing
    SECRETARY = "secretary"


class Act(StrEnum):
    """What may be done to a talk."""

    CLAIM = "claim"  # the student: we have talked
    REDATE = "redate"  # the same talk on another day
    CONFIRM = "confirm"  # the mentor: we have, also unasked (/done) or on another day
    DENY = "deny"  # the mentor: not yet
    OBJECT = "object"  # the student, told of /done: we have not
    RECORD_FOR = "record_for"  # the secretary, for whoever does not use Telegram (代记)
    CORRECT = "correct"  # the secretary, with a reason: it was another day
    VOID = "void"  # the secretary, with a reason: it is 未谈 again


_NONE, _CLAIMED = TalkState.NONE, TalkState.CLAIMED
_CONFIRMED, _DISPUTED = TalkState.CONFIRMED, TalkState.DISPUTED

# Who, what: state before → state after. What is missing here is refused.
TRANSITIONS: Final[Mapping[tuple[Side, Act], Mapping[TalkState, TalkState]]] = {
    (Side.STUDENT, Act.CLAIM): {_NONE: _CLAIMED, _DISPUTED: _CLAIMED},
    # S12: another day in answer to the mentor's is a claim of that day, which the mentor answers.
    (Side.STUDENT, Act.REDATE): {_CLAIMED: _CLAIMED, _CONFIRMED: _CLAIMED},
    (Side.STUDENT, Act.OBJECT): {_CONFIRMED: _DISPUTED},
    (Side.MENTOR, Act.CONFIRM): {
        _NONE: _CONFIRMED,
        _CLAIMED: _CONFIRMED,
        _DISPUTED: _CONFIRMED,
    },
    (Side.MENTOR, Act.REDATE): {_CONFIRMED: _CONFIRMED},
    (Side.MENTOR, Act.DENY): {_CLAIMED: _DISPUTED},
    (Side.SECRETARY, Act.RECORD_FOR): {
        _NONE: _CONFIRMED,
        _CLAIMED: _CONFIRMED,
        _DISPUTED: _CONFIRMED,
    },
    # A disputed talk has no day on which both agree: its own people say it anew.
    (Side.SECRETARY, Act.CORRECT): {_CLAIMED: _CLAIMED, _CONFIRMED: _CONFIRMED},
    (Side.SECRETARY, Act.VOID): {_CLAIMED: _NONE, _CONFIRMED: _NONE, _DISPUTED: _NONE},
}

STALE_MONTHS: Final = 7  # A17

# A11: a student with several mentors counts under the first of these that any talk has.
_BEST_FIRST: Final = (_CONFIRMED, _CLAIMED, _DISPUTED, _NONE)


class DayVerdict(StrEnum):
    """Whether a day can be the day of a talk or of a receipt."""

    OK = "ok"
    FUTURE = "future"
    BEFORE_TERM = "before_term"


class Timeliness(StrEnum):
    """A13: marked, never refused."""

    EARLY = "early"  # 提前
    ON_TIME = "on_time"
    LATE = "late"  # 逾期


def after(side: Side, act: Act, state: TalkState) -> TalkState | None:
    """The talk's state once ``side`` has done ``act``, or None: not possible from ``state``."""
    return TRANSITIONS.get((side, act), {}).get(state)


def may_undo(done: datetime, now: datetime) -> bool:
    """Whether an act of that moment may still be taken back by the one who did it.

    That the other side has answered meanwhile also ends it; the caller knows.
    """
    return now - done <= UNDO_WITHIN


def is_open(state: TalkState) -> bool:
    """Whether the student is still to talk: nothing claimed, or disputed (A11)."""
    return state in {TalkState.NONE, TalkState.DISPUTED}


def best_state(talks: Iterable[Talk]) -> TalkState:
    """The state under which a student with these talks counts; NONE without any (A11)."""
    states = {talk.state for talk in talks}
    return next((state for state in _BEST_FIRST if state in states), TalkState.NONE)


def state_in_round(
    in_charge: Iterable[Pairing], talks: Iterable[Talk], *, with_each: bool = False
) -> TalkState:
    """A student's state in a round, from that round's half-year talks of this student.

    ``with_each``: the talk is owed to every mentor in charge (A11, if the office wants it of
    预备党员), so that the student counts under the least of them.

    A confirmed talk counts even if its pairing has ended since; a claim or a dispute with a former
    mentor does not, because nobody is left to answer it.
    """
    current = {pairing.id for pairing in in_charge}
    if with_each and current:
        states = {talk.pairing: talk.state for talk in talks}
        owed = [states.get(one, TalkState.NONE) for one in current]
        return next(state for state in reversed(_BEST_FIRST) if state in owed)
    return best_state(
        talk for talk in talks if talk.state is TalkState.CONFIRMED or talk.pairing in current
    )


def in_force(pairing: Pairing, on: date) -> bool:
    """Whether the pairing has begun and not ended: from ``since`` to the day before ``until``."""
    begun = pairing.since is None or pairing.since <= on
    return begun and (pairing.until is None or on < pairing.until)


def mentors_in_charge(
    student: Person, pairings: Iterable[Pairing], on: date
) -> tuple[Pairing, ...]:
    """The pairings whose mentors answer for the student on that day, in the order given.

    An activist has contacts; a candidate has the introducers as soon as one is in force, contacts
    until then (A24); a probationary member has introducers (A7, R32); a full member nobody.
    """
    current = [one for one in pairings if one.student == student.id and in_force(one, on)]
    contacts = tuple(one for one in current if one.role is Role.CONTACT)
    introducers = tuple(one for one in current if one.role is Role.INTRODUCER)
    return {
        Stage.ACTIVIST: contacts,
        Stage.CANDIDATE: introducers or contacts,
        Stage.PROBATIONARY: introducers,
        Stage.FULL: (),
    }[student.stage]


def day_verdict(day: date, today: date, earliest: date) -> DayVerdict:
    """Whether a talk can have taken place on ``day`` (A13).

    ``earliest`` is Monday of week 1; for an introduction the day the person became a candidate.
    """
    if day > today:
        return DayVerdict.FUTURE
    return DayVerdict.BEFORE_TERM if day < earliest else DayVerdict.OK


def timeliness(day: date, windows: Windows) -> Timeliness:
    """How a talk on ``day`` lies to weeks 2 and 3 (A13)."""
    if day < windows.talk_from:
        return Timeliness.EARLY
    return Timeliness.LATE if day > windows.talk_to else Timeliness.ON_TIME


def is_stale(last: date, today: date) -> bool:
    """Whether the last confirmed talk is seven months old or older (A17): the half-year has passed."""
    months = (today.year - last.year) * 12 + today.month - last.month
    return months - (today.day < last.day) >= STALE_MONTHS


def takes_part(student: Person, windows: Windows) -> bool:
    """Whether the half-year review of this round is asked of the person.

    Not of an activist of after week 4 (A16). Whoever reached a later stage since then was an
    activist before, so only an activist's day of stage counts; an unknown day does not exclude.
    """
    if student.kind is not Kind.STUDENT or student.stage is Stage.FULL or student.left:
        return False
    if student.stage is not Stage.ACTIVIST or student.stage_since is None:
        return True
    return student.stage_since <= last_day_of_week(windows.week1, 4)
