"""A student's next stage: what the store holds then, who is told, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot import college
from bot.actions.stage import change_stage
from bot.actions.undo import undo
from bot.refusal import Refusal
from storage.records import (
    Decision,
    Ending,
    Introduction,
    Pairing,
    PersonId,
    Role,
    Stage,
    TalkState,
)
from tests.support.chat import Chat, chatting
from tests.support.clock import at

TODAY = date(2026, 9, 15)
LATER = at(2027, 3, 9, 10)  # a year after the cast's day of stage


async def move(
    chat: Chat, name: str, to: Stage, day: date | None = None, why: str | None = None
) -> None:
    store = chat.desk.store
    with store.transaction():
        student = store.people[chat.cast[name].id]
        act = day or chat.desk.today()
        change_stage(chat.desk, student, to, act, chat.cast["林峰"].id, why=why)
    await chat.settle()


def pairings(chat: Chat, name: str) -> list[Pairing]:
    return list(chat.desk.store.pairings.where("student", chat.cast[name].id))


def open_ones(chat: Chat, name: str) -> set[tuple[str, Role]]:
    store = chat.desk.store
    student = store.people[chat.cast[name].id]
    found = college.open_pairings_of(store, student)
    return {(store.people[one.mentor].name, one.role) for one in found}


async def test_contacts_of_a_new_candidate_become_the_introducers() -> None:
    async with chatting(LATER) as chat:
        store = chat.desk.store
        with store.transaction():
            second = Pairing(
                student=chat.cast["李明"].id, mentor=chat.cast["吴老师"].id, role=Role.CONTACT
            )
            store.pairings.add(second)
        await move(chat, "李明", Stage.CANDIDATE)
        assert open_ones(chat, "李明") == {
            ("周文", Role.INTRODUCER),
            ("吴静", Role.INTRODUCER),
        }
        ended = [one for one in pairings(chat, "李明") if one.until]
        assert [one.ended for one in ended] == [Ending.STAGE, Ending.STAGE]
        heirs = [store.pairings[one.successor].mentor for one in ended if one.successor]
        assert heirs == [one.mentor for one in ended]
        assert chat.news("李明") == [
            "李明同学，你好。你的入党介绍人现为周文老师、吴静老师。——本科生第一党支部"
        ]


async def test_contact_who_becomes_introducer_is_asked_for_consent_that_afternoon() -> None:
    async with chatting(LATER) as chat:
        await move(chat, "李明", Stage.CANDIDATE)
        assert chat.news("周老师") == []
        await chat.tick(at(2027, 3, 9, 16))
        (asked,) = [one for one in chat.news("周老师") if "拟请您担任" in one]
        assert "拟请您担任李明同学（小教2401）的入党介绍人" in asked
        await chat.press("周老师", "同意")
        assert [one.consent for one in pairings(chat, "李明")] == [None, True]


async def test_stage_and_its_day_are_recorded_with_who_did_it_and_without_the_number() -> None:
    async with chatting(LATER) as chat:
        await move(chat, "李明", Stage.CANDIDATE, date(2027, 3, 8))
        person = chat.desk.store.people[chat.cast["李明"].id]
        assert (person.stage, person.stage_since) == (Stage.CANDIDATE, date(2027, 3, 8))
        (written,) = chat.desk.store.deeds.where("row", ("people", person.id))
        assert written.by == chat.cast["林峰"].id
        assert written.before == {"stage": "activist", "stage_since": "2026-03-02", "left": None}
        assert person.number not in str(written)


async def test_the_terms_talk_goes_on_with_the_same_mentor() -> None:
    async with chatting() as chat:
        await chat.say("李明", "已谈")
        await move(chat, "李明", Stage.CANDIDATE, why="支部委员会研究决定")
        chat.news("周老师")
        await chat.press("周老师", "属实")
        student = chat.desk.store.people[chat.cast["李明"].id]
        term = chat.desk.term()
        assert term is not None
        state = college.student_state(chat.desk, student, term, chat.desk.today())
        assert state is TalkState.CONFIRMED


async def test_contact_who_may_not_introduce_stays_contact_until_another_is_named() -> None:
    async with chatting(LATER) as chat:
        store = chat.desk.store
        with store.transaction():
            store.people.put(replace(chat.cast["周老师"], may_introduce=False))
        await move(chat, "李明", Stage.CANDIDATE)
        assert open_ones(chat, "李明") == {("周文", Role.CONTACT)}
        assert chat.news("李明") == []


async def test_relative_does_not_become_introducer_by_itself() -> None:
    async with chatting(LATER) as chat:
        store = chat.desk.store
        with store.transaction():
            relatives = (chat.cast["周老师"].number,)
            store.people.put(replace(chat.cast["赵一"], stage=Stage.ACTIVIST, relatives=relatives))
        await move(chat, "赵一", Stage.CANDIDATE)
        assert open_ones(chat, "赵一") == {("吴静", Role.INTRODUCER)}


def received(chat: Chat, name: str) -> None:
    """Record that the branch meeting of today has received the student."""
    store, today = chat.desk.store, chat.desk.today()
    with store.transaction():
        store.introductions.add(
            Introduction(
                student=chat.cast[name].id,
                review=today,
                meeting=today,
                decision=Decision.ACCEPTED,
                closed=today,
            )
        )


@pytest.mark.parametrize(("is_received", "day"), [(False, LATER), (True, at(2027, 3, 8, 10))])
async def test_nobody_becomes_probationary_but_by_the_meeting_of_that_day(
    is_received: bool, day: datetime
) -> None:
    async with chatting(LATER) as chat:
        if is_received:
            received(chat, "赵一")
        with pytest.raises(Refusal) as refused:
            await move(chat, "赵一", Stage.PROBATIONARY, day.date(), why="支部委员会研究决定")
        assert refused.value.kind == "stage_by_meeting"
        assert chat.desk.store.people[chat.cast["赵一"].id].stage is Stage.CANDIDATE


async def test_contacts_are_over_once_somebody_is_probationary() -> None:
    async with chatting(LATER) as chat:
        received(chat, "赵一")
        await move(chat, "赵一", Stage.PROBATIONARY)
        assert open_ones(chat, "赵一") == set()
        assert {one.ended for one in pairings(chat, "赵一")} == {Ending.STAGE}


async def test_introducers_are_in_charge_until_full_membership_and_no_longer() -> None:
    async with chatting(LATER) as chat:
        await move(chat, "孙三", Stage.FULL)
        assert open_ones(chat, "孙三") == set()
        day = chat.desk.today()
        assert {(one.ended, one.until) for one in pairings(chat, "孙三")} == {(Ending.STAGE, day)}


async def test_contact_who_began_after_the_day_of_the_stage_ends_no_earlier_than_begun() -> None:
    async with chatting(LATER) as chat:
        store = chat.desk.store
        with store.transaction():
            (held,) = pairings(chat, "李明")
            store.pairings.put(replace(held, since=date(2027, 3, 5)))
        await move(chat, "李明", Stage.CANDIDATE, date(2027, 3, 3))
        assert [(one.since, one.until) for one in pairings(chat, "李明")] == [
            (date(2027, 3, 5), date(2027, 3, 5)),
            (date(2027, 3, 5), None),
        ]


@pytest.mark.parametrize(
    ("name", "to", "day", "refusal"),
    [
        ("李明", Stage.PROBATIONARY, TODAY, "stage_skipped"),
        ("赵一", Stage.ACTIVIST, TODAY, "stage_back"),
        ("赵一", Stage.CANDIDATE, TODAY, "stage_same"),
        ("赵一", Stage.PROBATIONARY, date(2026, 9, 16), "stage_future"),
        ("赵一", Stage.PROBATIONARY, date(2026, 3, 1), "stage_before"),
        ("李明", Stage.CANDIDATE, TODAY, "stage_early"),
        ("孙三", Stage.FULL, TODAY, "stage_early"),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    name: str, to: Stage, day: date, refusal: str
) -> None:
    async with chatting() as chat:
        store = chat.desk.store
        before = store.people[chat.cast[name].id], pairings(chat, name)
        with pytest.raises(Refusal) as refused:
            await move(chat, name, to, day)
        assert refused.value.kind == refusal
        assert (store.people[chat.cast[name].id], pairings(chat, name)) == before


async def test_stage_of_before_the_year_goes_through_with_a_reason_on_record() -> None:
    async with chatting() as chat:
        await move(chat, "李明", Stage.CANDIDATE, why="支部委员会研究决定")
        person = chat.desk.store.people[chat.cast["李明"].id]
        assert person.stage is Stage.CANDIDATE
        (written,) = chat.desk.store.deeds.where("row", ("people", person.id))
        assert written.why == "支部委员会研究决定"


async def test_undoing_a_stage_brings_back_stage_mentors_and_talk() -> None:
    async with chatting() as chat:
        await chat.say("李明", "已谈")
        before = chat.desk.store.people[chat.cast["李明"].id], open_ones(chat, "李明")
        await move(chat, "李明", Stage.CANDIDATE, why="支部委员会研究决定")
        chat.news("李明")
        chat.news("林峰")
        assert await chat.say("林峰", "/undo") == ["已撤销：阶段的更改（李明）。"]
        assert (chat.desk.store.people[PersonId(before[0].id)], open_ones(chat, "李明")) == before
        assert chat.news("李明") == [
            "李明同学，你好。你的培养联系人现为周文老师。——本科生第一党支部"
        ]
        await chat.press("周老师", "属实")
        assert "已确认" in chat.news("李明")[0]


async def test_stage_on_which_a_mentor_has_built_is_not_undone() -> None:
    async with chatting() as chat:
        await chat.say("李明", "已谈")
        await move(chat, "李明", Stage.CANDIDATE, why="支部委员会研究决定")
        await chat.press("周老师", "属实")
        secretary = chat.desk.store.people[chat.cast["林峰"].id]
        with chat.desk.store.transaction(), pytest.raises(Refusal) as refused:
            undo(chat.desk, secretary)
        assert refused.value.kind == "undo_answered"
