"""A tap in the /done list on somebody who has claimed: the claim keeps its day unless one was chosen."""

from __future__ import annotations

from storage.records import TalkState
from tests.bot.dialogues.talks import claims, state
from tests.support.chat import chatting
from tests.support.clock import at


async def test_mentor_who_taps_a_claimant_in_the_list_confirms_the_day_that_was_claimed() -> None:
    async with chatting() as chat:
        await claims(chat, "李明", "已谈 9月14日")
        chat.clock.move_to(at(2026, 9, 18, 17))
        await chat.say("周老师", "/done")
        note = await chat.press("周老师", "李明")
        assert note is not None
        assert "9月14日（周一）" in note
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-14")
        assert chat.news("李明")[0].startswith("周文老师已确认9月14日（周一）的谈话。")


async def test_mentor_who_has_chosen_a_day_for_the_list_records_that_day() -> None:
    async with chatting() as chat:
        await claims(chat, "李明", "已谈 9月14日")
        await chat.say("周老师", "/done 9月15日")
        await chat.press("周老师", "李明")
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-15")
