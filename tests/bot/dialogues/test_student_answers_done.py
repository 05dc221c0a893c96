"""What a student may say to the mentor's /done: nothing, 没有谈, or another date."""

from __future__ import annotations

import pytest

from storage.records import TalkState
from tests.bot.dialogues.talks import TODAY, last, quiet, state
from tests.support.chat import chatting

TOLD = "周文老师登记：{day}与你谈话。情况属实不用回复；日期不对，回复正确日期；如果没有谈，请点“没有谈”。"


async def test_student_objects_and_the_mentor_is_asked_to_check() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        quiet(chat)
        await chat.press("李明", "没有谈")
        assert chat.news("李明") == [
            f"已改为“待核实”：{TODAY}的谈话，已请周文老师核对。如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert chat.news("周老师") == [
            f"周老师，您好。李明同学对{TODAY}的谈话登记有疑问，可能是日期或姓名记错，"
            "已改为“待核实”，请核对。确实谈过，请发 /done（已谈）加姓名和日期。"
        ]
        await chat.say("周老师", "/done 李明 9.14")
        assert chat.news("李明") == [TOLD.format(day="9月14日（周一）")]


@pytest.mark.parametrize("replies", [False, True])
@pytest.mark.parametrize("words", ["没有谈", "没谈", "没有谈过", "不属实"])
async def test_student_objects_in_words(words: str, replies: bool) -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        told = last(chat, "李明") if replies else None
        assert (await chat.say("李明", words, reply_to=told))[-1].startswith("已改为“待核实”")
        assert state(chat, "李明", "周老师")[0] is TalkState.DISPUTED


@pytest.mark.parametrize("replies", [False, True])
@pytest.mark.parametrize("words", ["属实", "是的", "谈过了"])
async def test_student_who_agrees_changes_nothing(words: str, replies: bool) -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        told = last(chat, "李明") if replies else None
        quiet(chat)
        assert await chat.say("李明", words, reply_to=told) == [
            "好的，不用再回复。进度发 /status（进度）。"
        ]
        assert chat.news("周老师") == []


@pytest.mark.parametrize("replies", [False, True])
@pytest.mark.parametrize("words", ["9月14日", "是昨天", "已谈 9月14日", "昨天谈的"])
async def test_students_date_in_answer_is_a_claim_of_that_date(words: str, replies: bool) -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        told = last(chat, "李明") if replies else None
        quiet(chat)
        assert (await chat.say("李明", words, reply_to=told))[0].startswith(
            "已记下：9月14日（周一）与周文老师谈话，已请老师确认。"
        )
        assert chat.news("周老师")[0].endswith("\n李明同学，9月14日（周一）")
        assert state(chat, "李明", "周老师") == (TalkState.CLAIMED, "2026-09-14")
        await chat.press("周老师", "属实")
        assert chat.news("李明")[0].startswith("周文老师已确认9月14日（周一）的谈话。")


async def test_student_cannot_object_to_what_both_have_said() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        told = last(chat, "李明")
        token = told.buttons["没有谈"]
        await chat.say("李明", "9月14日")
        await chat.press("周老师", "属实")
        assert await chat.press("李明", "没有谈", on=told, token=token) == (
            "这个按钮已经过期。请发 /status（进度）看现在的情况。"
        )
        assert state(chat, "李明", "周老师")[0] is TalkState.CONFIRMED
