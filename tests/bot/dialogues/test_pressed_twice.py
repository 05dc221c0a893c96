"""A press that comes twice, or too late: answered, and nothing is registered by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

import pytest

from tests.bot.dialogues.acting import card, never_enrolled
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at

Way = Callable[[Chat], Awaitable[object]]
NOW, LATE = at(2026, 9, 15, 10), at(2026, 10, 9, 10)


async def card_of_a_student(chat: Chat) -> None:
    await card(chat, "李明")


async def card_under_a_mentor_without_account(chat: Chat) -> None:
    await card(chat, "钱二")


async def changing_account(chat: Chat) -> None:
    await card(chat, "李明")
    await chat.press("林峰", "换账号")


async def correcting(chat: Chat) -> None:
    await chat.say("李明", "已谈")
    await chat.press("周老师", "属实")
    chat.clock.move_to(at(2026, 9, 15, 11))
    await card(chat, "李明")


async def about_to_void(chat: Chat) -> None:
    await correcting(chat)
    await chat.press("林峰", "更正")


async def all_links(chat: Chat) -> None:
    never_enrolled(chat, "李明")
    await card(chat, "李明")
    await chat.press("林峰", "开通链接")
    await chat.say("林峰", "/status")
    await chat.press("林峰", "未开通")
    await chat.press("林峰", "全部重发")


async def term(chat: Chat) -> None:
    await chat.say("何主任", "学期 9月14日")


async def holiday(chat: Chat) -> None:
    await chat.say("何主任", "放假 2027.10.1-10.8")


async def wish(chat: Chat) -> None:
    await chat.say("李明", "/mydata")
    await chat.press("李明", "请求更正")
    await chat.say("李明", "班级写错了")


EXPIRED = "这个按钮已经过期。请发 /status（进度）看现在的情况。"
# Who presses what, from when, after what; what is then pressed (in brackets) or typed, and what a
# second press of the same button is answered with.
PRESSES: list[tuple[str, str, datetime, Way, tuple[str, ...], str]] = [
    ("林峰", "确认换账号", NOW, changing_account, (), "李明同学还没有开通，没有要换的账号。"),
    ("林峰", "重发", NOW, all_links, (), EXPIRED),
    (
        "林峰",
        "暂停",
        NOW,
        card_of_a_student,
        ("[交换]", "9月22日"),
        "李明同学已经暂停至2026年9月22日（周二）。",
    ),
    (
        "林峰",
        "免除谈话",
        LATE,
        card_of_a_student,
        ("休学一年",),
        "李明同学的这一项现在不用免除或推迟",
    ),
    (
        "林峰",
        "代记谈话",
        NOW,
        card_under_a_mentor_without_account,
        ("[今天]", "已电话核对，本人不用"),
        "钱二同学现在没有可以代记的谈话",
    ),
    (
        "林峰",
        "谈话作废",
        NOW,
        about_to_void,
        ("老师来电：日期记错",),
        "这条登记已经有变动，没有改。",
    ),
    (
        "林峰",
        "更正",
        NOW,
        correcting,
        ("[谈话作废]", "老师来电：日期记错"),
        "李明同学本学期还没有可以更正的登记。",
    ),
    ("何主任", "确定", at(2026, 9, 1, 10), term, (), EXPIRED),
    ("何主任", "确定", at(2026, 11, 25, 10), holiday, (), EXPIRED),
    ("林峰", "已处理", NOW, wish, (), "李明同学的请求已经答复，不用再处理。"),
]


def kept(chat: Chat) -> str:
    """Return every record that an act leaves; what was read is none of them."""
    store = chat.desk.store
    tables = (
        store.talks,
        store.forms,
        store.pauses,
        store.exemptions,
        store.requests,
        store.accounts,
        store.invites,
        store.terms,
        store.questions,
    )
    acts = [one for one in store.deeds if not one.what.startswith("read")]
    return repr([[list(table) for table in tables], acts])


async def found(chat: Chat, who: str, label: str) -> tuple[Shown, str]:
    """Return the newest message with that button, on either side, and the button's token."""
    for one in reversed(chat.in_chat(who)):
        both = {**one.buttons, **await chat.behind(who, one)}
        if label in both:
            return one, both[label]
    raise AssertionError(label)


@pytest.mark.parametrize(
    ("who", "label", "now", "way", "then", "answer"),
    PRESSES,
    ids=[f"{one[3].__name__}-{one[1]!a}" for one in PRESSES],
)
async def test_second_press_is_answered_and_registers_nothing_again(
    who: str, label: str, now: datetime, way: Way, then: tuple[str, ...], answer: str
) -> None:
    async with chatting(now, paced=True) as chat:
        await way(chat)
        untouched = kept(chat)
        shown, token = await found(chat, who, label)
        await chat.press(who, label, on=shown, token=token)
        for words in then:
            if words.startswith("["):
                await chat.press(who, words.strip("[]"))
            else:
                await chat.say(who, words)
        once = kept(chat)
        assert once != untouched
        for name in chat.cast.telegram:
            chat.news(name)
        note = await chat.press(who, label, on=shown, token=token)
        heard = {name: chat.news(name) for name in chat.cast.telegram}
        assert "".join([note or "", *heard.pop(who)]).startswith(answer)
        assert not any(heard.values())  # nobody else is told again
        assert kept(chat) == once


@pytest.mark.parametrize(
    ("label", "way", "now"),
    [
        ("确认换账号", changing_account, NOW),
        ("暂停", card_of_a_student, NOW),
        ("免除谈话", card_of_a_student, LATE),
        ("谈话作废", about_to_void, NOW),
    ],
)
async def test_press_after_the_student_has_left_is_answered_and_registers_nothing(
    label: str, way: Way, now: datetime
) -> None:
    async with chatting(now) as chat:
        await way(chat)
        shown, token = await found(chat, "林峰", label)
        store, student = chat.desk.store, chat.cast["李明"]
        with store.transaction():
            store.people.put(replace(student, left=now.date()))
        before = kept(chat)
        chat.news("林峰")
        await chat.press("林峰", label, on=shown, token=token)
        assert chat.news("林峰") == ["李明已经不在名册上，没有改动。"]
        assert kept(chat) == before
