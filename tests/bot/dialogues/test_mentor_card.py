"""A mentor's small card: a link for who has no account, another account for who has one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import college
from bot.standings import progress_of
from storage.records import Duty, Person
from tests.bot.dialogues.acting import card, never_enrolled
from tests.bot.dialogues.forms import crowd
from tests.bot.dialogues.test_enrolment import enrol_with
from tests.bot.dialogues.test_invites import tokens
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at

CARD = "郑强老师\n支部：教工第一党支部\n阶段：正式党员\n现联系我们的同学1人\n还没有开通"


async def listed(chat: Chat, who: str = "林峰") -> Shown:
    await chat.say(who, "/status")
    await chat.press(who, "未开通")
    return chat.in_chat(who)[-1]


def change(chat: Chat, person: Person) -> None:
    with chat.desk.store.transaction():
        chat.desk.store.people.put(person)


def has_account(chat: Chat, name: str) -> bool:
    return college.is_enrolled(chat.desk.store, chat.cast[name].id)


async def test_mentor_without_account_is_shown_below_the_students_and_not_counted() -> None:
    async with chatting() as chat:
        never_enrolled(chat, "李明")
        shown = await listed(chat)
        assert list(shown.buttons) == ["李明", "导师 郑强", "全部重发"]
        assert shown.text == (
            "本科生第一党支部，未开通1人，另有导师1人未开通，列在最后。点姓名看个人情况。\n"
            "“全部重发”发给本科生第一党支部名册上还没有开通的1人，不含其他支部的导师；"
            "导师的链接请点姓名单独发。"
        )
        assert progress_of(chat.desk, chat.cast.branches["学一"]).not_enrolled == 1


async def test_mentors_alone_are_a_list_too_without_a_link_for_everybody() -> None:
    async with chatting() as chat:
        assert list((await listed(chat)).buttons) == ["导师 郑强"]


async def test_mentor_behind_a_long_list_is_on_its_last_page_and_opens_from_there() -> None:
    async with chatting() as chat:
        crowd(chat, 60)
        shown = await listed(chat)
        assert "导师 郑强" not in shown.buttons
        while "下一页" in shown.buttons:
            await chat.press("林峰", "下一页", on=shown)
        assert "导师 郑强" in shown.buttons
        await chat.press("林峰", "导师 郑强", on=shown)
        assert chat.in_chat("林峰")[-1].text == CARD


async def test_office_reads_the_mentors_apart_on_the_branchs_button() -> None:
    async with chatting() as chat:
        shown = await listed(chat, "何主任")
        assert list(shown.buttons) == ["本科生第一党支部 导师1人"]
        await chat.press("何主任", "本科生第一党支部 导师1人")
        await chat.press("何主任", "导师 郑强")
        assert chat.in_chat("何主任")[-1].text == CARD


async def test_committee_member_does_not_read_of_mentors_there() -> None:
    async with chatting() as chat:
        await chat.say("陈静", "/status")
        assert await chat.press("陈静", "未开通") == "未开通：现在没有人。"


async def test_secretary_gives_a_mentor_a_link_in_the_name_of_the_students_branch() -> None:
    async with chatting() as chat:
        await listed(chat)
        await chat.press("林峰", "导师 郑强")
        shown = chat.in_chat("林峰")[-1]
        assert (shown.text, list(shown.buttons)) == (CARD, ["开通链接"])
        await chat.press("林峰", "开通链接")
        link = chat.in_chat("林峰")[-1].text
        assert link.startswith("郑老师，您好。")
        assert link.endswith("——本科生第一党支部")
        await enrol_with(chat, tokens(chat)[0], chat.cast["郑老师"].number[-4:])
        assert has_account(chat, "郑老师")


async def test_secretary_revokes_the_link_of_a_mentor() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 郑强")
        await chat.press("林峰", "开通链接")
        await chat.say("林峰", "/assign 郑强")
        assert list(chat.in_chat("林峰")[-1].buttons) == ["开通链接", "作废链接"]
        await chat.press("林峰", "作废链接")
        assert chat.news("林峰")[-1].startswith("郑强老师的开通链接已作废。")


async def test_enrolled_mentor_is_moved_from_the_students_card() -> None:
    async with chatting() as chat:
        await card(chat, "李明")
        await chat.press("林峰", "周文老师")
        shown = chat.in_chat("林峰")[-1]
        assert shown.text.endswith("现联系我们的同学4人\n已开通")
        assert list(shown.buttons) == ["换账号"]
        await chat.press("林峰", "换账号")
        await chat.press("林峰", "确认换账号")
        assert not has_account(chat, "周老师")
        assert "已停用这个账号" in chat.news("周老师")[-1]
        await enrol_with(chat, tokens(chat)[0], chat.cast["周老师"].number[-4:], 9000)
        assert has_account(chat, "周老师")


async def test_each_act_is_on_record_about_the_mentor() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 周文")
        await chat.press("林峰", "换账号")
        await chat.press("林峰", "确认换账号")
        mentor = chat.cast["周老师"].id
        done = [one.what for one in chat.desk.store.deeds if one.about == mentor]
        assert done == ["read_card", "account_ended", "invite"]


@pytest.mark.parametrize("who", ["陈静", "周老师", "李明", "韩书记"])
@pytest.mark.parametrize("label", ["开通链接", "导师 郑强"])
async def test_nobody_but_those_who_assign_to_the_students_gives_the_mentor_a_link(
    who: str, label: str
) -> None:
    async with chatting() as chat:
        shown = await listed(chat)
        if label == "开通链接":
            await chat.press("林峰", "导师 郑强")
            shown = chat.in_chat("林峰")[-1]
        before = len(chat.in_chat(who))
        await chat.press(who, label, on=shown, token=shown.buttons[label])
        assert not len(chat.desk.store.invites)
        assert not [one for one in chat.in_chat(who)[before:] if "郑强" in one.text]


async def test_secretary_whose_students_the_mentor_no_longer_has_gives_no_link() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 郑强")
        shown = chat.in_chat("林峰")[-1]
        store = chat.desk.store
        with store.transaction():
            for one in store.pairings.where("mentor", chat.cast["郑老师"].id):
                store.pairings.put(replace(one, until=at(2026, 9, 1, 8).date()))
        chat.news("林峰")
        note = await chat.press("林峰", "开通链接", on=shown)
        assert "分配由" in (note or chat.news("林峰")[-1])
        assert not len(store.invites)
        assert await chat.say("林峰", "/assign 郑强") == [
            "没有找到“郑强”。请核对姓名，例如“/assign 李明”；姓名、拼音、首字母或班级都可以。"
        ]


async def test_account_of_a_mentor_of_the_office_is_moved_by_the_office_alone() -> None:
    async with chatting() as chat:
        change(chat, replace(chat.cast["周老师"], duties=(Duty.OFFICE,)))
        await chat.say("林峰", "/assign 李明")
        note = await chat.press("林峰", "周文老师")
        assert "请学院党委办公室办理" in (note or chat.news("林峰")[-1])
        await chat.say("何主任", "/assign 周文")
        await chat.press("何主任", "换账号")
        await chat.press("何主任", "确认换账号")
        assert not has_account(chat, "周老师")


async def test_mentors_of_one_name_are_told_apart() -> None:
    async with chatting() as chat:
        change(chat, replace(chat.cast["吴老师"], name="周文"))
        await chat.say("林峰", "/assign 周文")
        assert len(chat.in_chat("林峰")[-1].buttons) == 2
        label = next(iter(chat.in_chat("林峰")[-1].buttons))
        await chat.press("林峰", label)
        assert "换账号" in chat.in_chat("林峰")[-1].buttons


async def test_link_of_a_mentor_who_has_left_the_roster_is_not_made() -> None:
    async with chatting() as chat:
        await chat.say("何主任", "/assign 郑强")
        shown = chat.in_chat("何主任")[-1]
        change(chat, replace(chat.cast["郑老师"], left=at(2026, 9, 1, 8).date()))
        note = await chat.press("何主任", "开通链接", on=shown)
        assert "已经不在名册上" in (note or chat.news("何主任")[-1])
