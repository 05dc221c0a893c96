"""A term ends with its four weeks: kills that strike nothing any more would go on for ever."""

from __future__ import annotations

import asyncio
import random
from datetime import time
from pathlib import Path
from typing import cast

from typing_extensions import override

from tests.soak.people import WEEK1
from tests.soak.stories import Plot
from tests.soak.term import Term, at, moments
from tests.soak.town import Bot, Nursery, town


class IdleTerm(Term):
    """Nobody is born, and nobody does anything."""

    @override
    async def _begun(self, *, point: str | None = None, nth: int = 1) -> Bot:
        return Bot(0, asyncio.get_running_loop().create_future())


async def test_a_term_in_which_nothing_is_left_to_strike_is_over_after_its_last_moment(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, at(WEEK1, time(8)), cast(Nursery, None)) as place:
        term = IdleTerm(place, Plot(), random.Random(1))
        for _ in moments():
            assert not term.is_over
            await term.bear()
        await term.bear()
        assert term.is_over
