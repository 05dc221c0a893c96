"""What is no yes is never taken for one: 还没谈, questions, courtesy, and words that say nothing."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot.handlers.turn import read
from storage.records import TalkState
from tests.bot.dialogues.talks import claims, last, quiet, state
from tests.support.chat import chatting
from tests.support.clock import at

ASKED_BACK = "没有看明白。与周文老师的谈话，已经谈过了吗？"
NOT_YET = "好的，还没谈不要紧，谈话最迟9月27日（周日）（含当天）。谈完后回复“已谈”就可以。"
THANKS = "好的，不用再回复。进度发 /status（进度）。"


@pytest.mark.parametrize(
    "words", ["还没谈", "没谈", "明天谈", "未完成", "老师没空，下周谈", "没有"]
)
@pytest.mark.parametrize("replies", [False, True])
async def test_student_who_has_not_talked_is_told_until_when(words: str, replies: bool) -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await chat.tick(at(2026, 9, 14, 9))
        reminder = last(chat, "李明")
        quiet(chat)
        assert await chat.say("李明", words, reply_to=reminder if replies else None) == [NOT_YET]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")


@pytest.mark.parametrize(
    "words", ["谈了吗？", "属实", "谈了个寂寞", "asdf", "/done 还没", "9月", "不属实"]
)
async def test_unclear_words_are_asked_back_with_two_buttons(words: str) -> None:
    async with chatting() as chat:
        assert await chat.say("李明", words) == [ASKED_BACK]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")


async def test_asked_back_student_answers_with_a_button() -> None:
    async with chatting() as chat:
        await chat.say("李明", "asdf")
        assert list(last(chat, "李明").buttons) == ["已谈话", "还没谈"]
        await chat.press("李明", "还没谈")
        assert chat.news("李明") == [NOT_YET]
        await chat.press("李明", "已谈话")
        assert chat.news("李明") == ["与周文老师的谈话是哪一天？"]


@pytest.mark.parametrize("words", ["是的", "嗯", "谈过了", "对的"])
async def test_asked_back_student_answers_in_words(words: str) -> None:
    async with chatting() as chat:
        await chat.say("李明", "asdf")
        assert (await chat.say("李明", words))[0].startswith("已记下：9月15日（周二）")


@pytest.mark.parametrize("words", ["没有", "不是", "还没呢"])
async def test_asked_back_student_says_no_in_words(words: str) -> None:
    async with chatting() as chat:
        await chat.say("李明", "asdf")
        assert await chat.say("李明", words) == [NOT_YET]


async def test_a_bare_date_is_asked_back_and_kept_for_the_yes() -> None:
    async with chatting() as chat:
        assert await chat.say("李明", "9月14日") == [ASKED_BACK]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")
        await chat.press("李明", "已谈话")
        assert chat.news("李明")[0].startswith("已记下：9月14日（周一）与周文老师谈话")


@pytest.mark.parametrize("words", ["是的", "谈过了", "对"])
async def test_a_bare_date_is_kept_for_a_yes_in_words(words: str) -> None:
    async with chatting() as chat:
        await chat.say("李明", "9月14日")
        assert (await chat.say("李明", words))[0].startswith("已记下：9月14日（周一）")


@pytest.mark.parametrize("words", ["你好", "老师好", "hello"])
async def test_a_greeting_is_answered_with_what_can_be_done(words: str) -> None:
    async with chatting() as chat:
        assert await chat.say("李明", words) == await chat.say("李明", "/help")


@pytest.mark.parametrize("words", ["收到", "好的", "谢谢老师", "好的，收到，谢谢", "嗯", "是的"])
async def test_courtesy_is_answered_with_courtesy(words: str) -> None:
    async with chatting() as chat:
        assert await chat.say("李明", words) == [THANKS]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")


async def test_a_question_about_anything_else_is_sent_to_those_who_know() -> None:
    async with chatting() as chat:
        for words in ("预备期多久？", "可以视频谈吗？"):
            assert await chat.say("李明", words) == [
                "这个问题我没有依据，不便回答，请向林峰同志或学院党委办公室咨询。"
            ]
        assert await chat.say("林峰", "预备期多久？") == [
            "这个问题我没有依据，不便回答，请向学院党委办公室咨询。"
        ]


async def test_student_who_has_claimed_and_says_not_yet_is_told_how_to_take_it_back() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        assert await chat.say("李明", "还没谈") == [
            "9月15日（周二）与周文老师的谈话已经登记，正在等老师确认。"
            "如果没有谈，10 分钟内可发 /undo 撤销，过后请告诉支部书记更正。"
        ]
        assert state(chat, "李明", "周老师") == (TalkState.CLAIMED, "2026-09-15")


@pytest.mark.parametrize("words", ["已交", "表已经交了", "登记表交给组织委员了"])
async def test_student_cannot_record_the_own_form(words: str) -> None:
    async with chatting() as chat:
        assert await chat.say("李明", words) == [
            "登记表由组织委员陈静同志收到后登记，请当面交给他（她）。"
        ]
        assert not list(chat.desk.store.forms)


async def test_student_without_the_form_is_told_whom_to_see_and_the_keeper_hears_once_a_day() -> (
    None
):
    async with chatting() as chat:
        for student in ("李明", "王小雨", "李明"):
            assert await chat.say(student, "没拿到表") == [
                "已转告陈静同志，请与陈静同志联系领取。"
            ]
        assert chat.news("陈静") == []
        await chat.tick(at(2026, 9, 15, 16))
        assert chat.news("陈静") == [
            "陈静同志，你好。李明、王小雨回复还没有拿到登记表，请发给本人，并用 /forms（登记表）登记。"
        ]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (
            "帮我写一份入党介绍人意见",
            "入党介绍人意见应由介绍人本人如实填写，系统不代写。"
            "我可以列出要写的三层内容和注意事项。请发 /guide（指南）。",
        ),
        (
            "谈话日期帮我改成上个月",
            "登记的日期按实际发生填写。补登记可以，系统会同时保留登记时间。",
        ),
        ("/frobnicate", "没有这个命令。可以用的命令请发 /help（帮助）。"),
    ],
)
async def test_what_the_bot_does_not_do_it_refuses_kindly(words: str, answer: str) -> None:
    async with chatting() as chat:
        assert await chat.say("李明", words) == [answer]


async def test_student_without_mentor_is_told_that_one_is_being_found() -> None:
    async with chatting() as chat:
        for words in ("已谈", "/done", "还没谈", "约不上老师"):
            assert await chat.say("冯四", words) == [
                "你的培养联系人或入党介绍人正在确定，支部会通知你。"
            ]


async def test_before_the_first_term_students_are_told_to_wait() -> None:
    async with chatting(term=False) as chat:
        for words in ("已谈", "/done", "约不上老师", "没拿到表", "/status"):
            assert await chat.say("李明", words) == [
                "本学期的日期还没有设定，设定后会在这里通知。"
            ]


def from_li_ming(telegram: int, **more: Any) -> dict[str, Any]:
    return {
        "message_id": 77,
        "date": int(at(2026, 9, 15, 10).timestamp()),
        "chat": {"id": telegram, "type": "private"},
        "from": {"id": telegram, "is_bot": False, "first_name": "某"},
        "text": "已谈",
        **more,
    }


ORIGIN = {"type": "hidden_user", "date": 1, "sender_user_name": "某"}
VIA = {"id": 99, "is_bot": True, "first_name": "b", "username": "b_bot"}


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("message", {"forward_origin": ORIGIN}),
        ("message", {"via_bot": VIA}),
        ("message", {"sender_chat": {"id": -5, "type": "channel", "title": "c"}}),
        ("edited_message", {"edit_date": 2}),
        ("message", {"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}}),
    ],
    ids=["forwarded", "via a bot", "for a channel", "edited", "by Telegram"],
)
async def test_what_nobody_said_here_and_now_has_no_effect(
    field: str, more: dict[str, Any]
) -> None:
    async with chatting() as chat:
        await chat.feed({field: from_li_ming(chat.cast.telegram["李明"], **more)})
        assert chat.news("李明") == []
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")


async def test_an_edited_message_is_stopped_by_the_dispatcher_and_by_the_reading_of_it() -> None:
    """Each alone: Telegram is not asked for edits, and the inbox keeps but their numbers."""
    async with chatting() as chat:
        telegram = chat.app.telegram
        edited = from_li_ming(chat.cast.telegram["李明"], edit_date=2)
        update = Update.de_json({"update_id": 1, "edited_message": edited}, telegram.bot)
        handlers = [one for group in telegram.handlers.values() for one in group]
        assert not any(handler.check_update(update) for handler in handlers)
        assert read(chat.desk, chat.app.catalogue, update) is None
