"""The bot's process is killed again and again while everybody is at work (F1, F4)."""

from __future__ import annotations

import pytest

from bot.delivery.outbox import IN_FLIGHT
from tests.soak import kills, points

pytestmark = pytest.mark.processes
SEED = 20260907


def test_whatever_moment_a_kill_strikes_nothing_is_lost_halved_or_done_twice() -> None:
    figures = kills.run(SEED, 20)
    assert figures.faults == {}
    assert figures["struck"] >= 20
    assert figures["deeds"] >= 20
    assert figures["sent without a record"] <= figures["kills"]
    assert figures["of these at one kill"] <= IN_FLIGHT


def test_a_kill_at_every_named_place_loses_nothing_and_repeats_what_was_on_the_wire() -> None:
    figures = points.run(SEED, 1)
    assert figures.faults == {}
    assert figures["struck"] == figures["places"]
