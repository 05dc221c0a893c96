"""G15: what is due, asked of the records, against one dated job of APScheduler per student."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import process_time

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from bot.clock import SHANGHAI
from bot.delivery.schedule import Tick
from bot.desk import Desk
from bot.standings import standings
from tests.bench import town
from tests.bench.ratio import Ratio, interleaved, microseconds_each

GOAL = "G15"
AIM = 500.0


def measure(*, quick: bool) -> Iterator[Ratio]:
    size = 3_000 if quick else 30_000
    desk = town.desk(size, town.moment(2, 0))
    tick = Tick(desk)
    tick.now()
    desk.clock.move_to(desk.now() + timedelta(hours=1))  # type: ignore[attr-defined]  # the town's clock is told
    coming = standings(desk).coming(desk.now())
    assert coming is not None

    def jobs() -> float:
        begin = process_time()
        scheduler = BackgroundScheduler(timezone=SHANGHAI)
        for one in range(size):
            scheduler.add_job(print, DateTrigger(coming), args=(one,))
        scheduler.start(paused=True)
        found = scheduler.get_jobs()[0].next_run_time
        scheduler.shutdown(wait=False)
        assert found == coming, "the two must agree before their times count"
        return (process_time() - begin) * 1e6

    a, b = interleaved(jobs, lambda: microseconds_each(lambda: asked(desk), 20))
    case = f"{size:,} dated jobs / what the tick asks"
    yield Ratio(GOAL, case, "µs", a, b, AIM, at_least=True)


def asked(desk: Desk) -> None:
    """A tick at which nothing is due."""
    assert Tick(desk).now() == 0
