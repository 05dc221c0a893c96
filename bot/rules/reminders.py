"""The reminders of a round: who is told what, when, and what should leave now.

`plan` looks ahead, `due` is asked by the tick; neither does anything. Kinds are the message codes
of policy § 5. Everything is Shanghai time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from bot.rules.audience import Recipient, audience, claim_moment, rests
from bot.rules.dated import KINDS as DATED
from bot.rules.moments import key_of, moments
from bot.rules.situation import Situation, WaitingClaim
from bot.rules.term import SHANGHAI, may_send
from storage.records import PersonId

# These never share a message: students' own, those with a list of buttons, the group's.
_ALONE: Final = frozenset(
    {"S0", "S0b", "S1", "S2", "S3", "S4", "S5", "C3", "T2", "T10", "T17", "G1"}
)

_WELCOME: Final = frozenset({"S0", "S0b"})
_A_STUDENTS_OWN: Final = frozenset({"S1", "S2", "S3", "S4", "S5"})

_NUDGE: Final = timedelta(days=7)  # how long T10 stays useful


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One message to one recipient: a person, or (``group``) a branch's group.

    ``about`` are the students it concerns, named in it or only counted. ``kinds`` and ``keys`` are
    of the reminders in it; a key is unique for ever. From ``until`` on it is not worth sending.
    """

    at: datetime
    kinds: tuple[str, ...]
    to: Recipient
    about: tuple[PersonId, ...]
    keys: tuple[str, ...]
    until: datetime

    @property
    def group(self) -> bool:
        return self.kinds == ("G1",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One reminder to one recipient, before those of one minute are put together."""

    kind: str
    at: datetime
    until: datetime
    to: Recipient
    about: tuple[PersonId, ...]
    key: str
    unless: frozenset[str] = frozenset()  # keys of reminders that ask the same meanwhile


def _slot_parts(
    situation: Situation, wanted: Callable[[datetime, datetime], bool], seen: datetime | None
) -> Iterator[_Part]:
    """Reminders of the table whose (at, until) is wanted, open as seen then or at their moment."""
    for one in moments(situation.timing):
        if one.at is None or not wanted(one.at, one.until):
            continue
        # After the bot was down the moment itself may lie in a pause that is over by now.
        away = {
            student.id
            for student in situation.students
            if one.kind in _A_STUDENTS_OWN and rests(situation.timing, one.kind, student, one.at)
        }
        for to, about in audience(situation, one.kind, seen or one.at).items():
            if to in away:
                continue
            yield _Part(
                kind=one.kind,
                at=one.at,
                until=one.until,
                to=to,
                about=about,
                key=key_of(situation.term, one.kind, to, one.number),
            )


def _dated_parts(
    situation: Situation, wanted: Callable[[datetime, datetime], bool]
) -> Iterator[_Part]:
    """The reminders with a day of their own whose (at, until) is wanted."""
    for one in situation.dated:
        if wanted(one.at, one.until):
            yield _Part(
                kind=one.kind,
                at=one.at,
                until=one.until,
                to=one.to,
                about=(one.about,),
                key=one.key,
            )


@dataclass(frozen=True, slots=True)
class _Asking:
    """A message that shows a mentor every claim that waits: T2, or the T10 of one of them."""

    kind: str
    key: str
    mentor: PersonId
    at: datetime

    def is_instead_of(self, claim: WaitingClaim, at: datetime) -> bool:
        """Whether it asks about the claim before its own T10 would; T2 in the same minute too."""
        in_time = self.at < at or (self.at == at and self.kind == "T2")
        return self.mentor == claim.mentor and claim.at <= self.at and in_time


def _nudges(situation: Situation, wanted: Callable[[datetime, datetime], bool]) -> Iterator[_Part]:
    """The T10s whose (at, until) is wanted, one per claim, each with what may spare it."""
    timing = situation.timing
    claims = [(student, claim) for student in situation.students for claim in student.claims]
    asking = [
        _Asking("T10", _nudge_key(situation, claim), claim.mentor, claim_moment(claim, timing))
        for _, claim in claims
    ] + [
        _Asking("T2", key_of(situation.term, "T2", mentor, one.number), mentor, one.at)
        for mentor in {claim.mentor for _, claim in claims}
        for one in moments(timing)
        if one.kind == "T2" and one.at
    ]
    for student, claim in claims:
        at = claim_moment(claim, timing)
        if wanted(at, at + _NUDGE) and not rests(timing, "T10", student, at):
            yield _Part(
                kind="T10",
                at=at,
                until=at + _NUDGE,
                to=claim.mentor,
                about=(student.id,),
                key=_nudge_key(situation, claim),
                unless=frozenset(one.key for one in asking if one.is_instead_of(claim, at)),
            )


def _nudge_key(situation: Situation, claim: WaitingClaim) -> str:
    """A claim made anew after a dispute is another."""
    recorded = claim.at.astimezone(SHANGHAI)
    return key_of(situation.term, "T10", claim.mentor, f"{claim.talk}@{recorded:%Y%m%dT%H%M%S}")


def _asked_already(parts: Collection[_Part], already: Callable[[str], bool]) -> list[_Part]:
    """The parts without the nudges whose claim has been asked about, or is asked about by a part."""
    kept: dict[str, _Part] = {}
    for part in sorted(parts, key=lambda one: (one.at, bool(one.unless))):
        if not any(key in kept or already(key) for key in part.unless):
            kept[part.key] = part
    return list(kept.values())


def _messages(parts: Iterable[_Part], kinds: Iterable[str]) -> list[Due]:
    """Parts put together: a recipient's digests of one minute are one message, in table order."""
    order = {kind: place for place, kind in enumerate((*kinds, *DATED, "T10"))}
    parts = list(parts)
    own_reminders = {(one.at, one.to): one.kind for one in parts if one.kind in _A_STUDENTS_OWN}

    def together(part: _Part) -> tuple[datetime, bool, int, str]:
        own = part.kind if part.kind in _ALONE else ""
        if part.kind == "S9":  # a candidate reads one message a day
            own = own_reminders.get((part.at, part.to), "")
        return part.at, part.kind == "G1", part.to, own

    def sequence(part: _Part) -> tuple[tuple[datetime, bool, int, str], int]:
        return together(part), order[part.kind]

    messages = []
    for _, grouped in groupby(sorted(parts, key=sequence), key=together):
        members = list(grouped)
        messages.append(
            Due(
                at=members[0].at,
                kinds=tuple(dict.fromkeys(part.kind for part in members)),
                to=members[0].to,
                about=tuple(dict.fromkeys(one for part in members for one in part.about)),
                keys=tuple(part.key for part in members),
                until=max(part.until for part in members),
            )
        )
    return messages


def plan(situation: Situation, start: datetime, end: datetime) -> list[Due]:
    """Everything that would go with ``start`` ≤ at < ``end`` if nothing further happened, sorted.

    Enrolled or not, sent or not, past or not; groups too.
    """

    def wanted(at: datetime, _: datetime) -> bool:
        return start <= at < end

    def always(_at: datetime, _until: datetime) -> bool:
        return True

    every = [
        *_slot_parts(situation, always, None),
        *_dated_parts(situation, always),
        *_nudges(situation, always),
    ]
    kept = _asked_already(every, lambda _: False)
    return _messages(
        (part for part in kept if wanted(part.at, part.until)), situation.timing.cadence.slots
    )


def due(
    situation: Situation,
    now: datetime,
    already: Callable[[str], bool],
    *,
    since: datetime | None = None,
) -> list[Due]:
    """What should leave now, sorted; nothing outside the sending hours.

    A reminder whose moment has come leaves while it is useful, its subject is open, its recipient
    is enrolled and its key is not ``already`` used. What was missed and finds quiet hours waits
    for the next sending hours, and lapses if it is no longer useful then.

    ``since``: the last tick inside sending hours. What fell at or before it was settled then, so a
    talk disputed on Tuesday does not bring back Monday's reminder. None after a start without a
    stored tick, and after the term was set.
    """
    timing = situation.timing
    if not may_send(now, timing.calendar, timing.quiet):
        return []

    def wanted(at: datetime, until: datetime) -> bool:
        return at <= now < until and (since is None or since < at)

    parts = [
        *_slot_parts(situation, wanted, now),
        *_dated_parts(situation, wanted),
        *_nudges(situation, wanted),
    ]
    fresh = [part for part in parts if not already(part.key)]
    reachable = [part for part in fresh if part.kind == "G1" or part.to in situation.enrolled]
    # Where a word of welcome and a later window were missed together, it asks what the window asks.
    welcomed = {part.to for part in reachable if part.kind in _WELCOME}
    kept = [one for one in reachable if one.kind not in _A_STUDENTS_OWN or one.to not in welcomed]
    return _messages(_asked_already(kept, already), timing.cadence.slots)
