"""The reminders about talks as people get them: when, what, once, and only while it matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tests.bot.dialogues.talks import claims, last, quiet
from tests.support.chat import Chat, chatting
from tests.support.clock import at

S2 = "还没有看到你与周文老师的谈话登记，谈话最迟9月27日（周日）（含当天）。"
S2_DISPUTED = "你与周文老师的谈话待核实，请与老师核对，谈话最迟9月27日（周日）（含当天）。"
S3 = "谈话最迟9月27日（周日）（含当天），请与周文老师约定时间。"


async def until(chat: Chat, *moments: datetime) -> None:
    """Tick at each of these moments."""
    for moment in moments:
        await chat.tick(moment)


async def test_student_who_never_answers_is_reminded_three_times_to_talk() -> None:
    async with chatting(at(2026, 9, 7, 8)) as chat:
        heard = []
        for day in range(7, 28):
            for hour in (9, 12, 20):
                await chat.tick(at(2026, 9, day, hour))
                heard += [(day, hour) for _ in chat.news("李明")]
        assert heard == [(14, 9), (21, 9), (24, 9)]


async def test_every_reminder_to_talk_says_until_when_and_how_to_answer() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        for moment, words in (
            (
                at(2026, 9, 14),
                "请在9月14日（周一）至9月27日（周日）之间，主动与周文老师约定时间谈话。",
            ),
            (at(2026, 9, 21), S2),
            (at(2026, 9, 24), S3),
        ):
            await chat.tick(moment)
            (text,) = chat.news("李明")
            assert text.startswith("李明同学，你好。")
            assert words in text
            assert text.endswith("——本科生第一党支部")
            assert list(last(chat, "李明").buttons) == ["已谈话", "约不上老师"]


async def test_student_who_has_claimed_is_not_reminded_and_the_mentor_is() -> None:
    async with chatting() as chat:
        await chat.tick(at(2026, 9, 15, 10))
        await claims(chat, "李明")
        quiet(chat)
        for day in (21, 24):
            await chat.tick(at(2026, 9, day))
            assert chat.news("李明") == []
        assert chat.news("周老师")


async def test_a_disputed_talk_is_reminded_of_like_an_open_one() -> None:
    async with chatting() as chat:
        await chat.tick(at(2026, 9, 15, 10))
        await claims(chat, "李明")
        await chat.press("周老师", "还没谈")
        quiet(chat)
        await chat.tick(at(2026, 9, 21))
        assert S2_DISPUTED in chat.news("李明")[0]
        await chat.tick(at(2026, 9, 24))
        assert "请与周文老师核对谈话日期。" in chat.news("李明")[0]


async def test_a_talk_disputed_after_the_reminder_does_not_bring_it_back() -> None:
    async with chatting() as chat:
        await chat.tick(at(2026, 9, 15, 10))
        await claims(chat, "李明")
        await chat.tick(at(2026, 9, 21))
        await chat.press("周老师", "还没谈")
        quiet(chat)
        await chat.tick(at(2026, 9, 22, 10))
        assert chat.news("李明") == []


async def test_one_confirmed_talk_of_two_is_enough() -> None:
    async with chatting() as chat:
        await chat.tick(at(2026, 9, 15, 10))
        await chat.say("吴老师", "/done 赵一")
        quiet(chat)
        await chat.tick(at(2026, 9, 21))
        assert chat.news("赵一") == []
        await chat.tick(at(2026, 9, 23))
        (digest,) = [text for text in chat.news("周老师") if "您联系的同学" in text]
        assert "赵一" not in digest


async def test_student_with_two_mentors_gets_one_message_that_names_both() -> None:
    async with chatting(at(2026, 9, 21, 8)) as chat:
        await chat.tick(at(2026, 9, 21))
        (text,) = chat.news("赵一")
        assert "还没有看到你与周文老师、吴静老师的谈话登记" in text


async def test_who_has_talked_with_one_is_reminded_of_neither() -> None:
    async with chatting() as chat:
        await chat.tick(at(2026, 9, 15, 10))
        await claims(chat, "赵一", "和周老师谈过了")
        await chat.tick(at(2026, 9, 21))
        assert chat.news("赵一") == []


async def test_a_reminder_missed_while_the_bot_was_down_leaves_once_when_it_is_back() -> None:
    async with chatting(at(2026, 9, 15, 8)) as chat:
        await chat.tick(at(2026, 9, 15, 8, 30))
        quiet(chat)
        await chat.tick(at(2026, 9, 22, 10))
        assert [S2 in text for text in chat.news("李明")] == [True]
        await until(chat, at(2026, 9, 22, 10, 1), at(2026, 9, 22, 14), at(2026, 9, 23, 8, 40))
        assert chat.news("李明") == []


async def test_of_two_missed_reminders_only_the_later_one_leaves() -> None:
    async with chatting(at(2026, 9, 10, 8)) as chat:
        await chat.tick(at(2026, 9, 10, 9))
        quiet(chat)
        await chat.tick(at(2026, 9, 24, 11))
        (text,) = chat.news("李明")
        assert S3 in text


async def test_a_missed_reminder_waits_for_the_morning() -> None:
    async with chatting(at(2026, 9, 20, 10)) as chat:
        await chat.tick(at(2026, 9, 20, 10))
        quiet(chat)
        await until(chat, at(2026, 9, 21, 20, 30), at(2026, 9, 21, 23), at(2026, 9, 22, 8, 29))
        assert chat.news("李明") == []
        await chat.tick(at(2026, 9, 22, 8, 30))
        assert S2 in chat.news("李明")[0]


async def test_no_talk_reminder_leaves_after_the_talks_have_ended() -> None:
    async with chatting(at(2026, 9, 23, 8)) as chat:
        await chat.tick(at(2026, 9, 23, 9))
        quiet(chat)
        await chat.tick(at(2026, 9, 28, 8, 40))
        assert chat.news("李明") == []


async def test_a_reminder_on_a_holiday_moves_to_the_next_working_day() -> None:
    async with chatting(at(2026, 9, 7, 8)) as chat:
        with chat.desk.store.transaction():
            term = chat.desk.term()
            assert term is not None
            chat.desk.store.terms.put(replace(term, week1=date(2026, 9, 28), settled=None))
        for day in (5, 6, 7):
            await chat.tick(at(2026, 10, day))
            assert chat.news("李明") == []
        await chat.tick(at(2026, 10, 8))
        (text,) = chat.news("李明")
        assert "请在10月5日（周一）至10月18日（周日）之间" in text


async def test_mentors_digest_of_week_1_names_the_own_students_and_the_weeks() -> None:
    async with chatting(at(2026, 9, 11, 8)) as chat:
        await chat.tick(at(2026, 9, 11))
        assert chat.news("吴老师") == [
            "吴老师，您好。本学期半年考察已经开始，您联系的同学有2位：赵一、孙三。\n"
            "同学们会在9月14日（周一）至9月27日（周日）主动约您。谈话后请发 /done（已谈），并在登记表中"
            "如实填写考察记录、签名。\n名单有误或近期不在校，请告诉林峰同志。——本科生第一党支部"
        ]


async def test_mentor_who_has_confirmed_all_gets_no_digest_in_week_3() -> None:
    async with chatting() as chat:
        await chat.tick(at(2026, 9, 15, 10))
        await chat.say("周老师", "都谈过了")
        await chat.say("吴老师", "都谈过了")
        quiet(chat)
        await chat.tick(at(2026, 9, 23))
        assert chat.news("周老师") == []
        assert chat.news("吴老师") == []


async def test_a_claim_that_the_digest_asks_about_is_not_asked_about_again() -> None:
    async with chatting() as chat:
        await chat.tick(at(2026, 9, 21, 10))
        await claims(chat, "李明")
        await chat.tick(at(2026, 9, 23))
        assert chat.news("周老师")
        for day in (24, 28):
            await chat.tick(at(2026, 9, day, 11))
            assert chat.news("周老师") == []


async def test_a_clock_that_leapt_ahead_and_back_costs_nobody_a_reminder() -> None:
    async with chatting(at(2026, 9, 11, 9)) as chat:
        await chat.tick()
        await chat.tick(at(2026, 10, 9, 9))
        chat.news("李明")
        await chat.tick(at(2026, 9, 14, 9))
        (asked,) = chat.news("李明")
        assert "9月14日（周一）" in asked
        await chat.tick(at(2026, 9, 14, 10))
        assert not chat.news("李明")
