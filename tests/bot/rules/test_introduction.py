"""The gate opens only when everything is there (R47); every other order is a note, and days are checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import introduction as rules
from bot.rules.introduction import Introducer, Lack, Note, Part, Path, Trouble
from storage.records import PersonId, TalkState
from tests.bot.rules.ways import (
    BASICS,
    MEETING,
    OUYANG,
    REVIEW,
    REVIEWED,
    SINCE,
    TALKED,
    WANG,
    WRITTEN,
    introducer,
    later,
    noon,
    opinion,
    path,
    talk,
)

TODAY = date(2026, 11, 13)
EVERYTHING_OF_PEOPLE = (Part.INTRODUCERS, Part.TALKS, Part.OPINIONS, Part.CONSENTS)


def with_first(**changed: Any) -> Path:
    """Everything is there but what is ``changed`` about the first introducer."""
    return path(introducer(WANG, **changed), introducer(OUYANG))


def test_gate_is_open_when_everything_is_there() -> None:
    assert rules.lacks(path()) == ()
    assert rules.missing(path()) == ()


def test_gate_is_open_without_a_date_of_the_meeting_if_nothing_is_missing() -> None:
    assert rules.missing(path(meeting=None)) == ()


@pytest.mark.parametrize(
    ("way", "part"),
    [
        (with_first(eligible=False), Part.INTRODUCERS),
        (path(introducer(WANG)), Part.INTRODUCERS),
        (path(introducer(WANG), introducer(WANG)), Part.INTRODUCERS),
        (path(introducer(WANG), introducer(OUYANG), introducer(PersonId(23))), Part.INTRODUCERS),
        (with_first(talk=None), Part.TALKS),
        (with_first(talk=talk(state=TalkState.CLAIMED)), Part.TALKS),
        (with_first(talk=talk(state=TalkState.DISPUTED)), Part.TALKS),
        (with_first(talk=talk(state=TalkState.NONE)), Part.TALKS),
        (with_first(talk=replace(talk(), day=None)), Part.TALKS),
        (with_first(talk=talk(MEETING)), Part.TALKS),
        (with_first(talk=talk(SINCE - timedelta(days=1))), Part.TALKS),
        (with_first(opinion=opinion(MEETING)), Part.OPINIONS),
        (with_first(opinion=opinion(consent=None)), Part.CONSENTS),
        (with_first(opinion=opinion(consent=False)), Part.CONSENTS),
        (path(reviewed=None, reviewed_at=None), Part.REVIEWED),
        (path(reviewed=MEETING), Part.REVIEWED),
        (with_first(opinion=opinion(recorded=later(REVIEWED))), Part.REVIEWED),
    ],
)
def test_one_missing_part_shuts_the_gate_and_is_named(way: Path, part: Part) -> None:
    assert rules.missing(way) == (part,)


def test_an_opinion_that_is_not_written_takes_its_consent_along() -> None:
    assert rules.missing(with_first(opinion=opinion(None))) == (Part.OPINIONS, Part.CONSENTS)


def test_a_review_does_not_hold_for_an_introducer_who_came_after_it() -> None:
    newcomer = with_first(talk=None, opinion=None)
    assert rules.missing(newcomer) == (Part.TALKS, Part.OPINIONS, Part.CONSENTS, Part.REVIEWED)
    assert rules.reviewed_on(newcomer) is None
    assert rules.reviewed_on(path()) == REVIEWED


def test_without_introducers_everything_of_theirs_is_missing() -> None:
    way = replace(path(), introducers=())
    assert rules.missing(way) == EVERYTHING_OF_PEOPLE
    assert rules.lacks(way)[1] == Lack(Part.TALKS)


def test_a_refusal_is_told_apart_from_a_missing_answer() -> None:
    refused = with_first(opinion=opinion(consent=False))
    waiting = with_first(opinion=opinion(consent=None))
    assert rules.lacks(refused) == (Lack(Part.CONSENTS, WANG, refused=True),)
    assert rules.lacks(waiting) == (Lack(Part.CONSENTS, WANG),)


def test_moving_the_meeting_before_a_talk_shuts_the_gate_again() -> None:
    assert rules.missing(path(meeting=TALKED)) == (Part.TALKS, Part.OPINIONS, Part.REVIEWED)


def test_only_the_review_is_waited_for_when_all_else_is_there() -> None:
    assert rules.waits_for_review(path(reviewed=None, reviewed_at=None))
    assert not rules.waits_for_review(path())
    assert not rules.waits_for_review(path(introducer(WANG), reviewed=None, reviewed_at=None))


# An independent wording of R47 against every combination of what may be there.

DAYS = st.sampled_from(
    [SINCE, REVIEW, BASICS, TALKED, WRITTEN, REVIEWED, later(MEETING, -1), MEETING]
)


@st.composite
def introducers(draw: st.DrawFn) -> Introducer:
    has_talk, has_opinion = draw(st.booleans()), draw(st.booleans())
    return introducer(
        draw(st.sampled_from([WANG, OUYANG])),
        eligible=draw(st.booleans()),
        talk=talk(draw(DAYS), draw(st.sampled_from(TalkState))) if has_talk else None,
        opinion=opinion(
            draw(st.none() | DAYS), draw(st.sampled_from([None, True, False])), draw(DAYS)
        )
        if has_opinion
        else None,
    )


@given(st.lists(introducers(), max_size=3), st.none() | DAYS, st.none() | DAYS)
def test_gate_is_never_open_without_all_its_parts(
    people: list[Introducer], reviewed: date | None, meeting: date | None
) -> None:
    at = None if reviewed is None else noon(reviewed)
    way = replace(
        path(reviewed=reviewed, reviewed_at=at, meeting=meeting), introducers=tuple(people)
    )
    end = meeting or date.max
    is_whole = (
        len(people) == 2
        and people[0].mentor != people[1].mentor
        and all(one.eligible for one in people)
        and all(
            one.talk
            and one.talk.state is TalkState.CONFIRMED
            and one.talk.day
            and one.talk.day < end
            for one in people
        )
        and all(
            one.opinion
            and one.opinion.written
            and one.opinion.written < end
            and one.opinion.consent
            for one in people
        )
        and reviewed is not None
        and reviewed < end
        and all(one.opinion and noon(reviewed) >= one.opinion.recorded for one in people)
    )
    assert (not rules.lacks(way)) == bool(is_whole)
    assert bool(rules.missing(way)) == bool(rules.lacks(way))


# What each one can still do.


def test_candidate_is_asked_for_the_basics_and_the_own_talks_only() -> None:
    way = path(
        introducer(WANG, talk=talk(state=TalkState.CLAIMED), opinion=None),
        introducer(OUYANG, talk=None, opinion=opinion(consent=False)),
        basics=None,
    )
    asked = rules.candidate_lacks(way)
    assert asked.basics
    assert asked.talks == (OUYANG,)
    assert asked


def test_candidate_who_has_done_everything_is_asked_for_nothing_whatever_the_others_lack() -> None:
    way = path(introducer(WANG, opinion=None), introducer(OUYANG, opinion=opinion(consent=False)))
    assert not rules.candidate_lacks(way)


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({}, ()),
        ({"talk": None}, ("intro_talk",)),
        ({"talk": talk(state=TalkState.DISPUTED)}, ("intro_talk",)),
        ({"talk": talk(state=TalkState.CLAIMED)}, ("intro_confirm",)),
        ({"opinion": None}, ("intro_opinion", "intro_consent")),
        ({"opinion": opinion(consent=None)}, ("intro_consent",)),
        ({"opinion": opinion(consent=False)}, ()),
    ],
)
def test_introducer_is_asked_for_the_own_parts(
    changed: dict[str, Any], asked: tuple[str, ...]
) -> None:
    assert rules.introducer_lacks(with_first(**changed), WANG) == asked
    assert rules.introducer_lacks(with_first(**changed), OUYANG) == ()


# Days.


@pytest.mark.parametrize(
    ("day", "trouble"),
    [
        (later(TODAY), Trouble.FUTURE),
        (SINCE - timedelta(days=1), Trouble.BEFORE_CANDIDATE),
        (SINCE, None),
        (TODAY, None),
    ],
)
def test_a_step_lies_between_becoming_candidate_and_today(
    day: date, trouble: Trouble | None
) -> None:
    assert rules.day_trouble(path(), day, TODAY) is trouble


def test_a_step_lies_before_the_meeting() -> None:
    after = later(MEETING)
    assert rules.day_trouble(path(), MEETING, after) is Trouble.NOT_BEFORE_MEETING
    assert rules.day_trouble(path(), later(MEETING, -1), after) is None
    assert rules.day_trouble(path(meeting=None), MEETING, after) is None


def test_an_unknown_day_of_the_stage_forbids_nothing() -> None:
    assert rules.day_trouble(replace(path(), since=None), date(2025, 1, 1), TODAY) is None


def test_the_meeting_is_today_at_the_earliest() -> None:
    assert rules.meeting_trouble(TODAY, TODAY) is None
    assert rules.meeting_trouble(later(TODAY, -1), TODAY) is Trouble.MEETING_PAST
    assert rules.meeting_trouble(later(TODAY, 366), TODAY) is None
    assert rules.meeting_trouble(later(TODAY, 367), TODAY) is Trouble.MEETING_FAR


def test_the_branch_reviews_only_what_is_there() -> None:
    unreviewed: dict[str, Any] = {"reviewed": None, "reviewed_at": None}
    assert rules.review_trouble(path(**unreviewed), TODAY, TODAY) is None
    assert rules.review_trouble(path(**unreviewed), later(TODAY), TODAY) is Trouble.FUTURE
    short = path(introducer(WANG), introducer(OUYANG, talk=None), **unreviewed)
    assert rules.review_trouble(short, TODAY, TODAY) is Trouble.SHUT


def test_the_meeting_decides_on_its_day_and_behind_an_open_gate() -> None:
    assert rules.decision_trouble(path(meeting=None), MEETING) is Trouble.NO_MEETING
    assert rules.decision_trouble(path(), later(MEETING, -1)) is Trouble.MEETING_AHEAD
    assert rules.decision_trouble(with_first(talk=None), MEETING) is Trouble.SHUT
    assert rules.decision_trouble(path(), MEETING) is None


# Orders that are only noted (R43, A21).


def test_the_usual_order_has_no_note() -> None:
    assert rules.notes(path()) == ()


@pytest.mark.parametrize(
    ("way", "note"),
    [
        (path(basics=later(REVIEW, -1)), Note.BASICS_BEFORE_REVIEW),
        (path(review=later(TALKED), basics=None), Note.TALK_BEFORE_REVIEW),
        (path(basics=later(TALKED)), Note.TALK_BEFORE_BASICS),
        (with_first(opinion=opinion(later(TALKED, -1))), Note.OPINION_BEFORE_TALK),
        (path(reviewed=later(WRITTEN, -1)), Note.REVIEWED_BEFORE_OPINION),
    ],
)
def test_an_unusual_order_is_noted_and_keeps_nothing_shut(way: Path, note: Note) -> None:
    assert rules.notes(way) == (note,)
    assert rules.lacks(way) == ()


def test_what_is_not_there_is_in_no_order() -> None:
    way = path(introducer(WANG, talk=None, opinion=None), basics=None, reviewed=None)
    assert rules.notes(way) == ()
