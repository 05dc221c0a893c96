"""A long list of forms is narrowed by letter or surname: buttons, and what is typed while it is the live one."""

from __future__ import annotations

import pytest

from storage.records import Kind, Person, Stage
from tests.bot.dialogues.forms import crowd, names, open_list
from tests.bot.dialogues.test_forms_receive import receipt
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at

MORNING = at(2026, 9, 29, 10)


def enrol(chat: Chat, *added: str) -> None:
    """Put students of these names into 学一, not enrolled."""
    store = chat.desk.store
    with store.transaction():
        for name in added:
            store.people.add(
                Person(
                    number=f"2025{len(store.people):04d}",
                    name=name,
                    branch=chat.cast.branches["学一"].id,
                    kind=Kind.STUDENT,
                    stage=Stage.ACTIVIST,
                )
            )


def letters(shown: Shown) -> str:
    return "".join(label for label in shown.buttons if len(label) == 1)


async def test_short_list_has_no_letters() -> None:
    async with chatting(MORNING) as chat:
        assert letters(await open_list(chat, "陈静", "收表")) == ""


async def test_keeper_leafs_through_a_long_list_by_letter() -> None:
    async with chatting(MORNING) as chat:
        crowd(chat, 30)
        enrol(chat, "单田", "曾一鸣", "张三", "章小四")
        shown = await open_list(chat, "陈静", "收表")
        assert letters(shown) == "LQSTWZ"  # 单 is read Shan, 曾 Zeng
        await chat.press("陈静", "Z", on=shown)
        assert names(shown) == ["赵一", "曾一鸣", "张三", "章小四"]
        await chat.press("陈静", "张三", on=shown)
        assert names(shown) == ["赵一", "曾一鸣", "✓ 张三", "章小四"]
        await chat.press("陈静", "看全部，现在只看 Z", on=shown)
        assert len(names(shown)) == 39


async def test_no_press_on_everybody_is_offered_over_a_few() -> None:
    async with chatting(MORNING) as chat:
        crowd(chat, 30)
        shown = await open_list(chat, "陈静", "发表")
        assert "全部已发" in shown.buttons
        await chat.press("陈静", "L", on=shown)
        assert "全部已发" not in shown.buttons


@pytest.mark.parametrize("typed", ["王", "w", "wang", "W", "Wan"])
async def test_keeper_types_a_surname_or_how_it_begins(typed: str) -> None:
    async with chatting(MORNING) as chat:
        shown = await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "收到日期")
        await chat.press("陈静", "昨天")
        await chat.say("陈静", typed)
        narrowed = chat.in_chat("陈静")[-1]
        assert names(narrowed) == ["王小雨"]
        assert "收到日期：9月28日（周一）" in narrowed.text
        assert not shown.buttons
        await chat.press("陈静", "王小雨", on=narrowed)
        assert receipt(chat, "王小雨") == "received 2026-09-28"


async def test_keeper_types_into_the_list_of_monday() -> None:
    async with chatting(at(2026, 9, 28, 8)) as chat:
        await chat.tick(at(2026, 9, 28, 9))
        await chat.say("陈静", "李")
        assert names(chat.in_chat("陈静")[-1]) == ["李明"]


async def test_whole_compound_surname_and_its_first_character_find_it() -> None:
    async with chatting(MORNING) as chat:
        enrol(chat, "欧阳娜娜")
        await open_list(chat, "陈静", "收表")
        for typed in ("欧", "欧阳", "ouyang"):
            await chat.say("陈静", typed)
            assert names(chat.in_chat("陈静")[-1]) == ["欧阳娜娜"]


@pytest.mark.parametrize("typed", ["x", "张"])
async def test_keeper_is_told_when_nobody_on_the_list_is_called_so(typed: str) -> None:
    async with chatting(MORNING) as chat:
        await open_list(chat, "陈静", "收表")
        assert await chat.say("陈静", typed) == [
            f"这份名单里没有“{typed.upper()}”的姓名。看全部名单请发 /forms（登记表）。"
        ]


@pytest.mark.parametrize("typed", ["好的", "ok", "谢谢"])
async def test_courtesy_is_no_surname(typed: str) -> None:
    async with chatting(MORNING) as chat:
        await open_list(chat, "陈静", "收表")
        for answer in await chat.say("陈静", typed):
            assert "名单" not in answer


async def test_surname_means_nothing_where_no_list_is_live() -> None:
    async with chatting(MORNING) as chat:
        for answer in await chat.say("陈静", "李"):
            assert "收登记表" not in answer


async def test_long_list_stays_within_what_telegram_takes() -> None:
    async with chatting(MORNING) as chat:
        crowd(chat, 490)
        enrol(chat, *(f"{one}一" for one in "安白陈邓鄂方高何纪康林马倪欧潘秦任苏唐王徐杨张"))
        for step in ("收表", "发表"):
            shown = await open_list(chat, "陈静", step)
            assert len(letters(shown)) > 20
            await chat.press("陈静", "下一页", on=shown)
            assert len(shown.buttons) <= 100
