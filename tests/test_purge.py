"""A purged person leaves nothing: the whole data folder is searched, byte by byte (X23)."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.actions import deed, denial, enrol, forget, housekeeping, purge, trouble
from bot.actions.gather import next_gathering
from bot.commands import backups, purging
from bot.commands.auditing import audit
from bot.commands.writing import carry_out
from bot.compose.own_sections import SECTIONS
from bot.delivery.schedule import back_up, keep_backups
from bot.desk import Desk
from bot.desks import BACKUPS, STORE
from bot.outcome import Outcome
from bot.settings import Keep, Settings
from storage import backup, backup_folder, chain
from storage.records import (
    Away,
    Duty,
    Exemption,
    Item,
    Pause,
    PersonId,
    Relief,
    Stage,
    TermId,
)
from storage.store import Store
from tests.support.chat import Chat, chatting
from tests.support.clock import at

CANARY = "鹈鹕踏雪"
NUMBER = "2024097531"
PHONE = 700_700_701  # the account
LATER = at(2027, 10, 8, 3, 5)


def forms_of(text: str) -> Iterator[bytes]:
    """Every way in which a text may stand in a file."""
    yield text.encode()
    yield text.encode("unicode_escape")
    yield text.encode("unicode_escape").upper().replace(b"\\U", b"\\u")
    yield text.encode("gbk")
    yield text.encode("utf-16-le")


def found_in(folder: Path, *texts: str) -> list[str]:
    return [
        f"{path.relative_to(folder)}: {text}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for text in texts
        if any(form in path.read_bytes() for form in forms_of(text))
    ]


def gone_from(chat: Chat, name: str) -> PersonId:
    """Give somebody of the cast a name, a number and an account that nobody else has."""
    store, person = chat.desk.store, chat.cast[name]
    with store.transaction():
        marked = store.people.put(replace(person, name=CANARY, number=NUMBER))
        account = store.accounts.where("person", person.id)[0]
        store.accounts.put(replace(account, telegram=PHONE))
        relative = store.people[chat.cast["王小雨"].id]
        store.people.put(replace(relative, relatives=(NUMBER,)))
    chat.cast.telegram[name] = PHONE
    return marked.id


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
async def chat(data: Path) -> AsyncIterator[Chat]:
    """The named cast on a disk, 李明 marked, in the middle of a round in which everything happens."""
    store = Store.open(data / STORE, snapshot_floor=1 << 40)
    own = Settings(keep=Keep(left_months=12))
    async with chatting(at(2026, 9, 14, 9), store=store, settings=own) as chat:
        student = gone_from(chat, "李明")
        with store.transaction():
            enrol.issue(chat.desk, [store.people[student]])
            over = date(2026, 9, 1)
            store.pauses.add(Pause(student=student, reason=Away.OTHER, since=over, until=over))
            released = Exemption(
                student=student, term=TermId(1), item=Item.FORM, relief=Relief.RELEASED, day=over
            )
            store.exemptions.add(released)
        await chat.tick()
        await chat.say("李明", "已谈 9月14日")
        await chat.press("周老师", "属实")
        await chat.say("王小雨", "约不上老师")
        await chat.say("林峰", f"/assign {CANARY}")
        await chat.say("陈静", "/forms")
        await chat.say("李明", "/mydata")
        await chat.say("周老师", "/status")
        with store.transaction():
            deed.record(
                chat.desk, "assign", chat.cast["林峰"].id, about=student, why=f"{CANARY}要求换老师"
            )
            deed.record(
                chat.desk,
                "assign",
                chat.cast["林峰"].id,
                about=chat.cast["王小雨"].id,
                why=f"与{CANARY}同组",
            )
        yield chat
    store.close()


def leave(chat: Chat, person: PersonId, day: date) -> None:
    with chat.desk.store.transaction():
        held = chat.desk.store.people[person]
        chat.desk.store.people.put(replace(held, left=day))


def run(desk: Desk, data: Path, *numbers: str) -> Outcome:
    return carry_out(desk, "purge", {"folder": str(data), "people": list(numbers)})


def copies(data: Path) -> list[str]:
    return sorted(path.name for path in (data / BACKUPS).iterdir())


async def test_a_purged_student_is_found_in_no_file_of_the_folder(chat: Chat, data: Path) -> None:
    store, student = chat.desk.store, chat.cast["李明"].id
    leave(chat, student, date(2026, 9, 30))
    backup_folder.keep(store.contents(), data / BACKUPS, made=chat.desk.now())
    backup.write(store.contents(), data / BACKUPS / "by hand.backup", made=chat.desk.now())
    store.snapshot()
    aside = data / f"{STORE}.replaced"
    aside.mkdir()
    (aside / "journal-000000000001").write_text(CANARY, encoding="utf-8")
    everywhere = found_in(data, CANARY, NUMBER, str(PHONE))
    assert len(everywhere) >= 8
    chat.clock.move_to(LATER)
    outcome = run(chat.desk, data)
    assert outcome.code == 0, outcome.lines
    assert outcome.document["people"] == [NUMBER]
    assert not found_in(data, CANARY, NUMBER, str(PHONE))
    assert student not in {one.id for one in store.people}
    assert not store.pauses.where("student", student)
    assert not store.exemptions.where("student_term", (student, TermId(1)))
    assert len(copies(data)) == 1
    assert not aside.exists()


def test_a_purge_goes_through_every_table_that_refers_to_a_person() -> None:
    """The same tables as /mydata: one that a purge does not know would keep its people for ever."""
    source = inspect.getsource(forget)
    assert not [table for table in SECTIONS if f"store.{table}" not in source]


async def test_what_is_left_verifies_and_the_others_go_on(chat: Chat, data: Path) -> None:
    store, student = chat.desk.store, chat.cast["李明"].id
    leave(chat, student, date(2026, 9, 30))
    chat.clock.move_to(LATER)
    before = len(store.deeds)
    run(chat.desk, data)
    assert not list(chain.faults(store.contents().tables["deeds"]))
    assert len(store.deeds) == before + 1
    said = audit(chat.desk, None)
    assert {one["about"] for one in said.document if one["what"] == "assign"} >= {"已清除"}
    assert CANARY not in repr(said)
    for who in ("周老师", "林峰", "陈静", "王小雨", "何主任"):
        for words in ("/status", "/mydata", "/forms", "/assign", "/intro"):
            await chat.say(who, words)
    await chat.tick()
    assert not store.people[chat.cast["王小雨"].id].relatives
    store.close()
    assert backups.verify(data, None).code == 0


async def test_a_purged_mentor_stays_as_an_empty_row_while_students_point_to_it(
    chat: Chat, data: Path
) -> None:
    store, mentor = chat.desk.store, chat.cast["吴老师"].id
    with store.transaction():
        store.people.put(replace(store.people[mentor], name="雪泥鸿爪", number="T909090"))
    await chat.say("赵一", "昨天和雪泥鸿爪老师谈了")
    leave(chat, mentor, date(2026, 9, 30))
    chat.clock.move_to(LATER)
    run(chat.desk, data)
    assert not found_in(data, "雪泥鸿爪", "T909090")
    left = store.people[mentor]
    assert (left.name, left.cleared, left.duties) == ("已清除", LATER.date(), ())
    await chat.say("林峰", "/assign 赵一")
    assert any("已清除" in text for text in (one.text for one in chat.in_chat("林峰")))
    for student in ("赵一", "孙三"):
        leave(chat, chat.cast[student].id, date(2026, 9, 30))
    run(chat.desk, data)
    assert mentor not in {one.id for one in store.people}


async def test_namesakes_and_those_who_are_still_here_lose_nothing(chat: Chat, data: Path) -> None:
    store, student = chat.desk.store, chat.cast["李明"].id
    twin = chat.cast["冯四"]
    with store.transaction():
        store.people.put(replace(store.people[twin.id], name=CANARY))
    await chat.say("冯四", "/mydata")
    kept = [one for one in store.outbox if one.to == twin.id]
    assert kept
    leave(chat, student, date(2026, 9, 30))
    chat.clock.move_to(at(2026, 10, 20, 9))
    assert run(chat.desk, data, NUMBER).document["people"] == [NUMBER]
    assert [one for one in store.outbox if one.to == twin.id] == kept
    assert store.people[twin.id].name == CANARY


async def test_whoever_is_still_on_the_roster_is_not_purged(chat: Chat, data: Path) -> None:
    refused = run(chat.desk, data, NUMBER)
    assert refused.code == 1
    assert "还在花名册里" in refused.lines[0]
    assert "没有编号 0" in run(chat.desk, data, "0").lines[0]


async def test_nobody_goes_before_the_day_nor_where_the_office_keeps_everybody(
    chat: Chat, data: Path
) -> None:
    leave(chat, chat.cast["李明"].id, date(2026, 9, 30))
    chat.clock.move_to(at(2027, 9, 29, 9))
    assert not purge.due(chat.desk).people
    chat.clock.move_to(at(2027, 9, 30, 0, 1))
    assert [one.number for one in purge.due(chat.desk).people] == [NUMBER]
    chat.desk.settings = Settings(keep=Keep(left_months=0))
    chat.clock.move_to(at(2047, 9, 30, 9))
    assert not purge.due(chat.desk).people


async def test_a_dry_run_says_who_would_go_and_changes_nothing(chat: Chat, data: Path) -> None:
    leave(chat, chat.cast["李明"].id, date(2026, 9, 30))
    chat.clock.move_to(LATER)
    before = chat.desk.store.sequence
    said = purging.preview(chat.desk, [])
    assert said.lines[0] == f"{CANARY}（{NUMBER}）：2026-09-30 离开"
    assert said.lines[1].startswith("到期：离开的人 1、过期的开通链接 1、收到的消息")
    assert chat.desk.store.sequence == before
    run(chat.desk, data)
    assert purging.preview(chat.desk, []).lines == ("没有到期的记录。",)


async def test_a_second_purge_finds_nothing_to_do(chat: Chat, data: Path) -> None:
    chat.clock.move_to(LATER)
    assert run(chat.desk, data).lines[0].startswith("到期：")
    assert run(chat.desk, data).lines == ("没有到期的记录。",)


async def test_the_day_begins_with_a_purge_and_its_backup_replaces_the_older_ones(
    chat: Chat, data: Path
) -> None:
    leave(chat, chat.cast["李明"].id, date(2026, 9, 30))
    backup_folder.keep(chat.desk.store.contents(), data / BACKUPS, made=chat.desk.now())
    chat.clock.move_to(LATER)
    housekeeping.tidy_up(chat.desk, data / BACKUPS)
    due = housekeeping.daily_due(chat.desk, data / BACKUPS)
    assert due is not None
    assert due.keep() is not None
    assert copies(data) == ["yinlu-2027-10-08T0305.backup"]
    assert not found_in(data, CANARY, NUMBER, str(PHONE))


async def test_a_purge_that_was_cut_short_is_ended_by_the_next_one(chat: Chat, data: Path) -> None:
    leave(chat, chat.cast["李明"].id, date(2026, 9, 30))
    backup_folder.keep(chat.desk.store.contents(), data / BACKUPS, made=chat.desk.now())
    chat.clock.move_to(LATER)
    with chat.desk.store.transaction():
        purge.carry_out(chat.desk, purge.due(chat.desk))
    assert found_in(data, CANARY)
    assert "删去较早的备份 1 份" in "".join(run(chat.desk, data).lines)
    assert not found_in(data, CANARY)


async def test_without_anybody_to_forget_backups_stay_by_age(chat: Chat, data: Path) -> None:
    backup_folder.keep(chat.desk.store.contents(), data / BACKUPS, made=chat.desk.now())
    chat.clock.move_to(at(2026, 12, 1, 9))
    assert run(chat.desk, data).document["people"] == []
    assert len(copies(data)) == 2


async def test_old_updates_and_messages_go_but_for_keys_and_live_lists(
    chat: Chat, data: Path
) -> None:
    store = chat.desk.store
    kept = {row.id for row in store.outbox if row.keys or row.live}
    chat.clock.move_to(at(2027, 1, 20, 9))
    run(chat.desk, data)
    assert not len(store.inbox)
    assert not len(store.invites)
    assert {row.id for row in store.outbox} == kept
    assert not len(store.buttons)


async def test_counts_of_refusals_are_kept_for_ninety_days(chat: Chat, data: Path) -> None:
    desk = chat.desk
    with desk.store.transaction():
        old = denial.note(desk, chat.cast["陈静"], "assign", "private")
        chat.clock.move_to(LATER - timedelta(days=90))
        kept = denial.note(desk, chat.cast["陈静"], "assign", "private")
    chat.clock.move_to(LATER)
    assert old.id in purge.due(desk).expired["denials"]
    assert "拒绝的计数 1" in run(desk, data).lines[0]
    assert [one.id for one in desk.store.denials] == [kept.id]


async def test_a_secretary_is_purged_like_anybody(chat: Chat, data: Path) -> None:
    store, secretary = chat.desk.store, chat.cast["林峰"]
    with store.transaction():
        store.people.put(
            replace(
                store.people[secretary.id],
                name="雪泥鸿爪",
                duties=(Duty.SECRETARY,),
                stage=Stage.FULL,
                left=date(2026, 9, 30),
            )
        )
    chat.clock.move_to(LATER)
    run(chat.desk, data)
    assert not found_in(data, "雪泥鸿爪", secretary.number)
    for who in ("周老师", "陈静", "何主任"):
        await chat.say(who, "/status")


async def test_the_office_reads_how_many_were_purged_and_no_name(chat: Chat, data: Path) -> None:
    leave(chat, chat.cast["李明"].id, date(2026, 9, 30))
    chat.clock.move_to(LATER)
    housekeeping.tidy_up(chat.desk, data / BACKUPS)
    await chat.settle()
    assert not [text for text in chat.news("何主任") if "清除" in text], "it is three at night"
    chat.clock.move_to(next_gathering(chat.desk))
    await chat.settle()
    (said,) = [text for text in chat.news("何主任") if "清除" in text]
    assert "10月8日（周五）按保存期限清除了1位已离开的同志的全部记录" in said
    assert not [one.name for one in chat.cast.people.values() if one.name in said]
    assert CANARY not in said
    assert not [text for text in chat.news("林峰") if "清除了" in text]


async def test_the_office_hears_nothing_of_a_day_on_which_nobody_was_purged(
    chat: Chat, data: Path
) -> None:
    chat.clock.move_to(LATER)
    housekeeping.tidy_up(chat.desk, data / BACKUPS)
    assert not [row for row in chat.desk.store.outbox if row.kind == trouble.PURGED]


async def test_the_timer_purges_first_and_its_backup_holds_nobody_purged(
    chat: Chat, data: Path
) -> None:
    leave(chat, chat.cast["李明"].id, date(2026, 9, 30))
    backup_folder.keep(chat.desk.store.contents(), data / BACKUPS, made=LATER - timedelta(days=1))
    keep_backups(chat.app.telegram, chat.desk, data / BACKUPS)
    assert chat.app.telegram.job_queue is not None
    (timer,) = chat.app.telegram.job_queue.get_jobs_by_name("backup")
    chat.clock.move_to(LATER.replace(hour=2, minute=59))
    await timer.run(chat.app.telegram)
    assert found_in(data, CANARY), "it is not yet three"
    chat.clock.move_to(LATER)
    await timer.run(chat.app.telegram)
    assert copies(data) == ["yinlu-2027-10-08T0305.backup"]
    assert not found_in(data, CANARY, NUMBER, str(PHONE))
    sequence = chat.desk.store.sequence
    chat.clock.advance(minutes=10)
    await timer.run(chat.app.telegram)
    assert chat.desk.store.sequence == sequence, "once a day"


async def test_backup_that_waits_while_somebody_is_purged_does_not_bring_them_back(
    chat: Chat, data: Path
) -> None:
    """Its contents were taken before, and it is written after the purge has emptied the folder."""
    leave(chat, chat.cast["李明"].id, date(2026, 9, 30))
    chat.clock.move_to(at(2026, 10, 1, 4))
    with backup.ONE_AT_A_TIME:  # as if another one were being written
        waiting = asyncio.ensure_future(back_up(chat.desk, data / BACKUPS))
        await asyncio.sleep(0)
        assert run(chat.desk, data, NUMBER).code == 0
        assert not found_in(data, CANARY, NUMBER, str(PHONE))
    await waiting
    assert not found_in(data, CANARY, NUMBER, str(PHONE))
    assert len(copies(data)) == 1, "the one that the purge has made"


async def test_backup_from_before_a_purge_that_cannot_be_removed_goes_with_the_next(
    chat: Chat, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> None:
        raise OSError(5, "Input/output error")

    leave(chat, chat.cast["李明"].id, date(2026, 9, 30))
    chat.clock.move_to(at(2026, 10, 1, 4))
    due = housekeeping.daily_due(chat.desk, data / BACKUPS)
    assert due is not None
    run(chat.desk, data, NUMBER)
    due.keep()
    with monkeypatch.context() as damaged:
        damaged.setattr(Path, "unlink", broken)
        housekeeping.remove_overtaken(chat.desk, due)
    assert found_in(data, CANARY)
    chat.clock.move_to(at(2026, 10, 2, 4))
    await back_up(chat.desk, data / BACKUPS)
    assert not found_in(data, CANARY, NUMBER, str(PHONE))


async def test_everything_that_goes_by_itself_has_a_word_in_what_a_purge_prints() -> None:
    async with chatting() as chat:
        assert set(purging.WORDS) == set(purge.due(chat.desk).expired)
