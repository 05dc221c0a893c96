"""Roster and chat share one set of rules: what the one refuses the other refuses, in the same words."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from bot.actions import roster
from bot.actions.pair import Wish, require_allowed
from bot.actions.say import tell
from bot.desk import Desk
from bot.refusal import Refusal
from storage.records import Person, Role, Stage
from storage.workbook_rows import PairingRow, Roster
from tests.bot.dialogues.test_assign_card import change
from tests.support.chat import Chat, chatting


def a_varied_college(chat: Chat) -> None:
    """Let every rule have somebody to stumble over."""
    change(chat, "郑老师", may_introduce=False)
    change(chat, "何主任", relatives=(chat.cast["李明"].number, chat.cast["孙三"].number))
    change(chat, "陈静", stage=Stage.PROBATIONARY)
    change(chat, "王小雨", stage=Stage.FULL)


def by_roster(chat: Chat, rows: Roster, student: Person, mentor: Person, role: Role) -> set[str]:
    """Return what an import says of that pair on top of the roster: faults."""
    added = PairingRow(student=student.number, mentor=mentor.number, role=role, row=99)
    report = roster.check(chat.desk.store, replace(rows, pairings=(*rows.pairings, added)))
    return {one.expected for one in report.faults if one.row == 99}


def by_chat(desk: Desk, student: Person, mentor: Person, role: Role) -> Refusal | None:
    try:
        require_allowed(desk, Wish(student, mentor, role))
    except Refusal as refusal:
        return refusal
    return None


async def test_roster_and_chat_refuse_exactly_the_same_pairings() -> None:
    async with chatting() as chat:
        a_varied_college(chat)
        rows = roster.export(chat.desk.store)
        people = [one for one in chat.desk.store.people if one.left is None]
        seen = {"refused": 0, "allowed": 0}
        for student, mentor, role in product(people, people, Role):
            if student.id == mentor.id or student.stage is Stage.FULL:
                continue
            is_history = role is Role.CONTACT and student.stage is Stage.PROBATIONARY
            if is_history:  # an import may note what has been, a secretary assigns for today
                continue
            faults = by_roster(chat, rows, student, mentor, role)
            refused = by_chat(chat.desk, student, mentor, role)
            case = (student.name, mentor.name, role, faults)
            assert bool(faults) is (refused is not None), case
            seen["refused" if faults else "allowed"] += 1
        assert min(seen.values()) > 10


async def test_what_both_say_they_say_in_the_same_words() -> None:
    async with chatting() as chat:
        a_varied_college(chat)
        change(chat, "王小雨", stage=Stage.ACTIVIST)
        for name, mentor, role, kind in (
            ("李明", "陈静", Role.CONTACT, "not_full_member"),
            ("李明", "韩书记", Role.CONTACT, "unpaired_branch"),
            ("赵一", "何主任", Role.CONTACT, "third_contact"),
            ("孙三", "何主任", Role.INTRODUCER, "third_introducer"),
        ):
            rows = roster.export(chat.desk.store)
            student = chat.desk.store.people[chat.cast[name].id]
            other = chat.desk.store.people[chat.cast[mentor].id]
            (fault,) = by_roster(chat, rows, student, other, role)
            await chat.say("林峰", f"/assign {name}")
            refused = by_chat(chat.desk, student, other, role)
            assert refused is not None
            assert refused.kind == kind
            said = await spoken(chat, refused)
            assert said.startswith(fault), (fault, said)


async def spoken(chat: Chat, refused: Refusal) -> str:
    """Return the refusal as the secretary reads it."""
    chat.news("林峰")
    with chat.desk.store.transaction():
        tell(chat.desk, chat.cast["林峰"].id, refused.kind, refused.args_said)
    await chat.settle()
    return chat.news("林峰")[-1]
