"""Whole programs of faults and floods of broken updates: the small form of two endless loops."""

from __future__ import annotations

import logging

import pytest

from bot.delivery.outbox import IN_FLIGHT
from bot.rehearsal.botapi import Fault, FaultKind
from storage.records import Row
from tests.bot.delivery import poison, programs
from tests.bot.matrix.canary import listening
from tests.support.online import online


def test_under_twenty_programs_of_faults_nothing_is_lost_said_three_times_or_logged() -> None:
    found = programs.run(seed=1, times=20)
    assert found["programs"] == 20
    assert found["sent"] + found["uncertain"] == found["rows"]
    assert found["ambiguous"] > 0
    assert found["lines on stderr"] > 100
    assert found["of an exception"] == found["programs"]
    assert found["marked"] == 0


def test_search_for_markers_would_notice_what_the_library_would_log_of_a_broken_answer() -> None:
    with listening() as written:
        logging.getLogger("telegram").setLevel(logging.ERROR)
        programs.play_all(seed=1, times=3)
    with pytest.raises(AssertionError, match="QKEPT"):
        programs.looked_through(written.getvalue())


def test_broken_updates_of_sixteen_kinds_keep_nobody_from_being_answered() -> None:
    found = poison.run(seed=1, times=320)
    assert len(poison.KINDS) == 16
    assert found["good"] == 32
    assert found["quarantined"] > 0


async def test_a_wave_stays_under_telegrams_limits_and_a_storm_of_429_loses_none_of_it() -> None:
    """The embedded server counts for itself: 30 a second in all, one a second in a chat."""
    async with online() as line:
        people = range(50_000, 50_250)
        for telegram in people:
            line.world.add_user(telegram, "某")
            line.world.start(telegram)
            with line.app.desk.store.transaction():
                line.app.desk.store.outbox.add(
                    Row(
                        kind="not_understood",
                        chat=telegram,
                        to=None,
                        due=line.clock.now(),
                        created=line.clock.now(),
                        reminder=True,
                    )
                )
        begun = line.clock.monotonic()
        line.world.fault = Fault(FaultKind.TOO_MANY_REQUESTS, times=20, retry_after=30)
        await line.app.outbox.drain()
        told = [one.chat or 0 for one in line.world.log if one.method == "sendMessage"]
        assert sorted(told) == list(people)
        assert line.world.refused == []
        assert line.clock.monotonic() - begun >= 30 * (20 - IN_FLIGHT) + 250 / 25


@pytest.mark.parametrize("figure", ["lost", "duplicates"])
async def test_the_judge_of_programs_would_notice(figure: str) -> None:
    """A message that never came is lost; one that came twice without any doubt is a duplicate."""
    async with online() as line:
        rows = programs.some_rows(line, seed=1)
        await line.app.outbox.drain()
        if figure == "lost":
            line.world.log.pop()
        else:
            line.world.log.append(line.world.log[-1])
        assert programs.judged(line, rows)[figure] == 1
