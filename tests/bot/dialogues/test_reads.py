"""Whoever reads of others is in the audit: once a day, without what was read (X21)."""

from __future__ import annotations

from storage.records import Deed
from tests.support.chat import Chat, chatting
from tests.support.clock import at


def reads(chat: Chat, who: str) -> list[tuple[str, str | None]]:
    """What somebody has read, of whom."""
    names = {person.id: name for name, person in chat.cast.people.items()}
    found: list[Deed] = chat.desk.store.deeds.where("by", chat.cast[who].id)
    return [
        (one.what, None if one.about is None else names[one.about])
        for one in found
        if one.what.startswith("read_")
    ]


async def test_status_is_noted_once_a_day_for_whoever_reads_of_others() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        for who in ("周老师", "林峰", "何主任"):
            for _ in range(3):
                await chat.say(who, "/status")
        assert reads(chat, "周老师") == [("read_mentor", None)]
        assert reads(chat, "林峰") == [("read_branch", None)]
        assert reads(chat, "何主任") == [("read_office", None)]
        chat.clock.move_to(at(2026, 9, 16, 10))
        await chat.say("林峰", "进度")
        assert reads(chat, "林峰") == [("read_branch", None)] * 2


async def test_a_student_who_reads_of_himself_is_not_noted() -> None:
    async with chatting() as chat:
        await chat.say("李明", "/status")
        assert not reads(chat, "李明")


async def test_a_list_of_names_and_each_card_are_noted() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/status")
        await chat.press("林峰", "未谈名单")
        await chat.press("林峰", "李明")
        await chat.say("林峰", "/assign 王小雨")
        await chat.say("林峰", "/assign 李明")
        assert reads(chat, "林峰") == [
            ("read_branch", None),
            ("read_list", None),
            ("read_card", "李明"),
            ("read_card", "王小雨"),
        ]


async def test_files_taken_out_are_noted() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("林峰", "/export")
        await chat.press("林峰", "打印登记表")
        assert reads(chat, "林峰") == [("read_export", None), ("read_forms", None)]


async def test_who_is_refused_has_read_nothing() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/export")
        await chat.say("李明", "/assign 王小雨")
        assert not reads(chat, "周老师")
        assert not reads(chat, "李明")


async def test_totals_in_a_group_are_nobodys_reading() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=-100)
        await chat.say("林峰", "/status", chat=-100)
        assert not reads(chat, "林峰")
