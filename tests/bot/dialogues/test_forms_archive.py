"""归档: the two ticks of the paper (R21; R26, R27), the warning, 已齐的全部归档."""

from __future__ import annotations

from storage.records import Form
from tests.bot.dialogues.forms import names, open_list
from tests.support.chat import Chat, chatting
from tests.support.clock import at

MORNING = at(2026, 9, 29, 10)


def form(chat: Chat, name: str) -> Form:
    term = chat.desk.term()
    assert term is not None
    found = chat.desk.store.forms.one("student_term", (chat.cast[name].id, term.id))
    assert found is not None
    return found


async def receive(chat: Chat, *students: str) -> None:
    await open_list(chat, "陈静", "收表")
    for name in students:
        await chat.press("陈静", name)


async def test_keeper_is_warned_once_of_missing_ticks_and_then_archives() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明")
        shown = await open_list(chat, "陈静", "归档")
        assert await chat.press("陈静", "李明") == (
            "李明同学的登记表缺：导师记录和签名、党支部考察意见。仍要归档请再点一次。"
        )
        assert names(shown) == ["李明"]
        assert await chat.press("陈静", "李明") == "李明：已归档，9月29日（周二）。"
        assert names(shown) == ["✓ 李明"]
        assert (form(chat, "李明").received, form(chat, "李明").archived) == (
            MORNING.date(),
            MORNING.date(),
        )


async def test_two_fast_taps_do_not_archive_past_the_warning() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明")
        shown = await open_list(chat, "陈静", "归档")
        token = shown.buttons["李明"]
        for _ in range(2):
            said = await chat.press("陈静", "李明", on=shown, token=token)
            assert said is not None
            assert said.endswith("仍要归档请再点一次。")
        assert form(chat, "李明").archived is None


async def test_keeper_marks_both_ticks_and_archives_without_a_warning() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明", "王小雨")
        archive = await open_list(chat, "陈静", "归档")
        assert "还有2份，其中材料已齐0份" in archive.text
        await chat.press("陈静", "导师已签", on=archive)
        signed = chat.in_chat("陈静")[-1]
        assert (
            signed.text == "导师记录和签名：还有2份没有登记。核对过一份点一下姓名，再点一次取消。"
        )
        assert await chat.press("陈静", "李明", on=signed) == "李明：导师记录已签。"
        assert names(signed) == ["✓ 李明", "王小雨"]
        await chat.press("陈静", "意见已填", on=archive)
        written = chat.in_chat("陈静")[-1]
        assert (
            written.text == "党支部考察意见：还有2份没有登记。填写好一份点一下姓名，再点一次取消。"
        )
        assert await chat.press("陈静", "李明", on=written) == "李明：党支部考察意见已填。"
        assert await chat.press("陈静", "李明", on=archive) == "李明：已归档，9月29日（周二）。"


async def test_warning_names_only_the_tick_that_is_missing() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明")
        await open_list(chat, "陈静", "导师已签")
        await chat.press("陈静", "李明")
        await open_list(chat, "陈静", "归档")
        assert await chat.press("陈静", "李明") == (
            "李明同学的登记表缺：党支部考察意见。仍要归档请再点一次。"
        )


async def test_everything_complete_is_archived_at_once_and_the_rest_left() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明", "王小雨", "赵一")
        await open_list(chat, "陈静", "导师已签")
        await chat.press("陈静", "全部已签")
        assert chat.news("陈静") == ["已登记3份导师记录已签。如有误，10 分钟内可发 /undo 撤销。"]
        await open_list(chat, "林峰", "意见已填")
        for name in ("李明", "王小雨"):
            await chat.press("林峰", name)
        shown = await open_list(chat, "陈静", "归档")
        assert "还有3份，其中材料已齐2份" in shown.text
        await chat.press("陈静", "已齐的全部归档")
        assert chat.news("陈静") == [
            "已归档2份，日期9月29日（周二）；材料不齐、没有归档的1份，请补齐、登记后再归档。"
            "如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert names(shown) == ["✓ 李明", "✓ 王小雨", "赵一"]


async def test_keeper_is_told_what_to_do_when_nothing_is_complete() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明")
        await open_list(chat, "陈静", "归档")
        await chat.press("陈静", "已齐的全部归档")
        assert chat.news("陈静") == [
            "还有1份没有归档：缺导师记录和签名或党支部考察意见。"
            "核对过的请先在“导师已签”“意见已填”里登记，再归档。"
        ]


async def test_keeper_takes_a_tick_of_the_paper_back() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明")
        shown = await open_list(chat, "陈静", "导师已签")
        await chat.press("陈静", "李明")
        assert await chat.press("陈静", "✓ 李明") == "李明：已取消“导师记录已签”。"
        assert names(shown) == ["李明"]
        assert not form(chat, "李明").signed


async def test_keeper_undoes_all_the_ticks_of_one_press() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明", "王小雨")
        await open_list(chat, "陈静", "意见已填")
        await chat.press("陈静", "全部已填")
        chat.news("陈静")
        assert await chat.say("陈静", "/undo") == [
            "已撤销：“党支部考察意见已填”的登记（李明、王小雨）。"
        ]
        assert not form(chat, "王小雨").opinion


async def test_tick_of_an_archived_form_cannot_be_taken_back() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明")
        signed = await open_list(chat, "陈静", "导师已签")
        await chat.press("陈静", "李明")
        archive = await open_list(chat, "陈静", "归档")
        await chat.press("陈静", "李明", on=archive)
        await chat.press("陈静", "李明", on=archive)
        assert await chat.press("陈静", "✓ 李明", on=signed) == (
            "李明的登记表现在是“已归档”，不能登记这一步。请发 /forms（登记表）看现在的名单。"
        )


async def test_ten_minutes_count_from_the_step_and_not_from_a_tick_made_since() -> None:
    async with chatting(MORNING) as chat:
        received = await open_list(chat, "陈静", "收表")
        await chat.press("陈静", "李明")
        await chat.tick(at(2026, 9, 29, 10, 9))
        await open_list(chat, "陈静", "导师已签")
        await chat.press("陈静", "李明")
        await chat.tick(at(2026, 9, 29, 10, 12))
        answer = await chat.press("陈静", "✓ 李明", on=received)
        assert answer is not None
        assert "已过 10 分钟" in answer


async def test_secretary_counts_opinions_to_write_only_until_they_are_ticked() -> None:
    async with chatting(MORNING) as chat:
        await receive(chat, "李明")
        await open_list(chat, "林峰", "意见已填")
        await chat.press("林峰", "李明")
        await chat.tick(at(2026, 10, 14, 9))
        overdue = [text for text in chat.news("林峰") if "已过9月30日" in text]
        assert len(overdue) == 1
        assert "李明—未谈、导师记录和签名" in overdue[0]
        assert "待写党支部考察意见" not in overdue[0]
        assert "已收未归档1份" in overdue[0]


async def test_lists_with_nothing_to_tick_say_so() -> None:
    async with chatting(MORNING) as chat:
        for name in ("归档", "导师已签", "意见已填"):
            await chat.say("陈静", "/forms")
            chat.news("陈静")
            await chat.press("陈静", name)
            assert chat.news("陈静") == [
                "这一项没有要登记的登记表。其他各项请发 /forms（登记表）。"
            ]
