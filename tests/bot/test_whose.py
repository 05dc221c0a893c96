"""What a button names, and what ties somebody to it: each tie by itself, on the cast."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot import access, college
from bot.whose import NOTHING, Thing, Tie, is_tied, named
from storage.records import BranchId
from tests.support.chat import Chat, chatting

STUDENT_BRANCH, OTHER_BRANCH = "学一", "学二"


@pytest_asyncio.fixture
async def chat() -> AsyncIterator[Chat]:
    async with chatting() as opened:
        yield opened


def tied(chat: Chat, who: str, tie: Tie, thing: Thing, *works_for: str) -> bool:
    branches = [BranchId(chat.cast.branches[one].id) for one in works_for]
    return is_tied(chat.desk.store, chat.cast[who], tie, named(chat.desk.store, thing), branches)


def pairing(chat: Chat, student: str) -> int:
    return college.open_pairings_of(chat.desk.store, chat.cast[student])[0].id


def of(chat: Chat, *names: str) -> Thing:
    return {"students": [chat.cast[one].id for one in names]}


async def test_self_is_tied_to_what_is_all_about_oneself(chat: Chat) -> None:
    assert tied(chat, "李明", Tie.SELF, of(chat, "李明"))
    assert tied(chat, "李明", Tie.SELF, {"pairings": [pairing(chat, "李明")]})
    assert not tied(chat, "李明", Tie.SELF, of(chat, "李明", "钱二"))
    assert not tied(chat, "李明", Tie.SELF, NOTHING), "nothing is nobody's own"


async def test_mentor_is_tied_to_own_pairings_and_students(chat: Chat) -> None:
    own, others = pairing(chat, "李明"), pairing(chat, "钱二")
    mentor = next(
        name
        for name in ("周老师", "吴老师", "郑老师")
        if chat.cast[name].id == chat.desk.store.pairings[own].mentor
    )
    assert tied(chat, mentor, Tie.MENTOR, {"pairing": own})
    assert tied(chat, mentor, Tie.MENTOR, of(chat, "李明"))
    assert not tied(chat, "林峰", Tie.MENTOR, {"pairing": own})
    assert not tied(chat, "林峰", Tie.MENTOR, of(chat, "李明"))
    assert not tied(chat, "林峰", Tie.MENTOR, {"pairings": [own, others]})
    assert not tied(chat, mentor, Tie.MENTOR, NOTHING)


async def test_record_that_is_gone_ties_nobody(chat: Chat) -> None:
    for gone in ({"talk": 999}, {"pairing": 999}, {"student": 999}):
        assert not tied(chat, "周老师", Tie.MENTOR | Tie.SELF, gone)


async def test_branch_is_that_of_everybody_and_everything_named(chat: Chat) -> None:
    theirs = {"branch_id": chat.cast.branches[OTHER_BRANCH].id}
    assert tied(chat, "林峰", Tie.BRANCH, of(chat, "李明", "钱二"), STUDENT_BRANCH)
    assert not tied(chat, "林峰", Tie.BRANCH, of(chat, "李明", "冯四"), STUDENT_BRANCH)
    assert not tied(chat, "林峰", Tie.BRANCH, theirs, STUDENT_BRANCH)
    assert tied(chat, "何主任", Tie.BRANCH, theirs, STUDENT_BRANCH, OTHER_BRANCH)
    assert tied(chat, "林峰", Tie.BRANCH, NOTHING, STUDENT_BRANCH), "asks about one's own"


async def test_secretary_is_tied_to_the_own_branch_alone(chat: Chat) -> None:
    assert tied(chat, "林峰", Tie.SECRETARY, of(chat, "李明"))
    assert not tied(chat, "林峰", Tie.SECRETARY, of(chat, "冯四"))
    assert not tied(chat, "陈静", Tie.SECRETARY, of(chat, "李明"))


async def test_accounts_reach_as_far_as_the_mentors_of_ones_students(chat: Chat) -> None:
    mentor = chat.desk.store.people[chat.desk.store.pairings[pairing(chat, "李明")].mentor]
    for thing in ({"mentor": mentor.id}, {"student": mentor.id}):
        assert tied(chat, "林峰", Tie.REACH, thing, STUDENT_BRANCH)
    assert not tied(chat, "林峰", Tie.REACH, {"student": chat.cast["何主任"].id}, STUDENT_BRANCH)
    assert not tied(chat, "林峰", Tie.REACH, of(chat, "冯四"), STUDENT_BRANCH)


async def test_only_its_author_takes_an_act_back(chat: Chat) -> None:
    await chat.say("李明", "9月14日谈了")
    (claim,) = [one for one in chat.desk.store.deeds if one.what == "claim"]
    assert tied(chat, "李明", Tie.AUTHOR, {"act": claim.batch})
    assert not tied(chat, "钱二", Tie.AUTHOR, {"act": claim.batch})


async def test_office_works_for_every_student_branch_where_its_rule_counts_it_in(
    chat: Chat,
) -> None:
    every = college.student_branches(chat.desk.store)
    office, secretary = chat.cast["何主任"], chat.cast["林峰"]
    for who in (access.Who.DESK, access.Who.ASSIGNER):
        assert access.works_for(chat.desk, office, who) == every
        assert access.works_for(chat.desk, secretary, who) == [chat.cast.branches[STUDENT_BRANCH]]
    assert access.works_for(chat.desk, office, access.Who.SECRETARY) == []
    assert access.works_for(chat.desk, chat.cast["李明"], access.Who.DESK) == []
