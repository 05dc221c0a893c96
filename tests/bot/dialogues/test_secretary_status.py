"""/status: each reads what is theirs and nothing else; the secretary sees where the branch stands."""

from __future__ import annotations

import pytest

from storage.records import Pairing, Role
from tests.bot.dialogues.forms import crowd, open_list
from tests.support.chat import GROUP, Chat, chatting
from tests.support.clock import at

BRANCH = (
    "本科生第一党支部，半年考察（2026-2027-1）第2周，共5人\n"
    "谈话：老师已确认1人，等老师确认1人，待核实0人，未谈3人\n"
    "登记表：未发放4份，已发放1份，已收0份，已归档0份\n"
    "等老师确认：王小雨\n"
    "未谈：赵一、钱二、孙三"
)


async def under_way(chat: Chat) -> None:
    """One talk confirmed, one claimed, one form out."""
    await chat.say("周老师", "/done 李明")
    await chat.say("王小雨", "已谈")
    await open_list(chat, "陈静", "发表")
    await chat.press("陈静", "赵一")
    for who in chat.cast.telegram:
        chat.news(who)


@pytest.mark.parametrize("who", ["林峰", "陈静"])
async def test_secretary_and_committee_member_read_their_branch(who: str) -> None:
    async with chatting() as chat:
        await under_way(chat)
        await chat.say("林峰", "/link", chat=GROUP)
        chat.news(who)
        assert await chat.say(who, "/status") == [BRANCH]
        assert await chat.say(who, "进度") == [BRANCH]


async def test_long_list_names_twenty_and_the_button_below_has_them_all() -> None:
    async with chatting() as chat:
        await under_way(chat)
        crowd(chat, 40)
        (said,) = await chat.say("林峰", "/status")
        (line,) = [one for one in said.splitlines() if one.startswith("未谈：")]
        assert line.count("、") == 19
        assert line.endswith("等43人")
        await chat.press("林峰", "未谈名单")
        assert "未谈43人" in chat.news("林峰")[-1]


async def test_secretary_alone_reads_that_the_branch_has_no_group() -> None:
    async with chatting() as chat:
        await under_way(chat)
        unbound = "支部群还没有绑定：把机器人加进群，在群里发 /link"
        assert await chat.say("林峰", "/status") == [f"{BRANCH}\n{unbound}"]
        assert await chat.say("陈静", "/status") == [BRANCH]


async def test_secretary_of_another_branch_reads_only_that_branch() -> None:
    async with chatting() as chat:
        await under_way(chat)
        said = await chat.say("韩书记", "/status")
        assert len(said) == 1
        assert said[0].startswith("本科生第二党支部，")
        assert "冯四" in said[0]
        assert not [name for name in ("李明", "王小雨", "赵一", "第一党支部") if name in said[0]]


async def test_office_reads_the_branches_as_numbers_without_a_name() -> None:
    async with chatting() as chat:
        await under_way(chat)
        assert await chat.say("何主任", "/status") == [
            "半年考察（2026-2027-1）第2周，各支部合计\n"
            "本科生第一党支部：共5人，老师已确认1人，等老师确认1人，待核实0人，未谈3人；登记表已收0份\n"
            "本科生第二党支部：共1人，老师已确认0人，等老师确认0人，待核实0人，未谈1人；登记表已收0份\n"
            "全院：共6人，老师已确认1人，等老师确认1人，待核实0人，未谈4人；登记表已收0份"
        ]


async def test_student_reads_only_the_own_round() -> None:
    async with chatting() as chat:
        await under_way(chat)
        said = await chat.say("李明", "/status")
        assert said[0].startswith(
            "半年考察（2026-2027-1）\n谈话：与周文老师，老师已确认（9月15日（周二））\n登记表：未发放"
        )
        assert not [name for name in ("王小雨", "赵一", "党支部") if name in said[0]]


async def test_mentor_reads_only_the_own_students() -> None:
    async with chatting() as chat:
        await under_way(chat)
        said = await chat.say("吴老师", "/status")
        assert said[0].startswith(
            "半年考察（2026-2027-1），您联系的同学2位：未谈2位：赵一、孙三。"
        )
        assert "李明" not in said[0]


async def test_secretary_sees_who_has_not_enrolled() -> None:
    async with chatting() as chat:
        crowd(chat, 2)
        assert "未开通：同学001、同学002" in (await chat.say("林峰", "/status"))[0]


async def test_summary_of_week_2_names_what_needs_the_secretary_and_who() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("钱二", "已谈")
        await chat.say("周老师", "/done 李明")
        await chat.say("李明", "没有谈")
        await chat.say("王小雨", "约不上老师")
        chat.news("林峰")
        await chat.tick(at(2026, 9, 18, 17))
        said = [text for text in chat.news("林峰") if "需要你处理的" in text]
        assert said == [
            "林峰同志，你好。本科生第一党支部需要你处理的：入党介绍人不足两名1人：赵一；约不上老师1人：王小雨；"
            "谈话待代记1人：钱二；谈话待核实1人：李明；登记表未发5份。分配请发 /assign（分配）。\n"
            "谈话：老师已确认0人、等老师确认1人、待核实1人、未谈3人，共5人。详情发 /status（进度）。"
        ]


async def test_secretary_with_nothing_to_do_reads_no_summary() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await open_list(chat, "韩书记", "发表")
        await chat.press("韩书记", "全部已发")
        store = chat.desk.store
        with store.transaction():
            store.pairings.add(
                Pairing(
                    student=chat.cast["冯四"].id, mentor=chat.cast["周老师"].id, role=Role.CONTACT
                )
            )
        chat.news("韩书记")
        await chat.tick(at(2026, 9, 18, 17))
        assert chat.news("韩书记") == []


async def test_overdue_list_three_working_days_after_the_deadline_and_numbers_to_the_office() -> (
    None
):
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await chat.say("周老师", "/done 李明 9.21")
        received = await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明", on=received)
        await chat.tick(at(2026, 9, 30, 18))
        for who in ("林峰", "何主任"):
            chat.news(who)
        await chat.tick(at(2026, 10, 12, 9))
        overdue = [text for text in chat.news("林峰") if "以下事项已过" in text]
        assert overdue == [
            "林峰同志，你好。以下事项已过9月30日（周三）：王小雨、赵一、钱二、孙三—未谈、未交表；"
            "李明—导师记录和签名；待写党支部考察意见1份，已收未归档1份。"
            "请你直接沟通；补办后登记，日期按实际发生填写。"
        ]
        await chat.tick(at(2026, 10, 19, 9))
        assert chat.news("何主任") == [
            "学院党委办公室：本学期半年考察截止9月30日（周三）。"
            "逾期未完成：本科生第一党支部5项，本科生第二党支部1项。详情发 /status（进度）。"
        ]


async def test_talks_outside_weeks_2_and_3_are_marked_for_secretary_and_student() -> None:
    async with chatting(at(2026, 9, 29, 10)) as chat:
        await chat.say("李明", "已谈 9月28日")
        await chat.say("周老师", "/done 王小雨 9.10")
        (branch,) = await chat.say("林峰", "/status")
        assert "提前谈话：王小雨\n逾期谈话：李明" in branch
        (own,) = await chat.say("李明", "/status")
        assert "等老师确认（9月28日（周一），逾期）" in own


async def test_secretary_sees_whose_last_talk_was_seven_months_ago() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("周老师", "/done 李明")
        chat.clock.move_to(at(2027, 4, 14, 10))
        assert "满七个月" not in (await chat.say("林峰", "/status"))[0]
        chat.clock.move_to(at(2027, 4, 15, 10))
        assert "上次谈话已满七个月：李明" in (await chat.say("林峰", "/status"))[0]
