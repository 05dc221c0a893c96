"""Where the pairings of a branch fall short: what the secretary mends or keeps an eye on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from bot.rules.eligibility import MOST, Held, lacks_teacher
from bot.rules.talks import is_stale
from storage.records import Person, PersonId, Role, Stage, TalkState


class Shortfall(StrEnum):
    """What is said of one student; only the first two are against the rules."""

    NO_MENTOR = "no_mentor"  # R7
    FEW_INTRODUCERS = "few_introducers"  # R11
    ONE_CONTACT = "one_contact"  # R10 allows it
    NO_TEACHER = "no_teacher"  # R2, A8
    STALE_TALK = "stale_talk"  # A17


def shortfalls(
    student: Person, answering: Sequence[Held], last_talk: date | None, today: date
) -> tuple[Shortfall, ...]:
    """Return what falls short for the student, perhaps nothing.

    ``answering`` are the mentors in charge (`bot.rules.talks.mentors_in_charge`); ``last_talk`` is
    the day of the last confirmed talk, None: there has been none yet, which is no stale one.
    """
    if answering:
        introducers = sum(one.role is Role.INTRODUCER for one in answering)
        is_activist = student.stage is Stage.ACTIVIST
        found = {
            Shortfall.FEW_INTRODUCERS: not is_activist and introducers < MOST,
            Shortfall.ONE_CONTACT: is_activist and len(answering) == 1,
            Shortfall.NO_TEACHER: lacks_teacher(one.mentor for one in answering),
        }
    else:
        found = {Shortfall.NO_MENTOR: True}
    found[Shortfall.STALE_TALK] = last_talk is not None and is_stale(last_talk, today)
    return tuple(one for one, is_so in found.items() if is_so)


def silent(talks: Iterable[tuple[PersonId, TalkState]]) -> tuple[PersonId, ...]:
    """Return the mentors none of whose talks is confirmed, in the order in which they come (R20).

    ``talks``: a mentor and the state of the talk in the round, once for each student.
    """
    has_talked: dict[PersonId, bool] = {}
    for mentor, state in talks:
        has_talked[mentor] = has_talked.get(mentor, False) or state is TalkState.CONFIRMED
    return tuple(mentor for mentor, has in has_talked.items() if not has)
