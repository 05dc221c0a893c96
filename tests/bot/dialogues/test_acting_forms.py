"""登记表 on a student's card: the secretary records one person's form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from storage.records import FormState
from tests.bot.dialogues.acting import card, form_of
from tests.support.chat import Chat, Shown, chatting


async def form_card(chat: Chat, name: str) -> Shown:
    """Open the card of that student and 登记表."""
    await card(chat, name)
    await chat.press("林峰", "登记表")
    chat.news("林峰")
    return chat.in_chat("林峰")[-1]


async def test_secretary_hands_out_receives_and_archives_from_the_card() -> None:
    async with chatting() as chat:
        shown = await form_card(chat, "李明")
        assert shown.text == "李明的登记表：未发放。请选要登记的一项。"
        assert list(shown.buttons) == ["发表", "收表"]
        await chat.press("林峰", "发表", on=shown)
        assert chat.news("林峰") == ["李明同学的登记表是哪一天发的？"]
        await chat.press("林峰", "前天")
        assert chat.news("林峰") == [
            "已登记：李明同学的登记表已发放，9月13日（周日）。如有误，10 分钟内可发 /undo 撤销。"
        ]
        await chat.press("林峰", "收表", on=shown)
        assert chat.news("林峰") == ["李明同学的登记表是哪一天收到的？"]
        await chat.press("林峰", "今天")
        assert chat.news("林峰") == [
            "已登记：李明同学的登记表已收，9月15日（周二）。提示：本学期谈话为“未谈”，"
            "请核对表上的谈话日期和签名。如有误，10 分钟内可发 /undo 撤销。"
        ]
        found = form_of(chat, "李明")
        assert (found.handed_out, found.received) == (date(2026, 9, 13), date(2026, 9, 15))


async def test_archiving_without_both_ticks_asks_once_and_says_what_is_missing() -> None:
    async with chatting() as chat:
        shown = await form_card(chat, "李明")
        await chat.press("林峰", "收表", on=shown)
        await chat.press("林峰", "今天")
        assert {"归档", "导师已签", "意见已填"} <= set(shown.buttons)
        assert "党支部考察意见已填" in str(await chat.press("林峰", "意见已填", on=shown))
        assert form_of(chat, "李明").opinion
        missing = await chat.press("林峰", "归档", on=shown)
        assert missing is not None
        assert "缺：导师记录和签名" in missing
        chat.news("林峰")
        await chat.press("林峰", "归档", on=shown)
        assert chat.news("林峰") == ["李明同学的登记表是哪一天归档的？"]
        await chat.press("林峰", "今天")
        assert form_of(chat, "李明").state is FormState.ARCHIVED
        assert not shown.buttons
        assert "点“更正”" in shown.text


async def test_day_of_a_form_is_never_in_the_future() -> None:
    async with chatting() as chat:
        shown = await form_card(chat, "李明")
        await chat.press("林峰", "收表", on=shown)
        chat.news("林峰")
        assert "不能晚于今天" in (await chat.say("林峰", "9月16日"))[0]
        assert not len(chat.desk.store.forms)


async def test_what_the_committee_member_has_recorded_meanwhile_is_not_recorded_twice() -> None:
    async with chatting() as chat:
        shown = await form_card(chat, "李明")
        token = shown.buttons["收表"]
        await chat.press("林峰", "收表", on=shown)
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "收表")
        await chat.press("陈静", "李明")
        chat.news("林峰")
        await chat.press("林峰", "今天")
        assert "现在是“已收”" in str(chat.recorder.pops[-1])
        assert "现在是“已收”" in str(await chat.press("林峰", "收表", on=shown, token=token))


async def test_receipt_is_undone_within_ten_minutes() -> None:
    async with chatting() as chat:
        shown = await form_card(chat, "李明")
        await chat.press("林峰", "收表", on=shown)
        await chat.press("林峰", "今天")
        await chat.say("林峰", "/undo")
        assert form_of(chat, "李明").state is FormState.NOT_HANDED_OUT


async def test_round_that_does_not_ask_a_newcomer_has_no_form_to_record() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            person = replace(chat.cast["李明"], stage_since=date(2026, 10, 20))
            chat.desk.store.people.put(person)
        await card(chat, "李明")
        await chat.press("林峰", "登记表")
        assert chat.news("林峰") == ["李明同学从下学期起参加半年考察，本学期没有登记表要登记。"]


async def test_before_the_first_term_nothing_can_be_recorded() -> None:
    async with chatting(term=False) as chat:
        for label in ("登记表", "代记谈话", "更正"):
            await card(chat, "李明")
            await chat.press("林峰", label)
            assert chat.news("林峰")
        assert {one.what for one in chat.desk.store.deeds} == {"read_card"}
