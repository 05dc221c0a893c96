"""What is kept of where everybody stands follows every kind of record it hangs on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.rules.introduction import Path
from bot.standings import progress_of, standings
from storage.records import Opinion, PairingId, PersonId, Talk, TalkKind, TalkState, TermId
from tests.bot.dialogues.introductions import (
    becomes_candidate,
    meeting_on,
    review_meeting,
    way,
)
from tests.bot.dialogues.test_enrolment import enrol_with, forget_account, invite
from tests.support.chat import Chat, chatting
from tests.support.clock import at
from tests.support.standings import agree


async def test_who_enrols_is_no_longer_counted_as_not_enrolled() -> None:
    async with chatting() as chat:
        ours = chat.cast.branches["学一"]
        forget_account(chat, "李明")
        before = progress_of(chat.desk, ours).not_enrolled
        student = chat.cast["李明"]
        await enrol_with(chat, invite(chat, student), student.number[-4:])
        assert progress_of(chat.desk, ours).not_enrolled == before - 1


def asked(chat: Chat, kind: str) -> set[PersonId]:
    """Whom reminders of that kind will go to."""
    return {one.to for one in standings(chat.desk).situation().dated if one.kind == kind}


def writes_opinion(chat: Chat, of: Path, pairing: PairingId, mentor: PersonId) -> None:
    """Talked, written, consented: all of it yesterday."""
    store, then = chat.desk.store, chat.desk.now() - timedelta(days=1)
    confirmed = Talk(
        pairing=pairing,
        term=TermId(0),
        kind=TalkKind.INTRODUCTION,
        state=TalkState.CONFIRMED,
        day=then.date(),
        recorded=then,
        by=mentor,
    )
    written = Opinion(
        introduction=of.introduction.id,
        pairing=pairing,
        written=then.date(),
        consent=True,
        recorded=then,
    )
    with store.transaction():
        store.talks.add(confirmed)
    assert mentor in asked(chat, "T8")  # seen in between, so that each is heard of by itself
    with store.transaction():
        store.opinions.add(written)


async def test_every_record_of_an_introduction_and_the_branch_map_are_heard_of() -> None:
    async with chatting(at(2026, 11, 2, 10)) as chat:
        store, secretary = chat.desk.store, chat.cast["林峰"].id
        becomes_candidate(chat, "赵一")
        await review_meeting(chat, "赵一")
        assert asked(chat, "T8") == set()
        await meeting_on(chat, "11月20日", "赵一")
        chat.clock.move_to(at(2026, 11, 4, 10))
        path = way(chat, "赵一")
        waiting = {one.mentor for one in path.introducers}
        assert asked(chat, "T8") == waiting
        for one in path.introducers:
            writes_opinion(chat, path, one.pairing, one.mentor)
            waiting.remove(one.mentor)
            assert asked(chat, "T8") == waiting
        assert asked(chat, "B4") == {secretary}
        reviewed = replace(
            path.introduction,
            reviewed=chat.desk.today(),
            reviewer=secretary,
            reviewed_at=chat.desk.now(),
        )
        with store.transaction():
            store.introductions.put(reviewed)
        assert asked(chat, "B4") == set()
        with store.transaction():  # now the introducers are of no paired branch (R6)
            store.branches.put(replace(chat.cast.branches["学一"], paired=()))
        assert asked(chat, "B4") == {secretary}


async def test_what_a_failed_transaction_took_back_never_counted() -> None:
    async with chatting() as chat:
        ours, store = chat.cast.branches["学一"], chat.desk.store

        def everybody_leaves() -> None:
            with store.transaction():
                for one in store.people.where("branch", ours.id):
                    store.people.put(replace(one, left=date(2026, 9, 15)))
                assert progress_of(chat.desk, ours).students == 0
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            everybody_leaves()
        assert progress_of(chat.desk, ours).students > 0


async def test_all_is_looked_at_anew_after_the_store_was_read_back_and_with_each_day() -> None:
    async with chatting() as chat:
        ours = chat.cast.branches["学一"]
        await chat.say("李明", "已谈")
        assert progress_of(chat.desk, ours).talk[TalkState.CLAIMED] == 1
        chat.desk.store.reopen()
        agree(chat.desk)
        chat.clock.move_to(at(2027, 1, 4, 9))
        agree(chat.desk)


async def test_a_clock_set_back_finds_again_what_it_had_passed() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await chat.say("李明", "已谈")
        held = standings(chat.desk)
        nudge = held.coming(at(2026, 9, 17, 8))
        assert held.coming(at(2026, 9, 17, 12)) != nudge
        assert held.coming(at(2026, 9, 17, 8)) == nudge
