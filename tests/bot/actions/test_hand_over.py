"""The end of a pairing: recorded with its reason, told without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.actions import roster
from bot.actions.hand_over import end
from bot.actions.roster_intake import take_in
from bot.refusal import Refusal
from storage.records import Ending, Pairing, Role
from storage.workbook_rows import PairingRow
from tests.support.chat import Chat, chatting

TODAY = date(2026, 9, 15)


def held(chat: Chat, name: str) -> Pairing:
    return chat.desk.store.pairings.where("open_student", chat.cast[name].id)[0]


def hand_over(chat: Chat, name: str, to: str) -> None:
    store, former = chat.desk.store, held(chat, name)
    with store.transaction():
        new = store.pairings.add(
            Pairing(student=former.student, mentor=chat.cast[to].id, role=former.role, since=TODAY)
        )
        end(chat.desk, former, Ending.RETIRED, chat.cast["林峰"].id, successor=new, note="已交接")


async def test_outgoing_and_new_mentor_hear_of_each_other_and_of_no_reason() -> None:
    async with chatting() as chat:
        hand_over(chat, "李明", "吴老师")
        await chat.settle()
        assert chat.news("周老师") == [
            "周老师，您好。李明同学今后由吴静老师联系，请向其介绍前期情况。——本科生第一党支部"
        ]
        assert chat.news("吴老师") == [
            "吴老师，您好。因工作安排调整，李明同学今后请您联系。前期情况可向周文老师了解。\n"
            "本学期谈话：未谈。培养时间连续计算，不重新起算。——本科生第一党支部"
        ]


async def test_new_mentor_reads_when_the_last_talk_was() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明 9月14日")
        chat.news("周老师")
        hand_over(chat, "李明", "吴老师")
        await chat.settle()
        assert "上次谈话为9月14日（周一），本学期谈话：老师已确认。" in chat.news("吴老师")[0]


async def test_before_the_first_term_the_new_mentor_reads_of_no_talk() -> None:
    async with chatting(term=False) as chat:
        hand_over(chat, "李明", "吴老师")
        await chat.settle()
        assert "本学期谈话" not in chat.news("吴老师")[0]


async def test_end_keeps_day_reason_successor_and_note_and_history_stays() -> None:
    async with chatting() as chat:
        former = held(chat, "李明")
        hand_over(chat, "李明", "吴老师")
        ended = chat.desk.store.pairings[former.id]
        assert (ended.until, ended.ended) == (TODAY, Ending.RETIRED)
        assert ended.successor == held(chat, "李明").id
        written = chat.desk.store.deeds.where("row", ("pairings", former.id))[-1]
        assert (written.by, written.why) == (chat.cast["林峰"].id, "已交接")


async def test_end_without_successor_tells_nobody() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            end(chat.desk, held(chat, "李明"), Ending.MOVED, chat.cast["林峰"].id)
        await chat.settle()
        assert chat.news("周老师") == []


@pytest.mark.parametrize(
    ("day", "refusal"),
    [(date(2026, 9, 16), "pairing_end_future"), (date(2026, 8, 31), "pairing_end_early")],
)
async def test_pairing_ends_neither_tomorrow_nor_before_it_began(day: date, refusal: str) -> None:
    async with chatting() as chat:
        store = chat.desk.store
        with store.transaction():
            begun = store.pairings.put(replace(held(chat, "李明"), since=date(2026, 9, 1)))
        with store.transaction(), pytest.raises(Refusal) as refused:
            end(chat.desk, begun, Ending.OTHER, None, day=day)
        assert refused.value.kind == refusal
        assert held(chat, "李明") == begun


async def test_pairing_ends_once() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            former = held(chat, "李明")
            end(chat.desk, former, Ending.OTHER, None)
            ended = chat.desk.store.pairings[former.id]
            with pytest.raises(Refusal) as refused:
                end(chat.desk, ended, Ending.OTHER, None)
        assert refused.value.kind == "pairing_ended"


async def test_undone_hand_over_is_told_to_both_mentors_and_the_student() -> None:
    async with chatting() as chat:
        hand_over(chat, "李明", "吴老师")
        await chat.settle()
        for who in ("周老师", "吴老师", "李明"):
            chat.news(who)
        assert await chat.say("林峰", "/undo") == ["已撤销：结对的结束（李明）。"]
        sentence = "您好。之前的调整已撤销，李明同学仍由周文老师联系。——本科生第一党支部"
        assert chat.news("周老师") == [f"周老师，{sentence}"]
        assert chat.news("吴老师") == [f"吴老师，{sentence}"]
        assert "周文老师" in chat.news("李明")[0]


async def import_with(chat: Chat, gone: str, new: str, *, leaves: bool = False) -> None:
    """Import the roster as it stands, with 李明's mentor replaced; ``leaves``: the old one is off it."""
    store, student = chat.desk.store, chat.cast["李明"].number
    rows = roster.export(store)
    leaving = chat.cast[gone].number
    kept = [
        one
        for one in rows.pairings
        if one.mentor != leaving or (not leaves and one.student != student)
    ]
    mentor = chat.cast[new].number
    kept.append(PairingRow(student=student, mentor=mentor, role=Role.CONTACT, since=None))
    people = tuple(one for one in rows.people if not leaves or one.number != leaving)
    changed = replace(rows, people=people, pairings=tuple(kept))
    with chat.desk.store.transaction():
        report = take_in(chat.desk, changed, remove_missing=True)
    assert report.accepted, list(report.lines())
    await chat.settle()


async def test_import_that_replaces_a_mentor_is_told_like_any_hand_over() -> None:
    async with chatting() as chat:
        former = held(chat, "李明")
        await import_with(chat, "周老师", "吴老师")
        assert "今后由吴静老师联系" in chat.news("周老师")[0]
        assert "前期情况可向周文老师了解" in chat.news("吴老师")[0]
        ended = chat.desk.store.pairings[former.id]
        assert (ended.ended, ended.successor) == (Ending.ROSTER, held(chat, "李明").id)


async def test_student_of_a_teacher_who_has_left_is_taken_over_from_that_teacher() -> None:
    async with chatting() as chat:
        former = held(chat, "李明")
        await import_with(chat, "周老师", "吴老师", leaves=True)
        assert "前期情况可向周文老师了解" in chat.news("吴老师")[0]
        ended = chat.desk.store.pairings[former.id]
        assert (ended.ended, ended.until) == (Ending.ROSTER, TODAY)
