"""A student says that the talk took place: by button, in words, in a reply, with a date."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records import TalkState
from tests.bot.dialogues.talks import FROM_THE_LIST, TODAY, claims, last, quiet, state
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at

NOTED = (
    "已记下：{day}与周文老师谈话，已请老师确认。你这边已完成，等老师确认即可，不影响交表。"
    "如有误，10 分钟内可发 /undo 撤销。"
)
ASKED = "周老师，您好。以下同学登记与您谈过话，请您确认。——本科生第一党支部\n李明同学，{day}"
ALREADY = (
    "{day}与周文老师的谈话已经登记，正在等老师确认，不用再登记。日期不对，回复“已谈”加正确的日期。"
)


async def reminded(chat: Chat, who: str) -> Shown:
    """Let S1 go out; return it. The dialogue begins before it."""
    await chat.tick(at(2026, 9, 14, 9))
    return last(chat, who)


async def test_student_claims_with_two_taps_under_the_reminder() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await reminded(chat, "李明")
        quiet(chat)
        await chat.press("李明", "已谈话")
        assert chat.news("李明") == ["与周文老师的谈话是哪一天？"]
        assert list(last(chat, "李明").buttons) == ["今天", "昨天", "前天", "其他日期"]
        await chat.press("李明", "昨天")
        assert chat.news("李明") == [NOTED.format(day="9月13日（周日）")]
        assert chat.news("周老师") == [ASKED.format(day="9月13日（周日）")]
        assert tuple(last(chat, "周老师").buttons) == FROM_THE_LIST
        assert state(chat, "李明", "周老师") == (TalkState.CLAIMED, "2026-09-13")


async def test_student_types_another_date_when_none_of_the_three_fits() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await reminded(chat, "李明")
        await chat.press("李明", "已谈话")
        chat.news("李明")
        await chat.press("李明", "其他日期")
        assert chat.news("李明") == ["请输入日期，例如“9月14日”。"]
        assert await chat.say("李明", "9.10") == [NOTED.format(day="9月10日（周四）")]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("已谈", TODAY),
        ("谈过了", TODAY),
        ("老师好，今天上午和周老师谈过了，谢谢老师", TODAY),
        ("昨天谈了", "9月14日（周一）"),
        ("已谈 9月14日", "9月14日（周一）"),
        ("已谈 9.10", "9月10日（周四）"),
        ("上周三谈的", "9月9日（周三）"),
        ("第二周周一谈的", "9月14日（周一）"),
        ("已谈 10号", "9月10日（周四）"),
        ("/done", TODAY),
        ("/done 昨天", "9月14日（周一）"),
        ("/done 周老师 9月14日", "9月14日（周一）"),
    ],
)
@pytest.mark.parametrize("replies", [False, True])
async def test_student_claims_in_words(words: str, day: str, replies: bool) -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        reminder = await reminded(chat, "李明")
        chat.clock.move_to(at(2026, 9, 15, 10))
        quiet(chat)
        said = await chat.say("李明", words, reply_to=reminder if replies else None)
        assert said == [NOTED.format(day=day)]
        assert chat.news("周老师") == [ASKED.format(day=day)]


async def test_today_is_the_day_on_which_it_was_said_not_read() -> None:
    async with chatting(at(2026, 9, 16, 7)) as chat:
        said_at = int(at(2026, 9, 15, 23, 50).timestamp())
        who = chat.cast.telegram["李明"]
        await chat.feed(
            {
                "message": {
                    "message_id": 1,
                    "date": said_at,
                    "chat": {"id": who, "type": "private"},
                    "from": {"id": who, "is_bot": False, "first_name": "某"},
                    "text": "今天谈过了",
                }
            }
        )
        assert chat.news("李明") == [NOTED.format(day=TODAY)]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("已谈 9月16日", "谈话日期不能晚于今天。请重新输入日期；还没有谈，谈完再登记就可以。"),
        ("已谈 9月1日", "谈话日期不能早于本学期第一周（9月7日（周一））。请重新输入日期。"),
        ("已谈 9月31日", "日历上没有这一天，请再输入一次，例如“9月15日”。"),
    ],
)
async def test_student_is_told_why_a_date_cannot_be(words: str, answer: str) -> None:
    async with chatting() as chat:
        assert await chat.say("李明", words) == [answer]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")
        assert chat.news("周老师") == []


async def test_student_asked_for_a_date_may_try_again_after_an_impossible_one() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await reminded(chat, "李明")
        await chat.press("李明", "已谈话")
        await chat.press("李明", "其他日期")
        quiet(chat)
        assert await chat.say("李明", "9月31日") == [
            "日历上没有这一天，请再输入一次，例如“9月14日”。"
        ]
        assert await chat.say("李明", "嗯那天") == [
            "没有看明白是哪一天，请再输入一次，例如“9月14日”。"
        ]
        assert await chat.say("李明", "9月14日") == [NOTED.format(day="9月14日（周一）")]


@pytest.mark.parametrize("words", ["昨天没谈成", "明天再谈", "9月14日没有谈"])
async def test_a_date_beside_a_no_is_no_answer_to_the_question_for_the_day(words: str) -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await reminded(chat, "李明")
        await chat.press("李明", "已谈话")
        quiet(chat)
        assert await chat.say("李明", words) == [
            "好的，还没谈不要紧，谈话最迟9月27日（周日）（含当天）。谈完后回复“已谈”就可以。"
        ]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")
        await chat.say("李明", "9月14日")
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")


async def test_student_chooses_where_the_text_names_two_days() -> None:
    async with chatting() as chat:
        assert await chat.say("李明", "已谈 9月14日周二") == [
            "没有看明白是哪一天，请选一个：9月14日（周一），还是9月15日（周二）？"
        ]
        shown = last(chat, "李明")
        assert list(shown.buttons) == ["9月14日（周一）", "9月15日（周二）"]
        await chat.press("李明", "9月14日（周一）")
        assert chat.news("李明") == [NOTED.format(day="9月14日（周一）")]
        assert shown.buttons == {}


async def test_claiming_the_same_day_again_changes_and_asks_nothing() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        assert await chat.say("李明", "已谈") == [ALREADY.format(day=TODAY)]
        assert await chat.say("李明", "已谈 9月15日") == [ALREADY.format(day=TODAY)]
        assert chat.news("周老师") == []


@pytest.mark.parametrize("words", ["已谈 9月14日", "昨天谈的", "9月14日", "与周老师昨天谈的"])
async def test_student_corrects_a_claim_by_saying_another_day(words: str) -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        chat.clock.advance(minutes=5)
        old = last(chat, "周老师")
        assert await chat.say("李明", words) == [NOTED.format(day="9月14日（周一）")]
        assert chat.news("周老师") == [ASKED.format(day="9月14日（周一）")]
        assert old.buttons == {}
        assert state(chat, "李明", "周老师") == (TalkState.CLAIMED, "2026-09-14")


async def test_student_corrects_a_claim_by_the_button_below_it() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await chat.press("李明", "改日期")
        assert chat.news("李明") == ["原来登记的是9月15日（周二）。与周文老师的谈话实际是哪一天？"]
        await chat.press("李明", "前天")
        assert chat.news("李明") == [NOTED.format(day="9月13日（周日）")]


async def test_student_who_says_that_the_date_is_wrong_is_asked_for_the_right_one() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        assert await chat.say("李明", "日期不对") == [
            "原来登记的是9月15日（周二）。与周文老师的谈话实际是哪一天？"
        ]


@pytest.mark.parametrize("words", ["已谈 9月14日", "已谈"])
async def test_a_date_that_both_have_said_is_the_secretarys_to_correct(words: str) -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        noted = last(chat, "李明")
        await chat.press("周老师", "属实")
        quiet(chat)
        for reply_to in (None, noted):
            assert await chat.say("李明", words, reply_to=reply_to) == [
                "9月15日（周二）与周文老师的谈话，老师已确认，不用再登记。有误请告诉支部书记更正。"
            ]
        await chat.press("李明", "改日期", on=noted)
        assert chat.news("李明")[0].endswith("有误请告诉支部书记更正。")
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-15")


async def test_a_second_tap_on_the_day_changes_nothing() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await reminded(chat, "李明")
        await chat.press("李明", "已谈话")
        question = last(chat, "李明")
        token = question.buttons["今天"]
        await chat.press("李明", "今天")
        quiet(chat)
        await chat.press("李明", "今天", on=question, token=token)
        assert chat.news("李明") == [ALREADY.format(day="9月14日（周一）")]
        assert chat.news("周老师") == []


async def test_names_with_markup_in_them_are_read_as_they_are() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            person = chat.desk.store.people[chat.cast["李明"].id]
            chat.desk.store.people.put(replace(person, name="<b>李&明"))
        await chat.say("李明", "已谈")
        assert "\n<b>李&明同学，" in chat.news("周老师")[0]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("9月31日", "日历上没有这一天，请再输入一次，例如“9月15日”。"),
        (
            "9月14日周二",
            "没有看明白是哪一天，请选一个：9月14日（周一），还是9月15日（周二）？",
        ),
        ("9月20日", "谈话日期不能晚于今天。请重新输入日期；还没有谈，谈完再登记就可以。"),
    ],
)
@pytest.mark.parametrize("replies", [False, True])
async def test_a_correction_is_checked_like_any_date(
    words: str, answer: str, replies: bool
) -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        noted = last(chat, "李明") if replies else None
        assert await chat.say("李明", words, reply_to=noted) == [answer]
        assert state(chat, "李明", "周老师") == (TalkState.CLAIMED, "2026-09-15")


async def test_date_wrong_in_a_reply_to_what_the_mentor_recorded_asks_for_the_right_one() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        told = last(chat, "李明")
        chat.news("李明")
        assert await chat.say("李明", "日期不对", reply_to=told) == [
            "原来登记的是9月15日（周二）。与周文老师的谈话实际是哪一天？"
        ]
        assert await chat.say("李明", "是昨天") == [NOTED.format(day="9月14日（周一）")]


async def test_date_wrong_without_any_record_is_asked_back() -> None:
    async with chatting() as chat:
        assert await chat.say("李明", "日期不对") == [
            "没有看明白。与周文老师的谈话，已经谈过了吗？"
        ]


async def test_the_date_of_a_claim_taken_back_is_asked_as_if_for_the_first_time() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await chat.say("李明", "/undo")
        quiet(chat)
        await chat.press("李明", "改日期")
        assert chat.news("李明") == ["与周文老师的谈话是哪一天？"]
