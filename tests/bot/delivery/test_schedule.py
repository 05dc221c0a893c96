"""The tick: what is due leaves, however late the tick comes, and once."""

from __future__ import annotations

import asyncio
import logging
import threading
from pathlib import Path

import pytest

from bot.actions import remind
from bot.clock import SHANGHAI
from bot.delivery import schedule
from bot.delivery.schedule import TICK_SECONDS, Tick, keep_backups
from storage import backup, backup_folder
from tests.support.chat import Chat
from tests.support.clock import at
from tests.support.line import Line


def job(chat: Chat) -> object:
    (only,) = chat.app.telegram.job_queue.scheduler.get_jobs()  # type: ignore[union-attr]  # installed
    return only


async def test_the_scheduler_has_one_job_that_is_never_skipped_for_being_late(chat: Chat) -> None:
    tick = job(chat)
    assert tick.name == "tick"  # type: ignore[attr-defined]  # apscheduler has no types
    assert tick.misfire_grace_time is None  # type: ignore[attr-defined]
    assert (tick.coalesce, tick.max_instances) == (True, 1)  # type: ignore[attr-defined]
    assert tick.trigger.interval.total_seconds() == TICK_SECONDS  # type: ignore[attr-defined]


async def test_the_scheduler_keeps_shanghai_time(chat: Chat) -> None:
    queue = chat.app.telegram.job_queue
    assert queue is not None
    assert str(queue.scheduler.timezone) == str(SHANGHAI)


async def test_a_reminder_missed_while_the_bot_was_down_leaves_once_with_the_next_tick(
    chat: Chat,
) -> None:
    """It is Tuesday; S1 was due on Monday."""
    for _ in range(3):
        await chat.tick()
    assert len(chat.news("李明")) == 1


async def test_a_tick_that_finds_something_wakes_the_outbox(chat: Chat, line: Line) -> None:
    woken = []
    chat.desk.wake = lambda: woken.append(True)
    chat.clock.move_to(at(2026, 9, 21, 9))
    tick = Tick(chat.desk)
    assert tick.now() > 0
    assert woken == [True]
    assert tick.now() == 0
    assert woken == [True]


async def test_a_tick_that_fails_is_logged_and_the_next_one_finds_what_it_left(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> int:
        raise LookupError("李明")

    with monkeypatch.context() as patched:
        patched.setattr(remind, "wave", broken)
        with pytest.raises(LookupError) as failed:
            Tick(chat.desk).now()
        await chat.app.telegram.process_error(None, failed.value)
    assert "a job failed" in caplog.text
    with caplog.at_level(logging.INFO):
        await chat.tick()
    assert len(chat.news("李明")) == 1


async def test_each_tick_is_a_sign_of_life_also_one_that_fails(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk stops every tick; starting anew would not mend it (F7)."""
    heartbeat = chat.app.heartbeat
    (tick,) = chat.app.telegram.job_queue.jobs()  # type: ignore[union-attr]  # installed
    await tick.callback(None)
    first = heartbeat.ticked
    chat.clock.advance(seconds=20)
    monkeypatch.setattr(remind, "wave", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await tick.callback(None)
    assert (heartbeat.ticked or 0) - (first or 0) == 20
    assert heartbeat.tick_failure == "ZeroDivisionError"


async def test_people_are_answered_while_a_backup_is_written(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()
    verify = backup.verify

    def patient(path: Path) -> backup.Summary:
        assert answered.wait(30), "the loop stands still"
        return verify(path)

    monkeypatch.setattr(backup, "verify", patient)
    keep_backups(chat.app.telegram, chat.desk, tmp_path)
    queue = chat.app.telegram.job_queue
    assert queue is not None
    (job,) = queue.get_jobs_by_name("backup")
    backing_up = asyncio.ensure_future(job.run(chat.app.telegram))
    assert await chat.say("李明", "/status")
    assert backup_folder.newest_known(tmp_path) is None
    answered.set()
    await backing_up
    assert backup_folder.newest_known(tmp_path)


async def test_a_wave_is_put_on_the_way_in_parts_and_people_are_answered_between(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "PART", 2)
    chat.clock.move_to(at(2026, 9, 14, 9))
    parts = Tick(chat.desk)._parts()
    assert next(parts) == 2
    assert await chat.say("林峰", "/status")
    assert sum(parts) > 2
    await chat.settle()
    assert len([one for one in chat.news("李明") if "主动与周文老师约定时间谈话" in one]) == 1


async def test_who_was_told_between_two_parts_of_a_wave_is_not_told_again(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "PART", 1)
    chat.clock.move_to(at(2026, 9, 14, 9))
    whole = remind.wave(chat.desk)
    assert whole is not None
    last = whole.messages[-1]
    parts = Tick(chat.desk)._parts()
    next(parts)
    with chat.desk.store.transaction():
        assert remind.put_on_the_way(chat.desk, whole, slice(len(whole.messages) - 1, 10**6))
    rest = sum(parts)
    assert rest == len(whole.messages) - 2
    assert sum(last.keys[0] in row.keys for row in chat.desk.store.outbox) == 1
