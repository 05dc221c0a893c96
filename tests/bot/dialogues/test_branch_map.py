"""Which branches are paired with ours (R8): asked in plain words or in /guide, answered as the college's table says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records import Branch, BranchId, Kind
from tests.support.chat import GROUP, Chat, chatting

TABLE = {
    "本科生第一党支部": ["教工第一党支部（教育系+教技系）", "教工第五党支部（艺教系）"],
    "本科生第二党支部": ["教工第三党支部（小教系）", "教工第六党支部（行政）"],
    "本科生第三党支部": ["教工第四党支部（学前系）"],
    "本科生第四党支部": ["教工第二党支部（心理系）", "教工第七党支部（心研院）"],
}  # policy § 1.1, its order inside a row included
QUESTIONS = ("对接支部", "我们对接哪个支部", "对接哪些学生支部")


def arrange(chat: Chat, table: dict[str, list[str]]) -> dict[str, BranchId]:
    """Put the table beside the cast's branches, which become old ones; return ids by name."""
    store = chat.desk.store
    with store.transaction():
        for one in list(store.branches):
            store.branches.put(replace(one, name=f"{one.name}（旧）", paired=()))
        faculty = {
            name: store.branches.add(Branch(name=name, kind=Kind.TEACHER)).id
            for name in sorted({one for row in table.values() for one in row})
        }
        students = {
            name: store.branches.add(
                Branch(name=name, kind=Kind.STUDENT, paired=tuple(faculty[one] for one in row))
            ).id
            for name, row in table.items()
        }
    return faculty | students


def moves(chat: Chat, who: str, branch: BranchId) -> None:
    with chat.desk.store.transaction():
        person = chat.desk.store.people[chat.cast[who].id]
        chat.desk.store.people.put(replace(person, branch=branch))


@pytest.mark.parametrize(("branch", "faculty"), TABLE.items())
async def test_student_reads_the_faculty_branches_of_the_own_branch_in_the_tables_order(
    branch: str, faculty: list[str]
) -> None:
    async with chatting() as chat:
        moves(chat, "冯四", arrange(chat, TABLE)[branch])
        for question in QUESTIONS:
            (said,) = await chat.say("冯四", question)
            assert said == (
                f"对接支部\n{branch}：对接{'、'.join(faculty)}\n"
                "培养联系人和入党介绍人从学生党支部及对接教工支部的正式党员中安排。"
                "对接关系由学院党委办公室确定。"
            )


@pytest.mark.parametrize(
    ("faculty", "branch"), [(one, branch) for branch, row in TABLE.items() for one in row]
)
async def test_teacher_reads_the_student_branch_of_the_own_branch(
    faculty: str, branch: str
) -> None:
    async with chatting() as chat:
        moves(chat, "吴老师", arrange(chat, TABLE)[faculty])
        (said,) = await chat.say("吴老师", "我们对接哪些学生支部？")
        assert said.splitlines()[:2] == ["对接支部", f"{faculty}：对接{branch}"]
        assert not [other for other in TABLE if other != branch and other in said]


async def test_office_reads_the_whole_table() -> None:
    async with chatting() as chat:
        arrange(chat, TABLE)
        (said,) = await chat.say("何主任", "对接支部")
        lines = said.splitlines()
        assert [line for line in lines if line.startswith("本科生") and "旧" not in line] == [
            f"{branch}：对接{'、'.join(row)}" for branch, row in TABLE.items()
        ]
        assert "本科生第一党支部（旧）：名册里没有登记对接支部" in lines


async def test_office_of_very_many_branches_reads_how_many_more_there_are() -> None:
    async with chatting() as chat:
        arrange(
            chat, {f"本科生第{number}党支部": [f"教工第{number}党支部"] for number in range(60)}
        )
        (said,) = await chat.say("何主任", "对接支部")
        assert "另有22个支部，请看名册。" in said


async def test_page_of_the_guide_opens_in_place() -> None:
    async with chatting() as chat:
        await chat.say("李明", "/guide")
        shown = chat.in_chat("李明")[-1]
        assert await chat.press("李明", "对接支部") is None
        assert "本科生第一党支部：对接教工第一党支部" in shown.text
        assert "✓ 对接支部" in shown.buttons


async def test_faculty_branch_of_several_student_branches_reads_them_in_the_rosters_order() -> (
    None
):
    async with chatting() as chat:
        (said,) = await chat.say("周老师", "对接支部")
        assert "教工第一党支部：对接本科生第一党支部、本科生第二党支部" in said


async def test_stranger_and_group_read_no_branch() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        chat.news(GROUP)
        assert await chat.say("李明", "对接支部", chat=GROUP) == []
        (said,) = await chat.say(99, "对接支部")
        assert "支部：" not in said
