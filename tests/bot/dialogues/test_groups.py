"""Groups: /link, totals on Mondays, /done and replies that count, and no name of the roster, ever."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import pytest

from bot.delivery.schedule import Tick
from storage.records import Branch, Duty, TalkState
from tests.support.chat import GROUP, Chat, Shown, chatting
from tests.support.clock import at

OTHER_GROUP = -200
SUPERGROUP = -1001
LINK = "https://t.me/yinlu_bot"
RECORDED = "已登记，详情请看私聊。"
PRIVATE = f"请到私聊办理：{LINK}"
UNBOUND = "这个群还没有绑定支部，请支部书记在群里发 /link。"
NOT_SECRETARY = "绑定群由学生党支部书记本人操作，请支部书记在群里发 /link。"
NOBODY_YET = (
    "本科生第一党支部本学期谈话共5人：老师已确认0人，等老师确认0人，待核实0人，未谈5人；"
    "登记表已收0份。个人情况请私聊查询。"
)
ONE_STUDENT = NOBODY_YET.replace("第一党支部", "第二党支部").replace("5", "1")


@asynccontextmanager
async def in_group(now: datetime | None = None) -> AsyncIterator[Chat]:
    """学一's group is bound. Afterwards no group has read a name of the roster."""
    async with chatting(now) as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        yield chat
        assert_no_names(chat)


def assert_no_names(chat: Chat) -> None:
    names = {person.name for person in chat.cast.people.values()}
    for name, given in chat.recorder.calls:
        if given.get("chat_id", 0) < 0:
            assert not [one for one in names if one in repr(given)], (name, given)
            assert not given.get("reply_markup"), "a group gets no buttons"


def branch(chat: Chat, name: str = "学一") -> Branch:
    return chat.desk.store.branches[chat.cast.branches[name].id]


def talk_state(chat: Chat, student: str) -> TalkState:
    pairing = chat.desk.store.pairings.where("student", chat.cast[student].id)[0]
    found = chat.desk.store.talks.where("pairing", pairing.id)
    return found[0].state if found else TalkState.NONE


async def test_secretary_binds_the_branch_group() -> None:
    async with chatting() as chat:
        assert await chat.say("林峰", "/link", chat=GROUP) == [
            "已把本群绑定到本科生第一党支部。第二至第四周每周一发一行合计，不出现姓名。"
        ]
        assert branch(chat).chat == GROUP
        assert await chat.say("林峰", "/link", chat=GROUP) == [
            "本群已经绑定本科生第一党支部，不用再发。"
        ]
        assert_no_names(chat)


@pytest.mark.parametrize("who", ["李明", "陈静", "周老师", "何主任"])
async def test_nobody_but_a_secretary_binds_a_group(who: str) -> None:
    async with chatting() as chat:
        assert await chat.say(who, "/link", chat=GROUP) == [NOT_SECRETARY]
        assert branch(chat).chat is None


async def test_secretary_is_sent_to_the_group_when_linking_in_private() -> None:
    async with chatting() as chat:
        assert await chat.say("林峰", "/link") == ["请在支部的群里发 /link。"]


async def test_group_of_two_branches_reads_the_totals_of_each() -> None:
    async with in_group(at(2026, 9, 13, 8)) as chat:
        assert await chat.say("韩书记", "/link", chat=GROUP) == [
            "已把本群绑定到本科生第二党支部，本群同时绑定本科生第一党支部。"
            "第二至第四周每周一各发一行合计，不出现姓名。"
        ]
        assert await chat.say("李明", "/status", chat=GROUP) == [NOBODY_YET, ONE_STUDENT]
        await chat.tick(at(2026, 9, 14, 9))
        assert sorted(chat.news(GROUP)) == sorted([NOBODY_YET, ONE_STUDENT])
        await chat.say("韩书记", "/link", chat=OTHER_GROUP)
        assert branch(chat).chat == GROUP
        assert await chat.say("李明", "/status", chat=GROUP) == [
            "本科生第二党支部已改绑到另一个群，本群不再发它的合计。",
            NOBODY_YET,
        ]


async def test_secretary_moves_the_branch_to_another_group_and_the_old_one_is_told() -> None:
    async with in_group() as chat:
        chat.news(GROUP)
        await chat.say("林峰", "/link", chat=OTHER_GROUP)
        assert branch(chat).chat == OTHER_GROUP
        assert chat.news(GROUP) == ["本科生第一党支部已改绑到另一个群，本群不再发它的合计。"]
        assert await chat.say("李明", "/status", chat=GROUP) == [UNBOUND]


async def test_totals_on_their_way_follow_the_branch_to_its_new_group() -> None:
    async with in_group(at(2026, 9, 13, 8)) as chat:
        await chat.say("韩书记", "/link", chat=GROUP)
        chat.news(GROUP)
        chat.clock.move_to(at(2026, 9, 14, 9))
        Tick(chat.desk).now()
        assert NOBODY_YET in await chat.say("林峰", "/link", chat=OTHER_GROUP)
        assert sorted(chat.news(GROUP)) == sorted(
            [ONE_STUDENT, "本科生第一党支部已改绑到另一个群，本群不再发它的合计。"]
        )


async def test_new_secretary_rebinds_and_the_old_one_no_longer_does() -> None:
    async with in_group() as chat:
        with chat.desk.store.transaction():
            chat.desk.store.people.put(replace(chat.cast["林峰"], duties=()))
            chat.desk.store.people.put(replace(chat.cast["陈静"], duties=(Duty.SECRETARY,)))
        assert await chat.say("林峰", "/link", chat=OTHER_GROUP) == [NOT_SECRETARY]
        assert branch(chat).chat == GROUP
        await chat.say("陈静", "/link", chat=OTHER_GROUP)
        assert branch(chat).chat == OTHER_GROUP


async def test_topic_of_the_group_is_kept_and_answered_in() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await say_in_topic(chat, "林峰", "/link", 77)
        assert branch(chat).thread == 77
        await chat.tick(at(2026, 9, 14, 9))
        sent = [given for name, given in chat.recorder.calls if name == "sendMessage"]
        assert {given["message_thread_id"] for given in sent if given["chat_id"] == GROUP} == {77}


async def say_in_topic(chat: Chat, who: str, text: str, thread: int) -> None:
    await chat.feed(
        {
            "message": {
                "message_id": 5,
                "date": int(chat.clock.now().timestamp()),
                "chat": {"id": GROUP, "type": "supergroup", "title": "群", "is_forum": True},
                "from": {"id": chat.cast.telegram[who], "is_bot": False, "first_name": "某"},
                "text": text,
                "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
                "is_topic_message": True,
                "message_thread_id": thread,
            }
        }
    )


async def test_group_reads_one_line_of_totals_on_the_mondays_of_weeks_2_to_4() -> None:
    async with in_group(at(2026, 9, 13, 8)) as chat:
        chat.news(GROUP)
        for monday in (at(2026, 9, 14, 9), at(2026, 9, 21, 9), at(2026, 9, 28, 9)):
            await chat.tick(monday)
            assert chat.news(GROUP) == [NOBODY_YET]
            await chat.tick(monday.replace(hour=15))
            assert chat.news(GROUP) == []
        await chat.tick(at(2026, 10, 12, 9))
        assert chat.news(GROUP) == []


async def test_group_without_binding_reads_no_totals() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await chat.tick(at(2026, 9, 14, 9))
        assert chat.in_chat(GROUP) == []


async def test_status_in_the_group_is_the_totals_for_whoever_asks() -> None:
    async with in_group() as chat:
        for who in ("李明", "周老师", "陈静", "林峰", "何主任", "冯四"):
            assert await chat.say(who, "/status", chat=GROUP) == [NOBODY_YET]
            assert chat.news(who) == []


async def test_unbound_group_is_told_how_to_bind_it() -> None:
    async with chatting() as chat:
        for said in ("/status", "/done"):
            assert await chat.say("周老师", said, chat=GROUP) == [UNBOUND]
        assert await chat.say("周老师", "今天天气不错", chat=GROUP) == []


async def test_done_with_a_name_in_the_group_is_noted_there_and_told_in_private() -> None:
    async with in_group() as chat:
        assert await chat.say("周老师", "/done 李明", chat=GROUP) == [RECORDED]
        assert chat.news("周老师")[0].startswith("已记下：9月15日（周二）与李明同学谈话")
        assert talk_state(chat, "李明") is TalkState.CONFIRMED
        assert "周文老师登记" in chat.news("李明")[0]


async def test_done_in_the_group_by_the_mentor_of_one_student_needs_no_name() -> None:
    async with in_group() as chat:
        await chat.say("吴老师", "/done 赵一")
        chat.news("吴老师")
        assert await chat.say("吴老师", "/done", chat=GROUP) == [RECORDED]
        assert "与孙三同志谈话" in chat.news("吴老师")[0]


@pytest.mark.parametrize("said", ["/done", "/done 李明 王小雨", "/done 李名", "/done 没有这个人"])
async def test_done_without_one_clear_student_is_answered_with_a_link(said: str) -> None:
    async with in_group() as chat:
        assert await chat.say("周老师", said, chat=GROUP) == [PRIVATE]
        assert not len(chat.desk.store.talks)


async def test_students_reply_to_the_totals_is_a_claim() -> None:
    async with in_group(at(2026, 9, 14, 8)) as chat:
        await chat.tick(at(2026, 9, 14, 9))
        totals = chat.in_chat(GROUP)[-1]
        chat.news(GROUP)
        chat.news("李明")
        assert await chat.say("李明", "已谈", reply_to=totals, chat=GROUP) == [RECORDED]
        assert chat.news("李明")[0].startswith("已记下：9月14日（周一）与周文老师谈话")
        assert talk_state(chat, "李明") is TalkState.CLAIMED


async def test_student_with_two_mentors_is_asked_in_private_which_one() -> None:
    async with in_group() as chat:
        totals = await totals_of(chat)
        assert await chat.say("赵一", "已谈", reply_to=totals, chat=GROUP) == [PRIVATE]
        assert chat.news("赵一") == ["是与哪一位谈的？周文老师、吴静老师，请选一位。"]
        await chat.press("赵一", "两位都谈了")
        assert talk_state(chat, "赵一") is TalkState.CLAIMED


async def totals_of(chat: Chat) -> Shown:
    await chat.say("李明", "/status", chat=GROUP)
    return chat.in_chat(GROUP)[-1]


@pytest.mark.parametrize(
    "said", ["没有", "属实", "还没谈", "谈了吗？", "9.14", "大家加油", "日期不对"]
)
async def test_reply_in_the_group_that_says_no_talk_took_place_records_nothing(said: str) -> None:
    async with in_group() as chat:
        await chat.say("王小雨", "已谈")
        totals = await totals_of(chat)
        before = len(chat.desk.store.deeds)
        for who in ("李明", "周老师", "林峰"):
            assert await chat.say(who, said, reply_to=totals, chat=GROUP) == [PRIVATE]
        assert len(chat.desk.store.deeds) == before


async def test_reply_of_courtesy_in_the_group_is_left_alone() -> None:
    async with in_group() as chat:
        totals = await totals_of(chat)
        for said in ("好的", "收到", "谢谢", "是的"):
            assert await chat.say("李明", said, reply_to=totals, chat=GROUP) == []


async def test_plain_talk_in_the_group_is_not_listened_to() -> None:
    async with in_group() as chat:
        for said in ("已谈", "约不上老师", "进度"):
            assert await chat.say("李明", said, chat=GROUP) == []
        assert not len(chat.desk.store.talks)


async def test_claim_refused_in_the_group_is_explained_in_private() -> None:
    async with in_group() as chat:
        await chat.say("李明", "已谈")
        totals = await totals_of(chat)
        assert await chat.say("李明", "已谈", reply_to=totals, chat=GROUP) == [PRIVATE]
        assert "已经登记" in chat.news("李明")[-1]


async def test_missing_form_and_unreachable_mentor_are_taken_from_the_group_without_a_word_of_it() -> (
    None
):
    async with in_group() as chat:
        totals = await totals_of(chat)
        assert await chat.say("李明", "没拿到表", reply_to=totals, chat=GROUP) == [RECORDED]
        assert await chat.say("李明", "约不上老师", reply_to=totals, chat=GROUP) == [RECORDED]


@pytest.mark.parametrize("command", ["/undo", "/mydata", "/guide", "/forms"])
async def test_private_commands_are_sent_to_the_private_chat(command: str) -> None:
    async with in_group() as chat:
        for who in ("李明", "陈静"):
            assert await chat.say(who, command, chat=GROUP) == [f"这一项请到私聊办理：{LINK}"]


async def test_private_commands_in_words_are_sent_to_the_private_chat_too() -> None:
    async with in_group() as chat:
        totals = await totals_of(chat)
        for words in ("我的数据", "撤销", "登记表"):
            assert await chat.say("陈静", words, reply_to=totals, chat=GROUP) == [
                f"这一项请到私聊办理：{LINK}"
            ]


async def test_help_in_a_group_names_status_and_the_private_chat() -> None:
    async with in_group() as chat:
        expected = f"在群里可以发 /status 看合计。个人的事请到私聊办理：{LINK}"
        assert await chat.say("李明", "/help", chat=GROUP) == [expected]
        assert await chat.say("李明", "/start", chat=GROUP) == [expected]


async def test_unknown_command_in_a_group_may_be_meant_for_another_bot() -> None:
    async with in_group() as chat:
        assert await chat.say("李明", "/roll", chat=GROUP) == []


async def test_nobody_is_greeted_by_name_in_a_group_whatever_they_type() -> None:
    async with in_group(at(2026, 9, 28, 10)) as chat:
        totals = await totals_of(chat)
        everything = ["/start", "/help", "/status", "/done", "/done 李明", "/done 9.21", "/forms"]
        everything += ["/undo", "/mydata", "/guide", "/link", "/nonsense"]
        words = [
            "已谈",
            "已谈 9.21",
            "李明谈过了",
            "都谈了",
            "没拿到表",
            "已交",
            "约不上",
            "帮我写意见",
            "进度",
        ]
        for who in chat.cast.telegram:
            for said in everything:
                await chat.say(who, said, chat=GROUP)
            for said in words:
                await chat.say(who, said, reply_to=totals, chat=GROUP)


async def membership(chat: Chat, status: str, place: int = GROUP) -> None:
    bot = {"id": 4242, "is_bot": True, "first_name": "引路"}
    until = {"until_date": 0} if status == "kicked" else {}
    await chat.feed(
        {
            "my_chat_member": {
                "chat": {"id": place, "type": "group", "title": "群"},
                "from": {"id": 1, "is_bot": False, "first_name": "某"},
                "date": int(chat.clock.now().timestamp()),
                "old_chat_member": {"user": bot, "status": "member"},
                "new_chat_member": {"user": bot, "status": status, **until},
            }
        }
    )


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_group_is_let_go_when_the_bot_is_removed(status: str) -> None:
    async with in_group(at(2026, 9, 13, 8)) as chat:
        await membership(chat, status)
        assert branch(chat).chat is None
        chat.news(GROUP)
        await chat.tick(at(2026, 9, 14, 9))
        assert chat.news(GROUP) == []


LOST = (
    "本科生第一党支部的群里已经没有机器人（被移出，或群已解散），每周一的合计不再发。"
    "要恢复，请把机器人加进支部的群，在群里发 /link。"
)


async def test_secretary_is_told_once_when_the_bot_is_removed() -> None:
    async with in_group() as chat:
        chat.news("林峰")
        await membership(chat, "kicked")
        await membership(chat, "left")
        assert chat.news("林峰") == [LOST]
        assert not [who for who in ("陈静", "何主任", "韩书记") if chat.news(who)]


async def test_office_is_told_where_a_branch_has_no_secretary() -> None:
    async with in_group() as chat:
        with chat.desk.store.transaction():
            chat.desk.store.people.put(replace(chat.cast["林峰"], duties=()))
        await membership(chat, "left")
        assert chat.news("何主任") == [LOST]


async def test_both_branches_of_a_group_are_let_go_when_the_bot_is_removed() -> None:
    async with in_group() as chat:
        await chat.say("韩书记", "/link", chat=GROUP)
        chat.news("韩书记")
        await membership(chat, "left")
        assert (branch(chat).chat, branch(chat, "学二").chat) == (None, None)
        assert chat.news("韩书记") == [LOST.replace("第一党支部", "第二党支部")]


NOT_ENROLLED = (
    "还没有开通的同志，请先在私聊里开通：用支部转发给本人的链接，没有的请向支部索取。"
    f"已有链接的也可以从这里打开：{LINK}"
)


@pytest.mark.parametrize("said", ["/status", "/help", "/done 李明", "/mydata"])
async def test_member_who_never_opened_the_bot_is_led_to_the_private_chat(said: str) -> None:
    async with in_group() as chat:
        chat.news(GROUP)
        assert await chat.say(9001, said, chat=GROUP) == [NOT_ENROLLED]


async def test_reply_of_a_member_who_never_opened_the_bot_is_answered_too() -> None:
    async with in_group() as chat:
        totals = await totals_of(chat)
        chat.news(GROUP)
        assert await chat.say(9001, "收到", reply_to=totals, chat=GROUP) == []
        assert await chat.say(9001, "已谈", reply_to=totals, chat=GROUP) == [NOT_ENROLLED]
        assert not len(chat.desk.store.talks)


async def test_group_is_led_to_the_private_chat_once_an_hour_whoever_asks() -> None:
    async with in_group() as chat:
        chat.news(GROUP)
        said = [await chat.say(who, "/status", chat=GROUP) for who in (9001, 9001, 9002)]
        assert said == [[NOT_ENROLLED], [], []]
        chat.clock.advance(minutes=61)
        assert await chat.say(9002, "/status", chat=GROUP) == [NOT_ENROLLED]


async def test_stranger_in_a_group_of_no_branch_or_to_another_bot_hears_nothing() -> None:
    async with in_group() as chat:
        chat.news(GROUP)
        assert await chat.say(9001, "/roll", chat=GROUP) == []
        assert await chat.say(9001, "已谈", chat=GROUP) == []
        assert await chat.say(9001, "/status", chat=OTHER_GROUP) == []


async def test_group_stays_bound_when_the_bot_only_becomes_a_member() -> None:
    async with in_group() as chat:
        await membership(chat, "member")
        await membership(chat, "left", OTHER_GROUP)
        assert branch(chat).chat == GROUP


@pytest.mark.parametrize("told_in", ["old", "new"])
async def test_group_that_becomes_a_supergroup_stays_bound(told_in: str) -> None:
    async with in_group(at(2026, 9, 13, 8)) as chat:
        place, field, other = (
            (GROUP, "migrate_to_chat_id", SUPERGROUP)
            if told_in == "old"
            else (SUPERGROUP, "migrate_from_chat_id", GROUP)
        )
        await chat.feed(
            {
                "message": {
                    "message_id": 9,
                    "date": int(chat.clock.now().timestamp()),
                    "chat": {"id": place, "type": "supergroup", "title": "群"},
                    "from": {"id": 1, "is_bot": False, "first_name": "某"},
                    field: other,
                }
            }
        )
        assert branch(chat).chat == SUPERGROUP
        await chat.tick(at(2026, 9, 14, 9))
        assert chat.news(SUPERGROUP) == [NOBODY_YET]
