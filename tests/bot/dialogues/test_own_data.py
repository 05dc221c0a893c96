"""/mydata: everything held about a person, readable and whole; and the wish to have it changed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import get_type_hints

import pytest

from bot.actions import deed, enrol
from bot.compose.own_data import PER_PAGE
from bot.compose.own_sections import OF_NOBODY, RECORDS, SECTIONS
from messages.own_facts import HELD, HELD_DAYS
from storage import tables
from storage.records import (
    Duty,
    Form,
    FormKind,
    FormState,
    Introduction,
    Obstacle,
    Opinion,
    Pairing,
    PersonId,
    Role,
    Talk,
    TalkState,
    TermId,
)
from storage.tables import Declared
from tests.support.chat import Chat, chatting
from tests.support.clock import at

DECLARED = [one for one in vars(tables).values() if isinstance(one, Declared)]


def shown(chat: Chat, who: str) -> str:
    return chat.in_chat(who)[-1].text


async def views(chat: Chat, who: str) -> str:
    """Everything that /mydata tells somebody, all views and pages."""
    await chat.say(who, "/mydata")
    said = [shown(chat, who)]
    await chat.press(who, "谈话和登记表")
    said.append(shown(chat, who))
    while "下一页" in chat.in_chat(who)[-1].buttons:
        await chat.press(who, "下一页")
        said.append(shown(chat, who))
    await chat.press(who, "消息和办理")
    return "\n".join([*said, shown(chat, who)])


def test_every_table_is_shown_or_is_of_nobody() -> None:
    assert {one.name for one in DECLARED} == {*SECTIONS} | OF_NOBODY
    assert not {*SECTIONS} & OF_NOBODY
    assert {*RECORDS} <= {*SECTIONS}


def test_no_table_of_nobody_refers_to_a_person() -> None:
    for one in DECLARED:
        if one.name in OF_NOBODY:
            hints = get_type_hints(one.holds)
            assert not [f.name for f in fields(one.holds) if "PersonId" in str(hints[f.name])]


def test_every_kind_of_record_has_its_words() -> None:
    assert HELD.keys() == HELD_DAYS.keys()


def settle_everything(chat: Chat) -> None:
    """Give 李明 and 周老师 one record of every table that holds any."""
    store, student = chat.desk.store, chat.cast["李明"].id
    pairing = store.pairings.where("open_student", student)[0]
    term = TermId(chat.desk.store.terms.where("week1", date(2026, 9, 7))[0].id)
    now = chat.desk.now()
    with store.transaction():
        store.people.put(replace(store.people[student], relatives=("T0009",)))
        enrol.issue(chat.desk, [store.people[student]])
        store.talks.add(
            Talk(
                pairing=pairing.id,
                term=term,
                state=TalkState.CONFIRMED,
                day=date(2026, 9, 14),
                recorded=now,
                by=student,
            )
        )
        store.forms.add(
            Form(
                student=student,
                term=term,
                kind=FormKind.ACTIVIST,
                state=FormState.RECEIVED,
                handed_out=date(2026, 9, 8),
                received=date(2026, 9, 28),
                signed=True,
            )
        )
        store.obstacles.add(Obstacle(student=student, term=term, at=now))
        deed.record(chat.desk, "claim", student, about=student)
        way = store.introductions.add(Introduction(student=student, review=date(2026, 9, 10)))
        own = Pairing(student=student, mentor=pairing.mentor, role=Role.INTRODUCER)
        introducer = store.pairings.add(own)
        store.opinions.add(
            Opinion(introduction=way.id, pairing=introducer.id, consent=False, recorded=now)
        )


async def test_a_student_reads_each_record_about_him() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        settle_everything(chat)
        said = await views(chat, "李明")
        for part in (
            "姓名：李明",
            "班级：小教2401",
            "阶段：入党积极分子（2026年3月2日（周一）起）",
            "编号、亲属的编号也存有",
            "本人的培养联系人：周文老师",
            "本人的入党介绍人：周文老师",
            "半年考察谈话：周文老师，2026-2027-1，老师已确认，2026年9月14日（周一）谈话",
            "登记表：《入党积极分子和发展对象培养考察登记表》，2026-2027-1，已收，"
            "2026年9月8日（周二）发放，2026年9月28日（周一）收到，导师记录已签",
            "“约不上老师”：2026年9月28日（周一）提出",
            "入党介绍：2026年9月10日（周四）审查会议",
            "开通链接：2026年9月28日（周一）发出，2026年10月1日（周四）到期",
            "你办过：谈话登记1次",
            "收到你的消息",
        ):
            assert part in said, (part, said)


async def test_what_others_answered_in_confidence_is_not_told() -> None:
    """A20: of an introducer's 暂不 the candidate learns nothing; the introducer reads the own answer."""
    async with chatting(at(2026, 9, 28, 10)) as chat:
        settle_everything(chat)
        assert "暂不" not in await views(chat, "李明")
        own = await views(chat, "周老师")
        assert "入党介绍人意见：李明同学" in own
        assert "暂不" in own


async def test_no_number_goes_over_telegram() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        settle_everything(chat)
        for who in ("李明", "周老师", "林峰", "陈静", "何主任"):
            said = await views(chat, who)
            assert not [one.number for one in chat.cast.people.values() if one.number in said]
            assert "T0009" not in said


async def test_many_records_are_turned_page_by_page() -> None:
    async with chatting() as chat:
        store, mentor = chat.desk.store, chat.cast["周老师"].id
        with store.transaction():
            for _ in range(2 * PER_PAGE):
                store.pairings.add(
                    Pairing(
                        student=chat.cast["李明"].id,
                        mentor=mentor,
                        role=Role.CONTACT,
                        until=date(2026, 9, 1),
                    )
                )
        said = await views(chat, "周老师")
        assert "第1页，共3页" in said
        assert "第3页，共3页" in said
        await chat.press("周老师", "谈话和登记表")
        await chat.press("周老师", "下一页")
        await chat.press("周老师", "上一页")
        assert "第1页，共3页" in shown(chat, "周老师")
        await chat.press("周老师", "个人信息")
        assert "姓名：周文" in shown(chat, "周老师")


async def wishes(chat: Chat, who: str = "李明") -> None:
    await chat.say(who, "/mydata")
    await chat.press(who, "请求更正")
    await chat.say(who, "班级写错了")


async def test_a_wish_goes_to_the_secretary_and_the_answer_back() -> None:
    async with chatting() as chat:
        await chat.say("李明", "/mydata")
        await chat.press("李明", "请求更正")
        assert "写明要更正什么" in shown(chat, "李明")
        await chat.say("李明", "班级写错了，应为小教2402班")
        assert shown(chat, "李明").startswith("已把你的更正请求转给支部书记")
        asked = shown(chat, "林峰")
        assert "李明同学9月15日（周二）请求更正本人的信息：\n班级写错了，应为小教2402班" in asked
        await chat.press("林峰", "已处理")
        assert "已处理，已告诉本人" in shown(chat, "林峰")
        assert not chat.in_chat("林峰")[-1].buttons
        assert "更正请求，支部书记已处理" in shown(chat, "李明")
        assert "班级写错了" in await views(chat, "李明")


async def test_a_secretary_who_cannot_do_it_says_why_and_the_person_reads_it() -> None:
    async with chatting() as chat:
        await chat.say("李明", "/mydata")
        await chat.press("李明", "请求删除")
        await chat.say("李明", "我不想留下记录了。")
        assert "请求删除本人的信息：\n我不想留下记录了" in shown(chat, "林峰")
        await chat.press("林峰", "不能处理")
        await chat.say("林峰", "培养期间要保留考察记录。")
        news = [one.text for one in chat.in_chat("林峰")]
        assert any("不能处理：培养期间要保留考察记录。已告诉" in text for text in news)
        assert "没有办理，原因：培养期间要保留考察记录。有不同" in shown(chat, "李明")
        assert "请求删除：我不想留下记录了，" in await views(chat, "李明")


async def test_the_same_wish_twice_waits_for_the_first_answer() -> None:
    async with chatting() as chat:
        for _ in range(2):
            await chat.say("李明", "/mydata")
            await chat.press("李明", "请求更正")
            await chat.say("李明", "班级写错了")
        assert len(chat.desk.store.requests) == 1
        await chat.say("李明", "/mydata")
        assert "还没有答复" in str(await chat.press("李明", "请求更正")) + shown(chat, "李明")
        await chat.press("李明", "请求删除")
        await chat.say("李明", "全部删除吧")
        assert len(chat.desk.store.requests) == 2


async def test_of_two_who_may_answer_the_second_reads_that_it_is_done() -> None:
    async with chatting() as chat:
        store = chat.desk.store
        with store.transaction():
            store.people.put(replace(chat.cast["陈静"], duties=(Duty.COMMITTEE, Duty.SECRETARY)))
        await wishes(chat)
        await chat.press("陈静", "已处理")
        answered = await chat.press("林峰", "已处理")
        assert "已经答复" in str(answered) + shown(chat, "林峰")
        assert sum("支部书记已处理" in one.text for one in chat.in_chat("李明")) == 1


async def test_a_secretarys_own_wish_goes_to_the_office() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/mydata")
        assert "不在聊天里出现，可以向学院党委办公室查看" in shown(chat, "林峰")
        await chat.press("林峰", "请求更正")
        assert "会转给学院党委办公室" in shown(chat, "林峰")
        await chat.say("林峰", "班级写错了")
        assert shown(chat, "林峰").startswith("已把你的更正请求转给学院党委办公室")
        assert "林峰同志" in shown(chat, "何主任")
        await chat.press("何主任", "已处理")
        assert "更正请求，学院党委办公室已处理" in shown(chat, "林峰")


@pytest.mark.parametrize(
    ("who", "keeper"), [("何主任", "学院党委办公室"), ("周老师", "支部书记"), ("李明", "支部书记")]
)
async def test_nobody_is_sent_to_a_secretary_who_knows_nothing_of_them(
    who: str, keeper: str
) -> None:
    async with chatting() as chat:
        await chat.say(who, "/mydata")
        assert f"不在聊天里出现，可以向{keeper}查看" in shown(chat, who)
        await chat.press(who, "消息和办理")
        assert f"可以向{keeper}查看" in shown(chat, who)


async def test_where_nobody_can_be_told_the_person_reads_whom_to_ask() -> None:
    async with chatting() as chat:
        store = chat.desk.store
        with store.transaction():
            for who in ("林峰", "何主任"):
                account = store.accounts.where("person", chat.cast[who].id)[0]
                store.accounts.put(replace(account, reachable=False))
        await wishes(chat)
        assert "请直接向支部书记" in shown(chat, "李明")
        assert not len(store.requests)


async def test_who_is_no_longer_secretary_answers_nothing() -> None:
    async with chatting() as chat:
        store = chat.desk.store
        await wishes(chat)
        with store.transaction():
            store.people.put(replace(chat.cast["林峰"], duties=()))
            store.people.put(replace(chat.cast["陈静"], duties=(Duty.SECRETARY,)))
        await chat.press("林峰", "已处理")
        assert next(iter(store.requests)).answered is None
        with store.transaction():  # a secretary, but of another branch
            other = chat.cast.branches["学二"].id
            store.people.put(replace(chat.cast["林峰"], branch=other))
        await chat.press("林峰", "已处理")
        assert next(iter(store.requests)).answered is None


async def test_a_command_instead_of_the_reason_is_a_command() -> None:
    async with chatting() as chat:
        await chat.say("李明", "/mydata")
        await chat.press("李明", "请求删除")
        await chat.say("李明", "/mydata")
        assert "姓名：李明" in shown(chat, "李明")
        assert not len(chat.desk.store.requests)


async def test_a_purged_request_is_a_button_too_old() -> None:
    async with chatting() as chat:
        store = chat.desk.store
        await wishes(chat)
        with store.transaction():
            store.requests.remove(1)
        await chat.press("林峰", "已处理")
        await chat.press("林峰", "不能处理")
        assert not [one for one in chat.desk.store.deeds if one.what in {"data_done"}]


async def test_deeds_of_a_person_show_as_counts_and_those_in_confidence_as_other() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            by = chat.cast["陈静"].id
            student: PersonId = chat.cast["李明"].id
            deed.record(chat.desk, "received", by, about=student)
            deed.record(chat.desk, "received", by, about=student)
            deed.record(chat.desk, "declined", by, about=student)
        said = await views(chat, "李明")
        assert "收表登记2次，最近9月15日（周二）；其他1次" in said
        assert "不便" not in said
