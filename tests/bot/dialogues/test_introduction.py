"""A candidate's way to the meeting in chat: who records what, who is told, and what stays hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.actions.term import set_week1
from storage.records import Stage, TalkState
from tests.bot.dialogues.introductions import (
    becomes_candidate,
    lacking,
    meeting_on,
    opinion_of,
    record,
    review_meeting,
    reviewed,
    talk_with,
    way,
)
from tests.bot.dialogues.talks import last, quiet, state
from tests.support.chat import Chat, chatting
from tests.support.clock import at

MONDAY = at(2026, 11, 2, 10)
MEETING = "11月20日（周五）"


async def everything_but_the_review(chat: Chat, name: str = "赵一") -> None:
    becomes_candidate(chat, name)
    await review_meeting(chat, name)
    await meeting_on(chat, "11月20日", name)
    for mentor in ("周老师", "吴老师"):
        await talk_with(chat, name, mentor)
    await opinion_of(chat, "周老师", name)
    quiet(chat)
    await opinion_of(chat, "吴老师", name)


# The review meeting.


async def test_candidate_and_introducers_read_what_is_next_after_the_review_meeting() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        assert chat.news("赵一") == [
            "赵一同学，你好。支部审查会议已于11月2日（周一）召开。请认真填写《入党志愿书》的基本信息，"
            "填好后自行联系两位入党介绍人周文、吴静同志谈话。\n两次谈话都要在支部大会（大会日期定下后通知）"
            "之前完成。填写中有不清楚的地方，先问入党介绍人，不要涂改。——本科生第一党支部"
        ]
        assert chat.news("吴老师") == [
            "吴老师，您好。赵一同学的支部审查会议已召开，他（她）填好《入党志愿书》基本信息后会与您联系，"
            "请在支部大会（大会日期定下后通知）前谈话，并指导填写。\n谈话后请亲笔填写入党介绍人意见，"
            "大会前由支部审查；您将以介绍人身份在支部大会上介绍情况。——本科生第一党支部"
        ]
        assert lacking(chat, "赵一") == ["talks", "opinions", "consents", "reviewed"]


async def test_several_candidates_of_one_meeting_are_recorded_in_one_go() -> None:
    async with chatting(MONDAY) as chat:
        for name in ("赵一", "李明", "王小雨"):
            becomes_candidate(chat, name)
        await review_meeting(chat, "赵一", "李明", "王小雨")
        told = chat.news("周老师")
        assert len(told) == 1
        assert "李明同学、王小雨同学、赵一同学" in told[0] or "赵一同学、李明同学" in told[0]
        await meeting_on(chat, "11月20日", "赵一", "李明", "王小雨")
        assert len(chat.news("周老师")) == 1
        for name in ("赵一", "李明", "王小雨"):
            assert f"支部大会定在{MEETING}，谈话请在此前完成。" in chat.news(name)[-1]


async def test_a_name_is_tapped_away_again() -> None:
    async with chatting(MONDAY) as chat:
        for name in ("赵一", "李明"):
            becomes_candidate(chat, name)
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "登记审查会议")
        await chat.press("林峰", "选好了")
        assert chat.news("林峰")[-1] == "还没有选人。请先点姓名，再点“选好了”。"
        picker = next(one for one in chat.in_chat("林峰") if "选好了" in one.buttons)
        await chat.press("林峰", "赵一", on=picker)
        await chat.press("林峰", "李明", on=picker)
        await chat.press("林峰", "✓ 赵一", on=picker)
        assert "已选：李明" in picker.text
        await chat.press("林峰", "选好了")
        await chat.press("林峰", "昨天")
        assert record(chat, "李明").review == at(2026, 11, 1).date()
        assert chat.news("赵一") == []


async def test_secretary_undoes_the_review_meeting_and_everybody_reads_so() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        quiet(chat)
        await chat.press("林峰", "撤销")
        for name in ("赵一", "周老师", "吴老师"):
            assert chat.news(name) == [
                "刚才关于赵一同学支部审查会议的通知已撤回，请以支部以后的通知为准。"
            ]
        assert (await chat.say("赵一", "/intro"))[0].startswith("现在没有与你有关的入党介绍。")
        await review_meeting(chat, "赵一")  # and it can be recorded again
        assert len(chat.news("赵一")) == 1


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("11月3日", "日期不能晚于今天。"),
        ("8月31日", "支部审查会议不能早于赵一成为发展对象的日期"),
    ],
)
async def test_the_review_meeting_lies_between_becoming_candidate_and_today(
    words: str, refusal: str
) -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "登记审查会议")
        await chat.press("林峰", "赵一")
        await chat.press("林峰", "选好了")
        chat.news("林峰")
        assert (await chat.say("林峰", words))[0].startswith(refusal)
        assert not len(chat.desk.store.introductions)
        await chat.press("林峰", "今天")  # the question still stands
        assert len(chat.desk.store.introductions) == 1


async def test_a_candidate_with_one_introducer_is_not_put_on_the_way() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一", "周老师")
        await review_meeting(chat, "赵一")
        assert chat.news("林峰")[-1] == (
            "赵一的入党介绍人还不足两名，没有登记。请先用 /assign（分配）确定两名入党介绍人。"
        )
        assert chat.news("赵一") == []


# The steps.


async def test_candidate_records_the_basics_with_their_day() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await chat.press("赵一", "志愿书已填")
        await chat.press("赵一", "今天")
        assert chat.news("赵一")[-1].startswith(
            "已登记：《入党志愿书》基本信息11月2日（周一）填好。"
        )
        assert record(chat, "赵一").basics == MONDAY.date()
        await chat.press("赵一", "撤销")
        assert record(chat, "赵一").basics is None


async def test_student_with_both_talks_open_is_asked_once_which() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        quiet(chat)
        assert await chat.say("赵一", "与周文老师谈过了") == ["与周文老师谈的是哪一项？请选一项。"]
        assert list(last(chat, "赵一").buttons) == ["半年考察", "入党介绍", "两项都谈了"]
        await chat.press("赵一", "两项都谈了")
        assert chat.news("赵一")[0].startswith("已记下：11月2日（周一）与周文老师谈话，")
        assert (
            "赵一同学，11月2日（周一）\n赵一同学，11月2日（周一）（入党介绍）"
            in chat.news("周老师")[-1]
        )
        await chat.say("赵一", "与吴静老师谈过了")
        await chat.press("赵一", "入党介绍")
        assert "不影响交表" not in chat.news("赵一")[-1]
        assert state(chat, "赵一", "吴老师")[0] is TalkState.NONE


async def test_claiming_by_button_asks_mentor_then_talk_then_day_in_one_message() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await chat.say("赵一", "/intro")
        await chat.press("赵一", "已谈话")
        quiet(chat)
        for label in ("周文老师", "入党介绍", "昨天"):
            await chat.press("赵一", label)
        assert chat.news("赵一")[0].startswith("已记下：11月1日（周日）与周文老师谈话，")
        talk = way(chat, "赵一").introducers[0].talk
        assert talk is not None
        assert (talk.state, talk.term) == (TalkState.CLAIMED, 0)
        await chat.press("赵一", "改日期")
        await chat.press("赵一", "今天")
        assert "11月2日（周一）" in chat.news("赵一")[-1]


async def test_mentor_with_both_talks_open_is_asked_once_which() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await chat.say("周老师", "/done 赵一")
        assert last(chat, "周老师").text == "与赵一同学谈的是哪一项？请选一项。"
        await chat.press("周老师", "入党介绍")
        noted = chat.news("周老师")[-1]
        assert noted.startswith("已记下：11月2日（周一）与赵一同学谈话，并已告诉本人。有情况请向")
        assert lacking(chat, "赵一") == ["talks", "opinions", "consents", "reviewed"]
        await chat.press("赵一", "没有谈")
        talk = way(chat, "赵一").introducers[0].talk
        assert talk is not None
        assert talk.state is TalkState.DISPUTED


async def test_the_done_list_shows_both_talks_of_a_candidate() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await chat.say("周老师", "/done")
        assert "赵一" in last(chat, "周老师").buttons
        await chat.press("周老师", "入党介绍 赵一")
        assert "✓ 入党介绍 赵一" in last(chat, "周老师").buttons or any(
            "✓ 入党介绍 赵一" in one.buttons for one in chat.in_chat("周老师")
        )
        assert state(chat, "赵一", "周老师")[0] is TalkState.NONE


async def test_opinion_and_attitude_are_answered_in_the_same_message() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await chat.say("周老师", "/intro")
        card = last(chat, "周老师")
        await chat.press("周老师", "意见已写")
        assert card.text == "赵一同学：按您意见中的态度（只告知林峰同志）："
        assert list(card.buttons) == ["愿意", "暂不"]
        assert await chat.press("周老师", "愿意") == "已记下。如有误，10 分钟内可发 /undo 撤销。"
        assert "入党介绍人意见：11月2日（周一）写好，愿意介绍" in card.text
        await chat.press("周老师", "改日期")
        await chat.press("周老师", "昨天")
        assert way(chat, "赵一").introducers[0].written == at(2026, 11, 1).date()


async def test_a_refusal_is_told_to_the_secretary_only_and_not_what_it_is() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        quiet(chat)
        await opinion_of(chat, "周老师", "赵一", "暂不")
        assert chat.news("林峰") == [
            "林峰同志，你好。赵一同学的入党介绍有事项需与周文同志当面沟通，详情见 /intro。"
        ]
        for name in ("赵一", "吴老师", "陈静", "何主任"):
            assert chat.news(name) == []
        for name in ("赵一", "吴老师"):
            await chat.say(name, "/intro")
            assert "暂不" not in last(chat, name).text
            assert "愿意" not in last(chat, name).text
        await chat.say("周老师", "/undo")
        assert chat.news("林峰") == [
            "赵一同学的入党介绍刚有登记被撤销。看现在的情况请发 /intro（介绍）。"
        ]
        assert way(chat, "赵一").introducers[0].consent is None


async def test_candidate_never_sees_opinions_or_attitudes() -> None:
    async with chatting(MONDAY) as chat:
        await everything_but_the_review(chat)
        await chat.press("赵一", "志愿书已填")
        await chat.press("赵一", "今天")
        await chat.say("赵一", "介绍")
        card = last(chat, "赵一").text
        assert "意见" not in card
        assert "愿意" not in card
        assert card.endswith("你这边的事项已齐；时间地点以支部通知为准。")


# The gate.


async def test_secretary_is_asked_for_the_review_once_all_else_is_there() -> None:
    async with chatting(MONDAY) as chat:
        await everything_but_the_review(chat)
        assert chat.news("林峰") == [
            "林峰同志，你好。赵一同学两位介绍人的谈话、意见均已登记，请支部在支部大会"
            f"（{MEETING}）前审查入党介绍人意见，审查后用 /intro（介绍）登记日期和结论。"
        ]
        assert lacking(chat, "赵一") == ["reviewed"]
        await reviewed(chat, "赵一")
        assert lacking(chat, "赵一") == []
        card = next(one for one in reversed(chat.in_chat("林峰")) if "支部审查意见" in one.text)
        assert "已齐，可以提交支部大会。" in card.text


async def test_a_green_list_is_not_reviewed_by_itself() -> None:
    async with chatting(MONDAY) as chat:
        await everything_but_the_review(chat)
        await chat.tick(at(2026, 11, 19, 9))
        assert "还缺：支部审查。" in chat.news("林峰")[-1]
        assert lacking(chat, "赵一") == ["reviewed"]


async def test_gate_tried_too_early_names_what_is_missing() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await talk_with(chat, "赵一", "周老师")
        await opinion_of(chat, "周老师", "赵一", "暂不")
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "赵一", on=last(chat, "林峰"))
        quiet(chat)
        await chat.press("林峰", "审查通过")
        assert chat.news("林峰") == [
            "林峰同志，你好。赵一同学暂不能提交支部大会，还缺：吴静老师的谈话、吴静老师的意见、"
            "需当面沟通的事项、吴静老师的态度、支部审查。\n补齐并由支部审查确认“同意介绍、内容无误”后"
            "即可提交，登记用 /intro（介绍）。"
        ]


async def test_an_opinion_changed_after_the_review_is_to_be_reviewed_again() -> None:
    async with chatting(MONDAY) as chat:
        await everything_but_the_review(chat)
        await reviewed(chat, "赵一")
        chat.clock.move_to(at(2026, 11, 3, 10))
        quiet(chat)
        await chat.say("吴老师", "/intro")
        await chat.press("吴老师", "改日期")
        await chat.press("吴老师", "今天")
        assert lacking(chat, "赵一") == ["consents", "reviewed"]


# The meeting's day.


async def test_moving_the_meeting_tells_everybody_and_moves_the_reminders() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await meeting_on(chat, "11月20日", "赵一")
        await chat.tick(at(2026, 11, 13, 9))
        assert "定于11月20日（周五）" in chat.news("赵一")[-1]
        await meeting_on(chat, "11月27日", "赵一")
        assert chat.news("赵一") == [
            "赵一同学，你好。支部大会改到11月27日（周五），谈话请在此前完成。——本科生第一党支部"
        ]
        assert chat.news("周老师")[-1] == (
            "周老师，您好。讨论接收赵一同学的支部大会改到11月27日（周五），谈话请在此前完成。"
            "——本科生第一党支部"
        )
        await chat.tick(at(2026, 11, 17, 9))
        assert chat.news("赵一") == []
        await chat.tick(at(2026, 11, 20, 9))
        assert "定于11月27日（周五）" in chat.news("赵一")[-1]


async def test_a_meeting_in_the_past_is_refused_and_january_is_the_coming_one() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await meeting_on(chat, "2026年10月30日", "赵一")
        assert last(chat, "林峰").text.startswith("支部大会的日期不能早于今天。")
        assert record(chat, "赵一").meeting is None
        (refused,) = await chat.say("林峰", "2028年1月8日")
        assert refused == "支部大会的日期离今天超过一年，没有登记。请核对年份，重新输入日期。"
        assert record(chat, "赵一").meeting is None
        await chat.say("林峰", "1月8日")
        assert record(chat, "赵一").meeting == at(2027, 1, 8).date()


async def test_a_talk_on_the_day_of_the_meeting_or_before_becoming_candidate_is_refused() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await meeting_on(chat, "11月3日", "赵一")
        chat.clock.move_to(at(2026, 11, 4, 10))
        quiet(chat)
        await chat.say("周老师", "/done 赵一 11月3日")
        await chat.press("周老师", "入党介绍")
        assert chat.news("周老师")[-1] == (
            "入党介绍的谈话应在支部大会（11月3日（周二））之前。请重新输入日期。"
        )
        await chat.say("周老师", "/done 赵一 8月30日")
        await chat.press("周老师", "入党介绍")
        assert chat.news("周老师")[-1].startswith(
            "日期不能早于成为发展对象的日期（9月1日（周二））"
        )
        assert way(chat, "赵一").introducers[0].talk is None


# Reminders.


async def test_whoever_is_missing_is_reminded_seven_three_and_one_days_before() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await meeting_on(chat, "11月20日", "赵一")
        await opinion_of(chat, "吴老师", "赵一")
        await talk_with(chat, "赵一", "吴老师")
        quiet(chat)
        for day in (13, 17, 19):
            await chat.tick(at(2026, 11, day, 9))
            assert chat.news("赵一") == [
                "赵一同学，你好。讨论接收的支部大会定于11月20日（周五），目前还缺：《入党志愿书》的基本信息、"
                "与周文老师的谈话。\n谈完后回复“已谈 日期”；时间有冲突请马上告诉林峰同志。——本科生第一党支部"
            ]
            assert chat.news("周老师") == [
                "周老师，您好。讨论接收赵一同学的支部大会定于11月20日（周五），您这里还缺：谈话、"
                "入党介绍人意见、意见中的态度。意见写好后由支部审查，再提交大会。\n谈过话请发 /done（已谈）；"
                "需要写作提示请发 /guide（指南）。——本科生第一党支部"
            ]
            assert chat.news("吴老师") == []
            assert (
                "还缺：周文老师的谈话、周文老师的意见、周文老师的态度、支部审查。"
                in (chat.news("林峰")[0])
            )
        await chat.tick(at(2026, 11, 20, 9))
        assert chat.news("赵一") == chat.news("周老师") == chat.news("林峰") == []


async def test_the_introducers_reminder_itself_takes_the_opinion() -> None:
    async with chatting(MONDAY) as chat:
        for name in ("赵一", "李明"):
            becomes_candidate(chat, name)
        await review_meeting(chat, "赵一", "李明")
        await meeting_on(chat, "11月20日", "赵一", "李明")
        await chat.tick(at(2026, 11, 13, 9))
        asked = last(chat, "周老师")
        assert list(asked.buttons) == ["意见已写 李明", "意见已写 赵一"]
        await chat.press("周老师", "意见已写 赵一")
        assert asked.text.startswith("赵一同学：按您意见中的态度")
        await chat.press("周老师", "愿意")
        assert "赵一同学的支部大会定于11月20日（周五），您这里还缺：谈话。" in asked.text
        assert list(asked.buttons) == ["意见已写 李明"]


async def test_a_candidates_reminders_of_one_morning_are_one_message() -> None:
    async with chatting(at(2026, 9, 8, 10)) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await meeting_on(chat, "9月21日", "赵一")
        quiet(chat)
        await chat.tick(at(2026, 9, 14, 9))  # S1, and seven days before the meeting
        (told,) = chat.news("赵一")
        assert "请在9月14日（周一）至9月27日（周日）之间" in told
        assert "讨论接收的支部大会定于9月21日（周一）" in told
        assert list(last(chat, "赵一").buttons) == ["已谈话", "约不上老师", "志愿书已填"]


# Who may.


async def test_others_have_no_introduction_to_see() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        assert (await chat.say("李明", "/intro"))[0].startswith("现在没有与你有关的入党介绍。")
        assert "赵一" not in (await chat.say("韩书记", "/intro"))[0]


# The meeting.


async def behind_an_open_gate(chat: Chat, name: str = "赵一") -> None:
    """The day of the meeting has come, and nothing is missing; the secretary looks at the card."""
    await everything_but_the_review(chat, name)
    await reviewed(chat, name)
    chat.clock.move_to(at(2026, 11, 20, 16))
    await chat.say("林峰", "/intro")
    await chat.press("林峰", name, on=last(chat, "林峰"))
    quiet(chat)


async def test_accepting_makes_a_probationary_member_of_the_day_of_the_meeting() -> None:
    async with chatting(MONDAY) as chat:
        await behind_an_open_gate(chat)
        chat.clock.move_to(at(2026, 11, 23, 9))  # recorded on Monday, held on Friday
        await chat.press("林峰", "接收")
        assert chat.news("林峰") == [
            "已登记：赵一，支部大会11月20日（周五），接收。预备期自大会之日起，"
            "到2027年11月19日（周五）止。如有误，10 分钟内可发 /undo 撤销。"
        ]
        person = chat.desk.store.people[chat.cast["赵一"].id]
        assert (person.stage, person.stage_since) == (
            Stage.PROBATIONARY,
            at(2026, 11, 20).date(),
        )
        assert chat.news("赵一") == chat.news("周老师") == []
        assert "赵一：到2027年11月19日（周五）止" in (await chat.say("林峰", "/intro"))[0]
        await chat.press("林峰", "撤销")
        assert chat.desk.store.people[person.id].stage is Stage.CANDIDATE
        assert lacking(chat, "赵一") == []


async def test_a_deferred_candidate_needs_another_review_and_another_day() -> None:
    async with chatting(MONDAY) as chat:
        await behind_an_open_gate(chat)
        await chat.press("林峰", "暂缓")
        assert "再次提交前请支部重新审查，并登记新的大会日期。" in chat.news("林峰")[0]
        assert lacking(chat, "赵一") == ["reviewed"]
        assert record(chat, "赵一").meeting is None


async def test_a_candidate_who_was_not_accepted_may_begin_anew_with_new_talks() -> None:
    async with chatting(MONDAY) as chat:
        await behind_an_open_gate(chat)
        await chat.press("林峰", "未通过")
        assert chat.desk.store.people[chat.cast["赵一"].id].stage is Stage.CANDIDATE
        assert (await chat.say("赵一", "/intro"))[0].startswith("现在没有与你有关的入党介绍。")
        await review_meeting(chat, "赵一")
        assert lacking(chat, "赵一") == ["talks", "opinions", "consents", "reviewed"]


async def test_the_meeting_decides_nothing_behind_a_shut_gate() -> None:
    async with chatting(MONDAY) as chat:
        await everything_but_the_review(chat)
        chat.clock.move_to(at(2026, 11, 20, 16))
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "赵一", on=last(chat, "林峰"))
        quiet(chat)
        for label in ("接收", "暂缓", "未通过"):
            await chat.press("林峰", label)
            assert "还缺：支部审查。" in chat.news("林峰")[0]
        assert chat.desk.store.people[chat.cast["赵一"].id].stage is Stage.CANDIDATE


async def test_no_outcome_is_offered_before_the_meeting() -> None:
    async with chatting(MONDAY) as chat:
        await everything_but_the_review(chat)
        await reviewed(chat, "赵一")
        card = next(one for one in reversed(chat.in_chat("林峰")) if "支部审查意见" in one.text)
        assert list(card.buttons) == ["大会日期", "审查通过"]


async def test_an_introducer_who_has_become_ineligible_since_shuts_the_gate() -> None:
    async with chatting(MONDAY) as chat:
        await behind_an_open_gate(chat)
        store = chat.desk.store
        with store.transaction():
            store.people.put(replace(chat.cast["吴老师"], may_introduce=False))
        await chat.press("林峰", "接收")
        (told,) = chat.news("林峰")
        assert "还缺：两名入党介绍人。" in told
        assert "吴静" not in told


async def test_the_probation_is_extended_once() -> None:
    async with chatting(MONDAY) as chat:
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "孙三")
        card = last(chat, "林峰")
        assert "到2027年3月1日（周一）止。" in card.text
        await chat.press("林峰", "延长半年")
        assert "孙三的预备期延长到2027年9月1日（周三）止。" in last(chat, "林峰").text
        assert card.buttons == {}
        await chat.press("林峰", "撤销")
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "孙三", on=last(chat, "林峰"))
        assert list(last(chat, "林峰").buttons) == ["延长半年", "延长一年"]


async def test_introducers_are_told_a_month_before_the_probation_ends() -> None:
    async with chatting(MONDAY) as chat:
        await chat.tick(at(2027, 2, 1, 9))
        chat.news("周老师")
        await chat.tick(at(2027, 2, 2, 9))
        for mentor, surname in (("周老师", "周"), ("吴老师", "吴")):
            assert chat.news(mentor)[-1] == (
                f"{surname}老师，您好。孙三同志预备期到3月1日（周一）止，请继续教育，并准备转正前的意见。"
                "——本科生第一党支部"
            )
        await chat.tick(at(2027, 2, 3, 9))
        assert chat.news("周老师") == []


# People without account.


async def test_secretary_records_for_an_introducer_without_account() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一", "周老师", "郑老师")
        await review_meeting(chat, "赵一")
        await chat.say("赵一", "与郑强老师谈过了")
        await chat.press("赵一", "入党介绍")
        await chat.press("林峰", "代记")
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "赵一", on=last(chat, "林峰"))
        card = last(chat, "林峰")
        await chat.press("林峰", "意见已写 郑强")
        await chat.press("林峰", "愿意 郑强", on=card)
        assert (
            "郑强老师：谈话老师已确认（11月2日（周一），代记）；"
            "意见11月2日（周一）写好；愿意介绍（代记）" in (card.text)
        )


async def test_cards_and_buttons_of_a_way_that_is_over_say_so() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        for name in ("赵一", "周老师"):
            await chat.say(name, "/intro")
        undo = last(chat, "林峰").buttons["撤销"]
        stale = dict(last(chat, "赵一").buttons)
        await chat.press("林峰", "撤销", token=undo)
        for name in ("赵一", "周老师"):
            (card,) = [one for one in chat.in_chat(name) if one.text.startswith("这一项已经办结")]
            assert card.buttons == {}
        quiet(chat)
        await chat.press("赵一", "志愿书已填", token=stale["志愿书已填"], on=last(chat, "赵一"))
        assert chat.news("赵一")[-1].startswith("赵一同学的入党介绍已经结束，没有登记。")


async def test_secretary_fills_in_for_a_candidate_without_account() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        store = chat.desk.store
        with store.transaction():
            account = store.accounts.one("person", chat.cast["赵一"].id)
            assert account is not None
            store.accounts.put(replace(account, until=chat.desk.now()))
        await review_meeting(chat, "赵一")
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "赵一", on=last(chat, "林峰"))
        await chat.press("林峰", "志愿书已填")
        await chat.press("林峰", "昨天")
        assert "《入党志愿书》基本信息填好，11月1日（周日）" in last(chat, "林峰").text
        assert record(chat, "赵一").basics == at(2026, 11, 1).date()


async def test_the_opinion_taken_in_a_digest_is_asked_about_in_a_message_of_its_own() -> None:
    async with chatting(at(2026, 9, 8, 10)) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await meeting_on(chat, "9月18日", "赵一")
        quiet(chat)
        await chat.tick(at(2026, 9, 11, 9))  # T1, and seven days before the meeting
        (told,) = chat.news("周老师")
        assert "本学期半年考察已经开始" in told
        assert "讨论接收赵一同学的支部大会定于9月18日（周五）" in told
        await chat.press("周老师", "意见已写")
        assert chat.news("周老师") == ["赵一同学：按您意见中的态度（只告知林峰同志）："]


async def test_without_candidates_there_is_nobody_to_choose() -> None:
    async with chatting(MONDAY) as chat:
        await chat.say("韩书记", "/intro")
        await chat.press("韩书记", "登记审查会议")
        assert chat.news("韩书记")[-1].startswith("没有可以登记审查会议的发展对象。")


async def test_a_talk_claimed_on_the_way_is_still_confirmed_when_a_new_round_has_begun() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        await chat.say("赵一", "与周文老师谈过了")
        if "入党介绍" in last(chat, "赵一").buttons:
            await chat.press("赵一", "入党介绍")
        with chat.desk.store.transaction():
            set_week1(chat.desk, date(2027, 3, 1), None)
        await chat.press("周老师", "属实")
        (one, _) = way(chat, "赵一").introducers
        assert one.talk is not None
        assert one.talk.state is TalkState.CONFIRMED
