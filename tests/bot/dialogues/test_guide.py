"""/guide: one message whose pages are turned in place, each person's own pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from messages.lengths import MESSAGE_UNITS, utf16_length
from tests.support.chat import Chat, Shown, chatting

ALWAYS = ["时间安排", "对接支部"]
DUTIES = ["联系人的任务", "介绍人的任务"]
WRITING = ["意见怎么写", "不足怎么写", "例文"]


def pages(shown: Shown) -> list[str]:
    return [label.removeprefix("✓ ") for label in shown.buttons]


async def opened(chat: Chat, who: str, said: str = "/guide") -> Shown:
    """Open the guide; it is one message."""
    assert len(await chat.say(who, said)) == 1
    return chat.in_chat(who)[-1]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("李明", ["怎么开口", *ALWAYS]),
        ("冯四", ALWAYS),  # nobody to ask yet
        ("周老师", [*DUTIES, *ALWAYS, *WRITING]),
        ("陈静", [*DUTIES, *ALWAYS, *WRITING]),
        ("林峰", [*DUTIES, *ALWAYS, *WRITING]),
        ("何主任", [*DUTIES, *ALWAYS, *WRITING]),
    ],
)
async def test_everybody_is_offered_the_own_pages(who: str, expected: list[str]) -> None:
    async with chatting() as chat:
        shown = await opened(chat, who, "指南")
        assert [page for page in pages(shown) if page != "检查意见"] == expected
        assert next(iter(shown.buttons)) == f"✓ {expected[0]}"


@pytest.mark.parametrize("who", ["李明", "冯四", "周老师", "陈静", "何主任"])
async def test_every_page_opens_in_place_and_fits_a_message(who: str) -> None:
    async with chatting() as chat:
        shown = await opened(chat, who)
        count = len(chat.in_chat(who))
        read = {shown.text}
        for page in pages(shown)[1:]:
            if page == "检查意见":
                continue
            assert await chat.press(who, page, on=shown) is None
            assert f"✓ {page}" in shown.buttons
            assert utf16_length(shown.text) <= MESSAGE_UNITS
            read.add(shown.text)
        assert len(read) == len([page for page in pages(shown) if page != "检查意见"])
        assert len(chat.in_chat(who)) == count


async def test_page_that_is_open_may_be_pressed_again() -> None:
    async with chatting() as chat:
        shown = await opened(chat, "周老师")
        before = shown.text
        await chat.press("周老师", "✓ 联系人的任务", on=shown)
        assert shown.text == before


async def test_student_reads_first_how_to_ask_each_of_two_mentors() -> None:
    async with chatting() as chat:
        shown = await opened(chat, "赵一")
        assert "“周文老师，您好。我是小教2401的赵一，想约您做本学期的半年考察谈话" in shown.text
        assert "“吴静老师，您好。我是小教2401的赵一" in shown.text


async def test_weeks_have_dates_and_say_what_a_review_covers() -> None:
    async with chatting() as chat:
        shown = await opened(chat, "李明")
        await chat.press("李明", "时间安排")
        assert "第一周：9月7日（周一）至9月13日（周日），组织委员发登记表。" in shown.text
        assert "第四周：9月28日（周一）至9月30日（周三），登记表交给组织委员" in shown.text
        assert "近半年的思想认识、政治觉悟、工作经历、现实表现等情况，如实填写。" in shown.text


async def test_guide_is_there_before_the_first_term() -> None:
    async with chatting(term=False) as chat:
        shown = await opened(chat, "李明")
        assert pages(shown) == ALWAYS
        assert "本学期的日期还没有设定" in shown.text


async def test_page_that_is_no_longer_the_persons_is_not_opened() -> None:
    async with chatting() as chat:
        shown = await opened(chat, "李明")
        await chat.press("李明", "时间安排", on=shown)
        with chat.desk.store.transaction():
            for pairing in chat.desk.store.pairings.where("student", chat.cast["李明"].id):
                ended = chat.desk.today() - timedelta(days=1)
                chat.desk.store.pairings.put(replace(pairing, until=ended))
        popped = await chat.press("李明", "怎么开口", on=shown)
        assert popped == "这个按钮已经过期。请发 /status（进度）看现在的情况。"
        assert "半年考察的时间安排" in shown.text
