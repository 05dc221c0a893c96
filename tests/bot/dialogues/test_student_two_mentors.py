"""A student with two mentors says with whom, in three taps at most, or in words."""

from __future__ import annotations

import pytest

from bot.settings import Settings
from storage.records import TalkState
from tests.bot.dialogues.talks import claims, last, quiet, state
from tests.support.chat import chatting
from tests.support.clock import at

WHICH = "是与哪一位谈的？周文老师、吴静老师，请选一位。"


async def test_student_claims_for_both_with_three_taps() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await chat.tick(at(2026, 9, 14, 9))
        assert "主动与周文老师、吴静老师约定时间谈话" in chat.news("赵一")[0]
        await chat.press("赵一", "已谈话")
        assert chat.news("赵一") == [WHICH]
        assert list(last(chat, "赵一").buttons) == ["周文老师", "吴静老师", "两位都谈了"]
        await chat.press("赵一", "两位都谈了")
        assert last(chat, "赵一").text == "与周文老师、吴静老师的谈话是哪一天？"
        await chat.press("赵一", "今天")
        assert chat.news("赵一")[0].startswith("已记下：9月14日（周一）与周文老师、吴静老师谈话")
        for mentor in ("周老师", "吴老师"):
            assert "赵一同学，9月14日（周一）" in chat.news(mentor)[-1]
            assert state(chat, "赵一", mentor) == (TalkState.CLAIMED, "2026-09-14")


async def test_student_claims_for_one_and_later_for_the_other() -> None:
    async with chatting() as chat:
        await chat.say("赵一", "已谈")
        await chat.press("赵一", "周文老师")
        assert chat.news("赵一")[-1].startswith("已记下：9月15日（周二）与周文老师谈话，")
        assert chat.news("吴老师") == []
        assert (await chat.say("赵一", "昨天谈了"))[0].startswith(
            "已记下：9月14日（周一）与吴静老师谈话，"
        )
        assert state(chat, "赵一", "周老师") == (TalkState.CLAIMED, "2026-09-15")
        assert state(chat, "赵一", "吴老师") == (TalkState.CLAIMED, "2026-09-14")


@pytest.mark.parametrize(
    ("words", "mentors"),
    [
        ("和吴老师谈过了", "吴静老师"),
        ("已谈 吴静", "吴静老师"),
        ("与吴静老师谈过了", "吴静老师"),
        ("两位老师都谈了", "周文老师、吴静老师"),
        ("都谈过了", "周文老师、吴静老师"),
    ],
)
async def test_student_who_names_the_mentors_is_not_asked(words: str, mentors: str) -> None:
    async with chatting() as chat:
        said = await chat.say("赵一", words)
        assert said[0].startswith(f"已记下：9月15日（周二）与{mentors}谈话，已请老师确认。")


async def test_a_day_that_was_said_is_not_asked_again() -> None:
    async with chatting() as chat:
        assert await chat.say("赵一", "昨天谈了") == [WHICH]
        await chat.press("赵一", "吴静老师")
        assert chat.news("赵一")[0].startswith("已记下：9月14日（周一）与吴静老师谈话")


async def test_an_unclear_day_is_asked_after_the_mentor() -> None:
    async with chatting() as chat:
        assert await chat.say("赵一", "已谈 9月14日周二") == [WHICH]
        await chat.press("赵一", "吴静老师")
        assert last(chat, "赵一").text == "与吴静老师的谈话是哪一天？"
        assert state(chat, "赵一", "周老师") == (TalkState.NONE, "")


async def test_student_who_names_a_stranger_is_asked_about_the_own_mentors() -> None:
    async with chatting() as chat:
        assert await chat.say("李明", "和王老师谈过了") == [
            "没有看明白。与周文老师的谈话，已经谈过了吗？"
        ]
        assert await chat.say("赵一", "和王老师谈过了") == [
            "没有看明白。与周文老师、吴静老师的谈话，已经谈过了吗？"
        ]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")


async def test_naming_a_mentor_again_does_not_move_the_claim_to_today() -> None:
    async with chatting() as chat:
        await claims(chat, "赵一", "昨天和周老师谈了")
        assert await chat.say("赵一", "和周老师谈过了") == [
            "9月14日（周一）与周文老师的谈话已经登记，正在等老师确认，不用再登记。"
            "日期不对，回复“已谈”加正确的日期。"
        ]
        assert state(chat, "赵一", "周老师") == (TalkState.CLAIMED, "2026-09-14")


async def test_a_corrected_day_asks_which_of_two_claims_it_is_for() -> None:
    async with chatting() as chat:
        await claims(chat, "赵一", "都谈过了")
        assert await chat.say("赵一", "已谈 9月14日") == [WHICH]
        await chat.press("赵一", "吴静老师")
        assert state(chat, "赵一", "吴老师") == (TalkState.CLAIMED, "2026-09-14")
        assert state(chat, "赵一", "周老师") == (TalkState.CLAIMED, "2026-09-15")


async def test_a_joint_talk_counts_for_each_mentor_who_confirms() -> None:
    async with chatting() as chat:
        await claims(chat, "赵一", "都谈过了")
        await chat.press("吴老师", "属实")
        assert chat.news("赵一")[0].startswith("吴静老师已确认9月15日（周二）的谈话。")
        assert await chat.say("赵一", "/status") == [
            "半年考察（2026-2027-1）\n"
            "谈话：与周文老师，等老师确认（9月15日（周二））\n"
            "谈话：与吴静老师，老师已确认（9月15日（周二））\n"
            "登记表：未发放\n谈话时间：9月14日（周一）至9月27日（周日）\n"
            "交表：最迟9月30日（周三）（含当天），交给陈静同志"
        ]


async def test_probationary_member_reads_of_introducers_by_name() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await chat.tick(at(2026, 9, 14, 9))
        assert chat.news("孙三")[0].startswith("孙三同志，你好。")
        quiet(chat)
        await chat.say("孙三", "都谈过了")
        assert "\n孙三同志，9月14日（周一）" in chat.news("周老师")[0]


async def test_date_wrong_asks_which_of_two_claims_is_meant() -> None:
    async with chatting() as chat:
        await claims(chat, "赵一", "都谈过了")
        assert await chat.say("赵一", "日期不对") == [WHICH]
        await chat.press("赵一", "周文老师")
        await chat.press("赵一", "昨天")
        assert state(chat, "赵一", "周老师") == (TalkState.CLAIMED, "2026-09-14")
        assert state(chat, "赵一", "吴老师") == (TalkState.CLAIMED, "2026-09-15")


@pytest.mark.parametrize(("both", "reminded"), [(False, 0), (True, 1)])
async def test_probationary_member_is_reminded_of_the_second_introducer_only_if_the_office_wants_both(
    both: bool, reminded: int
) -> None:
    async with chatting(settings=Settings(both_introducers=both)) as chat:
        await chat.say("周老师", "/done 孙三")
        quiet(chat)
        await chat.tick(at(2026, 9, 21, 9))
        told = chat.news("孙三")
        assert len(told) == reminded
        assert all("与吴静老师的谈话登记" in one for one in told)
