"""Three candidates of one branch meeting, as a transcript: one misses a talk, one gets a 暂不.

``python -m tests.rehearsals.introduction`` prints it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.bot.dialogues.introductions import becomes_candidate, lacking
from tests.bot.dialogues.talks import quiet
from tests.rehearsals.scene import Scene
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at

CANDIDATES = ("赵一", "李明", "王小雨")
FULL = {"周老师": "周文老师", "吴老师": "吴静老师"}
BEGINS = at(2026, 11, 2, 10)
MEETING = at(2026, 11, 20, 16)


def _card(scene: Scene, who: str, name: str) -> Shown:
    """Return the newest card of that candidate."""
    return scene.latest(who, f"{name}同学的")


async def play(chat: Chat, tell: Callable[[str], None]) -> None:
    """From the review meeting to the afternoon of the branch meeting."""
    for name in CANDIDATES:
        becomes_candidate(chat, name)
    quiet(chat)
    scene = Scene(chat, tell)
    await _review_meeting(scene)
    await _talks(scene)
    await _opinions(scene)
    for day in (13, 17, 19):
        await scene.at(at(2026, 11, day, 9))
    await _branch_meeting(scene)
    tell("── 结束：" + "；".join(_state(chat, name) for name in CANDIDATES))


def _state(chat: Chat, name: str) -> str:
    person = chat.desk.store.people[chat.cast[name].id]
    if person.stage == "probationary":
        return f"{name} 预备党员"
    return f"{name} 还缺 {'、'.join(lacking(chat, name))}"


async def _review_meeting(scene: Scene) -> None:
    for step in ("登记审查会议", "大会日期"):
        await scene.says("林峰", "/intro")
        await scene.presses("林峰", step, on=scene.latest("林峰"))
        picker = scene.latest("林峰")
        for name in CANDIDATES:
            await scene.presses("林峰", name, on=picker)
        await scene.presses("林峰", "选好了")
        if step == "登记审查会议":
            await scene.presses("林峰", "今天")
        else:
            await scene.says("林峰", "11月20日")


async def _talks(scene: Scene) -> None:
    """Everybody talks with both, but 李明 does not get to 吴老师."""
    for number, name in enumerate(CANDIDATES):
        await scene.at(at(2026, 11, 4 + number, 10))
        await scene.presses(name, "志愿书已填")
        await scene.presses(name, "今天")
        for mentor, full in FULL.items():
            if (name, mentor) == ("李明", "吴老师"):
                continue
            await scene.says(name, f"与{full}谈过了")
            await scene.presses(name, "入党介绍")
            await scene.presses(mentor, "属实")


async def _opinions(scene: Scene) -> None:
    """Both write of everybody; 吴老师 says 暂不 of 王小雨, and has not talked with 李明."""
    await scene.at(at(2026, 11, 9, 10))
    for mentor in FULL:
        await scene.says(mentor, "/intro")
        for name in CANDIDATES:
            if (name, mentor) == ("李明", "吴老师"):
                continue
            card = _card(scene, mentor, name)
            await scene.presses(mentor, "意见已写", on=card)
            attitude = "暂不" if (name, mentor) == ("王小雨", "吴老师") else "愿意"
            await scene.presses(mentor, attitude, on=card)


async def _branch_meeting(scene: Scene) -> None:
    """The branch reviews whom it can, and the meeting accepts whom the gate lets through."""
    for label in ("审查通过", "接收"):
        for name in CANDIDATES:
            await scene.says("林峰", "/intro")
            listed = scene.latest("林峰")
            if name not in listed.buttons:
                continue
            await scene.presses("林峰", name, on=listed)
            card = scene.latest("林峰")
            await scene.presses("林峰", label, on=card)
            if label == "审查通过" and "今天" in scene.latest("林峰").buttons:
                await scene.presses("林峰", "今天")
        if label == "审查通过":
            await scene.at(MEETING)


async def main() -> None:
    async with chatting(BEGINS) as chat:
        await play(chat, print)


if __name__ == "__main__":
    asyncio.run(main())
