"""/export (导出): the progress workbook as a file, for whoever runs a branch and for the office."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from bot.delivery.workshop import NotMadeError, Workshop
from storage.records import RowState
from tests.support.chat import Chat, Shown, chatting

WAY = "正在准备1个文件，已发出0个，请稍候。"
SENT = "1个文件已发出。"


def opened(file: Shown) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(file.content))


async def test_secretary_gets_the_own_branch_and_reads_that_it_has_been_sent() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("林峰", "/export")
        way, file = chat.in_chat("林峰")
        assert way.text == SENT
        assert file.file == "本科生第一党支部谈话进度20260915.xlsx"
        assert file.text == (
            "本科生第一党支部的谈话进度，截至9月15日（周二）10:00。只供负责的同志使用，请勿转发到群里。"
        )
        book = opened(file)
        assert book.sheetnames == ["合计", "本科生第一党支部", "导师"]
        names = [row[0] for row in book["本科生第一党支部"].iter_rows(min_row=2, values_only=True)]
        assert names == ["李明", "王小雨", "赵一", "钱二", "孙三"]


@pytest.mark.parametrize("who", ["陈静", "韩书记"])
async def test_whoever_keeps_a_branch_gets_that_branch_alone(who: str) -> None:
    async with chatting(paced=True) as chat:
        await chat.say(who, "导出")
        own = chat.desk.store.branches[chat.cast[who].branch].name
        assert opened(chat.files(who)[0]).sheetnames == ["合计", own, "导师"]


async def test_office_gets_all_branches_in_one_file() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("何主任", "/export")
        file = chat.files("何主任")[0]
        assert file.file == "各支部谈话进度20260915.xlsx"
        assert file.text.startswith("2个支部的谈话进度，截至")
        assert opened(file).sheetnames == [
            "合计", "本科生第一党支部", "本科生第二党支部", "导师",
        ]  # fmt: skip


async def test_no_number_crosses_telegram() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("何主任", "/export")
        archive = zipfile.ZipFile(io.BytesIO(chat.files("何主任")[0].content))
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
        for person in chat.desk.store.people:
            assert person.number not in everything


async def test_the_workbook_shows_what_has_been_recorded() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("李明", "已谈")
        await chat.press("周老师", "属实")
        await chat.say("林峰", "/export")
        book = opened(chat.files("林峰")[0])
        line = next(book["本科生第一党支部"].iter_rows(min_row=2, values_only=True))
        assert (line[0], str(line[4])[:10], line[5]) == ("李明", "2026-09-15", "老师已确认")
        mentors = {row[0]: row[2:8] for row in book["导师"].iter_rows(min_row=2, values_only=True)}
        assert mentors["周文"] == (4, 4, 1, 0, 0, 3)


@pytest.mark.parametrize("who", ["李明", "周老师"])
async def test_whoever_runs_no_branch_reads_who_does(who: str) -> None:
    async with chatting(paced=True) as chat:
        assert await chat.say(who, "/export") == [
            "进度表由林峰同志、组织委员或学院党委办公室导出，需要时请与他们联系。"
        ]
        assert not chat.files(who)


async def test_two_presses_make_one_file() -> None:
    async with chatting(paced=True) as chat:
        telegram = chat.cast.telegram["林峰"]
        updates = [{**export_from(chat, telegram), "update_id": one} for one in (900, 901)]
        chat.app.inbox.take(updates)
        await chat.settle()
        assert len(chat.files("林峰")) == 1
        assert "文件正在准备，请稍候，不用再点。" in chat.news("林峰")


async def test_names_that_mean_something_elsewhere_are_names_in_the_file() -> None:
    async with chatting(paced=True) as chat:
        odd = ["<b>李明</b>", "=1+1", "䶮𠮷", "A&B"]
        with chat.desk.store.transaction():
            for name, one in zip(odd, ("李明", "王小雨", "赵一", "钱二"), strict=True):
                chat.desk.store.people.put(replace(chat.cast[one], name=name))
        await chat.say("林峰", "/export")
        sheet = opened(chat.files("林峰")[0])["本科生第一党支部"]
        names = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert names[:4] == ["<b>李明</b>", "'=1+1", "䶮𠮷", "A&B"]


async def test_a_file_that_cannot_be_made_is_said_and_the_chat_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with chatting(paced=True) as chat:

        async def broken(*_: object) -> bytes:
            raise NotMadeError("MemoryError")

        monkeypatch.setattr(Workshop, "make", broken)
        telegram = chat.cast.telegram["林峰"]
        chat.app.inbox.take([export_from(chat, telegram)])
        await chat.app.inbox.sweep(chat.app.telegram.process_update, chat.app.telegram.bot)
        await chat.app.outbox.drain()
        assert [one.text for one in chat.in_chat("林峰")] == [
            "没有做成的1个。请稍后再发一次命令；仍不成，请告诉学院党委办公室。"
        ]
        (dead,) = chat.desk.store.outbox.where("state", RowState.DEAD)
        assert dead.reason == "not made: MemoryError"


def export_from(chat: Chat, telegram: int) -> dict[str, object]:
    return {
        "update_id": 900,
        "message": {
            "message_id": 1,
            "date": int(chat.clock.now().timestamp()),
            "chat": {"id": telegram, "type": "private"},
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
            "text": "/export",
            "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
        },
    }
