"""From stage to stage: one step, forwards, on a day that can be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.stages import NEXT, ORDER, StageVerdict, earliest, judge
from storage.records import BranchId, Kind, Person, Stage

TODAY = date(2026, 9, 15)
SINCE = date(2025, 9, 1)


def student(stage: Stage, since: date | None = SINCE) -> Person:
    return Person(
        number="1",
        name="李明",
        branch=BranchId(1),
        kind=Kind.STUDENT,
        stage=stage,
        stage_since=since,
    )


@pytest.mark.parametrize(
    ("stage", "to", "verdict"),
    [
        (Stage.ACTIVIST, Stage.CANDIDATE, StageVerdict.OK),
        (Stage.CANDIDATE, Stage.PROBATIONARY, StageVerdict.OK),
        (Stage.PROBATIONARY, Stage.FULL, StageVerdict.OK),
        (Stage.ACTIVIST, Stage.PROBATIONARY, StageVerdict.SKIPPED),
        (Stage.ACTIVIST, Stage.FULL, StageVerdict.SKIPPED),
        (Stage.CANDIDATE, Stage.ACTIVIST, StageVerdict.BACK),
        (Stage.FULL, Stage.PROBATIONARY, StageVerdict.BACK),
        (Stage.CANDIDATE, Stage.CANDIDATE, StageVerdict.SAME),
    ],
)
def test_stages_follow_one_another_one_step_at_a_time(
    stage: Stage, to: Stage, verdict: StageVerdict
) -> None:
    assert judge(student(stage), to, TODAY, TODAY) is verdict


def test_stage_is_never_reached_tomorrow_or_before_the_present_one() -> None:
    one = student(Stage.CANDIDATE)
    tomorrow, before = TODAY + timedelta(days=1), SINCE - timedelta(days=1)
    assert judge(one, Stage.PROBATIONARY, tomorrow, TODAY) is StageVerdict.FUTURE
    assert judge(one, Stage.PROBATIONARY, before, TODAY) is StageVerdict.BEFORE
    assert judge(one, Stage.PROBATIONARY, SINCE, TODAY) is StageVerdict.OK


def test_activist_of_less_than_a_year_is_listed_only_on_confirmation() -> None:
    one = student(Stage.ACTIVIST)
    assert judge(one, Stage.CANDIDATE, date(2026, 8, 31), TODAY) is StageVerdict.EARLY
    assert judge(one, Stage.CANDIDATE, date(2026, 9, 1), TODAY) is StageVerdict.OK


def test_probation_runs_a_year_and_longer_if_extended() -> None:
    one = student(Stage.PROBATIONARY)
    assert judge(one, Stage.FULL, date(2026, 9, 1), TODAY) is StageVerdict.OK
    assert judge(one, Stage.FULL, TODAY, TODAY, extended=6) is StageVerdict.EARLY


@pytest.mark.parametrize("stage", [Stage.CANDIDATE, Stage.FULL])
def test_no_period_is_kept_of_the_other_stages(stage: Stage) -> None:
    assert earliest(student(stage)) is None


def test_unknown_day_of_the_present_stage_bars_nothing() -> None:
    one = student(Stage.ACTIVIST, None)
    assert judge(one, Stage.CANDIDATE, date(2020, 1, 1), TODAY) is StageVerdict.OK


@given(st.sampled_from(ORDER), st.sampled_from(ORDER), st.dates(), st.dates())
def test_whatever_is_not_refused_is_the_next_stage_on_a_day_between_the_two(
    stage: Stage, to: Stage, day: date, since: date
) -> None:
    verdict = judge(student(stage, since), to, day, TODAY)
    if verdict in {StageVerdict.OK, StageVerdict.EARLY}:
        assert NEXT[stage] is to
        assert since <= day <= TODAY
