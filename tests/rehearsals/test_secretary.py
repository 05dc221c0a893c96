"""The rehearsed week leaves the secretary with everything recorded once, and every slip taken back."""

from __future__ import annotations

import re

from storage.records import TalkState
from tests.bot.dialogues.talks import state
from tests.rehearsals.secretary import AWAY, BEGINS, STRANGERS, WHY, play
from tests.support.chat import chatting


async def test_a_week_of_the_secretary_ends_with_every_slip_taken_back() -> None:
    lines: list[str] = []
    async with chatting(BEGINS, paced=True) as chat:
        await play(chat, lines.append)
        store = chat.desk.store
        assert state(chat, "钱二", "郑老师") == (TalkState.CONFIRMED, "2026-09-16")
        paused = [one.student for one in store.pauses if one.ended is None]
        assert paused == [chat.cast[AWAY].id]
        let_off = [one.student for one in store.exemptions if one.relief is not None]
        assert let_off == [chat.cast["李明"].id]
        links = [one.person for one in store.invites if one.used is None and not one.revoked]
        assert sorted(links) == sorted(chat.cast[name].id for name in STRANGERS)
        others = [name for name in chat.cast.telegram if name != "林峰"]
        assert not [one for name in others for one in chat.in_chat(name) if WHY in one.text]
    said = [line for line in lines if "引路 → 林峰" in line or "引路 ✎ 林峰" in line]
    assert not [line for line in said if re.search(r"[!！]|没有看明白|没有办成", line)]
    undone = [line.split("已撤销：")[1] for line in said if "已撤销：" in line]
    assert undone == ["谈话登记的作废（钱二）。", f"暂停（{AWAY}）。", "推迟谈话（王小雨）。"]
