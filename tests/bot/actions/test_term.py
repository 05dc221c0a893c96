"""A round: opened, corrected within 8 weeks, followed by the next; and what is said before the first."""

from __future__ import annotations

from datetime import date

import pytest

from bot import college
from bot.actions.term import name_of, set_week1
from bot.delivery.schedule import Tick
from bot.refusal import Refused
from storage.records import FormState, TalkState, Term
from tests.bot.dialogues.forms import names, open_list
from tests.support.chat import GROUP, Chat, chatting
from tests.support.clock import at

SPRING = date(2027, 3, 1)
NO_TERM = "本学期的日期还没有设定，设定后会在这里通知。"


def set_term(chat: Chat, week1: date, name: str | None = None) -> Term:
    with chat.desk.store.transaction():
        return set_week1(chat.desk, week1, name)


async def test_first_term_is_named_after_its_half_of_the_academic_year() -> None:
    async with chatting(at(2026, 9, 1), term=False) as chat:
        assert set_term(chat, date(2026, 9, 7)).name == "2026-2027-1"
    assert name_of(SPRING) == "2026-2027-2"
    assert name_of(date(2027, 7, 5)) == "2027-2028-1"


async def test_name_that_was_given_is_kept_by_a_correction() -> None:
    async with chatting(at(2026, 9, 1), term=False) as chat:
        set_term(chat, date(2026, 9, 7), "秋季学期")
        assert set_term(chat, date(2026, 9, 14)).name == "秋季学期"


async def test_day_that_is_no_monday_is_refused_and_nothing_changes() -> None:
    async with chatting(at(2026, 9, 1)) as chat:
        with pytest.raises(Refused, match="2026-09-08 是周二，第一周应从周一开始"):
            set_term(chat, date(2026, 9, 8))
        term = chat.desk.term()
        assert term is not None
        assert term.week1 == date(2026, 9, 7)


@pytest.mark.parametrize(
    ("week1", "opens_another"),
    [
        (date(2026, 7, 13), False),  # 8 weeks before
        (date(2026, 7, 6), True),
        (date(2026, 11, 2), False),  # 8 weeks after
        (date(2026, 11, 9), True),
    ],
)
async def test_monday_within_8_weeks_moves_the_round_and_one_beyond_opens_another(
    week1: date, opens_another: bool
) -> None:
    async with chatting(at(2026, 9, 1)) as chat:
        set_term(chat, week1)
        assert len(chat.desk.store.terms) == (2 if opens_another else 1)


async def test_correction_moves_the_reminders_that_have_not_gone_yet() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        set_term(chat, date(2026, 9, 14))
        await chat.tick(at(2026, 9, 14, 9))
        assert not [text for text in chat.news("李明") if "主动与周文老师" in text]
        await chat.tick(at(2026, 9, 21, 9))
        said = [text for text in chat.news("李明") if "主动与周文老师" in text]
        assert len(said) == 1
        assert "请在9月21日（周一）至10月4日（周日）之间" in said[0]


async def test_correction_does_not_repeat_what_was_sent() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await chat.tick(at(2026, 9, 14, 9))
        assert [text for text in chat.news("李明") if "主动与周文老师" in text]
        set_term(chat, date(2026, 9, 14))
        for moment in (at(2026, 9, 14, 10), at(2026, 9, 21, 9)):
            await chat.tick(moment)
            assert not [text for text in chat.news("李明") if "主动与周文老师" in text]
        await chat.tick(at(2026, 9, 28, 9))
        assert [text for text in chat.news("李明") if "还没有看到你与周文老师的谈话登记" in text]


async def test_correction_to_an_earlier_monday_sends_at_once_what_is_due_in_the_new_round() -> (
    None
):
    async with chatting(at(2026, 9, 8, 8)) as chat:
        await chat.tick(at(2026, 9, 8, 9))
        chat.news("李明")
        set_term(chat, date(2026, 8, 31))
        await chat.tick(at(2026, 9, 8, 10))
        assert len([text for text in chat.news("李明") if "主动与周文老师" in text]) == 1


async def test_correction_gives_back_a_reminder_that_was_waiting() -> None:
    async with chatting(at(2026, 9, 14, 9)) as chat:
        Tick(chat.desk).now()
        set_term(chat, date(2026, 9, 14))
        await chat.settle()
        assert not [text for text in chat.news("李明") if "约定时间谈话" in text]
        await chat.tick(at(2026, 9, 21, 9))
        assert len([text for text in chat.news("李明") if "约定时间谈话" in text]) == 1


async def test_correction_gives_back_a_reminder_whose_subject_was_closed_then() -> None:
    async with chatting(at(2026, 9, 14, 9)) as chat:
        Tick(chat.desk).now()
        assert len(await chat.say("李明", "已谈 9.13")) == 1  # S1 had nothing left to ask
        await chat.say("李明", "/undo")
        set_term(chat, date(2026, 9, 14))
        await chat.tick(at(2026, 9, 21, 9))
        assert len([text for text in chat.news("李明") if "约定时间谈话" in text]) == 1


async def test_correction_keeps_talks_and_forms() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("周老师", "/done 李明")
        await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "李明")
        set_term(chat, date(2026, 9, 14))
        said = (await chat.say("李明", "/status"))[-1]
        assert "老师已确认（9月15日（周二），提前）" in said
        assert "登记表：已发放（9月15日（周二））" in said


async def test_new_term_starts_afresh_and_the_old_records_stay() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("周老师", "/done 李明")
        shown = await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "全部已发")
        of_autumn = shown.buttons["✓ 李明"]
        old = chat.desk.term()
        chat.clock.move_to(at(2027, 3, 2, 10))
        new = set_term(chat, SPRING)
        store, today = chat.desk.store, chat.desk.today()
        assert old is not None
        student = chat.cast["李明"]
        assert college.student_state(chat.desk, student, old, today) is TalkState.CONFIRMED
        assert college.form_state(store, student.id, old) is FormState.HANDED_OUT
        assert college.student_state(chat.desk, student, new, today) is TalkState.NONE
        chat.news("李明")
        said = (await chat.say("李明", "/status"))[-1]
        assert said.startswith("半年考察（2026-2027-2）\n谈话：与周文老师，未谈\n登记表：未发放")
        spring = await open_list(chat, "陈静", "发表")
        assert names(spring)[0] == "李明"
        assert await chat.press("陈静", "✓ 李明", on=shown, token=of_autumn) == (
            "这个按钮已经过期。请发 /status（进度）看现在的情况。"
        )


async def test_new_term_reminds_again_with_keys_of_its_own() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await chat.tick(at(2026, 9, 14, 9))
        chat.clock.move_to(at(2027, 2, 26, 10))
        set_term(chat, SPRING)
        chat.news("李明")
        await chat.tick(at(2027, 3, 8, 9))
        assert [
            text for text in chat.news("李明") if "请在3月8日（周一）至3月21日（周日）之间" in text
        ]


async def test_button_of_the_last_round_does_not_count_in_the_new_one() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await chat.tick(at(2026, 9, 14, 9))
        shown = chat.in_chat("李明")[-1]
        chat.clock.move_to(at(2026, 11, 9, 10))
        set_term(chat, date(2026, 11, 9))
        assert await chat.press("李明", "已谈话", on=shown) == (
            "这个按钮已经过期。请发 /status（进度）看现在的情况。"
        )
        assert not len(chat.desk.store.talks)


BEFORE = ["/status", "/done", "已谈", "9.15", "还没谈", "约不上老师", "没拿到表", "/forms"]


@pytest.mark.parametrize("said", BEFORE)
async def test_before_the_first_term_everybody_reads_that_its_dates_are_to_come(said: str) -> None:
    async with chatting(at(2026, 9, 1), term=False) as chat:
        for who in ("李明", "周老师", "陈静"):
            answers = await chat.say(who, said)
            assert len(answers) == 1
            if said == "/status" or (who == "李明" and said not in {"9.15", "/forms"}):
                assert answers == [NO_TERM]


async def test_before_the_first_term_keepers_and_groups_read_the_same() -> None:
    async with chatting(at(2026, 9, 1), term=False) as chat:
        assert await chat.say("陈静", "/forms") == [NO_TERM]
        await chat.say("林峰", "/link", chat=GROUP)
        assert await chat.say("李明", "/status", chat=GROUP) == [NO_TERM]


@pytest.mark.parametrize("said", ["/help", "/guide", "/mydata", "/undo"])
async def test_before_the_first_term_the_rest_is_answered_as_ever(said: str) -> None:
    async with chatting(at(2026, 9, 1), term=False) as chat:
        for who in ("李明", "周老师", "陈静", "林峰", "何主任"):
            answers = await chat.say(who, said)
            assert len(answers) == 1
            assert answers != [NO_TERM]
