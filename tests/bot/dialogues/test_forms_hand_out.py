"""发表: the digest of week 1, the list with a tap per name, 全部已发, and taking a tap back."""

from __future__ import annotations

from dataclasses import replace

from storage.records import Duty, FormState
from tests.bot.dialogues.forms import crowd, names, open_list
from tests.support.chat import Chat, chatting
from tests.support.clock import at


def state(chat: Chat, name: str) -> FormState:
    found = chat.desk.store.forms.where("student_term", (chat.cast[name].id, chat.desk.term().id))  # type: ignore[union-attr]  # the cast has a term
    return found[0].state if found else FormState.NOT_HANDED_OUT


async def test_committee_member_reads_on_monday_of_week_1_who_gets_which_form() -> None:
    async with chatting(at(2026, 9, 7, 8)) as chat:
        await chat.tick(at(2026, 9, 7, 9))
        assert chat.news("陈静") == [
            "陈静同志，你好。本学期应发登记表：《入党积极分子和发展对象培养考察登记表》4份：李明、王小雨、赵一、钱二；"
            "《预备党员考察登记表》1份：孙三。\n"
            "请发到每一位同学，最迟9月13日（周日）（含当天），发完用 /forms（登记表）登记。——学院党委办公室"
        ]
        assert not [text for text in chat.news("林峰") if "应发登记表" in text]


async def test_committee_member_is_not_told_of_forms_that_are_out_already() -> None:
    async with chatting(at(2026, 9, 7, 8)) as chat:
        await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "全部已发")
        chat.news("陈静")
        await chat.tick(at(2026, 9, 7, 9))
        assert chat.news("陈静") == []


async def test_keeper_reads_in_the_menu_how_many_wait_for_each_step() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "李明")
        assert await chat.say("陈静", "登记表") == [
            "登记表：待发4份，待收5份，待归档0份。请选要登记的一项。"
        ]


async def test_keeper_ticks_a_name_and_sees_it_in_place() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        shown = await open_list(chat, "陈静", "发表")
        assert names(shown) == ["李明", "王小雨", "赵一", "钱二", "孙三"]
        assert await chat.press("陈静", "李明") == "李明：已发放，9月8日（周二）。"
        assert names(shown) == ["✓ 李明", "王小雨", "赵一", "钱二", "孙三"]
        assert "还有4份" in shown.text
        assert "发放日期：今天，9月8日（周二）" in shown.text
        assert chat.news("陈静") == []
        assert chat.news("李明") == []


async def test_keeper_takes_a_tick_back_within_ten_minutes() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        shown = await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "李明")
        chat.clock.advance(minutes=9, seconds=50)
        answer = await chat.press("陈静", "✓ 李明")
        assert answer == "李明：已取消，现在是“未发放”。"
        assert names(shown)[0] == "李明"
        assert state(chat, "李明") is FormState.NOT_HANDED_OUT


async def test_keeper_can_tick_again_what_was_taken_back() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        shown = await open_list(chat, "陈静", "发表")
        for label in ("李明", "✓ 李明", "李明"):
            await chat.press("陈静", label)
        assert names(shown)[0] == "✓ 李明"
        assert state(chat, "李明") is FormState.HANDED_OUT


async def test_keeper_is_refused_with_a_sentence_after_ten_minutes() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "李明")
        chat.clock.advance(minutes=11)
        answer = await chat.press("陈静", "✓ 李明")
        assert answer is not None
        assert answer.startswith("李明的登记已过 10 分钟，不能直接取消。")
        assert state(chat, "李明") is FormState.HANDED_OUT


async def test_keeper_hands_out_all_the_others_at_once_and_can_undo_it() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        shown = await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "李明")
        await chat.press("陈静", "全部已发")
        assert chat.news("陈静") == [
            "已登记发放4份，日期9月8日（周二）。如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert all(label.startswith("✓") for label in names(shown))
        assert await chat.say("陈静", "/undo") == [
            "已撤销：发表登记（王小雨、赵一、钱二、孙三）。"
        ]
        assert state(chat, "李明") is FormState.HANDED_OUT
        assert state(chat, "孙三") is FormState.NOT_HANDED_OUT


async def test_keeper_undoes_the_rest_of_a_batch_after_taking_one_name_back() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "全部已发")
        await chat.press("陈静", "✓ 赵一")
        chat.news("陈静")
        assert await chat.say("陈静", "/undo") == [
            "已撤销：发表登记（李明、王小雨、钱二、孙三）。"
        ]


async def test_keeper_who_presses_all_twice_is_told_that_nothing_is_left() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        shown = await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "全部已发", on=shown)
        chat.news("陈静")
        await chat.press("陈静", "全部已发", on=shown)
        assert chat.news("陈静") == ["这一项没有要登记的登记表。其他各项请发 /forms（登记表）。"]


async def test_second_keeper_does_not_undo_what_the_first_has_just_ticked() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        await open_list(chat, "陈静", "发表")
        shown = await open_list(chat, "林峰", "发表")
        before_the_edit = shown.buttons["李明"]
        await chat.press("陈静", "李明")
        assert names(shown) == ["王小雨", "赵一", "钱二", "孙三"]
        answer = await chat.press("林峰", "李明", on=shown, token=before_the_edit)
        assert answer == "李明：已发放，9月8日（周二）。"
        assert names(shown)[0] == "✓ 李明"
        assert state(chat, "李明") is FormState.HANDED_OUT


async def test_keepers_list_follows_an_undo() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        shown = await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "李明")
        await chat.say("陈静", "/undo")
        assert names(shown)[0] == "李明"
        assert "还有5份" in shown.text


async def test_older_list_of_the_same_step_loses_its_buttons() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        older = await open_list(chat, "陈静", "发表")
        newer = await open_list(chat, "陈静", "发表")
        assert older.buttons == {}
        await chat.press("陈静", "李明", on=newer)
        assert names(newer)[0] == "✓ 李明"


async def test_keeper_is_told_where_a_form_stands_that_has_gone_on_meanwhile() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        handed = await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "李明")
        received = await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明", on=received)
        answer = await chat.press("陈静", "✓ 李明", on=handed)
        assert answer == (
            "李明的登记表现在是“已收”，不能登记这一步。请发 /forms（登记表）看现在的名单。"
        )


async def test_keeper_turns_the_pages_of_a_long_list_both_ways() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        crowd(chat, 120)
        shown = await open_list(chat, "陈静", "发表")
        first = names(shown)
        assert (len(first), first[0], "第1页，共3页" in shown.text) == (60, "李明", True)
        assert "上一页" not in shown.buttons
        await chat.press("陈静", "下一页")
        second = names(shown)
        assert (len(second), "第2页，共3页" in shown.text) == (60, True)
        await chat.press("陈静", second[7])
        assert names(shown)[7] == f"✓ {second[7]}"
        await chat.press("陈静", "下一页")
        assert len(names(shown)) == 5
        assert "下一页" not in shown.buttons
        await chat.press("陈静", "上一页")
        await chat.press("陈静", "上一页")
        assert names(shown) == first


async def test_all_at_once_takes_every_page() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        crowd(chat, 120)
        shown = await open_list(chat, "陈静", "发表")
        await chat.press("陈静", "全部已发")
        assert chat.news("陈静")[0].startswith("已登记发放125份")
        assert "还有0份" in shown.text


async def test_student_confirmed_as_activist_after_week_4_is_asked_for_no_form() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        store = chat.desk.store
        late = chat.cast["李明"]
        with store.transaction():
            store.people.put(replace(late, stage_since=at(2026, 10, 6).date()))
        shown = await open_list(chat, "陈静", "发表")
        assert names(shown) == ["王小雨", "赵一", "钱二", "孙三"]


async def test_secretary_does_the_forms_where_there_is_no_committee_member() -> None:
    async with chatting(at(2026, 9, 7, 8)) as chat:
        await chat.tick(at(2026, 9, 7, 9))
        assert "应发登记表" in chat.news("韩书记")[0]
        await open_list(chat, "韩书记", "发表")
        assert await chat.press("韩书记", "冯四") == "冯四：已发放，9月7日（周一）。"
        assert Duty.COMMITTEE not in chat.cast["韩书记"].duties


async def test_secretary_can_do_the_forms_beside_the_committee_member() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        await open_list(chat, "林峰", "发表")
        assert await chat.press("林峰", "李明") == "李明：已发放，9月8日（周二）。"
        assert await chat.press("林峰", "✓ 李明") == "李明：已取消，现在是“未发放”。"


async def test_list_of_an_earlier_day_is_not_written_anew_each_time_another_list_is_used() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        older = await open_list(chat, "陈静", "发表")
        text = older.text
        chat.clock.move_to(at(2026, 9, 28, 10))
        await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "王小雨")
        assert older.text == text
