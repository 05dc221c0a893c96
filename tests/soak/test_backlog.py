"""What waits at a start is handled once, in order, and nobody else has to wait for it (F2, F24)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.soak import backlog

pytestmark = pytest.mark.processes
SEED = 20260907


def test_what_a_kill_left_in_the_inbox_is_handled_in_order_before_polling(tmp_path: Path) -> None:
    first, second, forgotten = asyncio.run(backlog.interrupted(tmp_path, 30, 10))
    assert first == list(range(1, 11))
    assert second == list(range(1, 31))
    assert forgotten == 30, "Telegram has not been asked again"


def test_a_backlog_is_handled_exactly_once() -> None:
    figures = backlog.run(SEED, 100)
    assert figures.faults == {}
    assert figures["updates"] == 100
