"""A mentor is asked for consent at assignment (A20): gathered, answered by a press, never pressed for."""

from __future__ import annotations

from datetime import date

from bot.actions.term import set_week1
from bot.commands.reading import plan
from bot.settings import Settings
from storage.records import Role, Stage
from tests.bot.dialogues.test_assign_card import change
from tests.bot.dialogues.test_assign_desk import everything, mentors, newcomers
from tests.bot.dialogues.test_enrolment import PHONE, enrol_with, invite
from tests.support.chat import Chat, chatting
from tests.support.clock import at

FOUR = at(2026, 9, 15, 16)


async def assigned(chat: Chat, *names: str) -> None:
    """Let the secretary give 何平 to new students of these names, and the afternoon come."""
    await chat.tick()
    for name in ("周老师", "吴老师", "郑老师"):
        change(chat, name, may_introduce=False)
    change(chat, "赵一", stage=Stage.ACTIVIST)
    newcomers(chat, *names)
    await chat.say("林峰", "/assign")
    await chat.press("林峰", "全部确定")
    assert chat.news("何主任") == []
    await chat.tick(FOUR)
    chat.news("林峰")


async def test_mentor_is_asked_at_four_in_the_policys_words() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        assert chat.news("何主任") == [
            "何老师，您好。经本科生第一党支部商定，拟请您担任高飞同学（小教2401）的培养联系人。\n"
            "主要工作：每半年至少谈话、考察一次，如实填写考察记录。您是否同意？不便也没有关系。"
            "——本科生第一党支部"
        ]
        assert list(chat.in_chat("何主任")[-1].buttons) == ["同意", "不便"]


async def test_several_students_of_a_day_are_one_message_with_a_row_each() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞", "林小路")
        (asked,) = chat.news("何主任")
        assert "担任以下同学的培养联系人。" in asked
        assert "\n高飞同学（小教2401）\n林小路同学（小教2401）" in asked
        assert list(chat.in_chat("何主任")[-1].buttons) == [
            "同意 高飞",
            "不便 高飞",
            "同意 林小路",
            "不便 林小路",
            "全部同意",
        ]
        await chat.press("何主任", "同意 高飞")
        shown = chat.in_chat("何主任")[-1]
        assert "✓ 高飞同学（小教2401），同意" in shown.text
        assert list(shown.buttons) == ["同意", "不便"]


async def test_consent_is_kept_with_the_pairing_and_seen_on_the_card() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        (card,) = await chat.say("林峰", "/assign 高飞")
        assert "现联系1人，待本人答复\n" in card
        assert await chat.press("何主任", "同意") == (
            "已记下，谢谢。如有误，10 分钟内可发 /undo 撤销。"
        )
        assert "担任培养联系人的事您已答复，谢谢。" in chat.in_chat("何主任")[-1].text
        (card,) = await chat.say("林峰", "/assign 高飞")
        assert "现联系1人\n" in card


async def test_introducer_is_asked_to_know_the_person() -> None:
    async with chatting() as chat:
        await chat.tick()
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "全部确定")
        chat.news("吴老师")
        await chat.tick(FOUR)
        (asked,) = chat.news("吴老师")
        assert "拟请您担任赵一同学（小教2401）的入党介绍人。" in asked
        assert "请您确认对该同学比较了解。您是否同意？" in asked


async def test_inconvenient_goes_to_the_secretary_with_the_next_step_and_the_pairing_stands() -> (
    None
):
    async with chatting() as chat:
        await assigned(chat, "高飞")
        assert await chat.press("何主任", "不便") == (
            "没有关系，已转告支部书记另行安排。如有误，10 分钟内可发 /undo 撤销。"
        )
        assert chat.news("林峰") == [
            "林峰同志，你好。何平老师不便担任高飞同学的培养联系人，请你另行安排：点“更换”，"
            "或以后发 /assign（分配）。定下之前结对不变。"
        ]
        assert mentors(chat, "高飞") == ["何平"]
        await chat.say("林峰", "/assign")
        assert chat.news("林峰") == []
        assert chat.in_chat("林峰")[-1].text == (
            "以下结对请你决定，与本人当面确认或另行安排：\n高飞—何平老师，培养联系人，本人表示不便"
        )
        await chat.press("林峰", "高飞")
        assert "本人表示不便" in chat.news("林峰")[-1]


async def test_secretary_changes_the_mentor_from_that_message() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        await chat.press("何主任", "不便")
        told = chat.in_chat("林峰")[-1]
        await chat.press("林峰", "更换")
        assert "高飞的培养联系人由谁接替何平老师？" in chat.news("林峰")[-1]
        change(chat, "吴老师", may_introduce=True)
        await chat.say("林峰", "吴静")
        assert mentors(chat, "高飞") == ["吴静"]
        assert not [one for one in chat.news("何主任") if "介绍前期情况" in one]
        assert not [one for one in chat.news("吴老师") if "工作安排调整" in one]
        assert told.text == "高飞同学的结对已另行安排或答复已更正，不用再办。"
        assert not told.buttons


async def test_mentor_takes_an_answer_back_within_ten_minutes() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        await chat.press("何主任", "不便")
        told = chat.in_chat("林峰")[-1]
        chat.news("何主任")
        assert (await chat.say("何主任", "/undo")) == ["已撤销：“不便”的答复（高飞）。"]
        assert list(chat.in_chat("何主任")[0].buttons) == ["同意", "不便"]
        assert told.text == "高飞同学的结对已另行安排或答复已更正，不用再办。"


async def test_answer_given_twice_counts_once() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        shown = chat.in_chat("何主任")[-1]
        token = shown.buttons["不便"]
        await chat.press("何主任", "同意")
        before = everything(chat)
        chat.news("何主任")
        await chat.press("何主任", "不便", on=shown, token=token)
        assert chat.news("何主任")[0].startswith("高飞同学的结对已经答复过。")
        assert everything(chat) == before


async def test_assignment_that_the_mentor_has_answered_is_not_taken_back() -> None:
    async with chatting() as chat:
        change(chat, "赵一", stage=Stage.ACTIVIST)
        await chat.say("林峰", "/assign 李明")
        await chat.press("林峰", "更换 周文")
        await chat.press("林峰", "何平 教工第一党支部 0人")
        await chat.press("何主任", "同意")
        chat.news("林峰")
        assert (await chat.say("林峰", "/undo"))[0].startswith("对方已经答复，不能撤销")
        assert mentors(chat, "李明") == ["何平"]


async def test_question_whose_pairing_was_taken_back_is_never_asked() -> None:
    async with chatting() as chat:
        await chat.tick()
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "全部确定")
        await chat.say("林峰", "/undo")
        for name in ("周老师", "吴老师"):
            chat.news(name)
        await chat.tick(FOUR)
        assert chat.news("周老师") == []
        assert chat.news("吴老师") == []


async def test_answer_to_a_pairing_that_has_ended_is_refused_kindly() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        shown = chat.in_chat("何主任")[-1]
        token = shown.buttons["同意"]
        change(chat, "吴老师", may_introduce=True)
        await chat.say("林峰", "/assign 高飞")
        await chat.press("林峰", "更换 何平")
        await chat.say("林峰", "吴静")
        assert shown.text == "这件事支部已另作安排，不用您答复。"
        chat.news("何主任")
        await chat.press("何主任", "同意", on=shown, token=token)
        assert chat.news("何主任") == ["高飞同学的结对支部已另作安排，不用再答复。"]


async def test_nobody_is_asked_where_the_office_has_switched_it_off() -> None:
    async with chatting(settings=Settings(consent=False)) as chat:
        await assigned(chat, "高飞")
        assert chat.news("何主任") == []
        (pairing,) = chat.desk.store.pairings.where("open_mentor", chat.cast["何主任"].id)
        assert (pairing.role, pairing.asked) == (Role.CONTACT, None)


async def test_unanswered_question_is_asked_once_more_after_three_working_days() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        await chat.tick(at(2026, 9, 18, 15, 59))
        chat.news("何主任")
        await chat.tick(at(2026, 9, 18, 16))
        assert chat.news("何主任") == [
            "何老师，您好。拟请您担任高飞同学的培养联系人，方便时请您答复，不便也没有关系。"
            "——本科生第一党支部"
        ]
        await chat.tick(at(2026, 9, 22, 16))
        assert not [one for one in chat.news("何主任") if "不便也没有关系" in one]
        await chat.press("何主任", "同意")
        assert [one.buttons for one in chat.in_chat("何主任") if "已答复" in one.text] == [{}, {}]


async def test_nudge_about_several_students_is_one_message_with_a_row_each() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞", "林小路")
        await chat.tick(at(2026, 9, 18, 16))
        asked = chat.in_chat("何主任")[-1]
        assert "拟请您联系以下同学，方便时请您答复" in asked.text
        assert "高飞同学（小教2401），培养联系人\n林小路同学（小教2401），培养联系人" in asked.text
        assert len(asked.buttons) == 5


async def test_mentor_agrees_to_all_at_once_and_takes_it_back_as_one_act() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞", "林小路", "马丽")
        shown = chat.in_chat("何主任")[-1]
        everyone = shown.buttons["全部同意"]
        await chat.press("何主任", "不便 高飞")
        await chat.press("何主任", "全部同意")
        held = chat.desk.store.pairings.where("open_mentor", chat.cast["何主任"].id)
        assert [one.consent for one in held] == [False, True, True]
        assert not shown.buttons
        assert await chat.press("何主任", "全部同意", on=shown, token=everyone) == (
            "这些都已答复过或另作安排，不用再答复。"
        )
        *_, said = await chat.say("何主任", "/undo")
        assert said == "已撤销：“同意”的答复（林小路、马丽）。"
        assert list(shown.buttons)[-1] == "全部同意"


async def test_mentor_who_has_answered_is_not_nudged() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        await chat.press("何主任", "同意")
        chat.news("何主任")
        await chat.tick(at(2026, 9, 18, 16))
        assert not [one for one in chat.news("何主任") if "方便时请您答复" in one]


async def test_after_the_nudge_the_secretary_decides() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        await chat.say("林峰", "/assign")
        assert "没有缺培养联系人" in chat.in_chat("林峰")[-1].text
        await chat.tick(at(2026, 9, 18, 17))
        summary = next(one for one in chat.news("林峰") if "需要你处理的" in one)
        assert "导师不便或未答复1人：高飞" in summary
        await chat.say("林峰", "/assign")
        assert chat.in_chat("林峰")[-1].text == (
            "以下结对请你决定，与本人当面确认或另行安排：\n高飞—何平老师，培养联系人，待本人答复"
        )
        assert mentors(chat, "高飞") == ["何平"]


async def test_the_plan_shows_the_nudge() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        rows = plan(chat.desk, date(2026, 9, 18), date(2026, 9, 18)).document
        (nudge,) = [row for row in rows if row["kind"] == "T17"]
        assert (nudge["at"], nudge["to"]) == (
            "2026-09-18T16:00:00+08:00",
            chat.cast["何主任"].number,
        )


async def test_a_question_for_consent_is_still_answered_when_a_new_round_has_begun() -> None:
    async with chatting() as chat:
        await assigned(chat, "高飞")
        chat.clock.move_to(at(2026, 11, 10, 9))
        with chat.desk.store.transaction():
            set_week1(chat.desk, date(2027, 3, 1), None)
        assert await chat.press("何主任", "同意") == (
            "已记下，谢谢。如有误，10 分钟内可发 /undo 撤销。"
        )


async def test_mentor_who_enrols_later_is_asked_about_what_was_assigned_but_not_about_the_roster() -> (
    None
):
    async with chatting() as chat:
        await chat.tick()
        for name in ("周老师", "吴老师", "何主任"):
            change(chat, name, may_introduce=False)
        change(chat, "赵一", stage=Stage.ACTIVIST)
        newcomers(chat, "高飞")
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "全部确定")
        await chat.tick(FOUR)
        await enrol_with(chat, invite(chat, chat.cast["郑老师"]), "0002")
        chat.news(PHONE)
        await chat.tick(at(2026, 9, 16, 16))
        (asked,) = chat.news(PHONE)
        assert "拟请您担任高飞同学（小教2401）的培养联系人。" in asked
        assert "钱二" not in asked
        assert await chat.press(PHONE, "同意") == (
            "已记下，谢谢。如有误，10 分钟内可发 /undo 撤销。"
        )
