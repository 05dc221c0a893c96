"""The way of a candidate to the branch meeting: its steps, their order, and the gate (R43–R47)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.eligibility import MOST
from bot.rules.talks import is_open
from storage.records import Introduction, Opinion, PairingId, PersonId, Talk, TalkState

INTRODUCERS_NEEDED: Final = MOST  # R11: exactly two
FURTHEST_MEETING: Final = timedelta(
    days=366
)  # a meeting is fixed weeks ahead; beyond that the year is mistyped


class Part(StrEnum):
    """What the gate asks for (R47), in the order in which it is told."""

    INTRODUCERS = "introducers"
    TALKS = "talks"
    OPINIONS = "opinions"
    CONSENTS = "consents"
    REVIEWED = "reviewed"


class Trouble(StrEnum):
    """Why a step cannot be recorded."""

    FUTURE = "future"
    BEFORE_CANDIDATE = "before_candidate"
    NOT_BEFORE_MEETING = (
        "not_before_meeting"  # talks, opinions and the review come before that day
    )
    MEETING_PAST = "meeting_past"
    MEETING_FAR = "meeting_far"  # the year is mistyped
    NO_MEETING = "no_meeting"
    MEETING_AHEAD = "meeting_ahead"  # an outcome before the meeting
    NOT_WRITTEN = "not_written"  # a consent goes with the written opinion (A20)
    SHUT = "shut"  # the gate


class Note(StrEnum):
    """An order that is not usual (A21): said, never refused."""

    BASICS_BEFORE_REVIEW = "basics_before_review"
    TALK_BEFORE_REVIEW = "talk_before_review"
    TALK_BEFORE_BASICS = "talk_before_basics"
    OPINION_BEFORE_TALK = "opinion_before_talk"
    REVIEWED_BEFORE_OPINION = "reviewed_before_opinion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Introducer:
    """One introducer on the way. ``eligible``: may be one on the day of the meeting (R11–R18)."""

    mentor: PersonId
    pairing: PairingId
    eligible: bool = True
    talk: Talk | None = None
    opinion: Opinion | None = None

    @property
    def written(self) -> date | None:
        return self.opinion.written if self.opinion else None

    @property
    def consent(self) -> bool | None:
        """The answer, as long as the opinion that it goes with is written."""
        return self.opinion.consent if self.opinion and self.opinion.written else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """All that is recorded of one way. ``since``: when the person became a candidate, if known.

    ``introducers`` are those in force on the day of the meeting, or today while there is no date.
    """

    introduction: Introduction
    since: date | None = None
    introducers: tuple[Introducer, ...] = ()

    @property
    def meeting(self) -> date | None:
        return self.introduction.meeting

    def is_before_meeting(self, day: date | None) -> bool:
        """Whether something of that day came before the meeting; always, while that has no date."""
        return day is not None and (self.meeting is None or day < self.meeting)


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that keeps the gate shut. ``mentor``: whose it is, if it is one introducer's.

    ``refused``: not a missing answer but 暂不. It is told as something to be talked over.
    """

    part: Part
    mentor: PersonId | None = None
    refused: bool = False


def talk_counts(path: Path, talk: Talk | None) -> bool:
    """Whether the gate counts the talk: confirmed, as a candidate, before the meeting (R45)."""
    if talk is None or talk.state is not TalkState.CONFIRMED or talk.day is None:
        return False
    is_early = path.since is not None and talk.day < path.since
    return path.is_before_meeting(talk.day) and not is_early


def lacks(path: Path) -> tuple[Lack, ...]:
    """Everything that keeps the gate shut; empty: it is open (R47)."""
    found = [*_people_lacking(path)]
    for part in (Part.TALKS, Part.OPINIONS, Part.CONSENTS):
        found += [_lack(part, one) for one in path.introducers if not _has(path, part, one)]
        if not path.introducers:
            found.append(Lack(part))
    if reviewed_on(path) is None:
        found.append(Lack(Part.REVIEWED))
    return tuple(found)


def _has(path: Path, part: Part, one: Introducer) -> bool:
    """Whether the introducer's side of that part is there."""
    match part:
        case Part.TALKS:
            return talk_counts(path, one.talk)
        case Part.OPINIONS:
            return path.is_before_meeting(one.written)
        case _:  # CONSENTS
            return one.consent is True


def _lack(part: Part, one: Introducer) -> Lack:
    return Lack(part, one.mentor, refused=part is Part.CONSENTS and one.consent is False)


def _people_lacking(path: Path) -> Iterator[Lack]:
    eligible = {one.mentor for one in path.introducers if one.eligible}
    if len(eligible) != INTRODUCERS_NEEDED or len(path.introducers) != INTRODUCERS_NEEDED:
        yield Lack(Part.INTRODUCERS)


def reviewed_on(path: Path) -> date | None:
    """The day on which a human reviewed the opinions of these introducers as they are now (R46).

    None: nobody has, not before the meeting, or an opinion is gone, new or changed since.
    """
    found = path.introduction
    at = found.reviewed_at
    if at is None or not path.is_before_meeting(found.reviewed):
        return None
    opinions = [one.opinion for one in path.introducers]
    holds = all(one is not None and one.recorded <= at for one in opinions)
    return found.reviewed if holds else None


def missing(path: Path) -> tuple[Part, ...]:
    """The codes of `yinlu intro`: which parts of the gate are not complete, in their order."""
    lacking = {one.part for one in lacks(path)}
    return tuple(part for part in Part if part in lacking)


def waits_for_review(path: Path) -> bool:
    """Whether the branch's review is all that is missing (B5)."""
    return missing(path) == (Part.REVIEWED,)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateLacks:
    """What the candidate can still do: never a consent or an opinion (S9)."""

    basics: bool
    talks: tuple[PersonId, ...]

    def __bool__(self) -> bool:
        return self.basics or bool(self.talks)


def candidate_lacks(path: Path) -> CandidateLacks:
    """What S9 asks for. A talk that is claimed waits for the introducer, not for the candidate."""
    return CandidateLacks(
        basics=path.introduction.basics is None,
        talks=tuple(
            one.mentor for one in path.introducers if one.talk is None or is_open(one.talk.state)
        ),
    )


def introducer_lacks(path: Path, mentor: PersonId) -> tuple[str, ...]:
    """What T8 asks this introducer for: ``intro_talk`` or ``intro_confirm`` (claimed), ``intro_opinion``,
    ``intro_consent``.

    A 暂不 is an answer.
    """
    found: list[str] = []
    for one in path.introducers:
        if one.mentor != mentor:
            continue
        if not talk_counts(path, one.talk):
            claimed = one.talk is not None and one.talk.state is TalkState.CLAIMED
            found.append("intro_confirm" if claimed else "intro_talk")
        if one.written is None:
            found.append("intro_opinion")
        if one.consent is None:
            found.append("intro_consent")
    return tuple(found)


def day_trouble(path: Path, day: date, today: date) -> Trouble | None:
    """Why basics, a talk, an opinion or the branch's review cannot be of that day."""
    if day > today:
        return Trouble.FUTURE
    if path.since is not None and day < path.since:
        return Trouble.BEFORE_CANDIDATE
    return None if path.is_before_meeting(day) else Trouble.NOT_BEFORE_MEETING


def meeting_trouble(day: date, today: date) -> Trouble | None:
    """Why the meeting cannot be set for that day."""
    if day < today:
        return Trouble.MEETING_PAST
    return Trouble.MEETING_FAR if day - today > FURTHEST_MEETING else None


def review_trouble(path: Path, day: date, today: date) -> Trouble | None:
    """Why the branch cannot have found everything in order on that day (R46, R47)."""
    if set(missing(path)) - {Part.REVIEWED}:
        return Trouble.SHUT
    return day_trouble(path, day, today)


def decision_trouble(path: Path, today: date) -> Trouble | None:
    """Why the meeting cannot have decided: no meeting, not held yet, or the gate was shut (R47)."""
    if path.meeting is None:
        return Trouble.NO_MEETING
    if today < path.meeting:
        return Trouble.MEETING_AHEAD
    return Trouble.SHUT if lacks(path) else None


def notes(path: Path) -> tuple[Note, ...]:
    """What came in an unusual order (R43, A21)."""
    found = path.introduction
    pairs = [
        (one.talk.day, one.written)
        for one in path.introducers
        if one.talk is not None and talk_counts(path, one.talk)
    ]
    talks = [day for day, _ in pairs]
    written = [one.written for one in path.introducers if one.written]
    unusual = {
        Note.BASICS_BEFORE_REVIEW: _before(found.basics, found.review),
        Note.TALK_BEFORE_REVIEW: any(_before(day, found.review) for day in talks),
        Note.TALK_BEFORE_BASICS: any(_before(day, found.basics) for day in talks),
        Note.OPINION_BEFORE_TALK: any(_before(day, talk) for talk, day in pairs),
        Note.REVIEWED_BEFORE_OPINION: any(_before(found.reviewed, day) for day in written),
    }
    return tuple(note for note, holds in unusual.items() if holds)


def _before(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day < other
