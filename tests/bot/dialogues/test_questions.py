"""Plain questions that the bot can answer, answered: how, when, to whom; nothing of anybody else."""

from __future__ import annotations

import pytest

from storage.records import TalkState
from tests.bot.dialogues.talks import state
from tests.support.chat import GROUP, chatting


@pytest.mark.parametrize(
    ("who", "question", "answer"),
    [
        ("李明", "怎么约老师", "可以这样开口：“周文老师，您好。"),
        ("李明", "表交给谁", "交表：最迟9月30日（周三）（含当天），交给陈静同志"),
        ("李明", "什么时候交表？", "谈话时间：9月14日（周一）至9月27日（周日）"),
        ("李明", "老师电话多少", "这里没有联系方式，请问陈静同志。"),
        ("李明", "我想换老师", "由支部书记分配。要更换，请告诉林峰同志。"),
        ("林峰", "换老师", "由支部书记分配。请发 /assign（分配）加姓名"),
        ("李明", "谈些什么", "半年考察意见写什么"),
        ("李明", "？", "谈完话，回复“已谈”"),
        ("周老师", "怎么用", "/done（已谈）登记谈话"),
        ("李明", "意见怎么写", "可以这样开口"),  # the page is no student's: the guide opens
        ("周老师", "意见怎么写？", "入党介绍人意见一般写三层"),
        ("周老师", "检查意见", "入党介绍人意见一般写三层"),
        ("周老师", "谁还没谈", "您联系的同学4位：未谈4位"),
        ("林峰", "谁还没谈", "未谈：李明、王小雨、赵一、钱二、孙三"),
        ("林峰", "李明谈了吗", "未谈：李明、王小雨、赵一、钱二、孙三"),
    ],
)
async def test_question_is_answered(who: str, question: str, answer: str) -> None:
    async with chatting() as chat:
        (said,) = await chat.say(who, question)
        assert answer in said


@pytest.mark.parametrize("name", ["王小雨", "张三丰"])  # on the roster or not: the same answer
async def test_student_learns_nothing_of_another(name: str) -> None:
    async with chatting() as chat:
        for question in (f"{name}谈了吗", f"{name}同学交表了没有"):
            assert await chat.say("李明", question) == [
                "抱歉，只能查询本人的情况。可以发 /status（进度）。"
            ]


async def test_question_in_a_group_is_not_answered_aloud() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        await chat.say("林峰", "/status", chat=GROUP)
        shown = chat.in_chat(GROUP)[-1]
        (said,) = await chat.say("李明", "王小雨谈了吗", chat=GROUP, reply_to=shown)
        assert said == "请到私聊办理：https://t.me/yinlu_bot"


@pytest.mark.parametrize("words", ["9.31谈的", "2月30日跟老师谈的"])
async def test_day_that_no_calendar_has_is_named_as_such(words: str) -> None:
    async with chatting() as chat:
        (said,) = await chat.say("李明", words)
        assert said.startswith("日历上没有这一天，请再输入一次")


async def test_mentor_confirms_every_waiting_claim_in_two_words() -> None:
    async with chatting() as chat:
        await chat.say("李明", "已谈")
        await chat.say("王小雨", "已谈")
        chat.news("周老师")
        (said,) = await chat.say("周老师", "都属实")
        assert said.startswith("已记下：9月15日（周二）与李明同学、王小雨同学谈话")
        for student in ("李明", "王小雨"):
            assert state(chat, student, "周老师")[0] is TalkState.CONFIRMED
