"""The bot backs itself up once a day, and keeps no more backups than are of use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.actions.housekeeping import daily_due, recent_due
from bot.calendar import calendar
from bot.desk import Desk
from bot.settings import Settings
from storage import backup as copies
from storage.records import Deed
from storage.store import Store
from tests.support.cast import settle
from tests.support.clock import StandingClock, at

LAST_EIGHT = [("12", "40"), ("12", "50"), *(("13", f"{minute}0") for minute in range(6))]


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(at(2026, 9, 14, 2, 59))


@pytest.fixture
def desk(clock: StandingClock) -> Iterator[Desk]:
    own = Settings()
    desk = Desk(Store.in_memory(), clock, own, calendar(own.holidays), "yinlu_bot")
    settle(desk)
    yield desk
    desk.store.close()


def daily_backup(desk: Desk, folder: Path) -> Path | None:
    due = daily_due(desk, folder)
    return None if due is None else due.keep()


def recent_backup(desk: Desk, folder: Path) -> Path | None:
    due = recent_due(desk, folder)
    return None if due is None else due.keep()


def made(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_bot_backs_up_once_a_day_from_three_o_clock_on(
    desk: Desk, clock: StandingClock, tmp_path: Path
) -> None:
    minutes = range(0, 2 * 24 * 60, 20)
    paths = []
    for _ in minutes:
        paths.append(daily_backup(desk, tmp_path))
        clock.advance(minutes=20)
    assert [path.name for path in paths if path] == [
        "yinlu-2026-09-14T0319.backup",
        "yinlu-2026-09-15T0319.backup",
    ]
    for name in made(tmp_path):
        assert copies.verify(tmp_path / name).counts["people"] == len(desk.store.people)


def test_bot_that_was_off_at_three_backs_up_when_it_is_back(
    desk: Desk, clock: StandingClock, tmp_path: Path
) -> None:
    clock.move_to(at(2026, 9, 16, 22, 5))
    assert daily_backup(desk, tmp_path) == tmp_path / "yinlu-2026-09-16T2205.backup"
    assert daily_backup(desk, tmp_path) is None


def grow(desk: Desk) -> None:
    with desk.store.transaction():
        desk.store.deeds.add(Deed(at=desk.now(), by=None, what="test"))


def test_in_weeks_one_to_four_whatever_happens_is_backed_up_at_the_next_call(
    desk: Desk, clock: StandingClock, tmp_path: Path
) -> None:
    for day in (date(2026, 9, 7), date(2026, 10, 4)):  # Monday of week 1, Sunday of week 4
        clock.move_to(at(day.year, day.month, day.day, 10))
        grow(desk)
        path = recent_backup(desk, tmp_path)
        assert path == tmp_path / f"recent-{day}T1000.backup"
        assert copies.verify(path).sequence == desk.store.sequence
        assert recent_backup(desk, tmp_path) is None, "nothing is new"


def test_before_and_after_those_weeks_the_daily_backup_is_enough(
    desk: Desk, clock: StandingClock, tmp_path: Path
) -> None:
    for day in (date(2026, 9, 6), date(2026, 10, 5)):
        clock.move_to(at(day.year, day.month, day.day, 10))
        assert recent_backup(desk, tmp_path) is None


def test_before_the_first_term_the_daily_backup_is_enough(
    clock: StandingClock, tmp_path: Path
) -> None:
    own = Settings()
    early = Desk(Store.in_memory(), clock, own, calendar(own.holidays), "yinlu_bot")
    settle(early, term=False)
    assert recent_backup(early, tmp_path) is None


def test_of_a_busy_day_the_last_eight_backups_and_the_daily_one_stay(
    desk: Desk, clock: StandingClock, tmp_path: Path
) -> None:
    clock.move_to(at(2026, 9, 14, 9))
    for _ in range(30):
        grow(desk)
        assert daily_backup(desk, tmp_path) or recent_backup(desk, tmp_path)
        clock.advance(minutes=10)
    assert made(tmp_path) == [
        *(f"recent-2026-09-14T{hour}{minute}.backup" for hour, minute in LAST_EIGHT),
        "yinlu-2026-09-14T0900.backup",
    ]


def test_a_recent_backup_that_fails_is_logged_and_tried_again(
    desk: Desk, clock: StandingClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "backups"
    folder.write_text("in the way")
    clock.move_to(at(2026, 9, 14, 9))
    assert recent_backup(desk, folder) is None
    assert "the recent backup failed" in caplog.text
    folder.unlink()
    assert recent_backup(desk, folder)


def test_bot_started_anew_does_not_back_up_again(
    desk: Desk, clock: StandingClock, tmp_path: Path
) -> None:
    clock.move_to(at(2026, 9, 14, 3))
    assert daily_backup(desk, tmp_path)
    again = Desk(desk.store, clock, desk.settings, desk.calendar, "yinlu_bot")
    assert daily_backup(again, tmp_path) is None


def test_bot_backs_up_nothing_before_there_is_anything(
    clock: StandingClock, tmp_path: Path
) -> None:
    clock.move_to(at(2026, 9, 14, 3))
    own = Settings()
    empty = Desk(Store.in_memory(), clock, own, calendar(own.holidays), "yinlu_bot")
    assert daily_backup(empty, tmp_path / "backups") is None
    assert not (tmp_path / "backups").exists()


def test_bot_keeps_fourteen_days_and_eight_weeks(
    desk: Desk, clock: StandingClock, tmp_path: Path
) -> None:
    for _ in range(100):
        clock.advance(days=1)
        clock.move_to(clock.now().replace(hour=3, minute=0))
        assert daily_backup(desk, tmp_path)
    days = [date.fromisoformat(name[6:16]) for name in made(tmp_path)]
    today = clock.now().date()
    assert days[-14:] == [today - timedelta(days=age) for age in reversed(range(14))]
    assert all(day.weekday() == 6 for day in days[:-14])
    assert today - days[0] < timedelta(weeks=8)
    assert len(days) == 14 + 5


def test_a_failed_backup_is_logged_and_tried_again(
    desk: Desk, clock: StandingClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock.move_to(at(2026, 9, 14, 3))
    folder = tmp_path / "backups"
    folder.write_text("a file in its place")
    assert daily_backup(desk, folder) is None
    assert "the daily backup failed" in caplog.text
    folder.unlink()
    assert daily_backup(desk, folder)


def test_what_happens_while_a_backup_is_written_is_not_in_it(desk: Desk, tmp_path: Path) -> None:
    due = recent_due(desk, tmp_path)
    assert due is not None
    people = len(desk.store.people)
    sequence = desk.store.sequence
    with desk.store.transaction():
        desk.store.people.put(replace(next(iter(desk.store.people)), name="改名"))
        desk.store.people.remove(max(one.id for one in desk.store.people))
        desk.store.deeds.add(Deed(at=desk.now(), by=None, what="test"))
    path = due.keep()
    assert path is not None
    summary = copies.verify(path)
    assert (summary.sequence, summary.counts["people"]) == (sequence, people)
    assert "改名" not in path.read_text(encoding="utf-8")
    assert "deeds" not in summary.counts
