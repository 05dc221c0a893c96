"""结对情况: the secretary reads by name where pairings fall short, the office in numbers first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records import Branch, Duty, Kind, Pairing, Role
from tests.support.chat import GROUP, Chat, chatting
from tests.support.clock import at

OF_THE_BRANCH = (
    "本科生第一党支部结对情况，共5人\n"
    "入党介绍人不足两名1人：赵一\n"
    "只有一名培养联系人3人：李明、王小雨、钱二\n"
    "本学期还没有谈话的对接支部老师3人：周文、吴静、郑强\n"
    "看一位同学的结对，发 /assign 加姓名。"
)


def ends(chat: Chat, student: str) -> None:
    """Let every pairing of the student end, as when a teacher leaves."""
    store = chat.desk.store
    with store.transaction():
        for one in store.pairings.where("open_student", chat.cast[student].id):
            store.pairings.put(replace(one, until=chat.desk.today()))


def pairs(chat: Chat, student: str, mentor: str, role: Role = Role.CONTACT) -> None:
    with chat.desk.store.transaction():
        chat.desk.store.pairings.add(
            Pairing(student=chat.cast[student].id, mentor=chat.cast[mentor].id, role=role)
        )


@pytest.mark.parametrize("words", ["结对情况", "谁还没有联系人？"])
async def test_secretary_reads_the_own_branch_by_name(words: str) -> None:
    async with chatting() as chat:
        assert await chat.say("林峰", words) == [OF_THE_BRANCH]
        (other,) = await chat.say("韩书记", words)
        assert "待分配培养联系人或入党介绍人1人：冯四" in other
        assert not [name for name in ("李明", "赵一", "第一党支部") if name in other]


async def test_button_under_status_leads_there_for_whoever_assigns() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/status")
        assert await chat.press("林峰", "结对情况") is None
        assert chat.news("林峰") == [OF_THE_BRANCH]
        await chat.say("何主任", "/status")
        await chat.press("何主任", "结对情况")
        assert chat.news("何主任")[0].startswith("各支部结对情况\n")
        await chat.say("陈静", "/status")
        assert "结对情况" not in chat.in_chat("陈静")[-1].buttons


async def test_orphan_stays_on_the_list_until_mended_and_assigning_is_one_tap_away() -> None:
    async with chatting() as chat:
        ends(chat, "钱二")
        (said,) = await chat.say("林峰", "结对情况")
        assert "待分配培养联系人或入党介绍人1人：钱二" in said
        await chat.press("林峰", "分配")
        assert any("钱二新入党积极分子还没有培养联系人" in text for text in chat.news("林峰"))
        pairs(chat, "钱二", "吴老师")
        assert "待分配" not in (await chat.say("林峰", "结对情况"))[0]


async def test_weekly_summary_names_the_orphan_and_leads_to_assign_until_mended() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        ends(chat, "钱二")  # 郑老师 has left
        await chat.tick(at(2026, 9, 18, 17))
        (said,) = [text for text in chat.news("林峰") if "需要你处理的" in text]
        assert "待分配培养联系人或入党介绍人1人：钱二；入党介绍人不足两名1人：赵一；" in said
        assert "。分配请发 /assign（分配）。\n" in said
        pairs(chat, "钱二", "吴老师")
        pairs(chat, "赵一", "周老师", Role.INTRODUCER)
        pairs(chat, "赵一", "吴老师", Role.INTRODUCER)
        await chat.tick(at(2026, 9, 24, 9))
        (said,) = [text for text in chat.news("林峰") if "需要你处理的" in text]
        assert "待分配" not in said
        assert "/assign" not in said


async def test_mentor_of_the_own_branch_alone_is_pointed_out_as_no_teacher() -> None:
    async with chatting() as chat:
        ends(chat, "李明")
        pairs(chat, "李明", "林峰")
        (said,) = await chat.say("林峰", "结对情况")
        assert "导师中没有教工党员1人：李明" in said


async def test_teacher_leaves_the_list_with_the_first_confirmed_talk_not_with_a_claim() -> None:
    async with chatting() as chat:
        await chat.say("李明", "已谈")
        assert "老师3人：周文" in (await chat.say("林峰", "结对情况"))[0]
        await chat.press("周老师", "属实")
        assert "老师2人：吴静、郑强" in (await chat.say("林峰", "结对情况"))[0]


async def test_talk_of_seven_months_ago_is_named() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        chat.clock.move_to(at(2027, 4, 15, 10))
        assert "上次谈话已满七个月1人：李明" in (await chat.say("林峰", "结对情况"))[0]


async def test_branch_in_which_nothing_falls_short_reads_so_and_has_nothing_to_press() -> None:
    async with chatting() as chat:
        pairs(chat, "冯四", "周老师")
        pairs(chat, "冯四", "吴老师")
        await chat.say("周老师", "/done 冯四")
        await chat.say("吴老师", "/done 冯四")
        assert await chat.say("韩书记", "结对情况") == [
            "本科生第二党支部结对情况，共1人\n每位同学都有导师，人数和谈话都符合要求。\n"
            "看一位同学的结对，发 /assign 加姓名。"
        ]
        assert chat.in_chat("韩书记")[-1].buttons == {}


async def test_branch_without_students_and_college_without_a_term_are_answered() -> None:
    async with chatting(term=False) as chat:
        with chat.desk.store.transaction():
            chat.desk.store.people.put(replace(chat.cast["冯四"], left=chat.desk.today()))
        assert "现在没有要安排导师的同学。" in (await chat.say("韩书记", "结对情况"))[0]
        (said,) = await chat.say("林峰", "结对情况")
        assert "入党介绍人不足两名1人：赵一" in said
        assert "还没有谈话" not in said


async def test_office_reads_numbers_and_a_branch_by_name_only_when_it_is_chosen() -> None:
    async with chatting() as chat:
        assert await chat.say("何主任", "结对情况") == [
            "各支部结对情况\n"
            "本科生第一党支部：共5人，入党介绍人不足两名1人，只有一名培养联系人3人，"
            "本学期还没有谈话的对接支部老师3人\n"
            "本科生第二党支部：共1人，待分配培养联系人或入党介绍人1人\n"
            "看名单请点支部。"
        ]
        await chat.press("何主任", "本科生第一党支部")
        assert chat.news("何主任") == [OF_THE_BRANCH]


async def test_office_turns_pages_in_place_where_there_are_many_branches() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            for number in range(3, 14):
                chat.desk.store.branches.add(
                    Branch(name=f"本科生第{number}党支部", kind=Kind.STUDENT)
                )
        (said,) = await chat.say("何主任", "结对情况")
        assert said.startswith("各支部结对情况（第1页，共2页）")
        assert "本科生第12党支部" not in said
        shown = chat.in_chat("何主任")[-1]
        assert await chat.press("何主任", "下一页") is None
        assert shown.text.startswith("各支部结对情况（第2页，共2页）\n本科生第11党支部：共0人\n")
        assert "上一页" in shown.buttons


@pytest.mark.parametrize("who", ["李明", "周老师", "陈静"])
async def test_nobody_else_reads_where_pairings_fall_short(who: str) -> None:
    async with chatting() as chat:
        said = "".join(await chat.say(who, "结对情况"))
        assert said.startswith("分配由")
        assert not [name for name in ("王小雨", "赵一", "钱二") if name in said]


@pytest.mark.parametrize("duties", [(), (Duty.SECRETARY,)])
async def test_whoever_is_no_longer_the_office_reads_nothing_of_other_branches(
    duties: tuple[Duty, ...],
) -> None:
    async with chatting() as chat:
        await chat.say("何主任", "结对情况")
        shown, store = chat.in_chat("何主任")[-1], chat.desk.store
        with store.transaction():
            home = chat.cast.branches["学二"].id
            store.people.put(replace(chat.cast["何主任"], duties=duties, branch=home))
        await chat.press("何主任", "本科生第一党支部", on=shown)
        assert chat.news("何主任")[0].startswith("分配由本科生第")


async def test_in_a_group_pairings_are_not_answered() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        chat.news(GROUP)
        assert await chat.say("林峰", "结对情况", chat=GROUP) == []
