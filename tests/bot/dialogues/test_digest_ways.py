"""Every digest leads on: one press from what needs action to the names behind it, one more to the card."""

from __future__ import annotations

from tests.bot.dialogues.forms import crowd, names, open_list
from tests.support.chat import Chat, Shown, chatting
from tests.support.clock import at


def latest(chat: Chat, who: str, words: str) -> Shown:
    return next(one for one in reversed(chat.in_chat(who)) if words in one.text)


async def test_secretary_goes_from_the_summary_to_the_list_to_the_card() -> None:
    async with chatting(at(2026, 9, 30, 8)) as chat:
        await chat.say("陈静", "收到 李明 王小雨")
        await chat.tick(at(2026, 9, 30, 17))
        await chat.tick(at(2026, 10, 8, 9))
        summary = latest(chat, "林峰", "需要你处理的")
        assert "待写党支部考察意见2份，已收未归档2份" in summary.text
        assert {"待写意见", "待归档", "发表"} <= set(summary.buttons)
        await chat.press("林峰", "待写意见", on=summary)
        listed = chat.in_chat("林峰")[-1]
        assert listed.text == "本科生第一党支部，待写党支部考察意见2人。点姓名看个人情况。"
        await chat.press("林峰", "李明", on=listed)
        assert "缺导师记录和签名、党支部考察意见" in chat.in_chat("林峰")[-1].text


async def test_summary_offers_only_what_needs_action() -> None:
    async with chatting(at(2026, 9, 18, 10)) as chat:
        await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "全部已发")
        await chat.say("李明", "已谈 9.16")
        await chat.press("周老师", "还没谈")
        await chat.tick(at(2026, 9, 18, 17))
        summary = latest(chat, "林峰", "需要你处理的")
        assert "发表" not in summary.buttons
        assert "待归档" not in summary.buttons
        await chat.press("林峰", "待确认", on=summary)
        assert list(chat.in_chat("林峰")[-1].buttons) == ["李明 待核实"]


async def test_overdue_list_leads_to_the_names() -> None:
    async with chatting(at(2026, 10, 9, 10)) as chat:
        await chat.tick(at(2026, 10, 10, 9))
        overdue = latest(chat, "林峰", "已过9月30日")
        assert list(overdue.buttons) == ["逾期名单"]
        await chat.press("林峰", "逾期名单", on=overdue)
        listed = chat.in_chat("林峰")[-1]
        assert set(listed.buttons) == {"李明", "王小雨", "赵一", "钱二", "孙三"}
        await chat.press("林峰", "赵一", on=listed)
        assert "免除谈话" in chat.in_chat("林峰")[-1].buttons


async def test_overdue_list_tells_signatures_from_opinions() -> None:
    async with chatting(at(2026, 10, 9, 10)) as chat:
        await chat.say("陈静", "收到 李明 王小雨")
        await open_list(chat, "陈静", "导师已签")
        await chat.press("陈静", "李明")
        await chat.tick(at(2026, 10, 10, 9))
        overdue = latest(chat, "林峰", "已过9月30日")
        for label, expected in (
            ("缺签名", ["王小雨"]),
            ("待写意见", ["李明", "王小雨"]),
            ("待归档", ["李明", "王小雨"]),
        ):
            await chat.press("林峰", label, on=overdue)
            assert list(chat.in_chat("林峰")[-1].buttons) == expected


async def test_five_hundred_overdue_people_fit_into_a_message_and_its_lists() -> None:
    async with chatting(at(2026, 10, 9, 10)) as chat:
        crowd(chat, 500)
        await chat.tick(at(2026, 10, 10, 9))
        overdue = latest(chat, "林峰", "已过9月30日")
        assert "等505人—未谈、未交表" in overdue.text
        await chat.press("林峰", "逾期名单", on=overdue)
        listed = chat.in_chat("林峰")[-1]
        assert "逾期未完成505人（第1页，共9页）" in listed.text
        await chat.press("林峰", "下一页", on=listed)
        assert len(listed.buttons) <= 100


async def test_office_reads_numbers_by_branch_and_gets_to_the_branches() -> None:
    async with chatting(at(2026, 10, 14, 10)) as chat:
        await chat.tick(at(2026, 10, 15, 9))
        numbers = latest(chat, "何主任", "逾期未完成")
        assert "李明" not in numbers.text
        await chat.press("何主任", "逾期名单", on=numbers)
        assert list(chat.in_chat("何主任")[-1].buttons) == [
            "本科生第一党支部 5人",
            "本科生第二党支部 1人",
        ]


async def test_committee_member_goes_from_each_digest_to_its_list() -> None:
    async with chatting(at(2026, 9, 7, 8)) as chat:
        await chat.tick(at(2026, 9, 7, 9))
        await chat.press("陈静", "发表", on=latest(chat, "陈静", "本学期应发登记表"))
        assert "发登记表：还有5份" in chat.in_chat("陈静")[-1].text
        chat.clock.move_to(at(2026, 9, 29, 10))
        await chat.say("陈静", "收到 李明")
        await chat.tick(at(2026, 9, 30, 9))
        last = latest(chat, "陈静", "收表期限")
        await chat.press("陈静", "收表", on=last)
        assert names(chat.in_chat("陈静")[-1]) == ["王小雨", "赵一", "钱二", "孙三"]
        await chat.press("陈静", "归档", on=last)
        assert names(chat.in_chat("陈静")[-1]) == ["李明"]
        await chat.press("陈静", "缺签名", on=last)
        assert list(chat.in_chat("陈静")[-1].buttons) == ["李明"]


async def test_committee_member_hands_out_what_a_student_says_is_missing() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("李明", "没拿到表")
        await chat.tick(at(2026, 9, 15, 16))
        asked = latest(chat, "陈静", "还没有拿到登记表")
        assert list(asked.buttons) == ["发表"]
