"""Invites as they are kept, and two accounts that race for one."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import permutations

import pytest

from bot.actions import enrol
from bot.refusal import Refusal
from storage.records import Kind, Person, Stage
from tests.support.chat import Chat, chatting

STEPS = ("open 1", "open 2", "answer 1", "answer 2")


def newcomer(chat: Chat) -> Person:
    with chat.desk.store.transaction():
        return chat.desk.store.people.add(
            Person(
                number="2026X99A7",
                name="郭靖",
                branch=chat.cast.branches["学一"].id,
                kind=Kind.STUDENT,
                stage=Stage.ACTIVIST,
            )
        )


def invite(chat: Chat, person: Person) -> str:
    with chat.desk.store.transaction():
        return enrol.issue(chat.desk, [person])[0][1]


async def test_token_has_192_random_bits_and_only_its_hash_is_kept() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        tokens = [invite(chat, person) for _ in range(20)]
        assert len(set(tokens)) == 20
        assert all(re.fullmatch(r"[\w-]{32}", token) for token in tokens)
        kept = repr([*chat.desk.store.invites, *chat.desk.store.deeds])
        assert not [token for token in tokens if token in kept]


@pytest.mark.parametrize("order", list(permutations(STEPS)))
async def test_however_two_accounts_race_at_most_one_is_enrolled(order: tuple[str, ...]) -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        hashed = enrol.token_hash(invite(chat, person))
        for step in order:
            act, account = step.split()
            with chat.desk.store.transaction(), suppress(Refusal):
                if act == "open":
                    enrol.open_link(chat.desk, int(account), hashed)
                elif owed := enrol.pending(chat.desk, int(account)):
                    enrol.answer(chat.desk, int(account), owed, "99a7")
        bound = [one for one in chat.desk.store.accounts if one.person == person.id]
        assert len(bound) <= 1


async def test_account_that_opens_a_second_link_owes_only_that_ones_answer() -> None:
    async with chatting() as chat:
        first = invite(chat, newcomer(chat))
        with chat.desk.store.transaction():
            other = chat.desk.store.people[chat.cast["郑老师"].id]
            second = enrol.issue(chat.desk, [other])[0][1]
            enrol.open_link(chat.desk, 1, enrol.token_hash(first))
            enrol.open_link(chat.desk, 1, enrol.token_hash(second))
        owed = enrol.pending(chat.desk, 1)
        assert owed is not None
        assert owed.person == other.id
