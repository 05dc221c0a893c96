"""约不上老师: reminders rest, the secretary alone hears and helps, the student is told."""

from __future__ import annotations

import pytest

from storage.records import Answer
from tests.bot.dialogues.talks import claims, last, quiet
from tests.support.chat import Chat, chatting
from tests.support.clock import at

PASSED_ON = (
    "已转告林峰同志，支部会帮你联系。在此期间不再提醒你约谈。只告知林峰同志，不会发给老师；"
    "点错了发 /undo（撤销）。"
)
B6 = "林峰同志，你好。{lines}"
LINE = "{student}同学与周文老师的谈话暂时没有约成，请了解情况，帮助联系或另行安排。"


@pytest.mark.parametrize("words", ["约不上老师", "联系不上", "老师一直没回我"])
async def test_student_who_cannot_reach_the_mentor_is_helped_and_nobody_is_blamed(
    words: str,
) -> None:
    async with chatting() as chat:
        assert await chat.say("李明", words) == [PASSED_ON]
        assert chat.news("周老师") == []
        assert chat.news("林峰") == []


async def test_secretary_hears_once_at_four_of_everyone_who_is_stuck() -> None:
    async with chatting() as chat:
        for student in ("李明", "王小雨", "李明"):
            await chat.say(student, "约不上老师")
        await chat.tick(at(2026, 9, 15, 15, 59))
        assert chat.news("林峰") == []
        await chat.tick(at(2026, 9, 15, 16))
        lines = "\n".join(LINE.format(student=one) for one in ("李明", "王小雨"))
        assert chat.news("林峰") == [B6.format(lines=lines)]
        assert list(last(chat, "林峰").buttons) == [
            f"{label} {name}"
            for name in ("李明", "王小雨")
            for label in ("已联系好", "换人", "改期")
        ]


async def test_secretary_hears_on_the_next_working_day_of_what_came_on_friday_evening() -> None:
    async with chatting(at(2026, 9, 11, 19)) as chat:
        await chat.say("李明", "约不上老师")
        for moment in (at(2026, 9, 12, 16), at(2026, 9, 13, 16), at(2026, 9, 14, 15)):
            await chat.tick(moment)
            assert not [text for text in chat.news("林峰") if "暂时没有约成" in text]
        await chat.tick(at(2026, 9, 14, 16))
        assert B6.format(lines=LINE.format(student="李明")) in chat.news("林峰")


async def test_stuck_student_gets_no_talk_reminder_but_those_about_the_form() -> None:
    async with chatting() as chat:
        await chat.tick(at(2026, 9, 15, 10))
        await chat.say("李明", "约不上老师")
        quiet(chat)
        for moment in (at(2026, 9, 21), at(2026, 9, 24)):
            await chat.tick(moment)
            assert chat.news("李明") == []
            assert chat.news("王小雨")
        await chat.tick(at(2026, 9, 28))
        assert "支部正在帮你联系，登记表可先交。" in chat.news("李明")[0]


async def answered(chat: Chat, label: str) -> None:
    """Let 李明 be stuck and the secretary press that answer at four."""
    await chat.tick(at(2026, 9, 15, 10))
    await chat.say("李明", "约不上老师")
    await chat.tick(at(2026, 9, 15, 16))
    quiet(chat)
    await chat.press("林峰", label)


async def test_secretary_says_that_it_is_arranged_and_the_reminders_start_again() -> None:
    async with chatting() as chat:
        await answered(chat, "已联系好")
        assert chat.news("林峰") == ["已告诉李明同学，约谈提醒重新开始。"]
        assert chat.news("李明") == [
            "李明同学，你好。支部已与周文老师联系好，请与老师约定时间谈话。谈完后点“已谈话”，"
            "或回复“已谈 日期”。——本科生第一党支部"
        ]
        assert list(last(chat, "李明").buttons) == ["已谈话", "约不上老师"]
        await chat.tick(at(2026, 9, 21))
        assert "还没有看到你与周文老师的谈话登记" in chat.news("李明")[0]


async def test_secretary_names_another_day_and_the_student_reads_it() -> None:
    async with chatting() as chat:
        await answered(chat, "改期")
        assert chat.news("林峰") == ["李明同学的谈话改到哪一天？请输入日期，例如“9月15日”。"]
        assert await chat.say("林峰", "9月14日") == [
            "改期的日期不能早于今天，请重新输入，例如“9月15日”。"
        ]
        assert await chat.say("林峰", "改到9月22日") == ["已告诉李明同学，约谈提醒重新开始。"]
        assert "你与周文老师的谈话改到9月22日（周二）。" in chat.news("李明")[0]
        await chat.press("李明", "已谈话")
        assert chat.news("李明") == ["与周文老师的谈话是哪一天？"]


async def test_secretary_names_another_mentor_and_the_obstacle_is_answered_by_that() -> None:
    async with chatting() as chat:
        await answered(chat, "换人")
        assert chat.news("林峰")[0].startswith("李明\n支部：本科生第一党支部")
        assert chat.news("李明") == []
        await chat.press("林峰", "更换 周文")
        await chat.press("林峰", "何平 教工第一党支部 0人")
        (told,) = chat.news("李明")
        assert told.startswith("李明同学，你好。你的培养联系人现为何平老师")
        assert [one.answer for one in chat.desk.store.obstacles] == [Answer.REPLACED]
        await chat.say("林峰", "/undo")
        assert [one.answered for one in chat.desk.store.obstacles] == [None]
        assert list(last(chat, "李明").buttons) == []


async def test_answered_list_says_so_and_an_old_button_does_no_harm() -> None:
    async with chatting() as chat:
        await answered(chat, "已联系好")
        shown = [one for one in chat.in_chat("林峰") if "约谈的事" in one.text]
        assert [(one.text, one.buttons) for one in shown] == [
            ("约谈的事都已办结，不用再答复。", {})
        ]


async def test_student_who_talks_after_all_needs_no_help_any_more() -> None:
    async with chatting() as chat:
        await chat.say("李明", "约不上老师")
        await claims(chat, "李明")
        await chat.tick(at(2026, 9, 15, 16))
        assert chat.news("林峰") == []


async def test_secretarys_list_is_withdrawn_when_the_student_talks_after_all() -> None:
    async with chatting() as chat:
        await chat.say("李明", "约不上老师")
        await chat.tick(at(2026, 9, 15, 16))
        shown = last(chat, "林峰")
        await claims(chat, "李明")
        assert shown.text == "约谈的事都已办结，不用再答复。"
        assert shown.buttons == {}


async def test_student_who_has_claimed_has_reached_the_mentor() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        assert (await chat.say("李明", "约不上老师"))[0].startswith(
            "9月15日（周二）与周文老师的谈话已经登记"
        )
        assert not list(chat.desk.store.obstacles)
