"""`yinlu doctor`: healthy and sick, beside a bot and without one; ids and numbers, never a name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.actions.say import POP
from bot.checkup import check, process
from bot.checkup.files import disk_check
from bot.clock import SystemClock
from bot.commands.doctor import doctor
from bot.delivery.heartbeat import Heartbeat
from bot.desk import Desk
from bot.desks import BACKUPS, STORE, open_desk
from bot.outcome import Outcome, refused
from storage.lock import Lock
from storage.records import Deed, InboxState, Received, Row, RowId, RowState, Term
from storage.replay import LOCK, SNAPSHOT
from tests.support.cast import WEEK1, settle
from tests.support.clock import StandingClock, at
from tests.support.command_line import CommandLine

NOW = at(2026, 9, 15, 10)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(NOW)


@pytest.fixture
def folder(tmp_path: Path, clock: StandingClock) -> Path:
    """The named cast in week 2 of the term; nobody runs the bot."""
    with open_desk(tmp_path / "data", writing=True, clock=clock) as desk:
        settle(desk)
    return tmp_path / "data"


@contextmanager
def changing(folder: Path, clock: StandingClock) -> Iterator[Desk]:
    with open_desk(folder, writing=True, clock=clock) as desk, desk.store.transaction():
        yield desk


@pytest.fixture
def heartbeat(clock: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Heartbeat:
    """A bot that runs and answers, and is well; its figures are what the test makes of them."""
    beat = Heartbeat(clock)
    beat.ticks_begin()
    answers(monkeypatch, lambda: Outcome(document=beat.figures()))
    return beat


def answers(monkeypatch: pytest.MonkeyPatch, how: Any) -> None:
    monkeypatch.setattr(process, "ask", lambda *_, **__: how())


def remedies(folder: Path, clock: StandingClock) -> dict[str, str]:
    outcome = doctor(folder, clock)
    sick = {one["name"]: one["remedy"] for one in outcome.document["sick"]}
    assert outcome.code == bool(sick)
    assert outcome.document["healthy"] is not bool(sick)
    return sick


def facts(folder: Path, clock: StandingClock, name: str) -> dict[str, Any]:
    return dict(doctor(folder, clock).document[name])


def row(**how: Any) -> Row:
    given: dict[str, Any] = {"kind": "S1", "due": NOW} | how
    return Row(chat=1, to=None, created=NOW, **given)


def put(folder: Path, clock: StandingClock, *rows: Row) -> None:
    with changing(folder, clock) as desk:
        for one in rows:
            desk.store.outbox.add(one)


# As a command


def test_a_bot_not_yet_in_use_is_healthy(college: CommandLine) -> None:
    assert college("term", "set", "2026-09-07").code == 0
    ran = college("doctor")
    assert (ran.code, ran.err) == (0, "")
    assert "没有运行" in ran.out
    assert "✗" not in ran.out


def test_the_sick_lines_are_marked_and_say_what_to_do(college: CommandLine) -> None:
    ran = college("doctor")
    assert ran.code == 1
    assert "✗ 学期" in ran.out
    assert "→ 请运行 yinlu term set YYYY-MM-DD。" in ran.out
    assert ran.err == "有 1 处需要处理。\n"


def test_a_program_gets_one_document_whether_healthy_or_sick(college: CommandLine) -> None:
    sick = college("doctor", "--json")
    assert sick.code == 1
    assert json.loads(sick.out)["sick"] == [
        {"name": "term", "remedy": "请运行 yinlu term set YYYY-MM-DD。"}
    ]
    college("term", "set", "2026-09-07")
    document = college("doctor", "--json").document
    assert document["healthy"] is True
    assert {*document} == {
        *("healthy", "sick", "settings", "store", "process", "inbox", "outbox"),
        *("accounts", "term", "audit", "backups", "disk"),
    }


def test_a_folder_that_is_not_there_is_said_to_be_not_there(yinlu: CommandLine) -> None:
    ran = yinlu("doctor")
    assert ran.code == 1
    assert "没有数据文件夹" in ran.out
    assert not yinlu.data.exists()


def test_looking_changes_nothing(folder: Path, clock: StandingClock) -> None:
    def present() -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in (folder / STORE).iterdir()}

    before = present()
    doctor(folder, clock)
    assert present() == before


# The process


def test_a_bot_that_is_well_is_healthy(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    assert remedies(folder, clock) == {}
    outcome = doctor(folder, clock)
    assert "运行中" in "\n".join(outcome.lines)
    assert outcome.document["process"]["answers"] is True


def test_a_bot_that_does_not_run_although_people_rely_on_it_is_sick(
    folder: Path, clock: StandingClock
) -> None:
    assert remedies(folder, clock) == {"process": "请运行 yinlu run。"}


def test_a_bot_that_does_not_answer_is_sick(
    folder: Path, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, lambda: refused("没有答复"))
    assert "70" in remedies(folder, clock)["process"]
    assert facts(folder, clock, "process") == {"running": True, "answers": False, "lock": False}


def test_a_store_held_by_a_process_that_takes_no_orders_is_sick(
    folder: Path, clock: StandingClock
) -> None:
    lock = Lock(folder / STORE / LOCK)
    assert "启动或结束" in remedies(folder, clock)["process"]
    lock.close()


def test_an_outage_is_sick_and_no_reason_to_start_anew(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    clock.advance(seconds=300)
    heartbeat.polled("ConnectError")
    heartbeat.beat(None)
    assert "不必重启" in remedies(folder, clock)["telegram"]
    assert facts(folder, clock, "telegram")["trouble"] == "ConnectError"
    assert "已 5 分钟没有答复（ConnectError）" in "\n".join(doctor(folder, clock).lines)


def test_another_process_on_the_token_is_sick(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    heartbeat.polled("Conflict")
    clock.advance(seconds=61)
    heartbeat.polled("Conflict")
    assert "另一个进程" in remedies(folder, clock)["telegram"]


def test_a_tick_that_fails_or_stays_away_is_sick(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    heartbeat.beat(None, "StoreClosedForWriting")
    assert "没有发出" in remedies(folder, clock)["tick"]
    heartbeat.beat(None)
    clock.advance(seconds=181)
    heartbeat.polled()
    assert "没有在查" in remedies(folder, clock)["tick"]


def test_before_telegram_answers_no_tick_is_missed(
    folder: Path, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat = Heartbeat(clock)
    answers(monkeypatch, lambda: Outcome(document=beat.figures()))
    assert remedies(folder, clock) == {}


def test_a_row_that_does_not_leave_is_sick(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    heartbeat.beat(RowId(7))
    clock.advance(seconds=301)
    heartbeat.polled()
    heartbeat.beat(RowId(7))
    assert "发不出去" in remedies(folder, clock)["sending"]


# Settings and store


def test_a_fault_in_the_settings_is_named_and_the_rest_is_looked_at_all_the_same(
    folder: Path, clock: StandingClock
) -> None:
    (folder / "settings.toml").write_text("tokn = 'x'\n", encoding="utf-8")
    assert remedies(folder, clock)["settings"] == "请改正：tokn: no such setting"
    assert facts(folder, clock, "store")["sequence"] == 1


def test_the_token_is_never_shown(college: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINLU_TOKEN", "4242:AAcanaryCANARYcanaryCANARYcanary")
    ran = college("doctor")
    assert "令牌已设" in ran.out
    assert "canary" not in ran.out.lower()


def test_a_damaged_store_is_sick_and_names_the_way_back(
    folder: Path, clock: StandingClock
) -> None:
    backup = backed_up(folder, clock)
    (journal,) = (folder / STORE).glob("journal-*")
    written = bytearray(journal.read_bytes())
    written[len(written) // 2] ^= 1
    journal.write_bytes(written)
    remedy = remedies(folder, clock)["store"]
    assert "请勿改动该文件夹" in remedy
    assert f"restore {backup}" in remedy


def test_a_folder_of_which_nothing_can_be_read_is_sick(folder: Path, clock: StandingClock) -> None:
    (journal,) = (folder / STORE).glob("journal-*")
    journal.unlink()
    journal.mkdir()
    assert "store" in remedies(folder, clock)


def test_a_store_behind_its_backup_is_sick(folder: Path, clock: StandingClock) -> None:
    (journal,) = (folder / STORE).glob("journal-*")
    earlier = journal.read_bytes()
    with changing(folder, clock) as desk:
        desk.store.deeds.add(Deed(at=NOW, by=None, what="x"))
    backed_up(folder, clock)
    journal.write_bytes(earlier)
    assert "缺了最后一段" in remedies(folder, clock)["store"]


def test_the_snapshot_is_told_with_its_time(folder: Path, clock: StandingClock) -> None:
    assert facts(folder, clock, "store")["snapshot"] is None
    with open_desk(folder, writing=True, clock=clock) as desk:
        desk.store.snapshot()
    told = facts(folder, clock, "store")
    assert datetime.fromisoformat(told["snapshot"]).utcoffset() == timedelta(hours=8)
    assert told["bytes"] > told["journal_bytes"]
    assert (folder / STORE / SNAPSHOT).exists()


# Queues


def received(number: int, state: InboxState, days: int = 0) -> Received:
    raw = {"update_id": number, "message": {"text": "李明"}}
    return Received(
        update=number, raw=raw, at=NOW - timedelta(days=days), state=state, reason="KeyError"
    )


def test_what_could_not_be_handled_is_listed_by_number_reason_and_moment_without_its_text(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    with changing(folder, clock) as desk:
        desk.store.inbox.add(received(41, InboxState.QUARANTINED))
        desk.store.inbox.add(received(42, InboxState.DEAD))
        desk.store.inbox.add(received(43, InboxState.WAITING))
        desk.store.inbox.add(received(44, InboxState.DONE))
    outcome = doctor(folder, clock)
    told = outcome.document["inbox"]
    assert (told["waiting"], told["quarantined"], told["dead"]) == (1, 1, 1)
    assert told["failed"][0] == {
        "update": 41,
        "state": "quarantined",
        "reason": "KeyError",
        "at": NOW.isoformat(),
    }
    text = "\n".join(outcome.lines)
    assert "41  2026-09-15 10:00  读不懂（KeyError）" in text
    assert "42  2026-09-15 10:00  处理失败（KeyError）" in text
    assert "李明" not in text + json.dumps(outcome.document, ensure_ascii=False)
    assert "inbox" in remedies(folder, clock)


def test_what_failed_more_than_a_week_ago_is_counted_but_no_longer_sick(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    with changing(folder, clock) as desk:
        desk.store.inbox.add(received(41, InboxState.DEAD, days=8))
    put(folder, clock, row(state=RowState.DEAD, due=NOW - timedelta(days=8)))
    assert remedies(folder, clock) == {}
    assert facts(folder, clock, "inbox")["dead"] == 1
    assert facts(folder, clock, "outbox")["dead"] == {"S1": 1}


def test_of_many_failures_the_newest_are_listed_and_the_rest_counted(
    folder: Path, clock: StandingClock
) -> None:
    with changing(folder, clock) as desk:
        for number in range(25):
            desk.store.inbox.add(received(number, InboxState.DEAD))
    text = "\n".join(doctor(folder, clock).lines)
    assert text.count("处理失败（") == 20
    assert "另有 5 条" in text


def test_a_row_long_overdue_is_sick(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    put(folder, clock, row(due=NOW - timedelta(minutes=10)))
    assert remedies(folder, clock) == {}
    clock.advance(minutes=6)
    heartbeat.polled()
    heartbeat.beat(None)
    assert "早该发出" in remedies(folder, clock)["outbox"]
    assert "最早的已等 16 分钟" in "\n".join(doctor(folder, clock).lines)


def test_rows_that_did_not_arrive_are_told_by_kind(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    put(
        folder,
        clock,
        row(state=RowState.DEAD, reason="Bad Request"),
        row(kind="T5", state=RowState.UNCERTAIN),
        row(state=RowState.SENT, sent=NOW),
    )
    told = facts(folder, clock, "outbox")
    assert (told["dead"], told["uncertain"]) == ({"S1": 1}, {"T5": 1})
    assert told["last_sent"] == NOW.isoformat()
    assert "没有送到" in remedies(folder, clock)["outbox"]
    assert "T5：1 条" in "\n".join(doctor(folder, clock).lines)


def test_somebody_who_blocked_the_bot_and_an_answer_to_a_press_make_nobody_sick(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    put(
        folder,
        clock,
        row(state=RowState.DEAD, reason="unreachable"),
        row(kind=POP, state=RowState.UNCERTAIN),
    )
    assert remedies(folder, clock) == {}


def test_holidays_not_yet_announced_are_told(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    with changing(folder, clock) as desk:
        desk.store.terms.add(
            Term(name="2040-2041-1", week1=WEEK1.replace(year=2040, day=3), opened=NOW)
        )
    assert "[holidays]" in remedies(folder, clock)["term"]
    assert facts(folder, clock, "term")["unannounced"] == [2040]


# Backups and disk


def backed_up(folder: Path, clock: StandingClock) -> Path:
    from bot.commands.backups import backup

    with open_desk(folder, writing=True, clock=clock) as desk:
        backup(desk, folder=str(folder / BACKUPS), file=None)
    (path,) = (folder / BACKUPS).glob("*.backup")
    return path


def test_a_backup_of_last_night_is_well_and_one_of_the_day_before_is_missed(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    path = backed_up(folder, clock)
    told = facts(folder, clock, "backups")
    assert told == {
        "count": 1,
        "newest": str(path),
        "made": NOW.isoformat(),
        "verified": True,
    }
    clock.advance(hours=37)
    assert "yinlu backup" in remedies(folder, clock)["backups"]


def test_a_damaged_backup_is_sick(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    path = backed_up(folder, clock)
    path.write_bytes(path.read_bytes()[:-20])
    assert "另做一份" in remedies(folder, clock)["backups"]
    assert facts(folder, clock, "backups")["verified"] is False


def test_no_backup_at_all_is_missed_once_there_is_more_than_a_days_work(
    folder: Path, clock: StandingClock, heartbeat: Heartbeat
) -> None:
    with changing(folder, clock) as desk:
        desk.store.deeds.add(Deed(at=NOW - timedelta(hours=30), by=None, what="x"))
    assert "backups" not in remedies(folder, clock)
    clock.advance(hours=7)
    assert "backups" in remedies(folder, clock)


def test_a_disk_without_room_for_copies_of_the_store_is_sick(tmp_path: Path) -> None:
    assert disk_check(tmp_path, 0).remedy is None
    assert "腾出" in (disk_check(tmp_path, 1 << 60).remedy or "")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 秒"), (59, "59 秒"), (60, "1 分钟"), (7300, "2 小时"), (200_000, "2 天")],
)
def test_durations_are_told_in_their_largest_unit(seconds: float, words: str) -> None:
    assert check.lasting(seconds) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [(812, "812 B"), (2048, "2.0 KB"), (3 << 20, "3.0 MB"), (5 << 30, "5.0 GB")],
)
def test_sizes_are_told_in_their_largest_unit(count: int, words: str) -> None:
    assert check.size(count) == words


def test_the_clock_of_the_machine_is_used_where_none_is_given(folder: Path) -> None:
    assert doctor(folder).document["process"]["running"] is False
    assert SystemClock().now() > NOW - timedelta(days=365)
