"""Whole programs of faults and floods of broken updates: the small form of two endless loops."""

from __future__ import annotations

import pytest

from tests.bot.delivery import poison, programs
from tests.support.online import online


def test_under_twenty_programs_of_faults_nothing_is_lost_stuck_or_said_three_times() -> None:
    found = programs.run(seed=1, times=20)
    assert found["programs"] == 20
    assert found["sent"] + found["uncertain"] == found["rows"]
    assert found["ambiguous"] > 0


def test_broken_updates_of_sixteen_kinds_keep_nobody_from_being_answered() -> None:
    found = poison.run(seed=1, times=320)
    assert len(poison.KINDS) == 16
    assert found["good"] == 32
    assert found["quarantined"] > 0


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
