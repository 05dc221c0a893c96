"""What `assign` leaves in the store, what students and mentors then read, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot import college
from bot.actions import assign
from bot.refusal import Refusal
from bot.rules.matching import Proposal
from storage.records import Kind, Pairing, Person, Role, Stage, TalkState
from tests.support.chat import Chat, chatting

TODAY = date(2026, 9, 15)


async def accept(chat: Chat, proposal: Proposal | None = None) -> list[Pairing]:
    with chat.desk.store.transaction():
        begun = assign.accept(chat.desk, proposal or assign.propose(chat.desk), None)
    await chat.settle()
    return begun


def pairs(chat: Chat, begun: list[Pairing]) -> set[tuple[str, str, Role]]:
    people = chat.desk.store.people
    return {(people[one.student].name, people[one.mentor].name, one.role) for one in begun}


def change(chat: Chat, name: str, **changes: object) -> Person:
    store = chat.desk.store
    with store.transaction():
        now = store.people[chat.cast[name].id]
        return store.people.put(replace(now, **changes))  # type: ignore[arg-type]


# proposing


async def test_everyone_who_lacks_mentors_is_proposed_some_and_nobody_else() -> None:
    async with chatting() as chat:
        proposal = assign.propose(chat.desk)
        assert [(one.student.name, one.mentor.name) for one in proposal.pairings] == [
            ("赵一", "周文"),
            ("赵一", "吴静"),
            ("冯四", "何平"),
        ]
        assert proposal.unassigned == ()


async def test_proposing_for_one_branch_leaves_the_others_out() -> None:
    async with chatting() as chat:
        proposal = assign.propose(chat.desk, [chat.cast.branches["学二"]])
        assert [one.student.name for one in proposal.pairings] == ["冯四"]


async def test_proposing_for_no_branch_proposes_nothing() -> None:
    async with chatting() as chat:
        assert assign.propose(chat.desk, []) == Proposal()


async def test_students_of_other_branches_weigh_on_the_mentors() -> None:
    async with chatting() as chat:
        only = assign.propose(chat.desk, [chat.cast.branches["学二"]])
        # The other teachers have students in 学一.
        assert [one.mentor.name for one in only.pairings] == ["何平"]


async def test_a_student_whose_only_mentor_has_left_is_proposed_another() -> None:
    async with chatting() as chat:
        change(chat, "郑老师", left=TODAY)
        proposal = assign.propose(chat.desk)
        assert [one.mentor.name for one in proposal.pairings if one.student.name == "钱二"] == [
            "何平"
        ]


async def test_students_who_have_left_or_sit_in_a_faculty_branch_are_not_proposed_for() -> None:
    async with chatting() as chat:
        change(chat, "冯四", left=TODAY)
        change(chat, "赵一", branch=chat.cast.branches["教一"].id)
        assert assign.propose(chat.desk) == Proposal()


async def test_a_mentor_above_the_offices_mark_is_pointed_out() -> None:
    async with chatting() as chat:
        for name in ("吴老师", "郑老师", "何主任", "韩书记"):
            change(chat, name, may_introduce=False)
        for name in ("陈静", "林峰"):
            change(chat, name, stage=Stage.PROBATIONARY)
        change(chat, "钱二", stage=Stage.CANDIDATE)
        proposal = assign.propose(chat.desk)
        assert assign.heavy(chat.desk, proposal) == [(chat.cast["周老师"], Role.INTRODUCER, 5)]


# accepting


async def test_pairings_begin_today_and_each_has_its_deed_in_one_act() -> None:
    async with chatting() as chat:
        begun = await accept(chat)
        assert pairs(chat, begun) == {
            ("赵一", "周文", Role.INTRODUCER),
            ("赵一", "吴静", Role.INTRODUCER),
            ("冯四", "何平", Role.CONTACT),
        }
        assert {(one.since, one.until) for one in begun} == {(TODAY, None)}
        deeds = [chat.desk.store.deeds.where("row", ("pairings", one.id))[0] for one in begun]
        assert {(one.what, one.by, one.before) for one in deeds} == {("assign", None, None)}
        assert [one.about for one in deeds] == [one.student for one in begun]
        assert len({one.batch for one in deeds}) == 1


async def test_the_person_who_accepts_is_in_the_deed() -> None:
    async with chatting() as chat:
        store, secretary = chat.desk.store, chat.cast["林峰"].id
        with store.transaction():
            begun = assign.accept(chat.desk, assign.propose(chat.desk), secretary)
        assert store.deeds.where("row", ("pairings", begun[0].id))[0].by == secretary


async def test_students_read_who_their_mentors_are_now() -> None:
    async with chatting() as chat:
        await accept(chat)
        assert chat.news("冯四") == [
            "冯四同学，你好。你的培养联系人现为何平老师，请主动约谈，最迟9月27日（周日）（含当天）。"
            "——本科生第二党支部"
        ]
        assert chat.news("赵一") == [
            "赵一同学，你好。你的入党介绍人现为周文老师、吴静老师，请主动约谈，"
            "最迟9月27日（周日）（含当天）。——本科生第一党支部"
        ]
        assert chat.news("李明") == []


async def test_nothing_is_left_to_propose_afterwards() -> None:
    async with chatting() as chat:
        await accept(chat)
        assert assign.propose(chat.desk) == Proposal()


# a contact who becomes introducer: the same person, no visible change (A24)


async def claim(chat: Chat) -> None:
    await chat.say("赵一", "已谈")
    await chat.press("赵一", "周文老师")
    chat.news("赵一")


async def test_a_claim_stays_before_the_contact_who_becomes_introducer() -> None:
    async with chatting() as chat:
        await claim(chat)
        await accept(chat)
        assert "请主动约谈" not in chat.news("赵一")[0]
        assert "等老师确认" in (await chat.say("赵一", "/status"))[0]
        await chat.press("周老师", "属实")
        assert "周文老师已确认9月15日（周二）的谈话" in chat.news("赵一")[0]


async def test_a_confirmed_talk_still_counts_for_the_contact_who_becomes_introducer() -> None:
    async with chatting() as chat:
        await claim(chat)
        await chat.press("周老师", "属实")
        begun = await accept(chat)
        term = chat.desk.term()
        assert term is not None
        states = {
            chat.desk.store.people[one.mentor].name: college.talk_state(chat.desk.store, one, term)
            for one in begun
        }
        assert states == {
            "周文": TalkState.CONFIRMED,
            "吴静": TalkState.NONE,
            "何平": TalkState.NONE,
        }
        assert "老师已确认1位：赵一" in (await chat.say("周老师", "/status"))[-1]


# two secretaries at once: the second sees what the first did


async def test_of_two_who_accept_the_same_proposal_the_second_reads_who_has_changed() -> None:
    async with chatting() as chat:
        proposal = assign.propose(chat.desk)
        await accept(chat, proposal)
        before = len(chat.desk.store.pairings)
        with pytest.raises(Refusal) as refused:
            await accept(chat, proposal)
        assert refused.value.kind == "assign_changed"
        assert refused.value.args_said == {
            "students": [chat.cast["赵一"].id, chat.cast["冯四"].id]
        }
        assert len(chat.desk.store.pairings) == before


def _gone(chat: Chat) -> None:
    change(chat, "冯四", left=TODAY)


def _full(chat: Chat) -> None:
    change(chat, "冯四", stage=Stage.FULL)


def _other_stage(chat: Chat) -> None:
    change(chat, "冯四", stage=Stage.CANDIDATE)


def _other_branch(chat: Chat) -> None:
    store, branches = chat.desk.store, chat.cast.branches
    with store.transaction():
        store.branches.put(replace(store.branches[branches["学二"].id], paired=()))


def _mentor_gone(chat: Chat) -> None:
    change(chat, "何主任", left=TODAY)


def _relative(chat: Chat) -> None:
    change(chat, "何主任", relatives=(chat.cast["冯四"].number,))


def _may_not_introduce(chat: Chat) -> None:
    change(chat, "何主任", may_introduce=False)


def _has_contact(chat: Chat) -> None:
    store = chat.desk.store
    with store.transaction():
        store.pairings.add(
            Pairing(student=chat.cast["冯四"].id, mentor=chat.cast["吴老师"].id, role=Role.CONTACT)
        )


MEANWHILE = {
    "the student has left": _gone,
    "the student is a full member": _full,
    "the student is a candidate": _other_stage,
    "the branch is paired with none": _other_branch,
    "the mentor has left": _mentor_gone,
    "the mentor is a relative": _relative,
    "the mentor may not introduce": _may_not_introduce,
    "the student has another contact": _has_contact,
}


@pytest.mark.parametrize("happen", MEANWHILE.values(), ids=MEANWHILE)
async def test_nothing_of_a_proposal_holds_if_meanwhile(happen: Callable[[Chat], None]) -> None:
    async with chatting() as chat:
        proposal = assign.propose(chat.desk)
        happen(chat)
        before = len(chat.desk.store.pairings)
        with pytest.raises(Refusal) as refused:
            await accept(chat, proposal)
        assert refused.value.args_said == {"students": [chat.cast["冯四"].id]}
        assert len(chat.desk.store.pairings) == before
        assert chat.news("赵一") == []


async def test_a_teacher_who_is_a_student_on_paper_is_no_case_for_assigning() -> None:
    async with chatting() as chat:
        change(chat, "冯四", kind=Kind.TEACHER)
        assert [one.student.name for one in assign.propose(chat.desk).pairings] == ["赵一"] * 2
