"""A crowd in one list: the message still goes out, within what Telegram takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from messages.lengths import MESSAGE_UNITS, utf16_length
from storage.records import (
    Account,
    Duty,
    Introduction,
    Kind,
    Pairing,
    Person,
    Role,
    Stage,
    TalkState,
)
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at

MOST = 100  # buttons on one message


def add(chat: Chat, number: int, stage: Stage) -> list[Person]:
    """Put so many students with long names into the first branch; 周老师 has them all."""
    store, branch = chat.desk.store, chat.cast.branches["学一"].id
    role = Role.CONTACT if stage is Stage.ACTIVIST else Role.INTRODUCER
    people = []
    with store.transaction():
        for index in range(number):
            person = store.people.add(
                Person(
                    number=f"X{stage}{index:04}",
                    name=f"买买提·阿卜杜热合曼·艾合麦提江𠮷{index:03}",
                    branch=branch,
                    kind=Kind.STUDENT,
                    stage=stage,
                    class_name="小教2401",
                    stage_since=date(2025, 3, 3),
                )
            )
            mentor = chat.cast["周老师"].id
            store.pairings.add(Pairing(student=person.id, mentor=mentor, role=role))
            people.append(person)
    return people


def enrol(chat: Chat, people: list[Person]) -> list[int]:
    with chat.desk.store.transaction():
        for one in people:
            account = Account(person=one.id, telegram=70_000 + one.id, since=chat.desk.now())
            chat.desk.store.accounts.add(account)
    return [70_000 + one.id for one in people]


def fits(shown: Shown) -> bool:
    return len(shown.buttons) <= MOST and utf16_length(shown.text) <= MESSAGE_UNITS


async def test_secretary_of_hundreds_on_the_way_reads_how_many_more_there_are() -> None:
    async with chatting(at(2026, 9, 14, 10)) as chat:
        store = chat.desk.store
        candidates = add(chat, 150, Stage.CANDIDATE)
        with store.transaction():
            for one in candidates:
                store.introductions.add(Introduction(student=one.id, review=date(2026, 9, 1)))
        add(chat, 150, Stage.PROBATIONARY)
        for said in ("/status", "/intro"):
            await chat.say("林峰", said)
            last = chat.in_chat("林峰")[-1]
            assert fits(last)
            assert "入党介绍进行中150人：" in last.text
            assert "另有130位。" in last.text
        assert "审查会议" in list(last.buttons)[-2]  # what follows the names is still there


async def test_mentor_of_fifty_claims_answers_some_and_the_others_come_up() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        accounts = enrol(chat, add(chat, 50, Stage.ACTIVIST))
        for one in accounts:
            await chat.say(one, "已谈")
        listed = chat.in_chat("周老师")[-1]
        assert fits(listed)
        hidden = "属实 买买提·阿卜杜热合曼·艾合麦提江𠮷040"
        assert hidden not in listed.buttons
        for label in [one for one in listed.buttons if one.startswith("属实")][:30]:
            await chat.press("周老师", label, on=listed)
        assert hidden in listed.buttons
        await chat.press("周老师", hidden, on=listed)
        talks = list(chat.desk.store.talks)
        assert sum(one.state is TalkState.CONFIRMED for one in talks) == 31


async def test_digest_of_several_long_lists_leaves_with_shorter_ones() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        person = replace(chat.cast["陈静"], duties=(Duty.SECRETARY, Duty.COMMITTEE))
        with chat.desk.store.transaction():
            chat.desk.store.people.put(person)
        for stage in (Stage.ACTIVIST, Stage.CANDIDATE, Stage.PROBATIONARY):
            add(chat, 150, stage)
        for day, hour in ((18, 17), (24, 9), (28, 9), (30, 9), (30, 17)):
            await chat.tick(at(2026, 9, day, hour))
        assert all(fits(one) for one in chat.in_chat("陈静"))
