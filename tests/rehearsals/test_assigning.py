"""The rehearsed branch of 40 newcomers ends with a mentor for each, evenly loaded, and asked once."""

from __future__ import annotations

from tests.rehearsals.assigning import BEGINS, MANY, SILENT, UNWILLING, loads, names, play
from tests.support.chat import chatting


async def test_forty_newcomers_come_from_the_roster_to_their_mentors_consent() -> None:
    lines: list[str] = []
    async with chatting(BEGINS) as chat:
        await play(chat, lines.append)
        store = chat.desk.store
        held = {name: store.pairings.where("open_student", chat.cast[name].id) for name in names()}
        assert len(held) == MANY
        assert {len(pairings) for pairings in held.values()} == {1}
        asked = [one for (one,) in held.values() if one.asked is not None]
        assert {one.consent for one in asked} == {True}
        without_account = {one.mentor for (one,) in held.values() if one.asked is None}
        assert without_account == {chat.cast["郑老师"].id}
        after = loads(chat)
    told = {line.split(" → ")[1].split()[0] for line in lines if "你的培养联系人现为" in line}
    assert told >= set(names())
    before = next(line for line in lines if "分配之前" in line)
    assert before.endswith("[4, 2, 1, 0, 0, 0, 0, 0]")
    spread = next(line for line in lines if "分配之后" in line)
    assert spread.endswith("[6, 6, 6, 6, 6, 6, 6, 5]")
    assert sum(after) == 47
    nudged = [line for line in lines if "方便时请您答复" in line and " → " in line]
    assert [SILENT in line for line in nudged] == [True]
    assert [line for line in lines if f"{UNWILLING}老师不便担任" in line]
