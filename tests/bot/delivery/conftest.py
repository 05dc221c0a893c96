"""A college at ten on a Tuesday of week 2, before a line to Telegram that can be troubled."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.chat import Chat, chatting
from tests.support.line import Line


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
async def chat(line: Line) -> AsyncIterator[Chat]:
    async with chatting(recorder=line) as chat:
        yield chat
