"""代记同意 on a student's card: the consent of a mentor without Telegram (A20), with a reason, marked."""

from __future__ import annotations

import pytest

from bot.actions import consent, deed
from bot.settings import Settings
from storage.records import Account, Pairing
from tests.bot.dialogues.acting import asked_why, blocks_the_bot, card, never_enrolled
from tests.bot.dialogues.introductions import (
    becomes_candidate,
    lacking,
    meeting_on,
    review_meeting,
)
from tests.support.chat import Chat, chatting
from tests.support.clock import at

WHY = "当面征求过意见"


async def assigned(chat: Chat) -> Pairing:
    """The secretary gives 李明 a second contact, 郑老师, who has no account."""
    await card(chat, "李明")
    await chat.press("林峰", "增加")
    await chat.say("林峰", "郑强")
    chat.clock.move_to(at(2026, 9, 15, 11))
    chat.news("林峰")
    return pairing_of(chat, "李明", "郑老师")


def pairing_of(chat: Chat, student: str, mentor: str) -> Pairing:
    found = chat.desk.store.pairings.where("open_student", chat.cast[student].id)
    (one,) = [one for one in found if one.mentor == chat.cast[mentor].id]
    return one


async def test_secretary_records_that_a_mentor_without_account_agrees_to_the_task() -> None:
    async with chatting() as chat:
        await assigned(chat)
        assert "代记同意" in await card(chat, "李明")
        await chat.press("林峰", "代记同意")
        assert chat.news("林峰") == [asked_why("李明", "代记同意")]
        assert await chat.say("林峰", WHY) == [
            "已代记：郑强老师同意担任李明同学的培养联系人。如有误，10 分钟内可发 /undo 撤销。"
        ]
        found = pairing_of(chat, "李明", "郑老师")
        assert found.consent is True
        assert found.proxy
        assert "代记同意" not in await card(chat, "李明")
        assert "郑强老师，2026年9月15日（周二）起，现联系2人，已同意（代记）" in (
            chat.in_chat("林峰")[-1].text
        )
        await chat.press("林峰", "记录")
        assert f"“同意”的答复，郑强老师，9月15日（周二）；原因：{WHY}" in chat.news("林峰")[0]


async def test_mentor_who_enrols_later_is_not_asked_what_the_secretary_has_recorded() -> None:
    async with chatting() as chat:
        await assigned(chat)
        await card(chat, "李明")
        await chat.press("林峰", "代记同意")
        await chat.say("林峰", WHY)
        enrol_now(chat, "郑老师")
        assert pairing_of(chat, "李明", "郑老师").asked is None


def enrol_now(chat: Chat, name: str) -> None:
    person = chat.cast[name].id
    with chat.desk.store.transaction():
        account = Account(person=person, telegram=chat.cast.telegram[name], since=chat.clock.now())
        chat.desk.store.accounts.add(account)
        consent.ask_newcomer(chat.desk, person)


async def test_consent_recorded_by_mistake_is_undone() -> None:
    async with chatting() as chat:
        await assigned(chat)
        await card(chat, "李明")
        await chat.press("林峰", "代记同意")
        await chat.say("林峰", WHY)
        await chat.say("林峰", "/undo")
        found = pairing_of(chat, "李明", "郑老师")
        assert found.consent is None
        assert not found.proxy
        assert "代记同意" in await card(chat, "李明")


@pytest.mark.parametrize("name", ["钱二", "李明"])
async def test_what_came_with_the_roster_needs_no_consent(name: str) -> None:
    async with chatting() as chat:
        assert "代记同意" not in await card(chat, name)


async def test_office_that_asks_for_no_consent_has_none_recorded() -> None:
    async with chatting(settings=Settings(consent=False)) as chat:
        await assigned(chat)
        assert "代记同意" not in await card(chat, "李明")


async def test_older_card_finds_nothing_left_to_record() -> None:
    async with chatting() as chat:
        await assigned(chat)
        await card(chat, "李明")
        older = chat.in_chat("林峰")[-1]
        for _ in range(2):
            await chat.press("林峰", "代记同意", on=older)
        await chat.say("林峰", WHY)
        chat.news("林峰")
        await chat.press("林峰", "代记同意", on=older)
        assert "现在没有要代记的同意" in chat.news("林峰")[0]


async def test_mentor_who_answers_before_the_reason_is_not_answered_for() -> None:
    async with chatting() as chat:
        await card(chat, "李明")
        await chat.press("林峰", "增加")
        await chat.say("林峰", "吴静")
        await chat.tick(at(2026, 9, 15, 16))
        blocks_the_bot(chat, "吴老师")
        await card(chat, "李明")
        await chat.press("林峰", "代记同意")
        chat.news("林峰")
        await chat.press("吴老师", "同意")
        assert "现在没有要代记的同意" in (await chat.say("林峰", WHY))[0]
        assert not pairing_of(chat, "李明", "吴老师").proxy


async def on_the_way(chat: Chat) -> None:
    """赵一 is on the way with 周老师 and 郑老师, who has no account and whose opinion is written."""
    becomes_candidate(chat, "赵一", "周老师", "郑老师")
    await review_meeting(chat, "赵一")
    await meeting_on(chat, "9月20日", "赵一")
    await chat.say("林峰", "/intro")
    await chat.press("林峰", "赵一")
    await chat.press("林峰", "意见已写 郑强")
    chat.news("林峰")


async def test_attitude_of_an_introducer_without_account_is_recorded_and_marked() -> None:
    async with chatting() as chat:
        await on_the_way(chat)
        assert "代记同意" in await card(chat, "赵一")
        await chat.press("林峰", "代记同意")
        chat.news("林峰")
        assert await chat.say("林峰", WHY) == [
            "已代记：郑强老师同意介绍赵一同学入党。如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert "愿意介绍（代记）" in "".join(one.text for one in chat.in_chat("林峰"))
        assert "consents" in lacking(chat, "赵一")  # the other one's
        await card(chat, "赵一")
        await chat.press("林峰", "记录")
        assert f"态度的登记，郑强老师，9月15日（周二）；原因：{WHY}" in chat.news("林峰")[0]


async def test_answer_on_the_card_of_the_introduction_is_marked_as_well() -> None:
    async with chatting() as chat:
        await on_the_way(chat)
        await chat.press("林峰", "暂不 郑强")
        assert "暂不介绍（代记）" in "".join(one.text for one in chat.in_chat("林峰"))


async def test_of_task_and_opinion_one_is_chosen() -> None:
    async with chatting() as chat:
        await on_the_way(chat)
        never_enrolled(chat, "周老师")
        pairing = pairing_of(chat, "赵一", "周老师")
        with chat.desk.store.transaction():
            deed.record(chat.desk, "assign", None, about=pairing.student, after=pairing)
        await card(chat, "赵一")
        await chat.press("林峰", "代记同意")
        assert chat.news("林峰") == ["代记赵一同学的哪一位导师同意？请选一位。"]
        asked = chat.in_chat("林峰")[-1]
        assert list(asked.buttons) == ["任入党介绍人 周文", "意见中的态度 郑强"]
        await chat.press("林峰", "任入党介绍人 周文")
        assert not asked.buttons
        chat.news("林峰")
        assert "周文老师同意担任赵一同学的入党介绍人" in (await chat.say("林峰", WHY))[0]
        assert pairing_of(chat, "赵一", "周老师").proxy
