"""暂停 and 恢复 on the card of a student who is away: the secretary's way, and what others read meanwhile."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions import enrol
from bot.rules import reminders
from bot.situation import situation
from storage.records import Away
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at
from tests.support.standings import agree

MONDAY = at(2026, 9, 14, 8)


async def card(chat: Chat, name: str = "李明") -> str:
    return (await chat.say("林峰", f"/assign {name}"))[-1]


async def pause(chat: Chat, until: str, reason: str = "交换", name: str = "李明") -> list[str]:
    await card(chat, name)
    await chat.press("林峰", "暂停")
    await chat.press("林峰", reason)
    chat.news("林峰")
    return await chat.say("林峰", until)


async def test_secretary_pauses_a_student_with_reason_and_last_day() -> None:
    async with chatting(MONDAY) as chat:
        await card(chat)
        await chat.press("林峰", "暂停")
        assert chat.news("林峰") == ["李明同学暂停的原因是什么？"]
        await chat.press("林峰", "休学")
        (asked,) = chat.news("林峰")
        assert asked.startswith("李明同学暂停到哪一天为止？")
        (said,) = await chat.say("林峰", "2027年1月31日")
        assert said.startswith("已登记：李明同学暂停至2027年1月31日（周日）（含当天）。")
        held = list(chat.desk.store.pauses)
        assert [(one.reason, one.since, one.until) for one in held] == [
            (Away.SUSPENDED, date(2026, 9, 14), date(2027, 1, 31))
        ]
        text = await card(chat)
        assert "暂停至2027年1月31日（周日）（休学）" in text
        assert "9月14日（周一），林峰同志：暂停" in text


@pytest.mark.parametrize("typed", ["到放假", "2027-2-30", "13-1"])
async def test_day_that_cannot_be_read_is_asked_for_with_one_to_come(typed: str) -> None:
    async with chatting(MONDAY) as chat:
        assert await pause(chat, typed) == [
            "没有看明白是哪一天，或者日历上没有这一天。请再输入一次最后一天，例如“2027-6-30”。"
        ]
        assert "暂停至2027年1月31日（周日）" in (await chat.say("林峰", "2027-1-31"))[0]


async def test_day_without_a_year_is_one_to_come() -> None:
    async with chatting(MONDAY) as chat:
        assert "暂停至2027年1月31日（周日）" in (await pause(chat, "1月31日"))[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026年9月13日", "最后一天不能早于今天"),
        ("2029-1-31", "一次最多暂停2年"),
        ("2月30日", "没有这一天"),
    ],
)
async def test_last_day_that_cannot_be_is_refused_and_asked_again(typed: str, said: str) -> None:
    async with chatting(MONDAY) as chat:
        (answer,) = await pause(chat, typed)
        assert said in answer
        assert not len(chat.desk.store.pauses)
        assert "已登记" in (await chat.say("林峰", "2027年1月31日"))[0]


async def test_nothing_goes_to_or_about_the_student_until_the_last_day_has_passed() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "9月22日")
        heard: dict[str, list[str]] = {name: [] for name in ("李明", "周老师", "陈静", "林峰")}
        for day in range(14, 23):
            for hour in (9, 17):
                await chat.tick(at(2026, 9, day, hour))
                for name, texts in heard.items():
                    texts += chat.news(name)
        assert heard["李明"] == []
        assert not [text for texts in heard.values() for text in texts[1:] if "李明" in text]
        (summary,) = [text for text in heard["林峰"] if "需要你处理的" in text]
        assert "共5人（其中暂停1人）" in summary


async def test_day_after_the_pause_the_student_reads_what_is_open_with_the_buttons() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "9月22日")
        await chat.tick(at(2026, 9, 22, 17))
        assert chat.news("李明") == []
        await chat.tick(at(2026, 9, 23, 9))
        (text,) = chat.news("李明")
        assert text.startswith("李明同学，你好。本学期半年考察已经开始")
        assert list(chat.in_chat("李明")[-1].buttons) == ["已谈话", "约不上老师"]
        await chat.tick(at(2026, 9, 23, 10))
        assert chat.news("李明") == []
        await chat.tick(at(2026, 9, 24, 9))
        (last_call,) = chat.news("李明")
        assert "谈话最迟9月27日（周日）（含当天），请与周文老师约定时间" in last_call


async def test_bot_that_was_down_when_the_pause_ended_says_it_once_when_it_is_back() -> None:
    async with chatting(MONDAY) as chat:
        await chat.tick(at(2026, 9, 14, 8, 45))
        await pause(chat, "9月20日")  # S2 and the welcome fall on Monday the 21st
        await chat.tick(at(2026, 9, 22, 10))
        (text,) = chat.news("李明")
        assert "本学期半年考察已经开始" in text


async def test_resuming_earlier_tells_the_student_after_two_minutes_and_reminders_go_on() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "12月31日")
        await chat.tick(at(2026, 9, 14, 9))
        chat.clock.move_to(at(2026, 9, 16, 10))
        await card(chat)
        await chat.press("林峰", "恢复")
        assert chat.news("林峰")[-1].startswith("已登记：李明同学恢复。")
        assert chat.news("李明") == []
        await chat.tick(at(2026, 9, 16, 10, 3))
        assert "本学期半年考察已经开始" in chat.news("李明")[0]
        await chat.tick(at(2026, 9, 21, 9))
        assert "还没有看到你与周文老师的谈话登记" in chat.news("李明")[0]


async def test_student_for_whom_nothing_is_open_hears_nothing_of_the_end_of_a_pause() -> None:
    async with chatting(MONDAY) as chat:
        await chat.say("周老师", "/done 李明 今天")
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "收表")
        await chat.press("陈静", "李明")
        await chat.tick(at(2026, 9, 14, 10))
        chat.news("李明")
        await pause(chat, "12月31日")
        await chat.press("林峰", "恢复", on=(await opened(chat)))
        await chat.tick(at(2026, 9, 14, 11))
        assert chat.news("李明") == []


async def opened(chat: Chat) -> Shown:
    await card(chat)
    return chat.in_chat("林峰")[-1]


async def test_what_is_kept_of_where_everybody_stands_follows_a_pause() -> None:
    async with chatting(MONDAY) as chat:
        agree(chat.desk)
        await pause(chat, "9月22日")
        agree(chat.desk)
        await card(chat)
        await chat.press("林峰", "恢复")
        agree(chat.desk)


async def test_undoing_a_pause_brings_the_reminders_back() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "12月31日")
        await chat.press("林峰", "撤销")
        assert "暂停" in chat.news("林峰")[-1]
        await chat.tick(at(2026, 9, 14, 9))
        assert len(chat.news("李明")) == 1
        assert "暂停至" not in await card(chat)


async def test_undoing_the_resumption_within_two_minutes_leaves_the_student_in_peace() -> None:
    async with chatting(at(2026, 9, 16, 10)) as chat:
        await pause(chat, "12月31日")
        await card(chat)
        await chat.press("林峰", "恢复")
        await chat.press("林峰", "撤销")
        await chat.tick(at(2026, 9, 16, 10, 5))
        assert chat.news("李明") == []
        assert "暂停至2026年12月31日" in await card(chat)


async def test_undoing_a_pause_after_ten_minutes_is_refused_and_says_what_to_do() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "12月31日")
        chat.clock.move_to(at(2026, 9, 14, 8, 11))
        await chat.press("林峰", "撤销")
        assert chat.desk.store.pauses
        assert "暂停至" in await card(chat)


async def test_second_pause_and_second_resumption_change_nothing_and_say_so() -> None:
    async with chatting(MONDAY) as chat:
        await card(chat)
        shown = chat.in_chat("林峰")[-1]
        await pause(chat, "12月31日")
        note = await chat.press("林峰", "暂停", on=shown)
        said = note or chat.news("林峰")[-1]
        assert "已经暂停至2026年12月31日（周四）" in said
        await card(chat)
        shown = chat.in_chat("林峰")[-1]
        await chat.press("林峰", "恢复", on=shown)
        chat.news("林峰")
        note = await chat.press("林峰", "恢复", on=shown)
        assert "现在没有暂停" in (note or chat.news("林峰")[-1])


async def test_two_secretaries_who_type_at_once_pause_once() -> None:
    async with chatting(MONDAY) as chat:
        await card(chat)
        await chat.press("林峰", "暂停")
        await chat.press("林峰", "交换")
        await chat.say("何主任", "/assign 李明")
        await chat.press("何主任", "暂停")
        await chat.press("何主任", "其他")
        await chat.say("林峰", "12月31日")
        assert "已经暂停至" in (await chat.say("何主任", "12月30日"))[-1]
        assert len(chat.desk.store.pauses) == 1


async def test_committee_member_reads_that_but_not_why_somebody_is_away() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "12月31日", "休学")
        await chat.say("陈静", "/status")
        await chat.press("陈静", "未谈名单")
        await chat.press("陈静", "李明（暂停至12月31日）")
        text = chat.news("陈静")[-1]
        assert "暂停至2026年12月31日（周四）" in text
        assert "休学" not in text
        assert "恢复" not in chat.in_chat("陈静")[-1].buttons


async def test_lists_mark_whoever_is_away_and_totals_count_them() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "1月31日")
        (text, *_) = await chat.say("林峰", "/status")
        assert "共5人" in text
        assert "未谈5人" in text
        assert "李明（暂停至2027年1月31日）" in text
        (own, *_) = await chat.say("周老师", "/status")
        assert "李明（暂停至2027年1月31日）" in own
        (mine, *_) = await chat.say("李明", "/status")
        assert "已登记暂停至2027年1月31日（周日）（含当天），在此期间不提醒你" in mine


async def test_handing_out_all_forms_at_once_leaves_out_whoever_is_away() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "12月31日")
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "发表")
        await chat.press("陈静", "全部已发")
        assert chat.news("陈静")[-1].startswith(
            "已登记发放4份，日期9月14日（周一）。暂停的1位没有登记"
        )
        assert "李明（暂停至12月31日）" in chat.in_chat("陈静")[-2].buttons
        await chat.press("陈静", "全部已发")
        assert len(chat.desk.store.forms) == 4
        await chat.press("陈静", "李明（暂停至12月31日）")
        assert len(chat.desk.store.forms) == 5


async def test_mentor_is_not_asked_about_whoever_is_away_and_is_about_the_others() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "12月31日")
        await chat.tick(at(2026, 9, 14, 9))
        chat.news("周老师")
        await chat.tick(at(2026, 9, 23, 9))
        (text,) = chat.news("周老师")
        assert "王小雨" in text
        assert "李明" not in text


async def test_whoever_enrols_while_away_is_not_asked_for_anything_yet() -> None:
    async with chatting(MONDAY) as chat:
        store, student = chat.desk.store, chat.cast["李明"]
        (account,) = store.accounts.where("person", student.id)
        with store.transaction():
            store.accounts.remove(account.id)
        await pause(chat, "12月31日")
        with store.transaction():
            token = enrol.issue(chat.desk, [student])[0][1]
        await chat.say(account.telegram, f"/start {token}")
        said = await chat.say(account.telegram, student.number[-4:])
        assert not [text for text in said if "半年考察已经开始" in text]


async def test_plan_leaves_out_whoever_is_away_and_names_the_welcome() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "9月22日")
        term = chat.desk.term()
        assert term is not None
        view = situation(chat.desk, term)
        planned = reminders.plan(view, at(2026, 9, 14, 8), at(2026, 9, 24, 8))
        li_ming = chat.cast["李明"].id
        own = [(one.at, one.kinds) for one in planned if li_ming in (one.to, *one.about)]
        students = [one for one in own if one[1] != ("G1",)]
        assert sorted(students) == [(at(2026, 9, 23, 9), ("S0",)), (at(2026, 9, 23, 9), ("T2",))]


@pytest.mark.parametrize("who", ["陈静", "周老师", "李明", "韩书记"])
async def test_nobody_but_the_own_secretary_and_the_office_pauses(who: str) -> None:
    async with chatting(MONDAY) as chat:
        await card(chat)
        token = chat.in_chat("林峰")[-1].buttons["暂停"]
        await chat.press(who, "暂停", on=chat.in_chat("林峰")[-1], token=token)
        assert not len(chat.desk.store.pauses)
        said = await chat.say(who, "/assign 李明")
        assert not [one for one in chat.in_chat(who) if "暂停" in one.buttons], said


async def test_record_of_acts_gives_the_reason_in_words_and_the_year_of_the_last_day() -> None:
    async with chatting(MONDAY) as chat:
        await pause(chat, "2027年1月31日")
        await card(chat)
        await chat.press("林峰", "记录")
        assert (
            "9月14日（周一）08:00 林峰同志：暂停，2027年1月31日（周日）；原因：交换"
            in chat.news("林峰")[-1]
        )
