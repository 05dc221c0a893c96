"""A year after somebody became activist the contacts are asked, once, and say 已提出 (R25, T15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.situation import situation
from tests.support.chat import Chat, chatting
from tests.support.clock import at

DAY = at(2026, 9, 16, 9)  # a year after the day below


def activist_since(chat: Chat, name: str, day: date) -> None:
    store = chat.desk.store
    with store.transaction():
        store.people.put(replace(store.people[chat.cast[name].id], stage_since=day))


async def asked(chat: Chat) -> list[str]:
    await chat.tick()
    activist_since(chat, "李明", date(2025, 9, 16))
    chat.news("周老师")
    chat.news("李明")
    await chat.tick(DAY)
    return chat.news("周老师")


async def test_contact_is_asked_for_an_opinion_a_year_on() -> None:
    async with chatting() as chat:
        assert await asked(chat) == [
            "周老师，您好。李明同学确定为入党积极分子已满一年，请向支部书面提出能否列为发展对象的意见，"
            "认为还需培养的也请如实写。——本科生第一党支部"
        ]
        await chat.tick(at(2026, 9, 17, 9))
        assert chat.news("周老师") == []


async def test_press_notes_the_day_and_closes_the_question() -> None:
    async with chatting() as chat:
        await asked(chat)
        question = chat.in_chat("周老师")[-1]
        token = question.buttons["已提出"]
        await chat.press("周老师", "已提出")
        (answer,) = chat.news("周老师")
        assert answer.startswith("已登记：9月16日（周三）对李明同学提出了")
        assert question.text == "意见都已登记，谢谢。"
        (pairing,) = chat.desk.store.pairings.where("open_student", chat.cast["李明"].id)
        assert pairing.advised == date(2026, 9, 16)
        await chat.press("周老师", "已提出", on=question, token=token)
        assert "已经登记，不用再点" in chat.news("周老师")[0]


async def test_noted_opinion_is_taken_back() -> None:
    async with chatting() as chat:
        await asked(chat)
        await chat.press("周老师", "已提出")
        chat.news("周老师")
        assert await chat.say("周老师", "/undo") == ["已撤销：“已提出”（李明）。"]
        (pairing,) = chat.desk.store.pairings.where("open_student", chat.cast["李明"].id)
        assert pairing.advised is None
        assert chat.news("李明") == []


async def test_contact_whose_pairing_is_over_is_told_so() -> None:
    async with chatting() as chat:
        await asked(chat)
        with chat.desk.store.transaction():
            (held,) = chat.desk.store.pairings.where("open_student", chat.cast["李明"].id)
            chat.desk.store.pairings.put(replace(held, until=chat.desk.today()))
        await chat.press("周老师", "已提出")
        assert chat.news("周老师") == ["这位同学现在不由您联系，不用再登记。"]


async def test_two_students_of_one_day_are_one_message_with_a_button_each() -> None:
    async with chatting() as chat:
        activist_since(chat, "王小雨", date(2025, 9, 16))
        (text,) = await asked(chat)
        assert "李明同学、王小雨同学确定为入党积极分子已满一年" in text
        await chat.press("周老师", "已提出 李明")
        assert "王小雨同学确定为" in chat.in_chat("周老师")[-2].text
        assert set(chat.in_chat("周老师")[-2].buttons) == {"已提出"}


async def test_nobody_is_asked_without_a_known_day_or_of_candidates() -> None:
    async with chatting() as chat:
        store = chat.desk.store
        with store.transaction():
            store.people.put(replace(chat.cast["李明"], stage_since=None))
        term = chat.desk.term()
        assert term is not None
        found = situation(chat.desk, term).dated
        about = {one.about for one in found if one.kind == "T15"}
        assert about == {chat.cast["王小雨"].id, chat.cast["钱二"].id}
