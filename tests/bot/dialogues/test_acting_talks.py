"""代记谈话 on a student's card: for whoever does not use Telegram, with a reason, marked everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.actions import deed
from bot.compose.report import report
from storage.records import TalkState
from tests.bot.dialogues.acting import (
    WHY,
    asked_why,
    blocks_the_bot,
    card,
    never_enrolled,
    record_talk,
    talk_of,
)
from tests.support.chat import chatting
from tests.support.clock import at

REFUSED = "这一项由别的同志办理。你可以用的命令，请发 /help（帮助）。"


async def test_secretary_is_asked_the_day_then_the_reason_and_the_student_reads_who_did_it() -> (
    None
):
    async with chatting() as chat:
        assert {"代记谈话", "记录"} <= await card(chat, "钱二")
        await chat.press("林峰", "代记谈话")
        assert chat.news("林峰") == ["钱二同学与郑强老师的谈话是哪一天？"]
        await chat.press("林峰", "昨天")
        assert chat.news("林峰") == [asked_why("钱二", "代记谈话")]
        assert await chat.say("林峰", WHY) == [
            "已代记：9月14日（周一）钱二同学与郑强老师谈话，并已告诉本人。"
            "如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert chat.news("钱二") == [
            "林峰同志代记：9月14日（周一）你与郑强老师谈话，现在是“老师已确认”。"
            "情况不符，请告诉林峰同志更正。"
        ]
        talk = talk_of(chat, "钱二")
        assert (talk.state, talk.proxy, talk.day) == (TalkState.CONFIRMED, True, date(2026, 9, 14))


async def test_a_talk_for_others_is_marked_on_card_and_status() -> None:
    async with chatting() as chat:
        await record_talk(chat, "钱二")
        await card(chat, "钱二")
        assert "老师已确认，9月15日（周二），代记" in chat.in_chat("林峰")[-1].text
        assert "9月15日（周二），代记" in (await chat.say("钱二", "/status"))[-1]


async def test_workbook_says_that_the_secretary_recorded_it() -> None:
    async with chatting() as chat:
        await record_talk(chat, "钱二")
        await chat.say("周老师", "/done 李明")
        sheet = report(chat.desk, [chat.cast.branches["学一"]]).branches[0]
        assert {one.name for one in sheet.students if one.proxy} == {"钱二"}


async def test_reason_is_in_the_record_of_acts_and_nowhere_else() -> None:
    async with chatting() as chat:
        await record_talk(chat, "钱二")
        await card(chat, "钱二")
        await chat.press("林峰", "记录")
        assert chat.news("林峰") == [
            "钱二的记录，共1项\n"
            f"9月15日（周二）10:00 林峰同志：代记，郑强老师，9月15日（周二）；原因：{WHY}"
        ]
        others = [name for name in chat.cast.telegram if name != "林峰"]
        assert not [one for name in others for one in chat.in_chat(name) if WHY in one.text]


async def test_office_reads_the_record_of_acts_and_acts_for_nobody() -> None:
    async with chatting() as chat:
        await record_talk(chat, "钱二")
        buttons = await card(chat, "钱二", "何主任")
        assert "记录" in buttons
        assert "代记谈话" not in buttons
        await chat.press("何主任", "记录")
        assert WHY in chat.news("何主任")[0]


async def test_committee_member_reads_neither_record_nor_button() -> None:
    async with chatting() as chat:
        await chat.say("陈静", "/status")
        await chat.press("陈静", "未谈名单")
        await chat.press("陈静", "钱二")
        assert not {"记录", "代记谈话"} & set(chat.in_chat("陈静")[-1].buttons)


async def test_mentor_reads_what_was_recorded_with_a_student_without_account() -> None:
    async with chatting() as chat:
        never_enrolled(chat, "李明")
        told = await record_talk(chat, "李明")
        assert "并已告诉本人" not in told[0]
        assert chat.news("周老师") == [
            "周老师，您好。林峰同志代记：9月15日（周二）李明同学与您谈话，现在是“老师已确认”。"
            "情况不符，请告诉林峰同志更正。"
        ]


async def test_whoever_has_blocked_the_bot_counts_as_without_telegram() -> None:
    async with chatting() as chat:
        blocks_the_bot(chat, "李明")
        await record_talk(chat, "李明")
        assert talk_of(chat, "李明").proxy


async def test_two_people_who_use_telegram_say_so_themselves() -> None:
    async with chatting() as chat:
        await card(chat, "李明")
        await chat.press("林峰", "代记谈话")
        assert "请本人登记和确认" in chat.news("林峰")[0]
        assert not len(chat.desk.store.talks)


async def test_of_two_mentors_one_is_chosen() -> None:
    async with chatting() as chat:
        never_enrolled(chat, "赵一")
        await card(chat, "赵一")
        await chat.press("林峰", "代记谈话")
        assert chat.news("林峰") == ["代记赵一同学与哪一位的谈话？请选一位。"]
        asked = chat.in_chat("林峰")[-1]
        assert set(asked.buttons) == {"周文老师", "吴静老师"}
        await chat.press("林峰", "吴静老师")
        assert not asked.buttons
        assert chat.news("林峰") == ["赵一同学与吴静老师的谈话是哪一天？"]
        await chat.press("林峰", "前天")
        await chat.say("林峰", WHY)
        assert chat.news("周老师") == []
        assert "9月13日（周日）赵一同学与您谈话" in chat.news("吴老师")[0]


async def test_claim_that_waited_for_nobody_reads_its_answer() -> None:
    async with chatting() as chat:
        await chat.say("钱二", "已谈")
        chat.news("钱二")
        await record_talk(chat, "钱二")
        assert "郑强老师已确认9月15日（周二）的谈话（林峰同志核对后代记）" in chat.news("钱二")[0]


async def test_talk_recorded_for_somebody_ends_the_search_for_help() -> None:
    async with chatting() as chat:
        await chat.say("钱二", "约不上老师")
        await record_talk(chat, "钱二")
        assert "支部正在帮你" not in (await chat.say("钱二", "/status"))[-1]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("9月20日", "不能晚于今天"), ("9月1日", "不能早于本学期第一周"), ("9月31日", "没有这一天")],
)
async def test_day_that_cannot_be_is_asked_again_and_nothing_is_recorded(
    typed: str, answer: str
) -> None:
    async with chatting() as chat:
        await card(chat, "钱二")
        await chat.press("林峰", "代记谈话")
        chat.news("林峰")
        assert answer in (await chat.say("林峰", typed))[0]
        assert await chat.say("林峰", "9月9日") == [asked_why("钱二", "代记谈话")]
        assert not len(chat.desk.store.talks)


@pytest.mark.parametrize("typed", ["。", "..", "  ", "\u200b\u200b", "👍👍", "因" * 61])
async def test_what_is_no_reason_in_words_is_asked_again(typed: str) -> None:
    async with chatting() as chat:
        said = await record_talk(chat, "钱二", why=typed)
        assert not len(chat.desk.store.talks)
        assert said == ["请用一句话写明原因，2 到 60 字。"] or not typed.strip()
        await chat.say("林峰", WHY)
        assert talk_of(chat, "钱二").proxy


async def test_command_is_no_reason() -> None:
    async with chatting() as chat:
        assert "半年考察" in (await record_talk(chat, "钱二", why="进度"))[0]
        assert not len(chat.desk.store.talks)


async def test_secretary_changes_her_mind_before_the_reason() -> None:
    async with chatting() as chat:
        await card(chat, "钱二")
        await chat.press("林峰", "代记谈话")
        await chat.press("林峰", "今天")
        asked = chat.in_chat("林峰")[-1]
        assert await chat.press("林峰", "不登记了") == "好的，没有登记。"
        await chat.say("林峰", WHY)
        assert not len(chat.desk.store.talks)
        token = asked.buttons.get("不登记了")
        assert token is None


async def test_changing_ones_mind_after_the_reason_takes_nothing_back() -> None:
    async with chatting() as chat:
        await record_talk(chat, "钱二")
        asked = next(one for one in chat.in_chat("林峰") if "不登记了" in one.buttons)
        assert await chat.press("林峰", "不登记了", on=asked) != "好的，没有登记。"
        assert talk_of(chat, "钱二").proxy


async def test_text_of_the_afternoon_is_not_the_reason_asked_in_the_morning() -> None:
    async with chatting() as chat:
        await card(chat, "钱二")
        await chat.press("林峰", "代记谈话")
        await chat.press("林峰", "今天")
        chat.clock.move_to(at(2026, 9, 15, 14))
        await chat.say("林峰", WHY)
        assert not len(chat.desk.store.talks)


async def test_second_press_of_the_same_day_meets_what_is_recorded() -> None:
    async with chatting() as chat:
        await card(chat, "钱二")
        await chat.press("林峰", "代记谈话")
        await chat.press("林峰", "代记谈话")
        first, second = chat.in_chat("林峰")[-2:]
        await chat.press("林峰", "今天", on=first)
        await chat.say("林峰", WHY)
        chat.news("林峰")
        await chat.press("林峰", "今天", on=second)
        assert "没有可以代记的谈话" in chat.news("林峰")[0]


async def test_secretary_of_another_branch_acts_for_nobody_here() -> None:
    async with chatting() as chat:
        await card(chat, "钱二")
        shown = chat.in_chat("林峰")[-1]
        with chat.desk.store.transaction():
            person = chat.desk.store.people[chat.cast["林峰"].id]
            chat.desk.store.people.put(replace(person, branch=chat.cast.branches["学二"].id))
        await chat.press("林峰", "代记谈话", on=shown)
        assert REFUSED in chat.news("林峰") + [text for _, text, _ in chat.recorder.pops if text]


async def test_nothing_is_recorded_for_a_student_who_has_left() -> None:
    async with chatting() as chat:
        await card(chat, "钱二")
        shown = chat.in_chat("林峰")[-1]
        with chat.desk.store.transaction():
            person = chat.desk.store.people[chat.cast["钱二"].id]
            chat.desk.store.people.put(replace(person, left=date(2026, 9, 14)))
        await chat.press("林峰", "代记谈话", on=shown)
        assert "已经不在名册上" in chat.news("林峰")[0]


async def test_secretary_undoes_it_and_both_sides_are_told() -> None:
    async with chatting() as chat:
        never_enrolled(chat, "李明")
        await record_talk(chat, "李明")
        chat.news("周老师")
        assert "已撤销" in (await chat.say("林峰", "/undo"))[0]
        assert chat.news("周老师") == [
            "周老师，您好。林峰同志撤销了刚才的代记，李明同学的谈话现在是“未谈”。"
        ]
        await card(chat, "李明")
        await chat.press("林峰", "记录")
        said = chat.news("林峰")[0].splitlines()
        assert "林峰同志：撤销代记，周文老师" in said[1]
        assert said[2].endswith("（已撤销）")


async def test_record_of_acts_is_paged_in_place() -> None:
    async with chatting() as chat:
        for _ in range(6):
            await record_talk(chat, "钱二")
            await chat.say("林峰", "/undo")
        await card(chat, "钱二")
        await chat.press("林峰", "记录")
        (first,) = chat.news("林峰")
        shown = chat.in_chat("林峰")[-1]
        assert first.startswith("钱二的记录，共12项（第1页，共2页）")
        assert len(first.splitlines()) == 11
        await chat.press("林峰", "下一页")
        assert len(shown.text.splitlines()) == 3
        assert chat.news("林峰") == []


async def test_who_has_looked_is_not_among_the_acts() -> None:
    async with chatting() as chat:
        await record_talk(chat, "钱二")
        with chat.desk.store.transaction():
            deed.record(chat.desk, "read_card", chat.cast["陈静"].id, about=chat.cast["钱二"].id)
        await card(chat, "钱二")
        await chat.press("林峰", "记录")
        assert chat.news("林峰")[0].startswith("钱二的记录，共1项")


async def test_record_of_acts_is_closed_to_whoever_is_secretary_no_more() -> None:
    async with chatting() as chat:
        for _ in range(6):
            await record_talk(chat, "钱二")
            await chat.say("林峰", "/undo")
        await card(chat, "钱二")
        await chat.press("林峰", "记录")
        shown = chat.in_chat("林峰")[-1]
        with chat.desk.store.transaction():
            person = chat.desk.store.people[chat.cast["林峰"].id]
            chat.desk.store.people.put(replace(person, branch=chat.cast.branches["学二"].id))
        before = shown.text
        await chat.press("林峰", "下一页")
        assert shown.text == before
