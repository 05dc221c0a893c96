"""The office's own dates by chat: shown first, confirmed, at once in force, taken back."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bot.actions.gather import gather
from bot.rules.term import is_working
from storage.records import ArrangementKind, Deed, RowState, Term
from tests.support.chat import Chat, chatting
from tests.support.clock import at

OFFICE = "何主任"
NOT_OFFICE = "学期日期、放假安排和安静时段由学院党委办公室设定。"


def last(chat: Chat, who: str = OFFICE) -> str:
    return chat.in_chat(who)[-1].text


def labels(chat: Chat) -> list[str]:
    return list(chat.in_chat(OFFICE)[-1].buttons)


def term(chat: Chat) -> Term:
    found = chat.desk.term()
    assert found is not None
    return found


def deeds(chat: Chat, what: str) -> list[Deed]:
    return [one for one in chat.desk.store.deeds if one.what == what]


# the term


async def test_office_sees_what_a_new_term_brings_before_it_is_set() -> None:
    async with chatting(at(2026, 9, 1, 10), term=False) as chat:
        (shown,) = await chat.say(OFFICE, "学期 9月7日")
        assert shown.startswith(
            "新学期2026-2027-1（适用于全院各支部）\n"
            "第一周：2026年9月7日（周一）至9月13日（周日），发登记表\n"
            "谈话：9月14日（周一）至9月27日（周日）\n"
            "交表：9月28日（周一）至9月30日（周三）\n"
        )
        assert "本科生第二党支部：没有组织委员，1人还没有导师，学生1人\n" in shown
        assert "接下来的提醒：9月7日（周一）09:00" in shown
        assert not any(person.name in shown for person in chat.cast.people.values())
        assert chat.desk.term() is None
        await chat.press(OFFICE, "确定")
        assert last(chat).startswith("已设定2026-2027-1学期：第一周从2026年9月7日（周一）开始")
        assert term(chat).week1 == date(2026, 9, 7)
        (opened,) = deeds(chat, "term_opened")
        assert (opened.by, opened.at.date()) == (chat.cast[OFFICE].id, chat.desk.today())


async def test_term_is_asked_for_under_the_card_and_the_next_text_is_the_day() -> None:
    async with chatting(at(2026, 9, 1, 10), term=False) as chat:
        assert "学期：还没有设定" in (await chat.say(OFFICE, "/plan"))[0]
        await chat.press(OFFICE, "学期日期")
        assert last(chat).startswith("第一周从哪一天（周一）开始？")
        shown = (await chat.say(OFFICE, "9.7"))[-1]
        assert shown.startswith("新学期2026-2027-1")


async def test_other_weekday_is_refused_with_the_nearest_mondays_as_buttons() -> None:
    async with chatting(at(2026, 9, 1, 10)) as chat:
        (shown,) = await chat.say(OFFICE, "学期 9月19日")
        assert shown.startswith("2026年9月19日（周六）不是周一，第一周应从周一开始。")
        assert labels(chat) == ["9月21日", "9月14日"]
        offered = chat.in_chat(OFFICE)[-1]
        await chat.press(OFFICE, "9月14日")
        assert last(chat).startswith("更正2026-2027-1学期的日期")
        assert offered.buttons == {}
        assert term(chat).week1 == date(2026, 9, 7)


async def test_correction_says_what_moves_and_that_nothing_is_sent_twice() -> None:
    async with chatting(at(2026, 9, 7, 8)) as chat:
        await chat.tick(at(2026, 9, 7, 9))
        (shown,) = await chat.say(OFFICE, "学期 9月14日")
        for line in (
            "第一周：9月7日（周一）改为2026年9月14日（周一）",
            "谈话：9月14日（周一）至9月27日（周日）改为9月21日（周一）至10月4日（周日）",
            "交表截止：9月30日（周三）改为10月11日（周日）",
            "已经发出的2条提醒不重发",
            "“学生：请交登记表”原定10月5日（周一）09:00，因放假改到10月8日（周四）09:00",
        ):
            assert line in shown
        await chat.press(OFFICE, "确定")
        (corrected,) = deeds(chat, "term_corrected")
        assert corrected.by == chat.cast[OFFICE].id
        assert (corrected.before or {})["week1"] == "2026-09-07"
        assert (corrected.after or {})["week1"] == "2026-09-14"
        await chat.tick(at(2026, 9, 14, 9))
        assert not [one for one in chat.news("李明") if "约定时间谈话" in one]
        await chat.tick(at(2026, 9, 21, 9))
        assert [one for one in chat.news("李明") if "约定时间谈话" in one]


async def test_term_given_up_is_not_set_by_a_late_press() -> None:
    async with chatting(at(2026, 9, 1, 10)) as chat:
        await chat.say(OFFICE, "学期 9月14日")
        preview = chat.in_chat(OFFICE)[-1]
        token = preview.buttons["确定"]
        await chat.press(OFFICE, "放弃")
        assert (preview.text, preview.buttons) == ("没有作任何改动。", {})
        await chat.press(OFFICE, "确定", on=preview, token=token)
        assert term(chat).week1 == date(2026, 9, 7)
        assert not len(chat.desk.store.deeds)


async def test_second_press_of_confirm_changes_nothing() -> None:
    async with chatting(at(2026, 11, 25, 10)) as chat:
        for words in ("学期 11月30日", "放假 2027.10.1-10.8"):
            await chat.say(OFFICE, words)
            preview = chat.in_chat(OFFICE)[-1]
            token = preview.buttons["确定"]
            await chat.press(OFFICE, "确定")
            before = len(chat.desk.store.deeds)
            await chat.press(OFFICE, "确定", on=preview, token=token)
            assert len(chat.desk.store.deeds) == before


async def test_preview_of_a_term_that_somebody_else_has_moved_no_longer_counts() -> None:
    async with chatting(at(2026, 9, 1, 10)) as chat:
        await chat.say(OFFICE, "学期 9月14日")
        preview = chat.in_chat(OFFICE)[-1]
        await chat.say(OFFICE, "学期 9月21日")
        await chat.press(OFFICE, "确定")
        chat.news(OFFICE)
        await chat.press(OFFICE, "确定", on=preview)
        assert chat.news(OFFICE)[0].startswith("这期间日期已由别人改过，没有改动。")
        assert term(chat).week1 == date(2026, 9, 21)


async def test_term_that_was_set_is_set_anew_and_not_undone() -> None:
    async with chatting(at(2026, 9, 1, 10)) as chat:
        await chat.say(OFFICE, "学期 9月14日")
        await chat.press(OFFICE, "确定")
        assert "撤销" not in labels(chat)
        assert (await chat.say(OFFICE, "/undo"))[-1].startswith("没有")
        await chat.say(OFFICE, "学期 9月7日")
        await chat.press(OFFICE, "确定")
        assert term(chat).week1 == date(2026, 9, 7)
        assert len(chat.desk.store.terms) == 1


async def test_term_that_holds_already_or_is_over_is_refused() -> None:
    async with chatting(at(2026, 9, 1, 10)) as chat:
        assert (
            "已经是从2026年9月7日（周一）开始，没有改动"
            in (await chat.say(OFFICE, "学期 9月7日"))[0]
        )
        assert "四周已经过去，不能设为新学期" in (await chat.say(OFFICE, "学期 2026.3.2"))[0]


# holidays


async def test_holiday_is_shown_with_what_it_moves_and_holds_once_it_is_confirmed() -> None:
    async with chatting(at(2026, 9, 24, 8)) as chat:
        (shown,) = await chat.say(OFFICE, "放假 9月28日至9月30日")
        assert shown == (
            "放假：2026年9月28日（周一）至9月30日（周三）（3天）\n"
            "这几天不发提醒，改到前后的工作日，适用于全院各支部\n"
            "交表截止：9月30日（周三）改为9月24日（周四）\n"
            "“书记：支部小结”原定9月24日（周四）09:00，不再单独发\n"
            "“组织委员：收表名单”原定9月28日（周一）09:00，改到9月24日（周四）09:00\n"
            "“支部群：谈话合计”原定9月28日（周一）09:00，改到9月24日（周四）09:00\n"
            "“学生：请交登记表”原定9月28日（周一）09:00，不再单独发\n"
            "“组织委员：还没有办完的登记表”原定9月30日（周三）09:00，改到9月24日（周四）09:00\n"
            "“学生：还缺的事项”原定9月30日（周三）09:00，改到9月24日（周四）09:00\n"
            "“书记：支部小结”原定9月30日（周三）09:00，改到9月24日（周四）09:00\n"
            "确定后生效；没有确定以前不作改动。"
        )
        assert not len(chat.desk.store.arrangements)
        await chat.press(OFFICE, "确定")
        assert last(chat).startswith("已登记放假：2026年9月28日（周一）至9月30日（周三）")
        (entered,) = deeds(chat, "arranged")
        assert entered.by == chat.cast[OFFICE].id
        assert not is_working(chat.desk.calendar, date(2026, 9, 29))


async def test_reminders_keep_to_what_was_entered_a_minute_ago() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await chat.say(OFFICE, "放假 今天")
        await chat.press(OFFICE, "确定")
        await chat.tick(at(2026, 9, 14, 9))
        assert chat.news("李明") == []
        await chat.tick(at(2026, 9, 15, 9))
        assert len([one for one in chat.news("李明") if "约定时间谈话" in one]) == 1


async def test_holiday_taken_away_brings_back_what_had_waited_for_its_end() -> None:
    async with chatting(at(2026, 9, 9, 8)) as chat:
        await chat.say(OFFICE, "放假 9.14-9.15")
        await chat.press(OFFICE, "确定")
        await chat.tick(at(2026, 9, 11, 17))
        await chat.tick(at(2026, 9, 14, 9))
        chat.clock.move_to(at(2026, 9, 14, 10))
        await chat.say(OFFICE, "日期")
        await chat.press(OFFICE, "删除 2026.9.14-9.15")
        assert last(chat).startswith("已删除放假：2026年9月14日（周一）至9月15日（周二）")
        await chat.tick()
        assert len([one for one in chat.news("李明") if "约定时间谈话" in one]) == 1


async def test_make_up_day_lets_reminders_out_on_a_weekend() -> None:
    async with chatting(at(2026, 11, 10, 10)) as chat:
        (shown,) = await chat.say(OFFICE, "调休 2026年11月14日")
        assert shown.startswith("调休上班：2026年11月14日（周六）（1天）\n这一天照常发提醒")
        await chat.press(OFFICE, "确定")
        assert last(chat).startswith("已登记调休上班：2026年11月14日（周六）")
        assert is_working(chat.desk.calendar, date(2026, 11, 14))


async def test_entry_is_undone_within_ten_minutes_and_removed_later() -> None:
    async with chatting(at(2026, 11, 25, 10)) as chat:
        day = date(2027, 10, 1)
        await chat.say(OFFICE, "放假 2027.10.1-10.8")
        await chat.press(OFFICE, "确定")
        await chat.press(OFFICE, "撤销")
        assert last(chat) == "已撤销：放假安排的登记。"
        assert is_working(chat.desk.calendar, day)
        await chat.say(OFFICE, "放假 2027.10.1-10.8")
        await chat.press(OFFICE, "确定")
        chat.clock.move_to(at(2026, 11, 26, 10))
        await chat.press(OFFICE, "撤销")
        assert "10 分钟" in last(chat)
        await chat.say(OFFICE, "日期")
        await chat.press(OFFICE, "删除 2027.10.1-10.8")
        assert is_working(chat.desk.calendar, day)
        (gone,) = deeds(chat, "arrangement_removed")
        assert gone.by == chat.cast[OFFICE].id
        await chat.press(OFFICE, "撤销")
        assert not is_working(chat.desk.calendar, day)


async def test_entry_removed_by_an_old_card_a_second_time_is_said_to_be_gone() -> None:
    async with chatting(at(2026, 11, 25, 10)) as chat:
        await chat.say(OFFICE, "放假 2027.10.1")
        await chat.press(OFFICE, "确定")
        await chat.say(OFFICE, "日期")
        old = chat.in_chat(OFFICE)[-1]
        token = old.buttons["删除 2027.10.1"]
        await chat.press(OFFICE, "删除 2027.10.1")
        assert "删除 2027.10.1" not in old.buttons
        chat.news(OFFICE)
        await chat.press(OFFICE, "删除 2027.10.1", on=old, token=token)
        assert chat.news(OFFICE)[0].startswith("这一项已经删除，没有改动。")


async def test_year_is_unannounced_until_the_office_says_that_all_is_entered() -> None:
    async with chatting(at(2026, 11, 25, 10)) as chat:
        (shown,) = await chat.say(OFFICE, "日期")
        assert "2027年的放假安排还没有录入，暂按周末规则" in shown
        assert "2027年已录完" not in labels(chat)
        await chat.say(OFFICE, "放假 2027.10.1-10.8")
        await chat.press(OFFICE, "确定")
        (shown,) = await chat.say(OFFICE, "日期")
        assert "放假：2027年10月1日（周五）至10月8日（周五）" in shown
        assert "2027年的放假安排还没有录入" in shown
        old = chat.in_chat(OFFICE)[-1]
        token = old.buttons["2027年已录完"]
        await chat.press(OFFICE, "2027年已录完")
        assert last(chat).startswith("已登记：2027年的放假安排已录完")
        assert 2027 in chat.desk.calendar.announced
        assert await chat.press(OFFICE, "已", on=old, token=token) == (
            "2027年的放假安排已经录完，没有改动。"
        )
        (shown,) = (await chat.say(OFFICE, "日期"))[-1:]
        assert "2027年的放假安排已录完" in shown
        await chat.press(OFFICE, "2027年没有录完")
        assert last(chat).startswith("已改为：2027年的放假安排没有录完。")
        assert 2027 not in chat.desk.calendar.announced


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("放假 10.8-10.1", "早于第一天"),
        ("放假 2026.7.1-9.20", "一次最多登记60天"),
        ("放假 2025年1月1日", "2025年1月1日（周三）已经过去"),
        ("放假 2099.1.1", "2099年还太远"),
        ("放假 2026.10.1-10.3", "10月1日（周四）至10月3日（周六）本来就放假"),
        ("调休 9月28日", "9月28日（周一）本来就上班"),
        ("放假 2月30日", "没有看明白日期"),
        ("放假 国庆", "没有看明白日期"),
        ("学期 13月1日", "没有看明白日期"),
        ("安静时段 25:00-8:00", "没有看明白时间"),
        ("安静时段 08:00-20:00", "安静时段应从晚上"),
        ("安静时段 20:30-08:30", "安静时段已经是这样"),
    ],
)
async def test_bad_input_gets_a_clear_sentence_and_changes_nothing(words: str, said: str) -> None:
    async with chatting(at(2026, 6, 1, 10)) as chat:
        before = len(chat.desk.store.deeds)
        (answer,) = await chat.say(OFFICE, words)
        assert said in answer
        assert "没有改动" in answer
        assert len(chat.desk.store.deeds) == before
        assert not len(chat.desk.store.arrangements)


async def test_answer_to_the_card_is_asked_again_while_it_cannot_be_read() -> None:
    async with chatting(at(2026, 11, 25, 10)) as chat:
        await chat.say(OFFICE, "日期")
        await chat.press(OFFICE, "放假")
        assert last(chat).startswith("哪几天放假？")
        assert "没有看明白日期" in (await chat.say(OFFICE, "2027.2.30"))[-1]
        assert "2027年2月28日" in (await chat.say(OFFICE, "2027.2.28"))[-1]


async def test_other_words_are_no_answer_to_the_card() -> None:
    async with chatting(at(2026, 11, 25, 10)) as chat:
        await chat.say(OFFICE, "调休")
        assert last(chat).startswith("哪一天调休上班？")
        assert (await chat.say(OFFICE, "帮助"))[0].startswith("/assign")
        assert (await chat.say(OFFICE, "2027.2.28"))[0].startswith("调休上班：2027年2月28日")


async def test_gathered_message_waits_where_its_day_becomes_a_holiday() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        with chat.desk.store.transaction():
            gather(chat.desk, chat.cast["林峰"].id, "B6", about=[chat.cast["李明"].id])
        await chat.say(OFFICE, "放假 9.15-9.16")
        await chat.press(OFFICE, "确定")
        (waiting,) = chat.desk.store.outbox.where("state", RowState.PENDING)
        assert waiting.due == at(2026, 9, 17, 16)


# the hours


async def test_quiet_hours_are_typed_or_chosen_and_hold_at_once() -> None:
    async with chatting(at(2026, 9, 9, 10)) as chat:
        (said,) = await chat.say(OFFICE, "安静时段 21:00–7:30")
        assert said.startswith(
            "已改为：提醒在工作日07:30至21:00之间发出，其余为安静时段，适用于全院"
        )
        assert (chat.desk.quiet.opens, chat.desk.quiet.closes) == (time(7, 30), time(21))
        await chat.say(OFFICE, "日期")
        await chat.press(OFFICE, "安静时段")
        await chat.press(OFFICE, "20:00–08:00")
        assert "08:00至20:00" in last(chat)
        assert (chat.desk.quiet.opens, chat.desk.quiet.closes) == (time(8), time(20))
        assert len(chat.desk.store.hours) == 1
        assert [one.by for one in deeds(chat, "hours")] == [chat.cast[OFFICE].id] * 2


async def test_undone_hours_are_those_of_before_and_at_first_the_settings() -> None:
    async with chatting(at(2026, 9, 9, 10)) as chat:
        await chat.say(OFFICE, "安静时段 21:00-7:30")
        await chat.say(OFFICE, "安静时段 22:00-7:00")
        for opens in (time(7, 30), time(8, 30)):
            assert (await chat.say(OFFICE, "/undo"))[-1] == "已撤销：安静时段的更改。"
            assert chat.desk.quiet.opens == opens


async def test_reminder_of_the_evening_waits_when_the_quiet_begins_before_it() -> None:
    async with chatting(at(2026, 9, 18, 10)) as chat:
        await chat.say(OFFICE, "安静时段 16:30-8:30")
        chat.news("林峰")
        await chat.tick(at(2026, 9, 18, 17))
        assert chat.news("林峰") == []
        await chat.tick(at(2026, 9, 21, 9))
        assert [one for one in chat.news("林峰") if "需要你处理的" in one]


# who may


@pytest.mark.parametrize("who", ["李明", "周老师", "林峰"])
@pytest.mark.parametrize("words", ["学期 9月14日", "放假 10.8-10.9", "安静时段 21:00-7:00"])
async def test_nobody_else_sets_dates(who: str, words: str) -> None:
    async with chatting(at(2026, 9, 9, 10)) as chat:
        assert await chat.say(who, words) == [NOT_OFFICE]
        assert not len(chat.desk.store.hours)


async def test_talk_before_a_holiday_is_still_a_talk_for_whoever_says_so() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        for words in ("放假前谈过了", "日期", "学期"):
            assert NOT_OFFICE not in await chat.say("李明", words)


async def test_every_day_of_a_span_is_entered_whole() -> None:
    async with chatting(at(2026, 11, 25, 10)) as chat:
        await chat.say(OFFICE, "放假 2026.12.31至2027.1.2")
        await chat.press(OFFICE, "确定")
        (one,) = chat.desk.store.arrangements
        assert (one.kind, one.last - one.first) == (ArrangementKind.REST, timedelta(days=2))


async def test_year_that_was_left_out_is_pointed_to_where_it_lies_far_ahead() -> None:
    async with chatting(at(2026, 11, 25, 10)) as chat:
        assert "没有写年份，按2027年登记，请核对" in (await chat.say(OFFICE, "放假 10.1-10.8"))[0]
        for words in ("放假 2027.10.1-10.8", "放假 1.1-1.3"):
            assert "没有写年份" not in (await chat.say(OFFICE, words))[-1]


async def test_reminder_that_a_holiday_moves_back_over_now_leaves_at_once() -> None:
    async with chatting(at(2026, 9, 24, 8)) as chat:
        await chat.tick(at(2026, 9, 24, 9))  # what fell due until here counts as settled
        chat.clock.move_to(at(2026, 9, 24, 10))
        (shown,) = await chat.say(OFFICE, "放假 9月28日至9月30日")
        assert "“学生：还缺的事项”原定9月30日（周三）09:00，改到9月24日（周四）10:00" in shown
        await chat.press(OFFICE, "确定")
        await chat.tick(at(2026, 9, 24, 10, 1))
        assert [one for one in chat.news("李明") if "还缺" in one]
