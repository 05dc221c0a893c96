"""The rehearsed branch meeting of three candidates ends as the rules say, and tells nobody too much."""

from __future__ import annotations

from storage.records import Stage
from tests.bot.dialogues.introductions import lacking, way
from tests.rehearsals.introduction import BEGINS, MEETING, play
from tests.support.chat import chatting


async def test_only_the_candidate_with_everything_is_accepted() -> None:
    lines: list[str] = []
    async with chatting(BEGINS) as chat:
        await play(chat, lines.append)
        people = {name: chat.desk.store.people[chat.cast[name].id] for name in chat.cast.telegram}
        assert (people["赵一"].stage, people["赵一"].stage_since) == (
            Stage.PROBATIONARY,
            MEETING.date(),
        )
        assert people["李明"].stage is people["王小雨"].stage is Stage.CANDIDATE
        assert lacking(chat, "李明") == ["talks", "opinions", "consents", "reviewed"]
        assert lacking(chat, "王小雨") == ["consents", "reviewed"]
        assert [one.consent for one in way(chat, "王小雨").introducers] == [True, False]
    assert lines[-1].startswith("── 结束：赵一 预备党员；李明 还缺 talks")
    told = [line for line in lines if "引路 → 王小雨" in line or "引路 ✎ 王小雨" in line]
    assert told
    assert not [line for line in told if "暂不" in line or "愿意" in line or "当面沟通" in line]
    asked = [line for line in lines if "引路 → 李明" in line and "目前还缺" in line]
    assert [line[:5] for line in asked] == ["11-13", "11-17", "11-19"]
