"""What waits at a start: fifty updates of which ten were handled (F2), and a day's worth (F24)."""

from __future__ import annotations

import asyncio
import time as wall
from datetime import time, timedelta
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.delivery.inbox import TOGETHER
from bot.settings import FILE
from storage.records import InboxState
from tests.soak.failpoints import BEFORE_POLLING
from tests.soak.figures import Figures
from tests.soak.people import WEEK1, People, settle
from tests.soak.term import at
from tests.soak.town import Town, nursery, town

WORDS = ("已谈", "进度", "帮助", "/status", "谢谢老师")
PAIRS = 25
PATIENCE = 600.0  # seconds for five thousand (F24)
FAST = "[rate]\noverall = 1000\naccount_minute = 1000000\n"  # the answers are not what is measured here


def run(seed: int, times: int) -> Figures:
    """``times`` updates wait when the bot starts, and a wave of reminders is due."""
    return asyncio.run(_run(seed, times))


async def _run(seed: int, times: int) -> Figures:
    figures = Figures("backlog", seed)
    with TemporaryDirectory(prefix="yinlu-soak-") as name:
        monday = at(WEEK1 + timedelta(days=7), time(9))
        async with nursery() as born_by, town(Path(name), monday, born_by) as place:
            people = settle(place, PAIRS)
            (place.folder / FILE).write_text(FAST, encoding="utf-8")
            speakers = cycle(pair.student for pair in people.pairs)
            for student, words in zip(islice(speakers, times), cycle(WORDS), strict=False):
                student.says(words)
            await _start(place, people, times, figures)
    return figures


async def _start(place: Town, people: People, times: int, figures: Figures) -> None:
    began = wall.monotonic()
    bot = await place.bear()
    mentors = {pair.mentor.account for pair in people.pairs}
    students = {pair.student.account for pair in people.pairs}
    reminded = 0.0
    async with asyncio.timeout(PATIENCE):
        while place.world.updates.pending or _answers(place, students) < times:
            await asyncio.sleep(0.05)
            if not reminded and mentors & {one.chat for one in place.world.log}:
                reminded = wall.monotonic() - began
    figures.count("updates", times)
    figures.count("milliseconds until all are answered", int((wall.monotonic() - began) * 1000))
    figures.count("milliseconds until somebody else is told something", int(reminded * 1000))
    if code := await bot.end():
        figures.broken("stuck", f"exit code {code}: {place.complaint()}")
    store = place.store()
    done = [row.update for row in store.inbox if row.state is InboxState.DONE]
    if sorted(done) != list(range(1, times + 1)):
        figures.broken("lost", f"{len(done)} of {times} handled")
    if len(set(done)) < len(done):
        figures.broken("twice", f"{len(done) - len(set(done))} handled twice")


def _answers(place: Town, students: set[int]) -> int:
    return sum(one.method == "sendMessage" and one.chat in students for one in place.world.log)


async def interrupted(
    folder: Path, fetched: int, handled: int
) -> tuple[list[int], list[int], int]:
    """Fetch that many claims, be killed after some of them, start, and be killed before polling.

    Returns the updates handled by then in the order of their deeds, after each of the two lives,
    and how many updates the made-up Telegram has still to be told to forget.
    """
    async with nursery() as born_by, town(folder, at(WEEK1, time(9)), born_by) as place:
        people = settle(place, fetched)
        update = {pair.student.id: pair.student.says("已谈") for pair in people.pairs}
        seen = []
        lines = handled // TOGETHER  # that many updates become durable as one line
        for point, nth in (("after domain commit", lines), (BEFORE_POLLING, 1)):
            bot = await place.bear(point=point, nth=nth)
            await bot.ended()
            deeds = [one for one in place.store().deeds if one.what == "claim" and one.by]
            seen.append([update[one.by] for one in sorted(deeds, key=lambda d: d.id) if one.by])
        return seen[0], seen[1], place.world.updates.pending
