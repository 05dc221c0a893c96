"""Nobody gets in who was not invited: guessing, racing, trying, and moving to another account (X1–X5)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.actions import enrol, throttle
from bot.checkup.queues import accounts_check
from bot.commands.writing import carry_out
from bot.refusal import Refusal
from storage.records import Button, Duty, Person, RowId, RowState
from tests.bot.delivery.rows import put
from tests.bot.dialogues.test_enrolment import (
    ASK,
    account,
    enrol_with,
    forget_account,
    invite,
    newcomer,
)
from tests.bot.dialogues.test_invites import card, tokens
from tests.support.chat import Chat, Shown, chatting

DEAD = "这个链接不能用了，请向支部书记要新的。"
WAIT = "试的次数太多了，请过一小时再点链接。链接有问题的，请向支部书记要新的。"
STRANGER = "您好，这里只为已开通的师生服务，请点支部发给本人的链接开通。"
MOVED = (
    "支部已停用这个账号，今后的提醒发到本人的另一个账号。不是本人提出的，请马上与支部书记联系。"
)
HOUR = timedelta(hours=1)


def guess() -> str:
    return secrets.token_urlsafe(24)


async def fails(chat: Chat, phone: int, times: int = 1) -> list[str]:
    return [(await chat.say(phone, f"/start {guess()}"))[-1] for _ in range(times)]


async def test_unknown_used_expired_and_revoked_links_are_answered_alike() -> None:
    async with chatting() as chat:
        used, revoked, expired = (newcomer(chat, number=f"2026X000{n}") for n in range(3))
        spent = invite(chat, used)
        await enrol_with(chat, spent, "0000", 9000)
        dead = invite(chat, revoked)
        invite(chat, revoked)
        old = invite(chat, expired)
        chat.clock.move_to(chat.clock.now() + timedelta(hours=73))
        said = [
            await chat.say(9001 + number, f"/start {token}")
            for number, token in enumerate((guess(), spent, dead, old, "x", "😀" * 30))
        ]
        assert said == [[DEAD]] * 6


async def test_account_that_is_enrolled_learns_nothing_of_other_links_either() -> None:
    async with chatting() as chat:
        spent = invite(chat, newcomer(chat))
        await enrol_with(chat, spent, "99a7", 9000)
        said = [await chat.say("王小雨", f"/start {one}") for one in (guess(), spent)]
        assert said[0] == said[1]


PHONES = range(9000, 9100)
OPENS, ANSWERS = [(phone, 0) for phone in PHONES], [(phone, 1) for phone in PHONES]


def mixed(step: tuple[int, int]) -> bytes:
    """Some order, the same each time."""
    return hashlib.sha256(repr(step).encode()).digest()


@pytest.mark.parametrize(
    ("order", "winners"),
    [
        (sorted([*OPENS, *ANSWERS]), {9000}),  # one after the other: the first
        ([*OPENS, *ANSWERS], {9099}),  # whoever has opened the link last answers for it
        (sorted([*OPENS, *ANSWERS], key=mixed), {*PHONES}),
    ],
)
async def test_a_hundred_accounts_that_redeem_one_link_at_once_have_one_winner(
    order: list[tuple[int, int]], winners: set[int]
) -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        texts = (f"/start {invite(chat, person)}", "99a7")
        updates = [(phone, texts[answers]) for phone, answers in order]
        chat.app.inbox.take([update(n, *one) for n, one in enumerate(updates, start=5_000)])
        await chat.settle()
        (live,) = [one for one in chat.desk.store.accounts if one.person == person.id]
        assert live.telegram in winners
        assert len([one for one in chat.desk.store.invites if one.used is not None]) == 1


def update(number: int, phone: int, text: str) -> dict[str, object]:
    entities = [{"type": "bot_command", "offset": 0, "length": 6}] if text[0] == "/" else []
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_789_000_000,
            "chat": {"id": phone, "type": "private"},
            "from": {"id": phone, "is_bot": False, "first_name": "某"},
            "text": text,
            "entities": entities,
        },
    }


async def test_account_that_tries_a_thousand_links_has_five_looked_up_and_then_waits() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        good = invite(chat, person)
        assert await fails(chat, 9000, 7) == [DEAD] * 5 + [WAIT] * 2
        for _ in range(1_000):
            with pytest.raises(Refusal, match="enrol_wait"):
                enrol.open_link(chat.desk, 9000, enrol.token_hash(guess()))
        assert await chat.say(9000, f"/start {good}") == [WAIT]
        assert len(chat.desk.store.failed_tries) == 5
        chat.clock.move_to(chat.clock.now() + HOUR)
        assert await chat.say(9000, f"/start {good}") == [ASK]
        await chat.say(9000, "99a7")
        assert account(chat, person) is not None


async def test_wrong_second_factors_count_as_failures_too() -> None:
    async with chatting() as chat:
        for number in range(2):
            await enrol_with(chat, invite(chat, newcomer(chat, number=f"2026X000{number}")), "zz")
            await chat.say(7001, "zz")
            await chat.say(7001, "zz")
        token = invite(chat, newcomer(chat))
        assert len(chat.desk.store.failed_tries) == 5
        assert await chat.say(7001, f"/start {token}") == [WAIT]


async def test_flood_of_failures_alarms_the_office_once_and_the_doctor() -> None:
    async with chatting() as chat:
        assert accounts_check(chat.desk).remedy is None
        for phone in range(9000, 9049):
            await fails(chat, phone)
        assert chat.news("何主任") == []
        await fails(chat, 9050)
        await fails(chat, 9051)
        (text,) = chat.news("何主任")
        assert "过去一小时有50次开通没有成功" in text
        found = accounts_check(chat.desk)
        assert found.facts["failed_tries"] == 51
        assert "近一小时开通失败异常多" in str(found.remedy)
        assert await fails(chat, 9000) == [WAIT]


async def test_flood_of_failures_does_not_lock_out_whoever_holds_a_good_link() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        token = invite(chat, person)
        for phone in range(9000, 9060):
            await fails(chat, phone)
        said = await enrol_with(chat, token, "99a7")
        assert any("开通好了" in one for one in said)


async def test_failures_are_forgotten_after_an_hour() -> None:
    async with chatting() as chat:
        await fails(chat, 9000, 3)
        chat.clock.move_to(chat.clock.now() + HOUR)
        await fails(chat, 9001)
        assert [one.telegram for one in chat.desk.store.failed_tries] == [9001]
        assert len(throttle.recent(chat.desk)) == 1


# Moving to another account (X5).


async def moved(chat: Chat, name: str = "李明") -> str:
    """The secretary moves somebody; return the token for the new account."""
    await card(chat, name)
    await chat.press("林峰", "换账号")
    await chat.press("林峰", "确认换账号")
    return tokens(chat)[-1]


async def test_secretary_moves_a_person_and_the_old_account_is_told_and_a_stranger() -> None:
    async with chatting() as chat:
        student, old = chat.cast["李明"], chat.cast.telegram["李明"]
        await card(chat)
        chat.news("林峰")
        await chat.press("林峰", "换账号")
        assert chat.news("林峰") == [
            "换账号后，李明同学现在的账号立即停用，并收到通知；新的开通链接发到这里，请转发给本人。"
            "不能撤销。确认请点下面的按钮；不换不用回复。"
        ]
        assert account(chat, student) is not None
        await chat.press("林峰", "确认换账号")
        (token,) = tokens(chat)
        assert chat.news("李明") == [MOVED]
        for words in ("/status", "已谈", "/mydata", "/start"):
            assert await chat.say(old, words) == [STRANGER]
        await enrol_with(chat, token, student.number[-4:], 9000)
        bound = account(chat, student)
        assert bound is not None
        assert bound.telegram == 9000
        deeds = [(one.what, one.by) for one in chat.desk.store.deeds if one.about == student.id]
        secretary = chat.cast["林峰"].id
        assert deeds == [
            ("read_card", secretary),
            ("account_ended", secretary),
            ("invite", secretary),
            ("enrol", student.id),
        ]


async def test_old_account_may_be_bound_again_with_the_new_link() -> None:
    async with chatting() as chat:
        student = chat.cast["李明"]
        token = await moved(chat)
        await enrol_with(chat, token, student.number[-4:], chat.cast.telegram["李明"])
        assert account(chat, student) is not None


async def test_what_waited_for_the_old_account_is_not_said_to_it() -> None:
    async with chatting() as chat:
        later = chat.clock.now() + timedelta(minutes=5)
        waiting = put(chat, "李明", due=later)
        on_the_wire = put(chat, "李明", due=later)
        with chat.desk.store.transaction():
            chat.desk.store.outbox.put(replace(on_the_wire, state=RowState.UNCERTAIN))
        await moved(chat)
        with chat.desk.store.transaction():  # a send that failed comes back after the move
            chat.desk.store.outbox.put(replace(on_the_wire, state=RowState.PENDING))
        chat.clock.move_to(later)
        await chat.settle()
        assert chat.news("李明") == [MOVED]
        states = [chat.desk.store.outbox[one.id].state for one in (waiting, on_the_wire)]
        assert states == [RowState.CANCELLED] * 2


async def test_buttons_of_the_old_account_do_nothing_any_more() -> None:
    async with chatting() as chat:
        old = chat.cast.telegram["李明"]
        await chat.say("李明", "谈了吗")
        with_buttons = [one for one in chat.in_chat("李明") if one.buttons]
        await moved(chat)
        before = len(chat.desk.store.talks)
        for one in with_buttons:
            for label in one.buttons:
                assert await chat.press(old, label, on=one) in {STRANGER, None}
        assert len(chat.desk.store.talks) == before


async def test_enrolled_person_is_not_moved_by_a_link_of_any_kind() -> None:
    async with chatting() as chat:
        student = chat.cast["李明"]
        before = account(chat, student)
        outcome = carry_out(chat.desk, "invite", {"people": [student.number], "everyone": False})
        assert outcome.code == 1
        with chat.desk.store.transaction():  # as an older store may hold one
            token = enrol.issue(chat.desk, [student])[0][1]
        said = await chat.say(9000, f"/start {token}")
        assert said == ["本人已用另一个账号开通。要换账号，请联系支部书记。"]
        assert await chat.say("王小雨", f"/start {token}") == [
            "这个账号已经为另一位同志开通，不能再用。请换本人的账号点链接。"
        ]
        assert account(chat, student) == before


@pytest.mark.parametrize("who", ["陈静", "周老师", "王小雨", "李明", "韩书记", "何主任"])
@pytest.mark.parametrize("label", ["换账号", "确认换账号"])
async def test_nobody_but_the_own_secretary_moves_a_student(who: str, label: str) -> None:
    async with chatting() as chat:
        before = account(chat, chat.cast["李明"])
        await card(chat)
        await chat.press("林峰", "办理")
        if label == "确认换账号":
            await chat.press("林峰", "换账号")
        shown = chat.in_chat("林峰")[-1]
        await chat.press(who, label, on=shown, token=shown.buttons[label])
        assert account(chat, chat.cast["李明"]) == before


def forged(chat: Chat, who: str, whom: str) -> tuple[Shown, str]:
    """Put a button 换账号 of that person under the latest message of ``who``, as if it had been offered."""
    store, now = chat.desk.store, chat.desk.now()
    shown = chat.in_chat(who)[-1]
    (row,) = store.outbox.where("chat_message", (shown.chat, shown.id))
    owner, args = chat.cast[who].id, {"student": chat.cast[whom].id}
    with store.transaction():
        store.buttons.add(
            Button(
                token="forged",
                row=RowId(row.id),
                label="换账号",
                action="account_move_yes",
                args=args,
                person=owner,
                expires=now + timedelta(days=1),
            )
        )
    return shown, "forged"


async def test_office_is_offered_no_move_of_a_student_and_reads_who_does_it() -> None:
    async with chatting() as chat:
        shown = await card(chat, who="何主任")
        assert "换账号" not in {**shown.buttons, **await chat.behind("何主任", shown)}
        shown, token = forged(chat, "何主任", "李明")
        note = await chat.press("何主任", "换账号", on=shown, token=token)
        assert (note or chat.news("何主任")[-1]) == (
            "李明同学换账号由本科生第一党支部书记林峰同志办理，没有改动，请与书记联系。"
        )
        assert account(chat, chat.cast["李明"]) is not None
        assert [one.action for one in chat.desk.store.denials] == ["account_move_yes"]


@pytest.mark.parametrize("whom", ["林峰", "陈静", "李明"])
async def test_office_moves_whoever_has_no_secretary_to_ask(whom: str) -> None:
    """The secretary, whoever holds a duty, and a student whose secretary has no account."""
    async with chatting() as chat:
        if whom == "李明":
            with chat.desk.store.transaction():
                (its,) = chat.desk.store.accounts.where("person", chat.cast["林峰"].id)
                chat.desk.store.accounts.put(replace(its, until=chat.desk.now()))
        await card(chat, who="何主任")
        shown, token = forged(chat, "何主任", whom)
        await chat.press("何主任", "换账号", on=shown, token=token)
        assert account(chat, chat.cast[whom]) is None


async def test_moving_somebody_twice_says_that_there_is_no_account() -> None:
    async with chatting() as chat:
        shown = await card(chat)
        await chat.press("林峰", "办理", on=shown)
        await moved(chat)
        note = await chat.press("林峰", "换账号", on=shown)
        assert "还没有开通，没有要换的账号" in (note or chat.news("林峰")[-1])


async def test_secretary_does_not_lock_oneself_out() -> None:
    async with chatting() as chat:
        store, student = chat.desk.store, chat.cast["李明"]
        with store.transaction():
            store.people.put(replace(student, duties=(Duty.SECRETARY,)))
        shown = await card(chat, who="李明")
        note = await chat.press("李明", "换账号", on=shown)
        assert "请学院党委办公室来换" in (note or chat.news("李明")[-1])
        assert account(chat, student) is not None


async def test_whoever_has_left_is_a_stranger_and_hears_nothing_that_still_waited() -> None:
    async with chatting() as chat:
        later = chat.clock.now() + timedelta(minutes=5)
        waiting = put(chat, "李明", due=later)
        leave(chat, chat.cast["李明"])
        for words in ("/status", "已谈", "/mydata"):
            assert await chat.say("李明", words) == [STRANGER]
        chat.clock.move_to(later)
        await chat.settle()
        assert chat.desk.store.outbox[waiting.id].state is RowState.CANCELLED


def leave(chat: Chat, person: Person) -> None:
    with chat.desk.store.transaction():
        chat.desk.store.people.put(replace(person, left=date(2026, 9, 15)))


async def test_account_of_whoever_has_left_may_become_another_persons() -> None:
    async with chatting() as chat:
        leave(chat, chat.cast["李明"])
        person = newcomer(chat)
        await enrol_with(chat, invite(chat, person), "99a7", chat.cast.telegram["李明"])
        bound = account(chat, person)
        assert bound is not None
        assert bound.telegram == chat.cast.telegram["李明"]


async def test_link_of_whoever_has_left_since_opens_nothing() -> None:
    async with chatting() as chat:
        forget_account(chat, "李明")
        token = invite(chat, chat.cast["李明"])
        leave(chat, chat.cast["李明"])
        assert await chat.say(9000, f"/start {token}") == [DEAD]
