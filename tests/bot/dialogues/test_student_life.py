"""改阶段, 转出 and 结束 on the card of a student: the secretary's way, each press answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records import Ending, Stage
from tests.support.chat import Chat, chatting
from tests.support.clock import at

A_YEAR_ON = at(2027, 3, 9, 10)


async def card(chat: Chat, name: str) -> None:
    await chat.say("林峰", f"/assign {name}")


async def test_activist_becomes_candidate_today_and_contact_becomes_introducer() -> None:
    async with chatting(A_YEAR_ON) as chat:
        await card(chat, "李明")
        await chat.press("林峰", "改阶段")
        assert chat.news("林峰") == ["李明同学从哪一天起为发展对象？"]
        await chat.press("林峰", "今天")
        assert chat.news("林峰") == [
            "已登记：李明同学从2027年3月9日（周二）起为发展对象。如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert "入党介绍人现为周文老师" in chat.news("李明")[0]


async def test_another_day_is_typed_and_one_that_cannot_be_is_asked_again() -> None:
    async with chatting(A_YEAR_ON) as chat:
        await card(chat, "李明")
        await chat.press("林峰", "改阶段")
        await chat.press("林峰", "其他日期")
        chat.news("林峰")
        assert "不能晚于今天" in (await chat.say("林峰", "2027年3月20日"))[0]
        assert "不能早于这一天" in (await chat.say("林峰", "2026年3月1日"))[0]
        assert "起为发展对象" in (await chat.say("林峰", "2027年3月8日"))[0]


async def test_before_the_year_is_over_a_second_press_is_asked_for() -> None:
    async with chatting() as chat:
        await card(chat, "李明")
        await chat.press("林峰", "改阶段")
        chat.news("林峰")
        await chat.press("林峰", "今天")
        assert chat.news("林峰") == [
            "李明同学作为入党积极分子的培养教育一般应满一年（2027年3月2日（周二））。"
            "确认现在改为发展对象，请点下面的按钮；不改不用回复。"
        ]
        assert chat.desk.store.people[chat.cast["李明"].id].stage is Stage.ACTIVIST
        await chat.press("林峰", "仍要更改")
        assert "起为发展对象" in chat.news("林峰")[0]
        assert chat.desk.store.people[chat.cast["李明"].id].stage is Stage.CANDIDATE


async def test_candidate_is_received_by_the_meeting_and_not_by_a_button() -> None:
    async with chatting() as chat:
        await card(chat, "赵一")
        chat.news("林峰")
        await chat.press("林峰", "改阶段")
        assert chat.news("林峰") == [
            "赵一同学是发展对象，支部大会接收后才是预备党员。"
            "大会结果请用 /intro（介绍）登记，阶段随之更改。"
        ]


async def test_button_pressed_twice_does_not_move_a_student_two_stages() -> None:
    async with chatting(A_YEAR_ON) as chat:
        await card(chat, "李明")
        await chat.press("林峰", "改阶段")
        question = chat.in_chat("林峰")[-1]
        today = question.buttons["今天"]
        await chat.press("林峰", "今天")
        chat.news("林峰")
        await chat.press("林峰", "今天", on=question, token=today)
        assert chat.news("林峰") == ["李明同学已经是发展对象，没有改动。"]


async def test_full_member_has_no_next_stage() -> None:
    async with chatting(A_YEAR_ON) as chat:
        await card(chat, "孙三")
        shown = chat.in_chat("林峰")[-1]
        await chat.press("林峰", "改阶段")
        await chat.press("林峰", "今天")
        assert "起为正式党员" in chat.news("林峰")[-1]
        await chat.press("林峰", "改阶段", on=shown)
        assert chat.news("林峰") == ["孙三同志已经是正式党员，没有下一个阶段。"]


async def test_student_who_goes_elsewhere_is_no_longer_reminded_and_the_record_goes_along() -> (
    None
):
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明 9月14日")
        await card(chat, "李明")
        chat.news("林峰")
        await chat.press("林峰", "转出")
        await chat.press("林峰", "今天")
        _, noted, record = chat.news("林峰")
        assert noted.startswith("已登记：李明同学从9月15日（周二）起转出")
        assert "阶段：入党积极分子，2026年3月2日（周一）起" in record
        assert "培养联系人：周文老师，到2026年9月15日（周二）为止" in record
        assert "谈话：2026年9月14日（周一），老师已确认" in record
        assert chat.cast["李明"].number not in record
        chat.news("李明")
        await chat.tick(at(2026, 9, 28, 9))
        assert chat.news("李明") == []


async def test_departure_is_taken_back_with_the_mentor() -> None:
    async with chatting() as chat:
        await card(chat, "李明")
        await chat.press("林峰", "转出")
        await chat.press("林峰", "今天")
        chat.news("林峰")
        await chat.press("林峰", "撤销")
        assert chat.news("林峰") == ["已撤销：离开的登记（李明）。"]
        student = chat.cast["李明"].id
        assert chat.desk.store.people[student].left is None
        assert len(chat.desk.store.pairings.where("open_student", student)) == 1


async def test_nobody_leaves_tomorrow_or_twice() -> None:
    async with chatting() as chat:
        await card(chat, "李明")
        shown = chat.in_chat("林峰")[-1]
        await chat.press("林峰", "转出")
        chat.news("林峰")
        assert "不能晚于今天" in (await chat.say("林峰", "2026年9月20日"))[0]
        await chat.press("林峰", "今天")
        chat.news("林峰")
        await chat.press("林峰", "转出", on=shown)
        assert chat.news("林峰") == ["李明已经不在名册上，没有改动。"]


async def test_pairing_ends_with_reason_and_day_and_the_gap_is_named() -> None:
    async with chatting() as chat:
        await card(chat, "李明")
        card_shown = chat.in_chat("林峰")[-1]
        await chat.press("林峰", "结束 周文")
        await chat.press("林峰", "退休")
        chat.news("林峰")
        await chat.press("林峰", "昨天")
        assert chat.news("林峰") == [
            "已登记：周文老师联系李明同学到9月14日（周一）为止。李明同学现在没有培养联系人或入党介绍人，"
            "请发 /assign（分配）安排。如有误，10 分钟内可发 /undo 撤销。"
        ]
        (ended,) = chat.desk.store.pairings.where("student", chat.cast["李明"].id)
        assert ended.ended is Ending.RETIRED
        await chat.press("林峰", "结束 周文", on=card_shown)
        assert chat.news("林峰") == ["这个结对已经结束，没有改动。"]


@pytest.mark.parametrize("label", ["改阶段", "转出", "结束 周文"])
async def test_secretary_who_has_changed_branches_no_longer_moves_the_students(
    label: str,
) -> None:
    async with chatting() as chat:
        await card(chat, "李明")
        await chat.press("林峰", "办理")
        store = chat.desk.store
        with store.transaction():
            moved = replace(chat.cast["林峰"], branch=chat.cast.branches["学二"].id)
            store.people.put(moved)
        chat.news("林峰")
        await chat.press("林峰", label)
        assert chat.news("林峰")[0].startswith("分配由")
        assert len(store.pairings.where("open_student", chat.cast["李明"].id)) == 1
