"""What the watchdog takes for stuck, and what it does not."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

import pytest

from bot.delivery import watchdog
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.watchdog import STUCK, Watchdog, watched
from bot.supervisor import Supervisor
from storage.records import Row, RowId, RowState
from tests.support.chat import Chat
from tests.support.clock import StandingClock, at
from tests.support.line import Line


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(at(2026, 9, 14))


@pytest.fixture
def heartbeat(clock: StandingClock) -> Heartbeat:
    return Heartbeat(clock)


@pytest.fixture
def left() -> list[int]:
    """The exit codes with which the process would have ended."""
    return []


@pytest.fixture
def dog(heartbeat: Heartbeat, left: list[int]) -> Watchdog:
    return Watchdog(heartbeat, Supervisor(), leave=left.append)


def live(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat, seconds: int, *signs: str
) -> str | None:
    """Let time pass in steps of five seconds with these signs of life; the last complaint."""
    complaint = None
    for _ in range(0, seconds, 5):
        clock.advance(seconds=5)
        if "poll" in signs:
            heartbeat.polled()
        if "outage" in signs:
            heartbeat.polled("NetworkError")
        if "tick" in signs:
            heartbeat.beat(None)
        if "late row" in signs:
            heartbeat.beat(RowId(7))
        complaint = dog.complaint()
    return complaint


def test_a_bot_that_polls_and_ticks_is_left_alone(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    assert live(dog, clock, heartbeat, 7200, "poll", "tick") is None


def test_getupdates_that_does_not_come_back_for_90_seconds_is_stuck(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    assert live(dog, clock, heartbeat, 90, "tick") is None
    assert live(dog, clock, heartbeat, 5, "tick") == "no getUpdates has come back for 95 s"


def test_a_network_outage_of_two_days_is_waited_out(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    assert live(dog, clock, heartbeat, 2 * 86_400, "outage", "tick") is None


def test_no_tick_for_180_seconds_is_stuck(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    heartbeat.ticks_begin()
    assert live(dog, clock, heartbeat, 180, "poll") is None
    assert live(dog, clock, heartbeat, 5, "poll") == "no tick for 185 s"


def test_ticks_are_not_missed_while_telegram_has_not_yet_said_who_the_bot_is(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    assert live(dog, clock, heartbeat, 7200, "outage") is None


def test_a_row_that_does_not_leave_for_15_minutes_although_the_wire_works_is_stuck(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    assert live(dog, clock, heartbeat, 905, "poll", "late row") is None
    complaint = live(dog, clock, heartbeat, 5, "poll", "late row")
    assert complaint == "row 7 has not left for 905 s although Telegram answers"


def test_a_row_that_cannot_leave_for_an_outage_is_waited_for(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    assert live(dog, clock, heartbeat, 3600, "outage", "late row") is None


def test_a_queue_that_moves_is_not_stuck_however_long_it_is(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    for number in range(1, 1000):
        clock.advance(seconds=20)
        heartbeat.polled()
        heartbeat.beat(RowId(number))
        assert dog.complaint() is None


def test_a_clock_set_forward_by_a_day_makes_nothing_stuck(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    """Only the monotonic reading counts, and a reading that leaps means that the process slept."""
    assert live(dog, clock, heartbeat, 60, "poll", "tick") is None
    clock.move_to(clock.now() + timedelta(days=1))
    assert dog.complaint() is None


def test_a_process_that_slept_has_the_whole_time_again_to_show_life(
    dog: Watchdog, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    live(dog, clock, heartbeat, 60, "poll", "tick")
    clock.advance(minutes=10)  # SIGSTOP, or the host asleep (F19)
    assert dog.complaint() is None
    assert live(dog, clock, heartbeat, 90) is None
    assert live(dog, clock, heartbeat, 5) is not None


# Which rows are late without excuse


def late_row(chat: Chat, minutes: int, state: RowState = RowState.PENDING) -> RowId:
    due = chat.clock.now() - timedelta(minutes=minutes)
    row = Row(kind="not_text", chat=101, to=None, due=due, created=due, state=state)
    with chat.desk.store.transaction():
        return chat.desk.store.outbox.add(row).id


async def test_the_row_due_longest_is_late_also_while_it_is_on_the_wire(chat: Chat) -> None:
    assert chat.app.outbox.overdue() is None
    late_row(chat, -5)
    assert chat.app.outbox.overdue() is None
    late_row(chat, 3)
    oldest = late_row(chat, 20, RowState.SENDING)
    assert chat.app.outbox.overdue() == oldest


async def test_no_row_is_late_while_telegram_has_asked_to_wait(chat: Chat, line: Line) -> None:
    row = late_row(chat, 20)
    chat.app.outbox._limiter.halt(60, chat.clock.monotonic())  # as after a 429
    assert chat.app.outbox.overdue() is None
    chat.clock.advance(seconds=61)
    assert chat.app.outbox.overdue() == row


async def test_no_row_is_late_while_the_store_takes_no_claims(chat: Chat) -> None:
    late_row(chat, 20)
    chat.desk.store.close()
    assert chat.app.outbox.overdue() is None


# What it does


def test_a_stuck_bot_ends_with_70_and_one_line(
    dog: Watchdog,
    clock: StandingClock,
    heartbeat: Heartbeat,
    left: list[int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert dog.look()
    assert live(dog, clock, heartbeat, 95) is not None
    assert not dog.look()
    assert left == [STUCK]
    (line,) = caplog.records
    assert line.getMessage() == "stuck: no getUpdates has come back for 95 s; ending with 70"


def test_a_log_that_is_stuck_itself_does_not_keep_it(
    dog: Watchdog,
    clock: StandingClock,
    heartbeat: Heartbeat,
    left: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watchdog, "LAST_WORD_SECONDS", 0.01)
    free = threading.Event()
    monkeypatch.setattr(watchdog.log, "critical", lambda *_: free.wait())
    live(dog, clock, heartbeat, 95)
    dog.look()
    free.set()
    assert left == [STUCK]


def test_an_end_that_does_not_end_is_cut_short_with_0(
    heartbeat: Heartbeat, clock: StandingClock, left: list[int]
) -> None:
    dog = Watchdog(heartbeat, Supervisor(patience=0.02), leave=left.append)
    dog.end_soon()
    clock.advance(seconds=9.5)
    dog.run()
    assert left == [0]


def test_an_end_in_time_is_left_alone(dog: Watchdog, left: list[int]) -> None:
    dog.end_soon()
    dog.close()
    dog.run()
    assert left == []


def test_the_thread_looks_by_itself_until_the_block_ends(
    heartbeat: Heartbeat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked = threading.Event()

    def look(_: Watchdog) -> bool:
        looked.set()
        return True

    monkeypatch.setattr(Watchdog, "look", look)
    with caplog.at_level(logging.ERROR), watched(heartbeat, Supervisor(patience=0.02)):
        assert looked.wait(20)
        (thread,) = [one for one in threading.enumerate() if one.name == "watchdog"]
    thread.join(20)
    assert not thread.is_alive()


def test_the_thread_ends_where_the_bot_is_stuck(
    heartbeat: Heartbeat, clock: StandingClock, left: list[int]
) -> None:
    dog = Watchdog(heartbeat, Supervisor(patience=0.02), leave=left.append)
    live(dog, clock, heartbeat, 95)
    dog.run()
    assert left == [STUCK]
