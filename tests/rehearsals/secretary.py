"""One week of a branch's secretary with 40 newcomers beside the cast, as a transcript.

``python -m tests.rehearsals.secretary`` prints it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from storage.records import Account
from tests.bot.dialogues.talks import quiet
from tests.rehearsals.assigning import bring_in
from tests.rehearsals.scene import Scene
from tests.support.chat import Chat, chatting
from tests.support.clock import at

BEGINS = at(2026, 9, 21, 8)  # the Monday of week 3
WHO = "林峰"
STRANGERS = ("罗飞", "罗翔", "罗宁")
AWAY = "马飞"
WHY = "郑老师不用手机聊天，已电话核对"


async def play(chat: Chat, tell: Callable[[str], None]) -> None:
    """From the Monday of week 3 to its Friday, and what is overdue after the deadline."""
    aloud = True
    scene = Scene(chat, lambda line: tell(line) if aloud and _is_hers(line) else None)
    aloud = False
    bring_in(chat)
    await scene.says(WHO, "/assign")
    await scene.presses(WHO, "全部确定", on=scene.latest(WHO, "高飞等40位"))
    _close_accounts(chat)
    await scene.at(at(2026, 9, 21, 9))
    quiet(chat)
    aloud = True
    for day in (_monday, _tuesday, _wednesday, _thursday, _overdue):
        await day(scene)


def _is_hers(line: str) -> bool:
    return "──" in line or f"  {WHO} → " in line or f" {WHO}  " in line


def _close_accounts(chat: Chat) -> None:
    """Three of the newcomers have not enrolled."""
    store = chat.desk.store
    with store.transaction():
        for name in STRANGERS:
            account = store.accounts.one("person", chat.cast[name].id)
            assert isinstance(account, Account)
            store.accounts.remove(account.id)


async def _monday(scene: Scene) -> None:
    """The state, the names behind it, and a talk recorded for a teacher without Telegram."""
    await scene.at(at(2026, 9, 21, 10))
    await scene.says("高飞", "昨天谈了")
    await scene.says("高翔", "约不上老师")
    await scene.says(WHO, "/status")
    await scene.presses(WHO, "未谈名单")
    await scene.says(WHO, "/assign 乾二")
    await scene.presses(WHO, "钱二", on=scene.latest(WHO))
    await scene.presses(WHO, "代记谈话")
    await scene.presses(WHO, "昨天")
    await scene.says(WHO, WHY)


async def _tuesday(scene: Scene) -> None:
    """The day was another one; then it was nobody's talk; then it was one after all."""
    await scene.at(at(2026, 9, 22, 16))
    await scene.presses(WHO, "已联系好")
    await scene.says(WHO, "/assign 钱二")
    await scene.presses(WHO, "更正")
    choices = scene.latest(WHO)
    await scene.presses(WHO, "改谈话日期", on=choices)
    await scene.says(WHO, "9.16")
    await scene.says(WHO, "通话是16日")
    await scene.presses(WHO, "谈话作废", on=choices)
    await scene.says(WHO, "电话里弄错了人")
    await scene.says(WHO, "/undo")
    await scene.presses(WHO, "记录")


async def _wednesday(scene: Scene) -> None:
    """Somebody goes abroad; three get their links."""
    await scene.at(at(2026, 9, 23, 10))
    await scene.says(WHO, f"/assign {AWAY}")
    await scene.presses(WHO, "暂停")
    await scene.presses(WHO, "交换")
    await scene.says(WHO, "2027.1.31")
    await scene.says(WHO, "/undo")
    await scene.presses(WHO, "暂停")
    await scene.presses(WHO, "交换")
    await scene.says(WHO, "2027.1.31")
    await scene.says(WHO, "/status")
    await scene.presses(WHO, "未开通")
    listed = scene.latest(WHO)
    await scene.presses(WHO, STRANGERS[0], on=listed)
    await scene.presses(WHO, "开通链接")
    await scene.presses(WHO, "全部重发", on=listed)
    await scene.presses(WHO, "重发")


async def _thursday(scene: Scene) -> None:
    """What comes, on paper and in a workbook."""
    await scene.at(at(2026, 9, 24, 9))
    await scene.says(WHO, "/plan")
    await scene.says(WHO, "/export")
    await scene.presses(WHO, "打印登记表")


async def _overdue(scene: Scene) -> None:
    """After the deadline: one is let off, one gets more time, one of both was a slip."""
    await scene.at(at(2026, 10, 12, 9))
    for name, label, why in (
        ("李明", "免除谈话", "长期病假，支部已研究同意"),
        ("王小雨", "推迟谈话", "校外实习，回校后补谈"),
    ):
        await scene.says(WHO, f"/assign {name}")
        await scene.presses(WHO, label)
        await scene.says(WHO, why)
    await scene.presses(WHO, "撤销")


async def main() -> None:
    async with chatting(BEGINS, paced=True) as chat:
        await play(chat, print)


if __name__ == "__main__":
    asyncio.run(main())
