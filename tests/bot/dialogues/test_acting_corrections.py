"""更正 on a student's card: another day or 作废, with a reason, never silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from storage.records import FormState, TalkKind, TalkState
from tests.bot.dialogues.acting import asked_why, card, form_of, record_talk, talk_of
from tests.bot.dialogues.introductions import becomes_candidate, review_meeting, talk_with
from tests.support.chat import Chat, chatting
from tests.support.clock import at

WHY = "老师来电：日期记错"
LATER = at(2026, 9, 15, 11)  # when nobody can undo it any more


async def correcting(chat: Chat, name: str) -> str:
    """Open the card of that student and 更正; return what is on record."""
    await card(chat, name)
    await chat.press("林峰", "更正")
    return chat.news("林峰")[-1]


async def confirmed(chat: Chat) -> None:
    """李明 has claimed today, 周老师 has confirmed, and ten minutes have passed."""
    await chat.say("李明", "已谈")
    await chat.press("周老师", "属实")
    chat.clock.move_to(LATER)
    for name in ("李明", "周老师"):
        chat.news(name)


async def test_day_of_a_confirmed_talk_is_put_right_and_both_sides_read_of_it() -> None:
    async with chatting() as chat:
        await confirmed(chat)
        assert await correcting(chat, "李明") == (
            "李明本学期的登记：\n谈话：与周文老师，老师已确认，9月15日（周二）\n"
            "请选要更正的一项，接着写原因；更正后会告诉有关的人。"
        )
        await chat.press("林峰", "改谈话日期")
        assert chat.news("林峰") == ["原来登记的是9月15日（周二）。与周文老师的谈话实际是哪一天？"]
        await chat.press("林峰", "昨天")
        assert chat.news("林峰") == [asked_why("李明", "改谈话日期")]
        assert await chat.say("林峰", WHY) == [
            "已更正：李明同学与周文老师的谈话日期改为9月14日（周一），并已告诉李明同学、周文老师。"
            "如有误，10 分钟内可发 /undo 撤销。"
        ]
        changed = "谈话日期由9月15日（周二）改为9月14日（周一）。有疑问请告诉林峰同志。"
        assert chat.news("李明") == [f"林峰同志更正：你与周文老师的{changed}"]
        assert chat.news("周老师") == [f"周老师，您好。林峰同志更正：李明同学与您的{changed}"]
        talk = talk_of(chat, "李明")
        assert (talk.state, talk.day) == (TalkState.CONFIRMED, date(2026, 9, 14))
        assert not talk.proxy


async def test_reason_and_both_days_are_in_the_record_of_acts() -> None:
    async with chatting() as chat:
        await confirmed(chat)
        await correcting(chat, "李明")
        await chat.press("林峰", "改谈话日期")
        await chat.press("林峰", "昨天")
        await chat.say("林峰", WHY)
        await card(chat, "李明")
        await chat.press("林峰", "记录")
        assert (
            f"林峰同志：谈话日期的更正，周文老师，9月15日（周二）改为9月14日（周一）；原因：{WHY}"
        ) in chat.news("林峰")[0].splitlines()[1]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("9月16日", "不能晚于今天"),
        ("9月6日", "不能早于本学期第一周"),
        ("9月15日", "登记的就是9月15日（周二），不用更正。"),
    ],
)
async def test_day_that_corrects_nothing_or_cannot_be_is_asked_again(
    typed: str, answer: str
) -> None:
    async with chatting() as chat:
        await confirmed(chat)
        await correcting(chat, "李明")
        await chat.press("林峰", "改谈话日期")
        chat.news("林峰")
        assert answer in (await chat.say("林峰", typed))[0]
        assert talk_of(chat, "李明").day == date(2026, 9, 15)
        assert await chat.say("林峰", "9.14") == [asked_why("李明", "改谈话日期")]


async def test_claim_put_on_another_day_still_waits_for_the_mentor() -> None:
    async with chatting() as chat:
        await chat.say("李明", "已谈")
        asked = chat.in_chat("周老师")[-1]
        await correcting(chat, "李明")
        await chat.press("林峰", "改谈话日期")
        await chat.press("林峰", "前天")
        await chat.say("林峰", WHY)
        assert "李明同学，9月13日（周日）" in asked.text
        assert talk_of(chat, "李明").state is TalkState.CLAIMED


async def test_voided_talk_is_open_again_and_is_reminded_like_one() -> None:
    async with chatting() as chat:
        await confirmed(chat)
        await correcting(chat, "李明")
        await chat.press("林峰", "谈话作废")
        assert chat.news("林峰") == [asked_why("李明", "谈话作废")]
        assert (await chat.say("林峰", WHY))[0].startswith(
            "已作废：李明同学与周文老师的谈话登记，现在是“未谈”，并已告诉李明同学、周文老师。"
        )
        assert chat.news("李明") == [
            "林峰同志核对后撤回了你与周文老师9月15日（周二）的谈话登记，现在是“未谈”。"
            "谈过的请回复“已谈 日期”；有疑问请告诉林峰同志。"
        ]
        assert "谈过的请发 /done（已谈）加姓名和日期" in chat.news("周老师")[0]
        await chat.tick(at(2026, 9, 21, 9))
        assert any("还没有看到你与周文老师的谈话登记" in text for text in chat.news("李明"))


async def test_disputed_talk_can_be_voided_and_has_no_day_to_put_right() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        await chat.press("李明", "没有谈")
        await correcting(chat, "李明")
        assert "改谈话日期" not in chat.in_chat("林峰")[-1].buttons
        await chat.press("林峰", "谈话作废")
        await chat.say("林峰", WHY)
        assert talk_of(chat, "李明").state is TalkState.NONE


async def test_recorded_talk_keeps_its_mark_when_its_day_is_put_right() -> None:
    async with chatting() as chat:
        await record_talk(chat, "钱二")
        await correcting(chat, "钱二")
        await chat.press("林峰", "改谈话日期")
        await chat.press("林峰", "昨天")
        said = await chat.say("林峰", WHY)
        assert "并已告诉钱二同学。" in said[-1]
        assert talk_of(chat, "钱二").proxy


async def test_day_that_the_secretary_settled_is_not_the_students_to_change() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        await correcting(chat, "李明")
        await chat.press("林峰", "改谈话日期")
        await chat.press("林峰", "昨天")
        await chat.say("林峰", WHY)
        await chat.say("李明", "已谈 9月10日")
        assert talk_of(chat, "李明").day == date(2026, 9, 14)


async def test_undoing_a_correction_tells_both_sides_again() -> None:
    async with chatting() as chat:
        await confirmed(chat)
        await correcting(chat, "李明")
        await chat.press("林峰", "谈话作废")
        await chat.say("林峰", WHY)
        chat.news("李明")
        chat.news("周老师")
        await chat.say("林峰", "/undo")
        assert talk_of(chat, "李明").state is TalkState.CONFIRMED
        assert chat.news("李明") == [
            "林峰同志撤销了刚才的谈话登记的作废，谈话现在是“老师已确认”。"
        ]
        assert chat.news("周老师") == [
            "周老师，您好。林峰同志撤销了刚才的谈话登记的作废，李明同学的谈话现在是“老师已确认”。"
        ]


async def test_what_others_have_changed_meanwhile_is_not_corrected_blindly() -> None:
    async with chatting() as chat:
        await chat.say("李明", "已谈")
        await correcting(chat, "李明")
        listed = chat.in_chat("林峰")[-1]
        await chat.press("林峰", "改谈话日期")
        chat.news("林峰")
        await chat.say("李明", "/undo")
        await chat.press("林峰", "昨天")
        assert "这条登记已经有变动" in chat.news("林峰")[0]
        await chat.press("林峰", "谈话作废", on=listed)
        assert "这条登记已经有变动" in chat.news("林峰")[0]


async def test_claim_withdrawn_before_the_reason_is_not_voided() -> None:
    async with chatting() as chat:
        await chat.say("李明", "已谈")
        await correcting(chat, "李明")
        await chat.press("林峰", "谈话作废")
        await chat.say("李明", "/undo")
        chat.news("林峰")
        assert "这条登记已经有变动" in (await chat.say("林峰", WHY))[0]


async def test_nothing_on_record_is_said() -> None:
    async with chatting() as chat:
        await card(chat, "李明")
        await chat.press("林峰", "更正")
        assert chat.news("林峰") == ["李明同学本学期还没有可以更正的登记。"]


async def received(chat: Chat) -> None:
    """陈静 has handed out and taken in 李明's form; ten minutes have passed."""
    for label in ("发表", "收表"):
        await chat.say("陈静", "/forms")
        await chat.press("陈静", label)
        await chat.press("陈静", "李明")
    chat.clock.move_to(LATER)
    await chat.settle()
    for name in ("李明", "陈静"):
        chat.news(name)


async def test_receipt_is_taken_back_later_with_a_reason_and_its_keeper_reads_of_it() -> None:
    async with chatting() as chat:
        await received(chat)
        assert "登记表：已收，9月15日（周二）" in await correcting(chat, "李明")
        await chat.press("林峰", "登记表退一步")
        chat.news("林峰")
        assert await chat.say("林峰", "交错了表") == [
            "已更正：李明同学的登记表现在是“已发放”，9月15日（周二），并已告诉本人。"
            "如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert form_of(chat, "李明").state is FormState.HANDED_OUT
        now = "现在是“已发放”，9月15日（周二）。有疑问请告诉林峰同志。"
        assert chat.news("李明") == [f"林峰同志更正：你的登记表{now}"]
        assert chat.news("陈静") == [f"陈静同志，你好。林峰同志更正了李明同学的登记表：{now}"]


async def test_day_of_receipt_is_put_right_and_never_in_the_future() -> None:
    async with chatting() as chat:
        await received(chat)
        await correcting(chat, "李明")
        await chat.press("林峰", "改登记表日期")
        assert chat.news("林峰") == [
            "李明同学的登记表现在是“已收”，登记的是9月15日（周二）。实际是哪一天？"
        ]
        assert "不能晚于今天" in (await chat.say("林峰", "9月16日"))[0]
        assert "登记的就是9月15日" in (await chat.say("林峰", "9月15日"))[0]
        await chat.say("林峰", "9月14日")
        await chat.say("林峰", WHY)
        assert form_of(chat, "李明").received == date(2026, 9, 14)


async def test_undoing_a_forms_correction_says_how_it_stands_now() -> None:
    async with chatting() as chat:
        await received(chat)
        await correcting(chat, "李明")
        await chat.press("林峰", "登记表退一步")
        await chat.say("林峰", WHY)
        for name in ("李明", "陈静"):
            chat.news(name)
        await chat.say("林峰", "/undo")
        assert form_of(chat, "李明").state is FormState.RECEIVED
        assert "现在是“已收”" in chat.news("李明")[0]
        assert "现在是“已收”" in chat.news("陈静")[0]


async def test_form_taken_back_meanwhile_is_not_corrected() -> None:
    async with chatting() as chat:
        await received(chat)
        await correcting(chat, "李明")
        await chat.press("林峰", "登记表退一步")
        form = form_of(chat, "李明")
        with chat.desk.store.transaction():
            chat.desk.store.forms.put(
                replace(form, state=FormState.NOT_HANDED_OUT, received=None, handed_out=None)
            )
        chat.news("林峰")
        assert "这条登记已经有变动" in (await chat.say("林峰", WHY))[0]


async def test_talk_of_an_introduction_is_corrected_apart_from_the_half_years() -> None:
    async with chatting() as chat:
        becomes_candidate(chat, "李明", "周老师", "吴老师")
        await review_meeting(chat, "李明")
        await talk_with(chat, "李明", "周老师")
        chat.clock.move_to(LATER)
        for name in ("李明", "周老师"):
            chat.news(name)
        assert "老师已确认，9月15日（周二），入党介绍" in await correcting(chat, "李明")
        await chat.press("林峰", "介绍谈话作废")
        await chat.say("林峰", WHY)
        assert "9月15日（周二）的入党介绍谈话登记" in chat.news("李明")[0]
        assert "入党介绍谈话登记" in chat.news("周老师")[0]
        found = [one for one in chat.desk.store.talks if one.kind is TalkKind.INTRODUCTION]
        assert {one.state for one in found} == {TalkState.NONE}
