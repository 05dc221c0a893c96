"""撤销: within 10 minutes, until the other side has answered; and what the other side is told."""

from __future__ import annotations

import pytest

from storage.records import Pairing, Role, TalkState
from tests.bot.dialogues.talks import FROM_THE_LIST, TODAY, claims, last, quiet, state
from tests.support.chat import chatting
from tests.support.clock import at

LATE = "已经过了 10 分钟，不能撤销。要更正，请告诉支部书记。"
ANSWERED = "对方已经答复，不能撤销。要更正，请告诉支部书记。"
NOTHING = "没有可以撤销的登记。要更正以前的登记，请告诉支部书记。"


@pytest.mark.parametrize("words", ["/undo", "撤销", "点错了"])
async def test_student_takes_a_claim_back_and_the_mentors_list_says_so(words: str) -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        listed = last(chat, "周老师")
        assert await chat.say("李明", words) == ["已撤销：谈话登记。"]
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")
        assert listed.text == "同学已撤销这条登记，暂时没有要您确认的谈话。"
        assert listed.buttons == {}
        assert chat.news("周老师") == []


async def test_the_button_takes_the_claim_back_and_leaves_the_message() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        noted = last(chat, "李明")
        await chat.press("李明", "撤销")
        assert chat.news("李明") == ["已撤销：谈话登记。"]
        assert noted.buttons == {}


async def test_an_older_button_does_not_take_back_what_came_after_it() -> None:
    async with chatting() as chat:
        await claims(chat, "李明", "昨天谈了")
        older = last(chat, "李明")
        await claims(chat, "李明", "已谈 9月15日")
        await chat.press("李明", "撤销", on=older)
        assert chat.news("李明") == ["这一步之后你又改过，请先撤销后来的登记：发 /undo（撤销）。"]
        assert state(chat, "李明", "周老师") == (TalkState.CLAIMED, "2026-09-15")
        await chat.say("李明", "/undo")
        await chat.press("李明", "撤销", on=older)
        assert state(chat, "李明", "周老师") == (TalkState.NONE, "")


async def test_nothing_is_taken_back_after_ten_minutes() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        chat.clock.move_to(at(2026, 9, 15, 10, 11))
        assert await chat.say("李明", "/undo") == [LATE]
        assert state(chat, "李明", "周老师")[0] is TalkState.CLAIMED


async def test_a_claim_cannot_be_taken_back_once_the_mentor_has_answered() -> None:
    for answer in ("属实", "还没谈"):
        async with chatting() as chat:
            await claims(chat, "李明")
            await chat.press("周老师", answer)
            chat.news("李明")
            assert await chat.say("李明", "/undo") == [ANSWERED]


async def test_who_has_done_nothing_has_nothing_to_take_back() -> None:
    async with chatting() as chat:
        for who in ("李明", "周老师", "何主任"):
            assert await chat.say(who, "/undo") == [NOTHING]


async def test_mentor_takes_a_confirmation_back_and_the_claim_waits_again() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await chat.press("周老师", "属实")
        quiet(chat)
        assert await chat.say("周老师", "/undo") == ["已撤销：谈话确认（李明）。"]
        assert chat.news("李明") == ["周文老师撤销了刚才的确认，谈话现在是“等老师确认”。"]
        listed = chat.in_chat("周老师")[0]
        assert tuple(listed.buttons) == FROM_THE_LIST
        assert "请您确认" in listed.text


async def test_mentor_takes_a_denial_back() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await chat.press("周老师", "还没谈")
        quiet(chat)
        assert await chat.say("周老师", "/undo") == ["已撤销：“还没谈”的答复（李明）。"]
        assert chat.news("李明") == ["周文老师撤销了刚才的“还没谈”，谈话现在是“等老师确认”。"]


async def test_mentor_takes_back_all_that_one_done_has_recorded() -> None:
    async with chatting() as chat:
        await claims(chat, "李明", "昨天谈了")
        await chat.say("周老师", "/done 李明 王小雨")
        quiet(chat)
        assert await chat.say("周老师", "/undo") == ["已撤销：谈话登记（李明、王小雨）。"]
        assert state(chat, "李明", "周老师") == (TalkState.CLAIMED, "2026-09-14")
        assert state(chat, "王小雨", "周老师") == (TalkState.NONE, "")
        assert chat.news("李明") == ["周文老师撤销了刚才的谈话登记，谈话现在是“等老师确认”。"]
        assert chat.news("王小雨") == ["周文老师撤销了刚才的谈话登记，谈话现在是“未谈”。"]


async def test_done_cannot_be_taken_back_once_one_student_has_objected() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明 王小雨")
        await chat.press("李明", "没有谈")
        chat.news("周老师")
        assert await chat.say("周老师", "/undo") == [ANSWERED]
        assert state(chat, "王小雨", "周老师")[0] is TalkState.CONFIRMED


async def test_student_takes_an_objection_back_and_the_mentor_reads_it() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        await chat.press("李明", "没有谈")
        quiet(chat)
        await chat.press("李明", "撤销")
        assert chat.news("李明") == ["已撤销：“没有谈”的答复。"]
        assert chat.news("周老师") == ["李明同学撤销了对谈话登记的疑问，登记恢复为原来的状态。"]
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-15")


async def test_student_takes_cannot_reach_back_before_and_after_the_secretary_has_read_it() -> (
    None
):
    async with chatting(at(2026, 9, 15, 15, 55)) as chat:
        await chat.say("李明", "约不上老师")
        await chat.say("王小雨", "约不上老师")
        assert (await chat.say("王小雨", "/undo"))[-1] == "已撤销：“约不上老师”。"
        await chat.tick(at(2026, 9, 15, 16))
        listed = last(chat, "林峰")
        assert "李明" in listed.text
        assert "王小雨" not in listed.text
        await chat.say("李明", "/undo")
        assert (listed.text, listed.buttons) == ("约谈的事都已办结，不用再答复。", {})


async def test_a_claim_taken_back_leaves_the_student_stuck_as_before() -> None:
    async with chatting() as chat:
        await chat.say("李明", "约不上老师")
        await claims(chat, "李明")
        await chat.say("李明", "/undo")
        await chat.tick(at(2026, 9, 15, 16))
        assert "李明同学与周文老师的谈话暂时没有约成" in chat.news("林峰")[0]


async def test_secretary_takes_an_answer_back_and_the_student_waits_again() -> None:
    async with chatting() as chat:
        await chat.say("李明", "约不上老师")
        await chat.tick(at(2026, 9, 15, 16))
        listed = last(chat, "林峰")
        await chat.press("林峰", "已联系好")
        quiet(chat)
        assert await chat.say("林峰", "/undo") == ["已撤销：约谈的答复（李明）。"]
        assert chat.news("李明") == ["支部撤销了刚才的答复，还在帮你联系老师，联系好再告诉你。"]
        assert "已联系好" in listed.buttons


async def test_secretary_takes_a_record_for_a_mentor_back() -> None:
    async with chatting() as chat:
        await claims(chat, "钱二")
        asked = last(chat, "林峰")
        await chat.press("林峰", "代记")
        quiet(chat)
        await chat.press("林峰", "撤销")
        assert chat.news("林峰") == ["已撤销：代记（钱二）。"]
        assert chat.news("钱二") == ["林峰同志撤销了刚才的代记，谈话现在是“等老师确认”。"]
        assert list(asked.buttons) == ["代记"]


async def test_acts_are_taken_back_one_after_the_other_the_last_one_first() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        await chat.say("周老师", "/done 王小雨")
        quiet(chat)
        assert await chat.say("周老师", "/undo") == ["已撤销：谈话登记（王小雨）。"]
        assert await chat.say("周老师", "/undo") == ["已撤销：谈话登记（李明）。"]
        assert await chat.say("周老师", "/undo") == [NOTHING]


async def test_what_was_taken_back_can_be_said_again() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await chat.say("李明", "/undo")
        chat.clock.advance(minutes=2)
        assert (await chat.say("李明", "已谈"))[-1].startswith(f"已记下：{TODAY}")
        assert f"\n李明同学，{TODAY}" in chat.news("周老师")[-1]


async def test_every_act_and_its_undoing_stay_in_the_record_of_deeds() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await chat.say("李明", "/undo")
        deeds = [one for one in chat.desk.store.deeds if one.table == "talks"]
        assert [(one.what, one.undone is not None) for one in deeds] == [
            ("claim", True),
            ("undo", False),
        ]


async def test_ended_pairing_does_not_come_back_where_others_have_taken_its_place() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 李明")
        await chat.press("林峰", "结束 周文")
        await chat.press("林峰", "其他")
        await chat.press("林峰", "今天")
        store, student = chat.desk.store, chat.cast["李明"].id
        with store.transaction():
            for name in ("吴老师", "郑老师"):
                store.pairings.add(
                    Pairing(student=student, mentor=chat.cast[name].id, role=Role.CONTACT)
                )
        chat.news("林峰")
        await chat.press("林峰", "撤销")
        assert chat.news("林峰") == [
            "这以后名册或结对有了变化，照原样恢复李明同学的结对不合规定，没有撤销。"
            "请发 /assign（分配）另行安排。"
        ]
        assert len(store.pairings.where("open_student", student)) == 2


async def test_secretary_reads_where_to_correct_what_can_no_longer_be_undone() -> None:
    async with chatting() as chat:
        assert await chat.say("林峰", "/undo") == [
            "没有可以撤销的登记。要更正以前的登记，请发 /assign 加学生姓名，再点“更正”。"
        ]
