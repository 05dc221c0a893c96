"""Where others are named, nothing is passed on by a slip; what is meant to be passed on can be (X9)."""

from __future__ import annotations

import pytest

from tests.bot.dialogues.test_enrolment import forget_account
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at


def latest(chat: Chat, who: str) -> Shown:
    return chat.in_chat(who)[-1]


@pytest.mark.parametrize(
    ("who", "text"),
    [("林峰", "/status"), ("林峰", "/assign 李明"), ("周老师", "/status"), ("周老师", "/done")],
)
async def test_whoever_answers_for_others_cannot_pass_on_a_message_that_names_them(
    who: str, text: str
) -> None:
    async with chatting() as chat:
        await chat.say(who, text)
        assert latest(chat, who).protected, latest(chat, who)


@pytest.mark.parametrize(
    ("who", "text"),
    [("李明", "/status"), ("李明", "已谈"), ("何主任", "/status"), ("周老师", "/help")],
)
async def test_student_may_pass_on_what_names_nobody_but_their_mentors(
    who: str, text: str
) -> None:
    """And everybody what names nobody: totals, help."""
    async with chatting() as chat:
        await chat.say(who, text)
        assert not latest(chat, who).protected, latest(chat, who)


async def test_mentor_cannot_pass_on_the_digest_or_the_list_of_claims() -> None:
    async with chatting(at(2026, 9, 11, 8)) as chat:
        await chat.tick(at(2026, 9, 11, 9))
        assert latest(chat, "周老师").protected
        chat.clock.move_to(at(2026, 9, 15, 10))
        await chat.say("李明", "已谈")
        assert "李明" in latest(chat, "周老师").text
        assert latest(chat, "周老师").protected


async def test_file_that_a_person_asked_for_can_be_kept() -> None:
    async with chatting(paced=True) as chat:
        await chat.say("林峰", "/export")
        assert latest(chat, "林峰").file is not None
        assert not latest(chat, "林峰").protected


async def test_list_whose_names_stand_on_its_buttons_alone_is_not_passed_on_either() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/status")
        await chat.press("林峰", "未谈名单")
        names = latest(chat, "林峰")
        assert "李明" in "".join(names.buttons)
        assert "李明" not in names.text
        assert names.protected


async def test_link_of_enrolment_can_be_forwarded_and_the_card_before_it_cannot() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        await chat.say("林峰", "/assign 李明")
        assert latest(chat, "林峰").protected
        await chat.press("林峰", "开通链接")
        link = latest(chat, "林峰")
        assert "start=" in link.text
        assert not link.protected
