"""Around the way to the meeting: /status, /help and menus, a change of mind, a change of introducer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from storage.records import TalkState
from tests.bot.dialogues.introductions import (
    becomes_candidate,
    lacking,
    meeting_on,
    opinion_of,
    review_meeting,
    reviewed,
    talk_with,
    way,
)
from tests.bot.dialogues.talks import last, opens_account, quiet
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at

MONDAY = at(2026, 11, 2, 10)


async def on_the_way(chat: Chat, *names: str, meeting: str = "11月20日") -> None:
    for name in names:
        becomes_candidate(chat, name)
    await review_meeting(chat, *names)
    await meeting_on(chat, meeting, *names)
    quiet(chat)


def menu(chat: Chat, who: str) -> list[str]:
    """Return the commands of the menu that was set last in that chat."""
    found = []
    for name, given in chat.recorder.calls:
        scope = given.get("scope", {})
        scope = json.loads(scope) if isinstance(scope, str) else scope
        if name == "setMyCommands" and scope["chat_id"] == chat.cast.telegram[who]:
            commands = given["commands"]
            found = json.loads(commands) if isinstance(commands, str) else commands
    return [one["command"] for one in found]


def card(chat: Chat, who: str, name: str) -> Shown:
    """Return the newest card of that candidate's way."""
    found = [
        one for one in chat.in_chat(who) if one.text.startswith(f"{name}同学的入党介绍\n支部审查")
    ]
    return found[-1]


# /status, /help, the menu.


async def test_status_tells_a_candidate_what_is_next_of_the_own_steps() -> None:
    async with chatting(MONDAY) as chat:
        await on_the_way(chat, "赵一")
        assert (await chat.say("赵一", "/status"))[-1] == (
            "入党介绍，支部大会11月20日（周五）\n你这边还缺：《入党志愿书》的基本信息、与周文老师、吴静老师的谈话。"
            "登记发 /intro（介绍）。"
        )
        for mentor in ("周老师", "吴老师"):
            await talk_with(chat, "赵一", mentor)
        await chat.press("赵一", "志愿书已填")
        await chat.press("赵一", "今天")
        quiet(chat)
        assert (await chat.say("赵一", "/status"))[-1] == (
            "入党介绍，支部大会11月20日（周五）\n你这边的事项已齐；时间地点以支部通知为准。"
        )


async def test_status_tells_an_introducer_what_each_candidate_still_needs() -> None:
    async with chatting(MONDAY) as chat:
        await on_the_way(chat, "赵一", "李明")
        await talk_with(chat, "李明", "周老师")
        await opinion_of(chat, "周老师", "李明")
        quiet(chat)
        assert (await chat.say("周老师", "/status"))[-1].split("\n") == [
            "入党介绍，您介绍的同学2位：",
            "李明同学：支部大会11月20日（周五），您这边的事项已齐",
            "赵一同学：支部大会11月20日（周五），您这里还缺谈话、入党介绍人意见、意见中的态度",
            "登记发 /intro（介绍）；时间地点以支部通知为准。",
        ]


async def test_status_tells_the_secretary_where_each_candidate_stands_and_nobody_else() -> None:
    async with chatting(MONDAY) as chat:
        await on_the_way(chat, "赵一")
        assert (await chat.say("林峰", "/status"))[-1].startswith(
            "入党介绍进行中1人：\n赵一：支部大会11月20日（周五），还缺周文老师的谈话、"
        )
        for who in ("陈静", "李明", "何主任", "韩书记"):
            assert not [text for text in await chat.say(who, "/status") if "入党介绍" in text]


async def test_intro_stands_in_the_menu_and_in_help_while_one_is_on_the_way() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一")
        for who in ("赵一", "周老师"):
            assert "/intro" not in (await chat.say(who, "/help"))[0]
        await review_meeting(chat, "赵一")
        assert menu(chat, "赵一") == ["status", "undo", "guide", "mydata", "intro", "help"]
        assert "intro" in menu(chat, "周老师")
        quiet(chat)
        assert "/intro（介绍）看入党介绍到哪一步，登记志愿书已填" in (
            await chat.say("赵一", "/help")
        )[0].split("\n")
        assert "/intro（介绍）看入党介绍到哪一步，登记意见已写" in (
            await chat.say("周老师", "/help")
        )[0].split("\n")
        await chat.press("林峰", "撤销")
        for who in ("赵一", "周老师"):
            assert "intro" not in menu(chat, who)


async def test_help_tells_a_secretary_of_intro() -> None:
    async with chatting(MONDAY) as chat:
        assert "/intro（介绍）登记支部审查会议" in (await chat.say("林峰", "/help"))[0]
        assert "/intro" not in (await chat.say("陈静", "/help"))[0]


# The term.


async def test_without_a_term_the_way_does_not_begin_rather_than_go_unreminded() -> None:
    async with chatting(MONDAY, term=False) as chat:
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        assert last(chat, "林峰").text.startswith("本学期的日期还没有设定")
        assert chat.news("赵一") == []
        assert not len(chat.desk.store.introductions)


async def reminded(chat: Chat, who: str, *days: date) -> list[date]:
    """Return on which of these mornings somebody is told of the meeting."""
    told = []
    for day in days:
        await chat.tick(at(day.year, day.month, day.day, 9))
        if any("讨论接收的支部大会定于" in text for text in chat.news(who)):
            told.append(day)
    return told


async def test_a_meeting_before_the_first_week_is_reminded_of_as_well() -> None:
    async with chatting(at(2026, 9, 1, 10)) as chat:  # week 1 begins on the 7th
        await on_the_way(chat, "赵一", meeting="9月4日")
        days = [date(2026, 9, number) for number in (1, 2, 3, 4)]
        assert await reminded(chat, "赵一", *days) == [date(2026, 9, 1), date(2026, 9, 3)]


async def test_a_meeting_long_after_the_fourth_week_is_reminded_of_as_well() -> None:
    async with chatting(at(2026, 12, 14, 10)) as chat:
        await on_the_way(chat, "赵一", meeting="12月25日")
        days = [date(2026, 12, number) for number in (17, 18, 21, 22, 23, 24, 25)]
        assert await reminded(chat, "赵一", *days) == [
            date(2026, 12, 18),
            date(2026, 12, 22),
            date(2026, 12, 24),
        ]


# A change of mind.


async def test_a_refusal_that_was_talked_over_becomes_a_consent_on_the_same_card() -> None:
    async with chatting(MONDAY) as chat:
        await on_the_way(chat, "赵一")
        for mentor in ("周老师", "吴老师"):
            await talk_with(chat, "赵一", mentor)
        await opinion_of(chat, "吴老师", "赵一")
        await opinion_of(chat, "周老师", "赵一", "暂不")
        chat.clock.move_to(at(2026, 11, 4, 10))
        await chat.say("周老师", "/intro")
        assert list(last(chat, "周老师").buttons) == ["改日期", "改为愿意"]
        quiet(chat)
        await chat.press("周老师", "改为愿意", on=last(chat, "周老师"))
        assert lacking(chat, "赵一") == ["reviewed"]
        assert list(last(chat, "周老师").buttons) == ["改日期", "改为暂不"]
        assert "请支部在支部大会" in chat.news("林峰")[-1]
        assert chat.news("赵一") == chat.news("吴老师") == []
        await chat.say("周老师", "/undo")
        assert lacking(chat, "赵一") == ["consents", "reviewed"]


async def test_an_answer_pressed_twice_is_told_once() -> None:
    async with chatting(MONDAY) as chat:
        await on_the_way(chat, "赵一")
        await chat.say("周老师", "/intro")
        shown = last(chat, "周老师")
        await chat.press("周老师", "意见已写", on=shown)
        refuse = shown.buttons["暂不"]
        quiet(chat)
        for _ in range(2):
            await chat.press("周老师", "暂不", on=shown, token=refuse)
        assert len(chat.news("林峰")) == 1


async def test_an_older_message_does_not_write_a_noted_opinion_anew() -> None:
    async with chatting(MONDAY) as chat:
        await on_the_way(chat, "赵一")
        await chat.tick(at(2026, 11, 13, 9))
        reminder = last(chat, "周老师")
        await opinion_of(chat, "周老师", "赵一")
        chat.clock.move_to(at(2026, 11, 16, 10))
        await chat.press("周老师", "意见已写", on=reminder)
        one = way(chat, "赵一").introducers[0]
        assert (one.written, one.consent) == (date(2026, 11, 13), True)


# A change of introducer.


async def replaces(chat: Chat, old: str, new: str) -> None:
    """The secretary puts another introducer in somebody's place."""
    await chat.say("林峰", "/assign 赵一")
    await chat.press("林峰", f"更换 {old}")
    (choice,) = [label for label in last(chat, "林峰").buttons if label.startswith(new)]
    await chat.press("林峰", choice)


async def test_a_new_introducer_reads_what_is_to_be_done_and_cards_follow() -> None:
    async with chatting(MONDAY) as chat:
        opens_account(chat, "郑老师")
        await on_the_way(chat, "赵一")
        for mentor in ("周老师", "吴老师"):
            await talk_with(chat, "赵一", mentor)
            await opinion_of(chat, mentor, "赵一")
        await reviewed(chat, "赵一")
        for who in ("周老师", "赵一"):
            await chat.say(who, "/intro")
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "赵一", on=last(chat, "林峰"))
        quiet(chat)
        await replaces(chat, "周文", "郑强")
        assert lacking(chat, "赵一") == ["talks", "opinions", "consents", "reviewed"]
        (told,) = [text for text in chat.news("郑老师") if "支部审查会议" in text]
        assert "请在支部大会（11月20日（周五））前谈话，并指导填写。" in told
        assert "intro" in menu(chat, "郑老师")
        shown = card(chat, "林峰", "赵一").text
        assert "郑强老师：谈话未谈；意见未写" in shown
        assert "周文" not in shown
        assert "与郑强老师谈话：未谈" in next(
            one.text for one in chat.in_chat("赵一") if one.text.startswith("入党介绍\n")
        )
        assert any(one.text.startswith("这一项已经办结") for one in chat.in_chat("周老师"))
        await chat.press("林峰", "撤销", on=last(chat, "林峰"))
        assert lacking(chat, "赵一") == []
        assert "周文老师：谈话老师已确认" in card(chat, "林峰", "赵一").text


async def test_an_introducer_added_on_the_way_reads_of_it_after_the_question_for_consent() -> None:
    async with chatting(MONDAY) as chat:
        opens_account(chat, "郑老师")
        await on_the_way(chat, "赵一")
        await chat.say("林峰", "/assign 赵一")
        await chat.press("林峰", "结束 周文")
        await chat.press("林峰", "调离")
        await chat.press("林峰", "今天")
        assert lacking(chat, "赵一")[0] == "introducers"
        await chat.say("林峰", "/assign 赵一")
        (add,) = [label for label in last(chat, "林峰").buttons if label.startswith("增加")]
        await chat.press("林峰", add)
        (choice,) = [label for label in last(chat, "林峰").buttons if label.startswith("郑强")]
        await chat.press("林峰", choice)
        assert chat.news("郑老师") == []
        await chat.tick(at(2026, 11, 2, 16))
        asked, told = chat.news("郑老师")
        assert "拟请您担任赵一同学" in asked
        assert told.startswith("郑老师，您好。赵一同学的支部审查会议已召开")


# The same day once more.


async def test_the_same_day_of_the_meeting_once_more_changes_nothing_and_says_so() -> None:
    async with chatting(MONDAY) as chat:
        await on_the_way(chat, "赵一")
        deeds = len(chat.desk.store.deeds)
        await meeting_on(chat, "11月20日", "赵一")
        assert last(chat, "林峰").text == (
            "赵一的支部大会原来就是11月20日（周五），没有改动。看现在的情况请发 /intro（介绍）。"
        )
        assert len(chat.desk.store.deeds) == deeds
        assert chat.news("赵一") == []


# What a candidate never reads.


WORDS = ("/status", "/intro", "/mydata", "/help", "介绍", "进度")
QUESTIONS = ("吴静老师同意吗", "我的意见写了吗", "还缺什么", "支部审查了吗", "吴静老师暂不吗")
NEVER = ("愿意", "暂不", "当面沟通", "态度", "入党介绍人意见")


async def everything_said(chat: Chat, who: str) -> list[str]:
    """Return every text that somebody can bring up, by command, word or question."""
    return [text for words in (*WORDS, *QUESTIONS) for text in await chat.say(who, words)]


async def test_nothing_a_candidate_can_bring_up_tells_of_an_opinion_or_an_attitude() -> None:
    async with chatting(MONDAY) as chat:
        await on_the_way(chat, "赵一")
        for mentor in ("周老师", "吴老师"):
            await talk_with(chat, "赵一", mentor)
        quiet(chat)
        before = await everything_said(chat, "赵一")
        await opinion_of(chat, "周老师", "赵一")
        assert await everything_said(chat, "赵一") == before
        await opinion_of(chat, "吴老师", "赵一", "暂不")
        assert await everything_said(chat, "赵一") == before
        for day in (13, 17, 19):
            await chat.tick(at(2026, 11, day, 9))
        assert len([text for text in chat.news("赵一") if "目前还缺" in text]) == 3
        await chat.say("吴老师", "/intro")
        await chat.press("吴老师", "改为愿意")
        await reviewed(chat, "赵一")
        assert await everything_said(chat, "赵一") == before
        chat.clock.move_to(at(2026, 11, 20, 16))
        await everything_said(chat, "赵一")
        for shown in chat.in_chat("赵一"):
            assert not [word for word in NEVER if word in shown.text], shown.text


# People who have gone, and people without account.


async def test_an_introducer_who_has_left_is_none_and_is_told_nothing() -> None:
    async with chatting(MONDAY) as chat:
        await on_the_way(chat, "赵一")
        store = chat.desk.store
        with store.transaction():
            gone = replace(chat.cast["吴老师"], left=date(2026, 11, 10))
            store.people.put(gone)
        assert lacking(chat, "赵一") == [
            "introducers",
            "talks",
            "opinions",
            "consents",
            "reviewed",
        ]
        assert "吴静" not in (await chat.say("赵一", "/status"))[-1]
        await chat.tick(at(2026, 11, 13, 9))
        assert chat.news("吴老师") == []
        assert "与周文老师的谈话。" in chat.news("赵一")[-1]


async def test_the_secretary_records_a_talk_of_two_people_without_account() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一", "周老师", "郑老师")
        store = chat.desk.store
        with store.transaction():
            account = store.accounts.one("person", chat.cast["赵一"].id)
            assert account is not None
            store.accounts.put(replace(account, until=chat.desk.now()))
        await review_meeting(chat, "赵一")
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "赵一", on=last(chat, "林峰"))
        shown = last(chat, "林峰")
        assert "已谈话 郑强" in shown.buttons
        assert not [label for label in shown.buttons if "周文" in label]  # who says so himself
        await chat.press("林峰", "已谈话 郑强", on=shown)
        await chat.press("林峰", "昨天")
        assert "郑强老师：谈话老师已确认（11月1日（周日），代记）" in shown.text
        assert "已谈话 郑强" not in shown.buttons
        (talk,) = [one.talk for one in way(chat, "赵一").introducers if one.talk]
        assert talk.proxy
        await chat.say("林峰", "/undo")
        assert "郑强老师：谈话未谈" in shown.text
        stale = shown.buttons["已谈话 郑强"]
        with store.transaction():
            store.accounts.put(account)  # the student has enrolled meanwhile, and claims it
        await chat.press("林峰", "已谈话 郑强", on=shown, token=stale)
        await chat.press("林峰", "昨天")
        (talk,) = [one.talk for one in way(chat, "赵一").introducers if one.talk]
        assert (talk.state, talk.day) == (TalkState.NONE, None)


async def test_a_talk_recorded_for_both_stays_when_it_is_recorded_once_more() -> None:
    async with chatting(MONDAY) as chat:
        becomes_candidate(chat, "赵一", "周老师", "郑老师")
        store = chat.desk.store
        with store.transaction():
            account = store.accounts.one("person", chat.cast["赵一"].id)
            assert account is not None
            store.accounts.put(replace(account, until=chat.desk.now()))
        await review_meeting(chat, "赵一")
        await chat.say("林峰", "/intro")
        await chat.press("林峰", "赵一", on=last(chat, "林峰"))
        shown = last(chat, "林峰")
        await chat.press("林峰", "已谈话 郑强", on=shown)
        asked = last(chat, "林峰").buttons["昨天"], last(chat, "林峰")
        await chat.press("林峰", "昨天")
        await chat.press("林峰", "昨天", token=asked[0], on=asked[1])
        assert last(chat, "林峰").text.startswith("11月1日（周日）与赵一同学的谈话，老师已确认")


# The end of a probation.


async def test_a_probation_that_is_over_stands_in_the_secretarys_status_until_then_it_does_not() -> (
    None
):
    async with chatting(at(2027, 3, 1, 10)) as chat:  # 孙三: since 2 March 2026
        assert "预备期" not in "".join(await chat.say("林峰", "/status"))
        chat.clock.move_to(at(2027, 3, 2, 10))
        assert (await chat.say("林峰", "/status"))[-1] == (
            "孙三的预备期到2027年3月1日（周一）已满，请支部按程序讨论转正。\n登记发 /intro（介绍）。"
        )
        assert "孙三：到2027年3月1日（周一）止，已满，请讨论转正" in (
            await chat.say("林峰", "/intro")
        )[0].split("\n")
        assert "预备期" not in "".join(await chat.say("陈静", "/status"))
