"""A candidate's way as one reader is shown it: what news and cards of it share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot import path as ways
from bot.compose.presses import Press, Rows, named
from bot.compose.reading import Reading
from bot.rules import introduction as rules
from bot.rules.introduction import Introducer, Path
from messages.facts import Candidate, IntroducerLine, Lacking, Named
from storage.records import PersonId, TalkState

Facts = dict[str, Any] | None
OVER: dict[str, Any] = {"kind": "intro_over"}


@dataclass(frozen=True, slots=True)
class Way:
    """One open way as this reader is shown it."""

    reading: Reading
    path: Path

    @property
    def student(self) -> PersonId:
        return self.path.introduction.student

    def own(self) -> list[Introducer]:
        """Return the reader's place among the introducers; empty: none."""
        reader = self.reading.reader.id
        return [one for one in self.path.introducers if one.mentor == reader]

    def open_talks(self) -> list[Named]:
        return self.reading.all_named(rules.candidate_lacks(self.path).talks)

    def candidate(self, missing: tuple[str, ...] = (), *, gate: bool = False) -> Candidate:
        found = rules.lacks(self.path) if gate else ()
        return Candidate(
            student=self.reading.named(self.student),
            meeting=self.path.meeting,
            missing=missing,
            lacking=tuple(
                Lacking(
                    part=one.part,
                    mentor=None if one.mentor is None else self.reading.named(one.mentor),
                    refused=one.refused,
                )
                for one in found
            ),
        )

    def card(self) -> dict[str, Any]:
        """Return the dates that every side may see."""
        found = self.path.introduction
        return {"review": found.review, "meeting": found.meeting, "basics": found.basics}

    def line(self, one: Introducer) -> IntroducerLine:
        return IntroducerLine(
            mentor=self.reading.named(one.mentor),
            state=one.talk.state if one.talk else TalkState.NONE,
            day=one.talk.day if one.talk else None,
            written=one.written,
            consent=one.consent,
            proxy=one.talk is not None and one.talk.proxy,
            consent_proxy=one.opinion is not None and one.opinion.proxy,
        )


def way_on(reading: Reading, student: PersonId) -> Way | None:
    path = ways.open_path(reading.desk, student)
    return None if path is None else Way(reading, path)


def way_of(reading: Reading) -> Way | None:
    """Return the way of the one student the row is about; None: it is over."""
    return way_on(reading, PersonId(reading.row.args["student"]))


def ways_about(reading: Reading) -> list[Way]:
    found = (way_on(reading, one) for one in reading.row.about)
    return [one for one in found if one is not None]


def about_one(build: Callable[[Way], Facts]) -> Callable[[Reading], Facts]:
    """Return a builder that says so where the way is over: at once, or in place of what stood there."""

    def facts(reading: Reading) -> Facts:
        way = way_of(reading)
        if way is not None:
            return build(way)
        return None if reading.row.sent is None and reading.row.live is False else dict(OVER)

    return facts


def basics_button(reading: Reading, way: Way | None) -> Rows:
    if way is None or way.path.introduction.basics is not None:
        return []
    return [[named(reading, "basics_filled", "intro_basics", {"student": way.student})]]


def opinion_row(reading: Reading, way: Way, one: Introducer, who: Named | None) -> list[Press]:
    args = {"student": way.student, "pairing": one.pairing}
    if one.written is None:
        return [named(reading, "opinion_written", "intro_opinion", args, who)]
    if one.consent is None:
        return [
            named(reading, "willing", "intro_consent", {**args, "consent": True}, who),
            named(reading, "unwilling", "intro_consent", {**args, "consent": False}, who),
        ]
    return []


def other_attitude(reading: Reading, way: Way, one: Introducer, who: Named | None) -> list[Press]:
    """Return the way to another answer: 暂不 may become 愿意 after a talk, or the other way round."""
    if one.consent is None:
        return []
    name = "unwilling_now" if one.consent else "willing_now"
    args = {"student": way.student, "pairing": one.pairing, "consent": not one.consent}
    return [named(reading, name, "intro_consent", args, who)]
