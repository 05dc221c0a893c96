"""A file on its whole way: recipe, child, upload over real HTTP, as the other side holds it."""

from __future__ import annotations

import io

import openpyxl

from bot.actions import papers
from bot.app import build
from bot.calendar import calendar
from bot.desk import Desk
from bot.rehearsal.botapi import serve
from bot.settings import Settings
from storage.records import RowState
from storage.store import Store
from tests.support.cast import settle
from tests.support.chat import CATALOGUE, words_alone
from tests.support.clock import PacedClock, at
from tests.support.telegram import TOKEN, new_world, plain_request


async def test_workbook_arrives_whole_with_name_caption_and_button() -> None:
    store = Store.in_memory()
    outbox = store.outbox
    clock = PacedClock(at(2026, 9, 15, 10), lambda: bool(outbox.count("state", RowState.SENDING)))
    world = new_world(clock.now)
    async with serve(world) as url:
        settings = Settings(api_url=url)
        desk = Desk(store, clock, settings, calendar(settings.holidays), "yinlu_bot")
        cast = settle(desk)
        secretary = cast.telegram["林峰"]
        world.add_user(secretary, "某")
        world.start(secretary)
        app = build(desk, CATALOGUE, TOKEN, request=plain_request(), draw=words_alone)
        async with app.telegram:
            with desk.store.transaction():
                papers.send_report(desk, cast["林峰"])
            await app.outbox.drain()
        way, sent = [one for one in world.log if one.chat == secretary and not one.error][-3:-1]
        assert (way.method, sent.method) == ("sendMessage", "sendDocument")
        assert sent.file == "本科生第一党支部谈话进度20260915.xlsx"
        assert sent.text.startswith("本科生第一党支部的谈话进度，截至9月15日（周二）10:00。")
        assert sent.buttons == (("打印登记表",),)
        file = world.chats[secretary].messages[sent.message or 0].file
        assert file is not None
        assert openpyxl.load_workbook(io.BytesIO(file.content)).sheetnames[1:] == [
            "本科生第一党支部",
            "导师",
        ]
        assert world.log[-1].text == "1个文件已发出。"
        assert {row.state for row in desk.store.outbox} == {RowState.SENT}
