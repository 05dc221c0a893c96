"""A branch and its group: what moves along when the group becomes a supergroup."""

from __future__ import annotations

from bot.actions import link
from bot.delivery.schedule import Tick
from storage.records import RowState
from tests.support.chat import GROUP, chatting
from tests.support.clock import at

SUPERGROUP = -1001


async def test_line_on_its_way_to_the_old_group_goes_to_the_new_one() -> None:
    async with chatting(at(2026, 9, 14, 9)) as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        chat.news(GROUP)
        Tick(chat.desk).now()
        with chat.desk.store.transaction():
            link.follow(chat.desk, GROUP, SUPERGROUP)
        await chat.settle()
        assert chat.news(GROUP) == []
        assert len(chat.news(SUPERGROUP)) == 1


async def test_binding_and_letting_go_are_written_down() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        with chat.desk.store.transaction():
            link.unbind(chat.desk, GROUP)
        deeds = [(one.what, one.by) for one in chat.desk.store.deeds]
        assert deeds == [("link", chat.cast["林峰"].id), ("unlink", None)]


async def test_letting_go_of_a_group_that_nobody_bound_changes_nothing() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            link.unbind(chat.desk, GROUP)
        assert not len(chat.desk.store.deeds)


async def test_link_is_no_act_that_undo_takes_back() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        assert await chat.say("林峰", "/undo") == [
            "没有可以撤销的登记。要更正以前的登记，请发 /assign 加学生姓名，再点“更正”。"
        ]
        assert chat.desk.store.branches.where("chat", GROUP)


async def test_line_for_a_group_is_not_sent_when_the_bot_has_left_it() -> None:
    async with chatting(at(2026, 9, 14, 9)) as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        chat.news(GROUP)
        Tick(chat.desk).now()
        with chat.desk.store.transaction():
            link.unbind(chat.desk, GROUP)
        await chat.settle()
        assert chat.news(GROUP) == []
        rows = [row for row in chat.desk.store.outbox if row.kind == "G1"]
        assert {row.state for row in rows} == {RowState.CANCELLED}
