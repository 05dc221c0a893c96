"""A student reads of a new mentor after an import, and what was waiting for one is answered by that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.actions import roster
from bot.actions.paired import tell_of_new_pairings
from bot.actions.roster_intake import take_in
from storage.records import Answer, Role
from storage.workbook_rows import PairingRow, Roster
from tests.support.chat import GROUP, Chat, chatting
from tests.support.clock import at


async def import_with(chat: Chat, *changes: tuple[str, str | None, str | None]) -> None:
    """Import the roster as it stands, with these (student, mentor taken away, mentor added)."""
    store = chat.desk.store
    rows = roster.export(store)
    pairings = list(rows.pairings)
    for student, gone, new in changes:
        number = chat.cast[student].number
        if gone:
            leaving = chat.cast[gone].number
            pairings = [one for one in pairings if (one.student, one.mentor) != (number, leaving)]
        if new:
            mentor = chat.cast[new].number
            pairings.append(
                PairingRow(student=number, mentor=mentor, role=Role.CONTACT, since=None)
            )
    changed: Roster = replace(rows, pairings=tuple(pairings))
    with chat.desk.store.transaction():
        report = take_in(chat.desk, changed, remove_missing=True)
    assert report.accepted, list(report.lines())
    await chat.settle()


async def test_student_reads_who_the_new_mentor_is_and_until_when_to_talk() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await import_with(chat, ("李明", "周老师", "吴老师"))
        assert chat.news("李明") == [
            "李明同学，你好。你的培养联系人现为吴静老师，请主动约谈，最迟9月27日（周日）（含当天）。"
            "——本科生第一党支部"
        ]
        assert chat.news("王小雨") == []


async def test_new_mentor_inside_a_window_stands_for_that_windows_reminder() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await import_with(chat, ("李明", "周老师", "吴老师"))
        chat.news("李明")
        await chat.tick(at(2026, 9, 16, 9))
        assert chat.news("李明") == []
        await chat.tick(at(2026, 9, 21, 9))
        assert "与吴静老师的谈话登记" in chat.news("李明")[0]


async def test_student_is_not_urged_outside_the_talk_window_or_after_the_talk() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        await import_with(chat, ("李明", "周老师", "吴老师"))
        assert chat.news("李明") == [
            "李明同学，你好。你的培养联系人现为吴静老师。——本科生第一党支部"
        ]
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("周老师", "/done 李明")
        chat.news("李明")
        await import_with(chat, ("李明", "周老师", "吴老师"))
        assert "请主动约谈" not in chat.news("李明")[0]


async def test_student_who_could_not_reach_the_mentor_is_answered_by_the_new_one() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("李明", "约不上老师")
        await import_with(chat, ("李明", "周老师", "吴老师"))
        assert "现为吴静老师" in chat.news("李明")[-1]
        obstacle = next(iter(chat.desk.store.obstacles))
        assert obstacle.answer is Answer.REPLACED
        assert obstacle.answered is not None
        await chat.tick(at(2026, 9, 15, 16))
        assert [text for text in chat.news("林峰") if "暂时没有约成" in text] == []


async def test_import_that_changes_nothing_tells_nobody() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await import_with(chat)
        for who in chat.cast.telegram:
            assert chat.news(who) == []


async def test_before_the_first_term_nobody_is_told() -> None:
    async with chatting(at(2026, 9, 1), term=False) as chat:
        await import_with(chat, ("李明", "周老师", "吴老师"))
        assert chat.news("李明") == []


async def test_import_leaves_the_group_of_a_branch_bound() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        await import_with(chat, ("李明", "周老师", "吴老师"))
        assert chat.desk.store.branches[chat.cast.branches["学一"].id].chat == GROUP


async def test_mentor_who_answers_only_from_later_on_is_not_announced_yet() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        store = chat.desk.store
        with store.transaction():
            old = store.pairings.where("student", chat.cast["李明"].id)[0]
            later = store.pairings.add(
                replace(
                    old, id=type(old.id)(0), mentor=chat.cast["吴老师"].id, since=date(2026, 9, 20)
                )
            )
            tell_of_new_pairings(chat.desk, [later])
        await chat.settle()
        assert chat.news("李明") == []
