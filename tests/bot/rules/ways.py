"""Ways to the meeting to test on: one candidate, two introducers, and days around a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.rules.introduction import Introducer, Path
from bot.rules.term import SHANGHAI
from storage.records import (
    Introduction,
    IntroductionId,
    Opinion,
    PairingId,
    PersonId,
    Talk,
    TalkKind,
    TalkState,
    TermId,
)

STUDENT, WANG, OUYANG, SECRETARY = PersonId(11), PersonId(21), PersonId(22), PersonId(31)
SINCE = date(2026, 9, 1)  # became a candidate
REVIEW, BASICS = date(2026, 11, 2), date(2026, 11, 4)
TALKED, WRITTEN, REVIEWED = date(2026, 11, 6), date(2026, 11, 9), date(2026, 11, 12)
MEETING = date(2026, 11, 20)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def talk(day: date = TALKED, state: TalkState = TalkState.CONFIRMED) -> Talk:
    return Talk(
        pairing=PairingId(1),
        term=TermId(0),
        kind=TalkKind.INTRODUCTION,
        state=state,
        day=day,
        recorded=noon(day),
        by=WANG,
    )


def opinion(
    written: date | None = WRITTEN, consent: bool | None = True, recorded: date = WRITTEN
) -> Opinion:
    return Opinion(
        introduction=IntroductionId(1),
        pairing=PairingId(1),
        written=written,
        consent=consent,
        recorded=noon(recorded),
    )


def introducer(mentor: PersonId = WANG, **changed: Any) -> Introducer:
    """An introducer who has done everything."""
    made = Introducer(
        mentor=mentor, pairing=PairingId(int(mentor)), talk=talk(), opinion=opinion()
    )
    return replace(made, **changed)


def introduction(**changed: Any) -> Introduction:
    """A way on which everything is recorded."""
    made = Introduction(
        id=IntroductionId(1),
        student=STUDENT,
        review=REVIEW,
        basics=BASICS,
        reviewed=REVIEWED,
        reviewer=SECRETARY,
        reviewed_at=noon(REVIEWED),
        meeting=MEETING,
    )
    return replace(made, **changed)


def path(*introducers: Introducer, **changed: Any) -> Path:
    """A way whose gate is open; ``changed`` are fields of the introduction."""
    people = introducers or (introducer(WANG), introducer(OUYANG))
    return Path(introduction=introduction(**changed), since=SINCE, introducers=people)


def later(day: date, days: int = 1) -> date:
    return day + timedelta(days=days)
