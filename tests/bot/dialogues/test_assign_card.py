"""/assign 姓名: who finds whom, and what the card of a student says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records import Pairing, Person, PersonId, Role
from tests.support.chat import Chat, chatting

LIMING = """\
李明
支部：本科生第一党支部
班级：小教2401
阶段：入党积极分子，2026年3月2日（周一）起
谈话：与周文老师，未谈
登记表：未发放
培养联系人：周文老师，现联系4人"""


async def test_secretary_reads_a_students_card_by_name() -> None:
    async with chatting() as chat:
        assert await chat.say("林峰", "/assign 李明") == [LIMING]


@pytest.mark.parametrize("words", ["李明", "liming", "lm", "lǐ míng", "小教2401 李明"])
async def test_student_is_found_by_pinyin_initials_and_class(words: str) -> None:
    async with chatting() as chat:
        assert await chat.say("林峰", f"/assign {words}") == [LIMING]
        assert await chat.say("林峰", f"分配 {words}") == [LIMING]


async def test_mistyped_name_is_asked_back() -> None:
    async with chatting() as chat:
        (asked,) = await chat.say("林峰", "/assign 李名")
        assert asked.startswith("没有找到“李名”，是不是下面的一位？")
        (surname,) = await chat.say("林峰", "/assign 钱")
        assert surname == "是不是下面的一位？请选，或重新发 /assign 加姓名。"
        await chat.press("林峰", "李明")
        assert chat.news("林峰") == [LIMING]


async def test_namesakes_are_asked_by_buttons_told_apart_by_class() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            chat.desk.store.people.add(
                replace(chat.cast["李明"], id=PersonId(0), number="2024999", class_name="学前2401")
            )
        (asked,) = await chat.say("林峰", "/assign 李明")
        assert asked == "“李明”不止一位，请选一位。"
        await chat.press("林峰", "李明（学前2401）")
        assert chat.news("林峰")[0].startswith("李明（学前2401）\n")


async def test_a_class_offers_its_students() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 小教2401")
        assert set(chat.in_chat("林峰")[-1].buttons) == {"李明", "王小雨", "赵一", "钱二", "孙三"}


async def test_unknown_name_is_answered_with_how_to_search() -> None:
    async with chatting() as chat:
        (answer,) = await chat.say("林峰", "/assign 司马相如")
        assert answer.startswith("没有找到“司马相如”。请核对姓名")


@pytest.mark.parametrize("words", ["/assign 李明", "/assign", "分配"])
@pytest.mark.parametrize("who", ["李明", "周老师", "陈静"])
async def test_nobody_else_assigns_and_reads_who_does(who: str, words: str) -> None:
    async with chatting() as chat:
        assert await chat.say(who, words) == [
            "分配由本科生第一党支部书记林峰同志负责，请与他（她）联系。"
        ]


async def test_secretary_of_another_branch_is_led_to_the_students_own() -> None:
    async with chatting() as chat:
        assert await chat.say("韩书记", "/assign 李明") == [
            "分配由本科生第一党支部书记林峰同志负责，请与他（她）联系。"
        ]


async def test_card_button_of_a_student_who_has_changed_branches_is_refused() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 李名")
        change(chat, "李明", branch=chat.cast.branches["学二"].id)
        chat.news("林峰")
        await chat.press("林峰", "李明")
        assert chat.news("林峰") == ["分配由本科生第二党支部书记韩雪老师负责，请与他（她）联系。"]


async def test_teacher_without_students_is_led_to_the_secretaries() -> None:
    async with chatting() as chat:
        change(chat, "李明", left=chat.desk.today())
        change(chat, "王小雨", left=chat.desk.today())
        change(chat, "赵一", left=chat.desk.today())
        change(chat, "孙三", left=chat.desk.today())
        (answer,) = await chat.say("吴老师", "/assign")
        assert answer == "分配由学生党支部书记负责，请与支部联系。"


async def test_office_reads_every_branchs_students() -> None:
    async with chatting() as chat:
        assert await chat.say("何主任", "/assign 李明") == [LIMING]
        (card,) = await chat.say("何主任", "/assign 冯四")
        assert card.endswith("还没有培养联系人或入党介绍人")


async def test_card_keeps_the_history_and_says_what_is_missing_of_a_consent() -> None:
    async with chatting() as chat:
        store, today = chat.desk.store, chat.desk.today()
        with store.transaction():
            (held,) = store.pairings.where("open_student", chat.cast["李明"].id)
            store.pairings.put(replace(held, since=today.replace(month=3), until=today))
            store.pairings.add(
                Pairing(
                    student=chat.cast["李明"].id,
                    mentor=chat.cast["吴老师"].id,
                    role=Role.CONTACT,
                    since=today,
                    asked=chat.desk.now(),
                )
            )
        (card,) = await chat.say("林峰", "/assign 李明")
        assert card.splitlines()[-2:] == [
            "培养联系人：吴静老师，2026年9月15日（周二）起，现联系3人，待本人答复",
            "曾任培养联系人：周文老师，到2026年9月15日（周二）为止",
        ]


async def test_names_of_students_are_not_said_in_a_group() -> None:
    async with chatting() as chat:
        (answer,) = await chat.say("林峰", "/assign 李明", chat=-100)
        assert "李明" not in answer


def change(chat: Chat, name: str, **changes: object) -> Person:
    store = chat.desk.store
    with store.transaction():
        now = store.people[chat.cast[name].id]
        return store.people.put(replace(now, **changes))  # type: ignore[arg-type]
