"""The host's time zone changes nothing (F21): ``python -m tests.soak.zones 5`` prints five terms' plans."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date

from bot.actions import roster, term
from bot.calendar import calendar
from bot.commands import reading
from bot.desk import Desk
from bot.rehearsal.college import sample
from bot.settings import Settings
from storage.store import Store
from tests.soak.figures import Figures
from tests.support.clock import StandingClock, at

ZONES = ("UTC", "Asia/Shanghai", "America/New_York")
# Around New York's change of the clock, and of unknown holidays; then of other years and seasons.
TERMS = (
    date(2026, 10, 19),
    date(2041, 2, 25),
    date(2025, 9, 1),
    date(2026, 3, 2),
    date(2026, 9, 7),
)


def run(seed: int, times: int) -> Figures:
    """The plans of the first ``times`` terms as seen from each zone; ``seed`` changes nothing."""
    figures = Figures("zones", seed)
    plans = {zone: _seen_from(zone, times) for zone in ZONES}
    for zone, seen in plans.items():
        if seen != plans["UTC"]:
            figures.broken("differences", f"{zone} plans otherwise than UTC")
    figures.count("zones", len(plans))
    figures.count("terms", len(TERMS[:times]))
    figures.count("messages planned", sum(map(len, json.loads(plans["UTC"]))))
    return figures


def _seen_from(zone: str, terms: int) -> str:
    environment = {**os.environ, "TZ": zone}  # noqa: TID251 - for a child
    line = [sys.executable, "-m", "tests.soak.zones", str(terms)]
    ran = subprocess.run(line, env=environment, capture_output=True, text=True, check=True)
    return ran.stdout


def planned(week1: date) -> list[object]:
    """The plan of the sample college's term, as `yinlu plan --json` prints it."""
    clock = StandingClock(at(week1.year, week1.month, week1.day, 7))
    settings = Settings()
    desk = Desk(Store.in_memory(), clock, settings, calendar(settings.holidays))
    with desk.store.transaction():
        roster.apply(desk.store, sample(), at=desk.now())
        term.set_week1(desk, week1, None)
    document = reading.plan(desk, None, None).document
    assert isinstance(document, list)
    numbers = ({**one, "about": sorted(one["about"])} for one in document)
    return sorted(numbers, key=lambda one: json.dumps(one))


def main() -> None:
    json.dump([planned(week1) for week1 in TERMS[: int(sys.argv[1])]], sys.stdout)


if __name__ == "__main__":
    main()
