"""The clock is stepped, the machine sleeps, the host lives elsewhere (F19–F21)."""

from __future__ import annotations

import pytest

from tests.soak import pause, steps, zones

SEED = 20260907


def test_a_clock_that_is_stepped_by_hours_and_days_loses_and_repeats_no_reminder() -> None:
    figures = steps.run(SEED, 300)
    assert figures.faults == {}
    assert figures["reminders"] > 20


@pytest.mark.processes
def test_a_machine_asleep_at_the_due_hour_sends_late_and_once() -> None:
    figures = pause.run(SEED, 1)
    assert figures.faults == {}
    assert figures["reminders"] == pause.PAIRS


@pytest.mark.processes
def test_the_plan_is_the_same_in_every_zone_of_the_host() -> None:
    figures = zones.run(SEED, 2)
    assert figures.faults == {}
    assert figures["messages planned"] > 1000
