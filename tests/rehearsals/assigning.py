"""A branch of 40 new activists, from the roster to their mentors' consent, as a transcript.

``python -m tests.rehearsals.assigning`` prints it, with the load of each teacher before and after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot import college
from bot.actions import roster
from storage.records import Account, Kind, Stage
from storage.workbook_rows import PersonRow
from tests.bot.dialogues.talks import quiet
from tests.rehearsals.scene import Scene
from tests.support.chat import Chat, chatting
from tests.support.clock import at

BEGINS = at(2026, 9, 15, 10)
MANY = 40
FAMILY, GIVEN = "高马朱胡林郭罗梁", "飞翔宁安康"
NEW_TEACHERS = ("孔明德", "曹文轩", "严立新", "华清远")
UNWILLING, SILENT = "严立新", "华清远"


def names() -> list[str]:
    """Return 40 names, all different."""
    return [family + given for family in FAMILY for given in GIVEN]


def bring_in(chat: Chat) -> int:
    """Import the roster as it stands with 40 activists and four teachers more; return how many are new."""
    store = chat.desk.store
    rows = roster.export(store)
    ours, theirs = chat.cast.branches["学一"].name, chat.cast.branches["教一"].name
    students = [
        PersonRow(
            number=f"20269{place:04d}",
            name=name,
            branch=ours,
            kind=Kind.STUDENT,
            stage=Stage.ACTIVIST,
            class_name=f"小教260{place % 4 + 1}",
            stage_since=date(2026, 9, 10),
        )
        for place, name in enumerate(names())
    ]
    teachers = [
        PersonRow(
            number=f"T9{place:03d}", name=name, branch=theirs, kind=Kind.TEACHER, stage=Stage.FULL
        )
        for place, name in enumerate(NEW_TEACHERS)
    ]
    with store.transaction():
        known = len(store.people)
        more = replace(rows, people=(*rows.people, *students, *teachers))
        report = roster.apply(store, more, at=chat.desk.now())
        assert report.accepted, list(report.lines())
        _enrol(chat, [*names(), *NEW_TEACHERS])
    return len(store.people) - known


def _enrol(chat: Chat, people: list[str]) -> None:
    store = chat.desk.store
    for place, name in enumerate(people):
        person = next(one for one in store.people if one.name == name)
        telegram = 5000 + place
        store.accounts.add(Account(person=person.id, telegram=telegram, since=chat.desk.now()))
        chat.cast.telegram[name] = telegram
        chat.cast.people[name] = person


def loads(chat: Chat) -> list[int]:
    """Return how many students each teacher of the paired branch answers for, the most first."""
    store = chat.desk.store
    teachers = college.members(store, chat.cast.branches["教一"].id)
    return sorted((college.load(store, one, chat.desk.today()) for one in teachers), reverse=True)


async def play(chat: Chat, tell: Callable[[str], None]) -> None:
    """From the import on a Tuesday to the Friday, when the last one answers after the nudge."""
    await chat.tick()
    tell(f"── 花名册导入：新增 {bring_in(chat)} 人")
    quiet(chat)
    tell(f"── 每位教工联系的学生，分配之前：{loads(chat)}")
    scene = Scene(chat, tell)
    await scene.says("林峰", "/assign")
    await scene.presses("林峰", "全部确定", on=scene.latest("林峰", "高飞等40位"))
    tell(f"── 每位教工联系的学生，分配之后：{loads(chat)}")
    await scene.at(at(2026, 9, 15, 16))
    await _answers(chat, scene)
    await scene.at(at(2026, 9, 18, 16))
    await scene.presses(SILENT, "全部同意", on=scene.latest(SILENT))
    await scene.at(at(2026, 9, 20, 16))
    tell(f"── 结束：{_state(chat)}；负担 {loads(chat)}")


async def _answers(chat: Chat, scene: Scene) -> None:
    """Everyone agrees the next morning, but one declines the first student and one says nothing."""
    await scene.at(at(2026, 9, 16, 9))
    mentors = [name for name in chat.cast.telegram if _asked(chat, name) and name != SILENT]
    for name in mentors:
        if name == UNWILLING:
            await scene.presses(name, _asked(chat, name)[1])
        if labels := _asked(chat, name):
            await scene.presses(name, "全部同意" if "全部同意" in labels else labels[0])
    await scene.presses("林峰", "更换", on=scene.latest("林峰", "林峰同志，你好。严立新老师不便"))
    await scene.says("林峰", "郑强")
    if "请写明原因" in scene.latest("林峰").text:
        await scene.says("林峰", "其他老师也都满了")


def _asked(chat: Chat, name: str) -> list[str]:
    """Return the labels under the last question for consent, 同意 and 不便 in turn."""
    shown = [one for one in chat.in_chat(name) if any("同意" in key for key in one.buttons)]
    return list(shown[-1].buttons) if shown else []


def _state(chat: Chat) -> str:
    store = chat.desk.store
    people = {chat.cast[name].id for name in names()}
    held = [one for one in store.pairings if one.student in people and one.until is None]
    agreed = sum(bool(one.consent) for one in held)
    unasked = sum(one.asked is None for one in held)
    waiting = len(held) - agreed - unasked
    students = len({one.student for one in held})
    return f"{students} 位同学有联系人，同意 {agreed}，待答复 {waiting}，老师未开通 {unasked}"


async def main() -> None:
    async with chatting(BEGINS) as chat:
        await play(chat, print)


if __name__ == "__main__":
    asyncio.run(main())
