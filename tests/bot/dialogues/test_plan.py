"""/plan: the next two weeks in words and numbers, the college's or the own branch's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records import Duty
from tests.support.chat import GROUP, chatting
from tests.support.clock import at


@pytest.mark.parametrize("words", ["/plan", "计划"])
async def test_office_reads_the_whole_college_by_day_and_kind_in_numbers(words: str) -> None:
    async with chatting(at(2026, 9, 18, 10)) as chat:
        (said,) = await chat.say("何主任", words)
        assert said == (
            "全院：9月18日（周五）至9月24日（周四）的提醒（第1页，共2页）\n"
            "9月18日（周五）\n17:00 书记：支部小结，2人\n"
            "9月21日（周一）\n09:00 学生：再次提醒约谈，5人\n"
            "9月23日（周三）\n09:00 导师：未谈和待确认的同学，3人（1人未开通，收不到）\n"
            "9月24日（周四）\n09:00 学生：最后一次提醒约谈，5人\n09:00 书记：支部小结，2人\n"
            "按现在的进度估计，以后的登记会使人数减少。"
        )
        assert not any(person.name in said for person in chat.cast.people.values())


async def test_secretary_reads_the_own_branch_alone() -> None:
    async with chatting(at(2026, 9, 25, 10)) as chat:
        (said,) = await chat.say("韩书记", "/plan")
        assert said.startswith("本科生第二党支部：")
        assert "09:00 学生：请交登记表，1人" in said
        assert "09:00 学生：请交登记表，5人" in (await chat.say("林峰", "/plan"))[0]


async def test_overdue_numbers_for_the_office_are_on_no_branchs_plan() -> None:
    async with chatting(at(2026, 10, 9, 10)) as chat:
        assert "学院：各支部逾期的项数" not in (await chat.say("林峰", "/plan"))[0]
        assert "学院：各支部逾期的项数，1人" in (await chat.say("何主任", "/plan"))[0]


async def test_pages_lead_through_two_weeks_in_place_and_stop_there() -> None:
    async with chatting(at(2026, 9, 11, 10)) as chat:
        await chat.say("何主任", "/plan")
        shown = chat.in_chat("何主任")[-1]
        assert list(shown.buttons) == ["下一页", "日期设置"]
        await chat.press("何主任", "下一页")
        assert shown.text.startswith("全院：9月18日（周五）至9月24日（周四）的提醒（第2页")
        assert list(shown.buttons) == ["上一页", "日期设置"]
        await chat.press("何主任", "上一页")
        assert shown.text.startswith("全院：9月11日（周五）至9月17日（周四）的提醒（第1页")


async def test_holidays_and_what_they_move_are_said() -> None:
    async with chatting(at(2026, 9, 25, 10)) as chat:
        (said,) = await chat.say("林峰", "/plan")
        assert "放假：9月25日（周五）至9月27日（周日），不发提醒" in said
        assert "放假：10月1日（周四），不发提醒" in said
        assert "“书记：支部小结”原定10月2日（周五）17:00，因放假改到9月30日（周三）09:00" in said


async def test_year_whose_holidays_nobody_knows_is_said() -> None:
    async with chatting(at(2026, 12, 28, 10)) as chat:
        (said,) = await chat.say("何主任", "/plan")
        assert said.endswith("这几天没有要发的提醒。\n2027年的放假安排还没有录入，暂按周末规则")


async def test_what_is_said_already_is_not_planned_again() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        assert "09:00 学生：请约老师谈话，5人" in (await chat.say("林峰", "/plan"))[0]
        await chat.tick(at(2026, 9, 14, 9))
        assert "请约老师谈话" not in (await chat.say("林峰", "/plan"))[0]


async def test_bound_group_counts_as_a_group() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        with chat.desk.store.transaction():
            branch = chat.cast.branches["学一"]
            chat.desk.store.branches.put(replace(branch, chat=GROUP))
        assert "09:00 支部群：谈话合计，1个群" in (await chat.say("何主任", "/plan"))[0]


@pytest.mark.parametrize("who", ["李明", "周老师", "陈静"])
async def test_nobody_else_reads_the_plan(who: str) -> None:
    async with chatting() as chat:
        assert await chat.say(who, "/plan") == ["提醒的安排由支部书记和学院党委办公室查看。"]


async def test_plan_before_the_first_term_says_that_there_is_none() -> None:
    async with chatting(term=False) as chat:
        assert (await chat.say("林峰", "/plan"))[0].startswith("本学期的日期还没有设定")


async def test_office_that_is_also_a_secretary_reads_the_college() -> None:
    async with chatting(at(2026, 9, 11, 10)) as chat:
        with chat.desk.store.transaction():
            both = (Duty.SECRETARY, Duty.OFFICE)
            chat.desk.store.people.put(replace(chat.cast["林峰"], duties=both))
        assert (await chat.say("林峰", "/plan"))[0].startswith("全院：")
