"""/assign: the secretary accepts what the rules propose, as a whole or person by person."""

from __future__ import annotations

from dataclasses import replace

from storage.records import Duty, Pairing, PersonId, Role, Stage
from tests.bot.dialogues.test_assign_card import change
from tests.support.chat import Chat, chatting
from tests.support.clock import at


def newcomers(chat: Chat, *names: str) -> None:
    """Put new activists of 学一 on the roster, without mentors."""
    store = chat.desk.store
    with store.transaction():
        for place, name in enumerate(names):
            store.people.add(
                replace(chat.cast["李明"], id=PersonId(0), number=f"20250{place:04d}", name=name)
            )


def mentors(chat: Chat, name: str, role: Role | None = None) -> list[str]:
    store = chat.desk.store
    student = next(one for one in store.people if one.name == name and one.left is None)
    return [
        store.people[one.mentor].name
        for one in store.pairings.where("open_student", student.id)
        if role in (None, one.role)
    ]


def everything(chat: Chat) -> str:
    return repr([*chat.desk.store.pairings, *chat.desk.store.deeds])


async def test_secretary_reads_who_lacks_contacts_and_what_is_proposed() -> None:
    async with chatting() as chat:
        change(chat, "赵一", stage=Stage.ACTIVIST)
        newcomers(chat, "高飞", "林小路")
        (said,) = await chat.say("林峰", "/assign")
        assert said == (
            "高飞等2位新入党积极分子还没有培养联系人（应为一至两名正式党员）。"
            "对接支部教工第一党支部目前可分配4人，建议如下，请确定：\n"
            "高飞—郑强\n"
            "林小路—何平"
        )
        assert list(chat.in_chat("林峰")[-1].buttons) == ["全部确定", "逐个看", "以后再定"]


async def test_candidates_are_proposed_their_contacts_as_introducers_first() -> None:
    async with chatting() as chat:
        assert await chat.say("林峰", "分配") == [
            "赵一发展对象的入党介绍人还不足两名（应为两名正式党员，一般由培养联系人担任），"
            "建议如下，请确定：\n赵一—周文、吴静"
        ]


async def test_one_press_accepts_the_whole_proposal_and_tells_the_students() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "全部确定")
        assert mentors(chat, "赵一", Role.INTRODUCER) == ["周文", "吴静"]
        assert chat.in_chat("林峰")[-1].text == (
            "已确定1位：赵一。如有误，10 分钟内可发 /undo 撤销。"
        )
        assert "你的入党介绍人现为周文老师、吴静老师" in chat.news("赵一")[-1]


async def test_branch_that_lacks_nobody_is_said_to_be_complete() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "全部确定")
        chat.news("林峰")
        assert await chat.say("林峰", "/assign") == [
            "本科生第一党支部没有缺培养联系人或入党介绍人的同学。看一位同学的结对，发 /assign 加姓名。"
        ]


async def test_later_changes_nothing_and_takes_the_buttons_away() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign")
        before = everything(chat)
        popped = await chat.press("林峰", "以后再定")
        assert popped == "好的，没有作任何改动。以后发 /assign（分配）再看。"
        assert not chat.in_chat("林峰")[-1].buttons
        assert everything(chat) == before


async def test_whole_acceptance_is_taken_back_within_ten_minutes() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "全部确定")
        chat.news("赵一")
        await chat.press("林峰", "撤销")
        assert mentors(chat, "赵一", Role.INTRODUCER) == []
        assert chat.news("林峰")[-1] == "已撤销：分配（赵一）。"
        assert chat.news("赵一")[-1].startswith("刚才通知的入党介绍人")
        (card,) = await chat.say("林峰", "/assign 赵一")
        assert "曾任" not in card


async def test_after_ten_minutes_an_assignment_stays() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "全部确定")
        chat.clock.move_to(at(2026, 9, 15, 10, 11))
        chat.news("林峰")
        assert (await chat.say("林峰", "/undo"))[-1].startswith("已经过了 10 分钟，不能撤销")
        assert mentors(chat, "赵一", Role.INTRODUCER) == ["周文", "吴静"]


async def test_second_secretary_sees_what_the_first_has_done() -> None:
    async with chatting() as chat:
        change(chat, "陈静", duties=(Duty.COMMITTEE, Duty.SECRETARY))
        newcomers(chat, "高飞")
        await chat.say("陈静", "/assign")
        await chat.say("林峰", "/assign")
        first, stale = chat.in_chat("林峰")[0], chat.in_chat("陈静")[0]
        await chat.press("林峰", "全部确定", on=first)
        before, _ = everything(chat), chat.news("陈静")
        await chat.press("陈静", "全部确定", on=stale)
        assert everything(chat) == before
        refused, *rest = chat.news("陈静")
        assert refused.startswith("高飞的情况刚刚有变动")
        assert [one.startswith("赵一发展对象") for one in rest] == [True]
        assert chat.in_chat("陈静")[0].text == "这份建议已经过期，新的建议见下面。"


async def test_students_are_gone_through_one_by_one_in_one_message() -> None:
    async with chatting() as chat:
        change(chat, "赵一", stage=Stage.ACTIVIST)
        newcomers(chat, "高飞", "林小路", "马丽")
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "逐个看")
        shown = chat.in_chat("林峰")[-1]
        assert shown.text == (
            "高飞（小教2401），培养联系人建议：\n郑强老师，教工第一党支部，现联系1人\n后面还有2位。"
        )
        assert list(shown.buttons) == ["确定", "换一位", "先不定"]
        popped = await chat.press("林峰", "确定")
        assert popped == "已确定：高飞。如有误，10 分钟内可发 /undo 撤销。"
        assert mentors(chat, "高飞") == ["郑强"]
        assert chat.in_chat("林峰")[-1].text.startswith("林小路（小教2401），")
        await chat.press("林峰", "先不定")
        assert chat.in_chat("林峰")[-1].text.startswith("马丽（小教2401），")
        await chat.press("林峰", "确定")
        assert chat.in_chat("林峰")[-1].text.startswith("本科生第一党支部的名单已看完。")
        assert mentors(chat, "林小路") == []
        assert len(chat.in_chat("林峰")) == 1


async def test_another_mentor_is_chosen_from_the_least_loaded_first_and_the_walk_goes_on() -> None:
    async with chatting() as chat:
        change(chat, "赵一", stage=Stage.ACTIVIST)
        newcomers(chat, "高飞", "林小路")
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "逐个看")
        await chat.press("林峰", "换一位")
        labels = list(chat.in_chat("林峰")[-1].buttons)
        assert labels == [
            "何平 教工第一党支部 0人",
            "郑强 教工第一党支部 1人",
            "吴静 教工第一党支部 2人",
            "周文 教工第一党支部 4人",
            "陈静 本科生第一党支部 0人",
            "林峰 本科生第一党支部 0人",
        ]
        await chat.press("林峰", "吴静 教工第一党支部 2人")
        assert mentors(chat, "高飞") == ["吴静"]
        assert "已确定：高飞的培养联系人为吴静老师。" in chat.news("林峰")[-1]
        assert chat.in_chat("林峰")[0].text.startswith("林小路（小教2401），")


async def test_student_whom_somebody_else_has_served_meanwhile_is_passed_over_in_the_walk() -> (
    None
):
    async with chatting() as chat:
        change(chat, "赵一", stage=Stage.ACTIVIST)
        newcomers(chat, "高飞", "林小路")
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "逐个看")
        store = chat.desk.store
        gao = next(one for one in store.people if one.name == "高飞")
        with store.transaction():
            store.pairings.add(
                Pairing(student=gao.id, mentor=chat.cast["郑老师"].id, role=Role.CONTACT)
            )
        chat.news("林峰")
        await chat.press("林峰", "确定")
        assert chat.news("林峰")[0].startswith("高飞的情况刚刚有变动")
        assert mentors(chat, "高飞") == ["郑强"]
        assert chat.in_chat("林峰")[0].text.startswith("林小路")


async def test_student_for_whom_nobody_fits_is_named_and_can_be_served_by_hand() -> None:
    async with chatting() as chat:
        for name in ("周老师", "吴老师", "郑老师", "何主任"):
            change(chat, name, may_introduce=False)
        change(chat, "赵一", stage=Stage.ACTIVIST)
        newcomers(chat, "高飞")
        (said,) = await chat.say("林峰", "/assign")
        assert "目前可分配0人。\n暂时没有合适人选：高飞。" in said
        assert list(chat.in_chat("林峰")[-1].buttons) == ["逐个看", "以后再定"]
        await chat.press("林峰", "逐个看")
        assert "暂时没有建议的人选" in chat.in_chat("林峰")[-1].text
        await chat.press("林峰", "换一位")
        assert list(chat.in_chat("林峰")[-1].buttons) == [
            "陈静 本科生第一党支部 0人",
            "林峰 本科生第一党支部 0人",
        ]


async def test_office_chooses_the_branch_first() -> None:
    async with chatting() as chat:
        (asked,) = await chat.say("何主任", "/assign")
        assert asked.startswith("看哪个支部的分配？")
        await chat.press("何主任", "本科生第二党支部")
        assert chat.news("何主任")[-1].startswith("冯四新入党积极分子还没有培养联系人")
        await chat.press("何主任", "全部确定")
        assert mentors(chat, "冯四") == ["何平"]


async def test_secretary_who_has_lost_the_office_no_longer_assigns() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign")
        change(chat, "林峰", branch=chat.cast.branches["学二"].id)
        before = everything(chat)
        chat.news("林峰")
        await chat.press("林峰", "全部确定")
        assert chat.news("林峰") == ["分配由学生党支部书记负责，请与支部联系。"]
        assert everything(chat) == before


async def test_before_the_first_term_mentors_are_assigned_and_asked_all_the_same() -> None:
    async with chatting(term=False) as chat:
        await chat.say("林峰", "/assign")
        await chat.press("林峰", "全部确定")
        assert mentors(chat, "赵一", Role.INTRODUCER) == ["周文", "吴静"]
        chat.news("吴老师")
        await chat.tick(at(2026, 9, 15, 16))
        (asked,) = chat.news("吴老师")
        assert "拟请您担任赵一同学（小教2401）的入党介绍人。" in asked
        await chat.say("林峰", "/assign 赵一")
        await chat.press("林峰", "更换 吴静")
        await chat.press("林峰", "何平 教工第一党支部 0人")
        assert mentors(chat, "赵一", Role.INTRODUCER) == ["周文", "何平"]
        assert "本学期谈话" not in chat.news("何主任")[-1]


async def test_teachers_above_the_offices_mark_are_named_with_the_proposal() -> None:
    async with chatting() as chat:
        for name in ("吴老师", "郑老师", "何主任"):
            change(chat, name, may_introduce=False)
        change(chat, "赵一", stage=Stage.ACTIVIST)
        newcomers(chat, "高飞", "林小路", "马丽")
        (said,) = await chat.say("林峰", "/assign")
        assert said.endswith("请留意，联系的同学将偏多：周文老师6人。")


async def test_a_proposal_without_an_answer_belongs_to_its_message_alone() -> None:
    async with chatting() as chat:
        change(chat, "赵一", stage=Stage.ACTIVIST)
        newcomers(chat, "高飞")
        await chat.say("林峰", "/assign")
        shown = chat.in_chat("林峰")[-1]
        everyone = shown.buttons["全部确定"]
        await chat.press("林峰", "全部确定")
        before = everything(chat)
        await chat.press("林峰", "全部确定", on=shown, token=everyone)
        assert everything(chat) == before
