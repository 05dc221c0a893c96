"""/done: alone, with names and dates, as a list; and what the students read of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.actions import talk, undo
from bot.actions.own_talks import Owed
from storage.records import TalkState
from tests.bot.dialogues.talks import (
    TODAY,
    claims,
    joins,
    last,
    opens_account,
    quiet,
    state,
)
from tests.support.chat import Chat, chatting
from tests.support.clock import at

NOTED = (
    "已记下：{day}与{students}谈话，并已告诉本人。请在登记表上写考察记录（思想认识、政治觉悟、工作经历、"
    "现实表现）并签名；有情况请向林峰同志反映。如有误，10 分钟内可发 /undo 撤销。"
)
TOLD = "周文老师登记：{day}与你谈话。情况属实不用回复；日期不对，回复正确日期；如果没有谈，请点“没有谈”。"
PICK = (
    "谈话日期：{day}\n请点这一天谈过话的同学，登记后显示 ✓，再点一次取消。"
    "日期不是这一天，请先点“改日期”。"
)


@pytest.mark.parametrize(
    ("words", "day", "students"),
    [
        ("/done 李明", TODAY, ["李明"]),
        ("/done 李明 9月14日", "9月14日（周一）", ["李明"]),
        ("/done 9.14 李明", "9月14日（周一）", ["李明"]),
        ("/done 李明 王小雨 9.10", "9月10日（周四）", ["李明", "王小雨"]),
        ("/done 李明、王小雨 昨天", "9月14日（周一）", ["李明", "王小雨"]),
        ("/done liming", TODAY, ["李明"]),
        ("/done wxy", TODAY, ["王小雨"]),
        ("/done\n李明\n王小雨", TODAY, ["李明", "王小雨"]),
        ("已谈 李明", TODAY, ["李明"]),
        ("李明谈过了", TODAY, ["李明"]),
        ("昨天和李明谈过了", "9月14日（周一）", ["李明"]),
    ],
)
async def test_mentor_records_by_name_and_day(words: str, day: str, students: list[str]) -> None:
    async with chatting() as chat:
        named = "、".join(f"{one}同学" for one in students)
        assert await chat.say("周老师", words) == [NOTED.format(day=day, students=named)]
        for student in students:
            assert chat.news(student) == [TOLD.format(day=day)]
            assert list(last(chat, student).buttons) == ["没有谈"]
            assert state(chat, student, "周老师")[0] is TalkState.CONFIRMED


async def test_mentor_of_one_student_needs_no_name() -> None:
    async with chatting() as chat:
        opens_account(chat, "郑老师")
        assert (await chat.say("郑老师", "/done"))[0].startswith(
            f"已记下：{TODAY}与钱二同学谈话，并已告诉本人。"
        )


async def test_mentor_picks_from_the_list_with_a_tap_each() -> None:
    async with chatting() as chat:
        assert await chat.say("周老师", "/done") == [PICK.format(day=TODAY)]
        shown = last(chat, "周老师")
        assert list(shown.buttons) == ["改日期", "李明", "王小雨", "赵一", "孙三"]
        assert await chat.press("周老师", "李明") == (f"已登记：李明同学，{TODAY}。再点一次取消。")
        assert list(shown.buttons) == ["改日期", "✓ 李明", "王小雨", "赵一", "孙三"]
        assert chat.news("周老师") == []
        assert chat.news("李明") == [TOLD.format(day=TODAY)]


async def test_a_second_tap_in_the_list_takes_it_back_and_the_student_reads_that() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done")
        await chat.press("周老师", "李明")
        quiet(chat)
        assert await chat.press("周老师", "✓ 李明") == "已取消：李明同学的谈话登记。"
        assert list(last(chat, "周老师").buttons)[1] == "李明"
        assert chat.news("李明") == ["周文老师撤销了刚才的谈话登记，谈话现在是“未谈”。"]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")
        await chat.press("周老师", "李明")
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-15")


async def test_a_late_second_tap_in_the_list_takes_nothing_back() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done")
        await chat.press("周老师", "李明")
        chat.clock.advance(minutes=11)
        await chat.press("周老师", "✓ 李明")
        assert chat.news("周老师")[-1] == (
            f"李明同学{TODAY}的谈话已经登记，不用再登记。日期不对，请发 /done（已谈）加姓名和正确的日期。"
        )
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-15")


@pytest.mark.parametrize("way", ["button", "typed"])
async def test_mentor_changes_the_lists_one_date(way: str) -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done")
        shown = last(chat, "周老师")
        await chat.press("周老师", "改日期")
        assert chat.news("周老师")[-1] == ("这些谈话是哪一天？请选，或输入日期，例如“9月15日”。")
        if way == "button":
            await chat.press("周老师", "昨天")
        else:
            await chat.say("周老师", "9月14日")
        assert last(chat, "周老师").text == ("日期已改为9月14日（周一），请在上面的名单里点姓名。")
        assert shown.text == PICK.format(day="9月14日（周一）")
        await chat.press("周老师", "赵一")
        assert state(chat, "赵一", "周老师") == (TalkState.CONFIRMED, "2026-09-14")


async def test_the_list_keeps_its_date_when_the_new_one_cannot_be() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 昨天")
        shown = last(chat, "周老师")
        await chat.press("周老师", "改日期")
        chat.news("周老师")
        assert await chat.say("周老师", "9月16日") == [
            "谈话日期不能晚于今天。请重新输入日期；还没有谈，谈完再登记就可以。"
        ]
        assert shown.text == PICK.format(day="9月14日（周一）")


async def test_done_after_a_claim_confirms_it_on_its_own_day() -> None:
    async with chatting() as chat:
        await claims(chat, "李明", "昨天谈了")
        listed = last(chat, "周老师")
        assert await chat.say("周老师", "/done 李明") == [
            NOTED.format(day="9月14日（周一）", students="李明同学")
        ]
        assert chat.news("李明")[0].startswith("周文老师已确认9月14日（周一）的谈话。")
        assert listed.buttons == {}
        assert listed.text.endswith("✓ 李明同学，9月14日（周一），老师已确认")


async def test_done_for_claims_of_two_days_names_each_day() -> None:
    async with chatting() as chat:
        await claims(chat, "李明", "昨天谈了")
        assert await chat.say("周老师", "/done 李明 王小雨") == [
            NOTED.format(day="9月14日（周一）", students="李明同学"),
            NOTED.format(day=TODAY, students="王小雨同学"),
        ]


async def test_done_with_another_day_than_the_claim_corrects_it() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await chat.say("周老师", "/done 李明 9月14日")
        assert chat.news("李明") == ["谈话日期改为9月14日（周一），周文老师已确认。"]


async def test_done_again_without_a_day_leaves_the_day_as_it_was() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        chat.clock.move_to(at(2026, 9, 17, 10))
        quiet(chat)
        assert await chat.say("周老师", "/done 李明") == [
            f"李明同学{TODAY}的谈话已经登记，不用再登记。日期不对，请发 /done（已谈）加姓名和正确的日期。"
        ]
        assert chat.news("李明") == []
        assert await chat.say("周老师", "/done 李明 9.16") == [
            NOTED.format(day="9月16日（周三）", students="李明同学")
        ]
        assert chat.news("李明") == ["谈话日期改为9月16日（周三），周文老师已确认。"]


async def test_mentor_changes_the_date_by_the_button_below_the_note() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明 王小雨")
        await chat.press("周老师", "改日期")
        assert chat.news("周老师") == [
            "原来登记的是9月15日（周二）。与李明同学、王小雨同学的谈话实际是哪一天？"
        ]
        quiet(chat)
        await chat.press("周老师", "昨天")
        assert chat.news("周老师") == [
            NOTED.format(day="9月14日（周一）", students="李明同学、王小雨同学")
        ]
        assert chat.news("王小雨") == ["谈话日期改为9月14日（周一），周文老师已确认。"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (
            "/done 李明 9月20日",
            "谈话日期不能晚于今天。请重新输入日期；还没有谈，谈完再登记就可以。",
        ),
        (
            "/done 李明 8.30",
            "谈话日期不能早于本学期第一周（9月7日（周一））。请重新输入日期。",
        ),
        ("/done 李明 2月30日", "日历上没有这一天，请再输入一次，例如“9月15日”。"),
        (
            "/done 钱二",
            "在您联系的同学里没有找到“钱二”，请核对姓名后再发，或发 /done（已谈）从名单里选。",
        ),
    ],
)
async def test_mentor_is_told_what_to_do_where_nothing_can_be_recorded(
    words: str, answer: str
) -> None:
    async with chatting() as chat:
        assert await chat.say("周老师", words) == [answer]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")


async def test_a_mistyped_name_is_asked_about_and_the_others_are_recorded() -> None:
    async with chatting() as chat:
        assert await chat.say("周老师", "/done 李名 赵一 9.14") == [
            "没有找到“李名”，是不是李明？请选一位，或重新发姓名。",
            NOTED.format(day="9月14日（周一）", students="赵一同学"),
        ]
        assert list(chat.in_chat("周老师")[0].buttons) == ["李明", "都不是"]
        await chat.press("周老师", "李明")
        assert chat.news("周老师") == [NOTED.format(day="9月14日（周一）", students="李明同学")]


async def test_none_of_those_named_opens_the_list() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李名")
        await chat.press("周老师", "都不是")
        assert chat.news("周老师") == [PICK.format(day=TODAY)]


async def test_namesakes_are_told_apart_by_class_on_buttons_and_in_every_sentence() -> None:
    async with chatting() as chat:
        joins(chat, "李明", "周老师", class_name="小教2402")
        assert await chat.say("周老师", "/done 李明 昨天") == ["叫“李明”的不止一位，请选一位。"]
        assert list(last(chat, "周老师").buttons) == ["李明（小教2401）", "李明（小教2402）"]
        await chat.press("周老师", "李明（小教2401）")
        assert chat.news("周老师") == [
            NOTED.format(day="9月14日（周一）", students="李明（小教2401）同学")
        ]
        assert chat.news("李明") == [TOLD.format(day="9月14日（周一）")]


async def test_an_unclear_day_is_asked_before_anything_is_recorded() -> None:
    async with chatting() as chat:
        assert await chat.say("周老师", "/done 李明 9月14日周二") == [
            "没有看明白是哪一天，请选一个：9月14日（周一），还是9月15日（周二）？"
        ]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")
        await chat.press("周老师", "9月14日（周一）")
        assert chat.news("周老师") == [NOTED.format(day="9月14日（周一）", students="李明同学")]


async def test_mentor_who_has_recorded_everyone_is_told_so() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "都谈过了")
        assert [state(chat, one, "周老师")[0] for one in ("李明", "王小雨", "赵一", "孙三")] == [
            TalkState.CONFIRMED
        ] * 4
        assert (await chat.say("周老师", "/done"))[-1] == (
            "您联系的同学，本学期谈话都已登记。进度发 /status（进度）。"
        )


async def test_somebody_without_students_has_nothing_to_record() -> None:
    async with chatting() as chat:
        for words in ("/done", "/done 李明", "已谈"):
            assert await chat.say("何主任", words) == [
                "您现在没有要联系的同学，不用登记谈话。进度发 /status（进度）。"
            ]
        assert await chat.say("陈静", "还没谈") == [
            "没有看明白。看进度发 /status（进度），能做什么发 /help（帮助）。"
        ]


@pytest.mark.parametrize("words", ["/done 全部", "/done 所有同学 9.14", "全部谈过了"])
async def test_mentor_records_everyone_in_one_line(words: str) -> None:
    async with chatting() as chat:
        await chat.say("周老师", words)
        for student in ("李明", "王小雨", "赵一", "孙三"):
            assert state(chat, student, "周老师")[0] is TalkState.CONFIRMED


@pytest.mark.parametrize("words", ["还没谈", "明天和李明谈", "谈了吗？"])
async def test_mentor_with_nothing_to_answer_reads_how_to_record(words: str) -> None:
    async with chatting() as chat:
        assert await chat.say("周老师", words) == [
            "没有看明白。谈过了请发 /done（已谈），还没谈就不用回复。"
        ]


async def test_done_of_yesterday_evening_read_today_means_yesterday() -> None:
    async with chatting(at(2026, 9, 16, 7)) as chat:
        who = chat.cast.telegram["周老师"]
        await chat.feed(
            {
                "message": {
                    "message_id": 1,
                    "date": int(at(2026, 9, 15, 23, 50).timestamp()),
                    "chat": {"id": who, "type": "private"},
                    "from": {"id": who, "is_bot": False, "first_name": "某"},
                    "text": "/done 李明",
                    "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
                }
            }
        )
        assert chat.news("周老师") == [NOTED.format(day=TODAY, students="李明同学")]


async def test_student_without_account_is_not_said_to_have_been_told() -> None:
    async with chatting() as chat:
        joins(chat, "周一鸣", "周老师")
        said = await chat.say("周老师", "/done 周一鸣")
        assert said[0].startswith(f"已记下：{TODAY}与周一鸣同学谈话。请在登记表上")


async def test_news_of_a_talk_taken_back_before_it_left_is_not_sent() -> None:
    async with chatting() as chat:
        await records_and_takes_back_while_the_wire_is_held(chat)
        assert not [text for text in chat.news("李明") if "登记：" in text]


async def records_and_takes_back_while_the_wire_is_held(chat: Chat) -> None:
    """Both acts are committed before anything is sent."""
    desk = chat.desk
    pairing = desk.store.pairings.where("student", chat.cast["李明"].id)[0]
    mentor = chat.cast["周老师"]
    with desk.store.transaction():
        talk.done(desk, mentor, [Owed(pairing)], None, desk.today())
    with desk.store.transaction():
        undo.undo(desk, mentor)
    await chat.settle()


async def test_mentors_with_one_surname_are_greeted_with_it_and_named_in_full() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            other = chat.desk.store.people[chat.cast["吴老师"].id]
            chat.desk.store.people.put(replace(other, name="周静"))
        await chat.say("赵一", "和周静老师谈过了")
        assert chat.news("吴老师")[0].startswith("周老师，您好。以下同学登记与您谈过话")
        assert state(chat, "赵一", "吴老师")[0] is TalkState.CLAIMED
        assert state(chat, "赵一", "周老师")[0] is TalkState.NONE


@pytest.mark.parametrize("objected", [False, True])
async def test_mentor_corrects_the_date_in_a_reply_to_the_note_or_the_objection(
    objected: bool,
) -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        if objected:
            await chat.press("李明", "没有谈")
        quiet(chat)
        await chat.say("周老师", "9月14日", reply_to=last(chat, "周老师"))
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-14")
        assert chat.news("李明") == [
            TOLD.format(day="9月14日（周一）")
            if objected
            else "谈话日期改为9月14日（周一），周文老师已确认。"
        ]


async def test_a_typed_date_that_may_be_two_is_asked_with_buttons() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        await chat.press("周老师", "改日期")
        quiet(chat)
        assert await chat.say("周老师", "9月14日周二") == [
            "没有看明白是哪一天，请选一个：9月14日（周一），还是9月15日（周二）？"
        ]
        await chat.press("周老师", "9月14日（周一）")
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-14")


async def test_an_unclear_day_for_what_is_recorded_already_changes_nothing() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        await chat.say("周老师", "/done 李明 9月14日周二")
        chat.news("周老师")
        await chat.press("周老师", "9月15日（周二）")
        assert chat.news("周老师") == [
            f"李明同学{TODAY}的谈话已经登记，不用再登记。日期不对，请发 /done（已谈）加姓名和正确的日期。"
        ]


async def test_correcting_a_note_whose_record_was_taken_back_is_refused() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        noted = last(chat, "周老师")
        token = noted.buttons["改日期"]
        await chat.say("周老师", "/undo")
        quiet(chat)
        assert await chat.press("周老师", "改日期", on=noted, token=token) == (
            "这条登记已经答复过了。看现在的情况请发 /status（进度）。"
        )
