"""Another mentor, or one more: the rules refuse, warn and allow in the policy's words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.settings import Load, Settings
from storage.records import Kind, PersonId, Role, Stage
from tests.bot.dialogues.test_assign_card import change
from tests.bot.dialogues.test_assign_desk import everything, mentors
from tests.support.chat import Chat, chatting
from tests.support.clock import at


async def choosing(chat: Chat, student: str, button: str) -> None:
    await chat.say("林峰", f"/assign {student}")
    await chat.press("林峰", button)
    chat.news("林峰")


async def test_mentor_is_replaced_from_the_card_and_everyone_is_told() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "更换 周文")
        assert chat.in_chat("林峰")[-1].text.startswith("李明的培养联系人由谁接替周文老师？")
        await chat.press("林峰", "何平 教工第一党支部 0人")
        assert mentors(chat, "李明") == ["何平"]
        assert chat.news("林峰") == [
            "已确定：李明的培养联系人为何平老师。如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert chat.news("李明")[-1].startswith("李明同学，你好。你的培养联系人现为何平老师")
        assert chat.news("何主任") == [
            "何老师，您好。因工作安排调整，李明同学今后请您联系。前期情况可向周文老师了解。\n"
            "本学期谈话：未谈。培养时间连续计算，不重新起算。——本科生第一党支部"
        ]
        (card,) = await chat.say("林峰", "/assign 李明")
        assert "曾任培养联系人：周文老师，到2026年9月15日（周二）为止" in card


async def test_who_takes_over_reads_of_the_last_talk() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        await choosing(chat, "李明", "更换 周文")
        await chat.press("林峰", "何平 教工第一党支部 0人")
        assert "上次谈话为9月15日（周二），本学期谈话：" in chat.news("何主任")[-1]


async def test_replacement_is_taken_back_as_one_act() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "更换 周文")
        await chat.press("林峰", "何平 教工第一党支部 0人")
        for name in ("林峰", "李明", "何主任"):
            chat.news(name)
        await chat.say("林峰", "/undo")
        assert mentors(chat, "李明") == ["周文"]
        (told,) = chat.news("李明")
        assert told.startswith("李明同学，你好。你的培养联系人现为周文老师")
        assert chat.news("何主任") == [
            "何老师，您好。之前的调整已撤销，李明同学仍由周文老师联系。——本科生第一党支部"
        ]


async def test_added_contact_who_was_asked_already_hears_that_it_was_taken_back() -> None:
    async with chatting(at(2026, 9, 15, 15, 55)) as chat:
        await chat.tick()
        await choosing(chat, "李明", "增加")
        await chat.press("林峰", "何平 教工第一党支部 0人")
        await chat.tick(at(2026, 9, 15, 16))
        chat.news("何主任")
        chat.news("李明")
        await chat.say("林峰", "/undo")
        assert chat.news("李明") == [
            "刚才通知的培养联系人何平老师登记有误，已撤销，请以支部后来的通知为准。"
        ]
        assert chat.news("何主任") == [
            "何老师，您好。刚才请您联系李明同学的登记有误，已撤销，您不用再办。"
        ]
        assert chat.in_chat("何主任")[0].text == "这件事支部已另作安排，不用您答复。"


async def test_second_contact_is_added_and_a_third_is_not_offered() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "增加")
        await chat.press("林峰", "何平 教工第一党支部 0人")
        assert mentors(chat, "李明") == ["周文", "何平"]
        await chat.say("林峰", "/assign 李明")
        buttons = list(chat.in_chat("林峰")[-1].buttons)
        changes = [one for one in buttons if one.startswith("更换")]
        assert changes == ["更换 周文", "更换 何平"]
        assert "增加" not in buttons


async def test_third_contact_is_refused_in_the_policys_words() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "增加")
        first = chat.in_chat("林峰")[-1]
        await chat.say("林峰", "/assign 李明")
        await chat.press("林峰", "增加")
        second = chat.in_chat("林峰")[-1]
        await chat.press("林峰", "何平 教工第一党支部 0人", on=first)
        chat.news("林峰")
        popped = await chat.press("林峰", "吴静 教工第一党支部 2人", on=second)
        said = [popped, *chat.news("林峰")]
        assert "培养联系人为一至两名，李明已有两名。如需更换，请先结束其中一位。" in said
        assert mentors(chat, "李明") == ["周文", "何平"]


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [("何平", "何平"), ("heping", "何平"), ("hp", "何平"), ("何老师", "何平"), ("吴静", "吴静")],
)
async def test_mentor_is_chosen_by_a_typed_name(typed: str, chosen: str) -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "增加")
        (said,) = await chat.say("林峰", typed)
        assert said.startswith(f"已确定：李明的培养联系人为{chosen}老师。")
        assert mentors(chat, "李明") == ["周文", chosen]


async def test_mistyped_mentor_is_asked_back_and_taken_by_a_tap() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "增加")
        (asked,) = await chat.say("林峰", "何萍")
        assert asked.startswith("没有找到“何萍”，是不是下面的一位？")
        await chat.press("林峰", "何平")
        assert mentors(chat, "李明") == ["周文", "何平"]


async def test_namesakes_among_mentors_are_asked_by_buttons() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            twin = replace(
                chat.cast["何主任"], id=PersonId(0), number="T9999", duties=(), class_name="心理系"
            )
            chat.desk.store.people.add(twin)
        await choosing(chat, "李明", "增加")
        assert await chat.say("林峰", "何平") == ["“何平”不止一位，请选一位。"]
        await chat.press("林峰", "何平（心理系）")
        pairing = chat.desk.store.pairings.where("open_student", chat.cast["李明"].id)[-1]
        assert chat.desk.store.people[pairing.mentor].number == "T9999"


async def test_unknown_mentor_is_answered_with_what_to_do() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "增加")
        assert await chat.say("林峰", "司马相如") == [
            "没有找到“司马相如”。请点上面的按钮，或重新发姓名；拼音、首字母也可以。"
        ]


async def test_commands_and_talk_are_still_understood_while_a_mentor_is_asked_for() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "增加")
        before = everything(chat)
        assert (await chat.say("林峰", "帮助"))[0].startswith("/forms")
        for words in ("已谈", "好的", "谢谢"):
            assert not (await chat.say("林峰", words))[0].startswith("没有找到")
        assert everything(chat) == before


def stranger_branch(chat: Chat) -> None:
    change(chat, "郑老师", branch=chat.cast.branches["学二"].id, kind=Kind.TEACHER)


@pytest.mark.parametrize(
    ("typed", "changes", "refusal"),
    [
        (
            "陈静",
            {"stage": Stage.PROBATIONARY},
            "培养联系人、入党介绍人应由正式党员担任，请另选。",
        ),
        (
            "韩雪",
            {},
            "本科生第二党支部不是本科生第一党支部的对接支部。对接的是：教工第一党支部。"
            "如需跨支部安排，请由学院党委办公室确认。",
        ),
        ("周文", {}, "周文老师已经是李明的培养联系人，不用再分配。要看结对，发 /assign 加姓名。"),
    ],
)
async def test_what_the_rules_refuse_is_refused_and_changes_nothing(
    typed: str, changes: dict[str, object], refusal: str
) -> None:
    async with chatting() as chat:
        change(chat, "陈静", **changes)
        await choosing(chat, "李明", "增加")
        before = everything(chat)
        assert await chat.say("林峰", typed) == [refusal]
        assert everything(chat) == before


async def test_excluded_introducer_is_refused_without_a_ground_and_never_offered() -> None:
    async with chatting() as chat:
        change(chat, "何主任", may_introduce=False)
        await choosing(chat, "赵一", "增加")
        assert not [one for one in chat.in_chat("林峰")[-1].buttons if "何平" in one]
        before = everything(chat)
        assert await chat.say("林峰", "何平") == [
            "这样安排不合适，请另选，或请学院党委办公室确认。"
        ]
        assert everything(chat) == before


@pytest.mark.parametrize("case", ["relative", "excluded"])
async def test_relative_and_excluded_contact_want_a_written_reason_and_read_alike(
    case: str,
) -> None:
    async with chatting() as chat:
        if case == "relative":
            change(chat, "何主任", relatives=(chat.cast["李明"].number,))
        else:
            change(chat, "何主任", may_introduce=False)
        await choosing(chat, "李明", "增加")
        assert not [one for one in chat.in_chat("林峰")[-1].buttons if "何平" in one]
        (asked,) = await chat.say("林峰", "何平")
        assert asked.startswith("这样安排一般不合适。如确有需要，请写明原因后确认。")
        assert mentors(chat, "李明") == ["周文"]
        await chat.say("林峰", "本专业只有这一位老师")
        assert mentors(chat, "李明") == ["周文", "何平"]
        kept = [one for one in chat.desk.store.deeds if one.why]
        assert [(one.what, one.why) for one in kept] == [("assign", "本专业只有这一位老师")]
        shown = [one.text for who in ("李明", "何主任", "林峰") for one in chat.in_chat(who)]
        assert not [text for text in shown if "只有这一位" in text]


async def test_contact_who_is_no_teacher_wants_a_written_reason() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "更换 周文")
        (asked,) = await chat.say("林峰", "陈静")
        assert asked.startswith("这样李明的联系人或介绍人中没有教工党员。如确有需要")
        await chat.say("林峰", "老师出国一学期")
        assert mentors(chat, "李明") == ["陈静"]


async def test_mentor_at_the_offices_mark_wants_a_written_reason() -> None:
    async with chatting(settings=Settings(load=Load(contact=3))) as chat:
        change(chat, "赵一", stage=Stage.ACTIVIST)
        await choosing(chat, "钱二", "增加")
        await chat.press("林峰", "周文 教工第一党支部 4人")
        assert "周文老师联系的同学已经较多。如确有需要" in chat.news("林峰")[-1]
        assert mentors(chat, "钱二") == ["郑强"]
        await chat.say("林峰", "同一课题组")
        assert mentors(chat, "钱二") == ["郑强", "周文"]


async def test_students_in_the_other_role_do_not_count_towards_the_mark() -> None:
    async with chatting(settings=Settings(load=Load(introducer=2))) as chat:
        change(chat, "李明", stage=Stage.CANDIDATE)
        await choosing(chat, "李明", "增加")
        await chat.press("林峰", "周文 教工第一党支部 4人")
        assert mentors(chat, "李明", Role.INTRODUCER) == ["周文"]


@pytest.mark.parametrize("reason", ["一", "很" * 61])
async def test_reason_of_no_use_is_asked_for_again(reason: str) -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "更换 周文")
        await chat.say("林峰", "陈静")
        before = everything(chat)
        assert await chat.say("林峰", reason) == ["请用一句话写明原因，2 到 60 字。"]
        assert everything(chat) == before


async def test_choice_made_in_an_old_message_is_refused() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "更换 周文")
        old = chat.in_chat("林峰")[-1]
        stale = replace(old, buttons=dict(old.buttons))
        await chat.press("林峰", "何平 教工第一党支部 0人")
        before = everything(chat)
        assert await chat.press("林峰", "吴静 教工第一党支部 2人", on=stale) == (
            "这个按钮已经过期。请发 /status（进度）看现在的情况。"
        )
        assert everything(chat) == before


async def test_mentor_replaced_by_the_roster_meanwhile_is_not_replaced_again() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "更换 周文")
        store = chat.desk.store
        with store.transaction():
            (held,) = store.pairings.where("open_student", chat.cast["李明"].id)
            store.pairings.put(replace(held, until=chat.desk.today()))
        before = everything(chat)
        chat.news("林峰")
        await chat.press("林峰", "何平 教工第一党支部 0人")
        assert chat.news("林峰")[0].startswith("李明的情况刚刚有变动")
        await chat.press("林峰", "更换 周文")
        assert everything(chat) == before


async def test_candidates_come_in_pages_that_turn_in_place() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            for place, numeral in enumerate("一二三四五六七八九"):
                chat.desk.store.people.add(
                    replace(
                        chat.cast["吴老师"],
                        id=PersonId(0),
                        number=f"T9{place:03d}",
                        name=f"张{numeral}",
                    )
                )
        await choosing(chat, "李明", "增加")
        first = list(chat.in_chat("林峰")[-1].buttons)
        assert len(first) == 9
        await chat.press("林峰", "下一页")
        second = list(chat.in_chat("林峰")[-1].buttons)
        assert second[-1] == "上一页"
        assert not set(first[:8]) & set(second)
        assert len(chat.in_chat("林峰")) == 2


async def test_nobody_is_replaced_by_himself() -> None:
    async with chatting() as chat:
        await choosing(chat, "李明", "更换 周文")
        assert await chat.say("林峰", "周文") == [
            "周文老师已经是李明的培养联系人，不用再分配。要看结对，发 /assign 加姓名。"
        ]
        assert mentors(chat, "李明") == ["周文"]
