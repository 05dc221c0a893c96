"""毕业名单: classes and people ticked in place, one day, one act, ten minutes to take it back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records import Ending, Pairing, Person, PersonId, Role
from tests.support.chat import Chat, chatting
from tests.support.clock import at

CLASS = "小教2401"


def change(chat: Chat, name: str, **changes: object) -> Person:
    store = chat.desk.store
    with store.transaction():
        now = store.people[chat.cast[name].id]
        return store.people.put(replace(now, **changes))  # type: ignore[arg-type]


def buttons(chat: Chat, who: str = "林峰") -> list[str]:
    return list(chat.in_chat(who)[-1].buttons)


def here(chat: Chat, *names: str) -> list[bool]:
    return [chat.desk.store.people[chat.cast[one].id].left is None for one in names]


async def graduate(chat: Chat, *labels: str, day: str = "今天") -> str:
    """Tick these and choose the day; return what is said at last."""
    await chat.say("林峰", "/assign 毕业")
    for label in labels:
        await chat.press("林峰", label)
    await chat.press("林峰", "选好了")
    await chat.press("林峰", day)
    return chat.news("林峰")[-1]


@pytest.mark.parametrize("words", ["/assign 毕业", "分配 毕业名单"])
async def test_list_offers_classes_and_all_students_of_the_branch_but_oneself(words: str) -> None:
    async with chatting() as chat:
        (asked,) = await chat.say("林峰", words)
        assert asked.startswith("哪些同学毕业离校？点班级可以一次选全班")
        assert buttons(chat) == [
            *(CLASS, "李明", "王小雨", "赵一", "钱二", "孙三", "陈静"),
            *("选好了", "以后再定"),
        ]


async def test_ticks_are_set_and_taken_away_in_the_same_message() -> None:
    async with chatting() as chat:
        change(chat, "钱二", class_name="学前2401")
        change(chat, "孙三", class_name=None)
        await chat.say("林峰", "/assign 毕业")
        before = len(chat.in_chat("林峰"))
        await chat.press("林峰", CLASS)
        shown = chat.in_chat("林峰")[-1]
        assert "已选4位：李明、王小雨、赵一、陈静" in shown.text
        assert f"✓ {CLASS}" in shown.buttons
        await chat.press("林峰", "✓ 李明")
        assert "已选3位：王小雨、赵一、陈静" in shown.text
        assert CLASS in shown.buttons
        await chat.press("林峰", "孙三")
        await chat.press("林峰", CLASS)
        await chat.press("林峰", f"✓ {CLASS}")
        assert shown.text.endswith("已选1位：孙三")
        assert len(chat.in_chat("林峰")) == before


async def test_all_leave_in_one_act_with_the_reason_graduated() -> None:
    async with chatting() as chat:
        said = await graduate(chat, "李明", "赵一", "孙三")
        assert said == (
            "已登记：3位同学从9月15日（周二）起毕业离校，不再提醒，结对到这一天为止：李明、赵一、孙三。"
            "如有误，10 分钟内可发 /undo 撤销。"
        )
        store, day = chat.desk.store, chat.desk.today()
        for name in ("李明", "赵一", "孙三"):
            assert store.people[chat.cast[name].id].left == day
            ended = store.pairings.where("student", chat.cast[name].id)
            assert {(one.ended, one.until) for one in ended} == {(Ending.GRADUATED, day)}
        batches = {one.batch for one in store.deeds if one.what in {"left", "pairing_end"}}
        assert len(batches) == 1


async def test_graduates_are_reminded_of_nothing_and_gone_from_the_mentors_list() -> None:
    async with chatting(at(2026, 9, 14, 10)) as chat:
        await chat.say("李明", "已谈")
        assert "李明同学" in chat.news("周老师")[-1]
        claims = chat.in_chat("周老师")[-1]
        await graduate(chat, "李明", "赵一", "孙三")
        assert claims.buttons == {}
        for name in ("李明", "赵一"):
            chat.news(name)
        await chat.tick(at(2026, 9, 23, 9))
        digest = "".join(chat.news("周老师"))
        assert "王小雨" in digest
        assert not any(name in digest for name in ("李明", "赵一", "孙三"))
        await chat.tick(at(2026, 9, 28, 9))
        assert chat.news("李明") == chat.news("赵一") == []


async def test_whole_class_comes_back_when_it_is_undone_and_nobody_has_heard_of_it() -> None:
    async with chatting() as chat:
        names = ("李明", "王小雨", "赵一", "钱二", "孙三", "陈静")
        await graduate(chat, CLASS)
        assert not any(here(chat, *names))
        await chat.press("林峰", "撤销")
        assert chat.news("林峰") == ["已撤销：离开的登记（6人）。"]
        assert all(here(chat, *names))
        store = chat.desk.store
        assert len([one for one in store.pairings if one.until is None]) == 7
        assert chat.news("李明") == chat.news("周老师") == []


async def test_list_is_not_undone_after_ten_minutes() -> None:
    async with chatting() as chat:
        await graduate(chat, "李明")
        chat.clock.move_to(at(2026, 9, 15, 10, 11))
        await chat.press("林峰", "撤销")
        assert "10 分钟" in chat.news("林峰")[0]
        assert not any(here(chat, "李明"))


async def test_students_whose_only_mentor_graduates_are_named_as_orphans() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            chat.desk.store.pairings.add(
                Pairing(
                    student=chat.cast["冯四"].id, mentor=chat.cast["陈静"].id, role=Role.CONTACT
                )
            )
        said = await graduate(chat, "陈静")
        assert "冯四现在没有培养联系人或入党介绍人，请发 /assign（分配）安排。" in said


async def test_day_is_typed_and_impossible_days_are_asked_again() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 毕业")
        await chat.press("林峰", "李明")
        await chat.press("林峰", "选好了")
        assert chat.news("林峰")[-1].startswith("李明（1位）从哪一天起毕业离校？")
        await chat.press("林峰", "其他日期")
        chat.news("林峰")
        assert "不能晚于今天" in (await chat.say("林峰", "2026年9月16日"))[0]
        assert await chat.say("林峰", "2026年3月1日") == [
            "李明在这一天还没有到现在的阶段，请核对后重新输入离开的日期。"
        ]
        assert (await chat.say("林峰", "2月30日"))[0].startswith("日历上没有这一天")
        assert all(here(chat, "李明"))
        assert "从9月14日（周一）起毕业离校" in (await chat.say("林峰", "9月14日"))[0]
        assert not any(here(chat, "李明"))


async def test_nothing_ticked_is_said_over_the_press() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 毕业")
        note = await chat.press("林峰", "选好了")
        assert note == "还没有选人，请先点班级或姓名。"


async def test_list_is_put_away_without_any_change() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 毕业")
        await chat.press("林峰", "李明")
        assert "没有作任何改动" in (await chat.press("林峰", "以后再定") or "")
        assert buttons(chat) == []
        assert all(here(chat, "李明"))


async def test_second_secretary_sees_what_the_first_did_and_nobody_leaves_twice() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 毕业")
        await chat.press("林峰", "李明")
        await chat.press("林峰", "王小雨")
        await chat.press("林峰", "选好了")
        question = chat.in_chat("林峰")[-1]
        await chat.say("何主任", "/assign 李明")
        await chat.press("何主任", "转出")
        await chat.press("何主任", "今天")
        chat.news("林峰")
        await chat.press("林峰", "今天", on=question)
        assert chat.news("林峰") == ["李明已经不在名册上，没有改动。"]
        assert all(here(chat, "王小雨"))
        await chat.press("林峰", "选好了")
        await chat.press("林峰", "今天")
        assert "1位同学" in chat.news("林峰")[-1]


async def test_day_pressed_twice_takes_nobody_away_again() -> None:
    async with chatting() as chat:
        await graduate(chat, "李明")
        question = chat.in_chat("林峰")[-2]
        assert question.buttons == {}
        assert len([one for one in chat.desk.store.deeds if one.what == "left"]) == 1


async def test_office_chooses_the_branch_first() -> None:
    async with chatting() as chat:
        assert await chat.say("何主任", "/assign 毕业") == ["哪个支部的毕业名单？请选一个。"]
        await chat.press("何主任", "本科生第二党支部")
        assert buttons(chat, "何主任") == [CLASS, "冯四", "选好了", "以后再定"]


async def test_card_and_a_branch_that_lacks_nobody_lead_to_the_list() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 李明")
        await chat.press("林峰", "毕业名单")
        assert chat.news("林峰")[-1].endswith("已选1位：李明")
        for name in ("李明", "王小雨", "赵一", "钱二", "孙三"):
            change(chat, name, left=chat.desk.today())
        (nothing,) = await chat.say("林峰", "/assign")
        assert nothing.startswith("本科生第一党支部没有缺")
        await chat.press("林峰", "毕业名单")
        assert buttons(chat)[:2] == [CLASS, "陈静"]


async def test_branch_without_students_has_no_list() -> None:
    async with chatting() as chat:
        change(chat, "冯四", left=chat.desk.today())
        assert await chat.say("韩书记", "/assign 毕业") == [
            "本科生第二党支部的名册上没有可以列入毕业名单的同学。"
        ]


@pytest.mark.parametrize("who", ["李明", "周老师", "陈静"])
async def test_nobody_else_opens_the_list(who: str) -> None:
    async with chatting() as chat:
        assert await chat.say(who, "/assign 毕业") == [
            "分配由本科生第一党支部书记林峰同志负责，请与他（她）联系。"
        ]


async def test_secretary_who_has_changed_branches_ticks_nobody_any_more() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 毕业")
        change(chat, "林峰", branch=chat.cast.branches["学二"].id)
        chat.news("林峰")
        await chat.press("林峰", "李明")
        assert chat.news("林峰")[0].startswith("分配由")


async def test_long_list_has_pages_and_ticks_outlast_them() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            for number in range(80):
                one = replace(
                    chat.cast["李明"], id=PersonId(0), number=f"G{number}", name=f"毕{number:02d}"
                )
                chat.desk.store.people.add(one)
        await chat.say("林峰", "/assign 毕业")
        await chat.press("林峰", "李明")
        await chat.press("林峰", "下一页")
        await chat.press("林峰", "毕79")
        assert "上一页" in buttons(chat)
        assert chat.in_chat("林峰")[-1].text.endswith("已选2位：李明、毕79")
