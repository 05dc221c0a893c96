"""收到 张三 李四: a pile of forms entered by typing, answered in one message."""

from __future__ import annotations

import dataclasses

import pytest

from storage.records import FormState, Kind, Person, Stage
from tests.bot.dialogues.forms import crowd
from tests.support.chat import Chat, chatting
from tests.support.clock import at

MORNING = at(2026, 9, 29, 10)


def receipt(chat: Chat, name: str) -> str:
    """Return the recorded state and day of receipt; nothing where nothing was recorded."""
    term = chat.desk.term()
    assert term is not None
    form = chat.desk.store.forms.one("student_term", (chat.cast[name].id, term.id))
    return "" if form is None else f"{form.state} {form.received}"


def newcomer(chat: Chat, name: str, **changed: object) -> Person:
    """Put one more student into 学一."""
    store = chat.desk.store
    with store.transaction():
        return store.people.add(
            dataclasses.replace(
                Person(
                    number=f"2025{len(store.people):04d}",
                    name=name,
                    branch=chat.cast.branches["学一"].id,
                    kind=Kind.STUDENT,
                    stage=Stage.ACTIVIST,
                ),
                **changed,  # type: ignore[arg-type]  # fields by name
            )
        )


async def test_keeper_enters_a_pile_by_names_and_reads_one_answer() -> None:
    async with chatting(MORNING) as chat:
        await chat.say("周老师", "/done 李明 9.21")
        chat.news("陈静")
        assert await chat.say("陈静", "收到 李明 王小雨") == [
            "已登记收到2份，收到日期9月29日（周二）：李明、王小雨。\n"
            "本学期谈话还没有确认的1人：王小雨，请核对表上的谈话日期和签名。\n"
            "如有误，10 分钟内可点“撤销”。"
        ]
        assert receipt(chat, "李明") == receipt(chat, "王小雨") == "received 2026-09-29"


async def test_keeper_dates_the_whole_pile() -> None:
    async with chatting(MORNING) as chat:
        answer = (await chat.say("陈静", "收到 李明、赵一 9月28日"))[0]
        assert answer.startswith("已登记收到2份，收到日期9月28日（周一）：李明、赵一。")
        assert receipt(chat, "赵一") == "received 2026-09-28"


@pytest.mark.parametrize(
    "words",
    [
        "收到李明的表",
        "已收 李明",
        "收到：李明",
        "收到 liming",
        "收到 lm",
        "收到 小教2401 李明",
        "收到\n李明\n",
        "收到 李明 李明",
    ],
)
async def test_keeper_may_write_it_in_many_ways(words: str) -> None:
    async with chatting(MORNING) as chat:
        answer = (await chat.say("陈静", words))[0]
        assert answer.startswith("已登记收到1份，收到日期9月29日（周二）：李明。")


async def test_secretary_may_enter_a_pile_as_well() -> None:
    async with chatting(MORNING) as chat:
        await chat.say("林峰", "收到 李明")
        assert receipt(chat, "李明") == "received 2026-09-29"


async def test_keeper_taps_who_was_meant_by_a_mistyped_name() -> None:
    async with chatting(MORNING) as chat:
        answer = (await chat.say("陈静", "收到 李名 王小雨 欧阳修"))[0]
        assert "已登记收到1份" in answer
        assert "没有找到：欧阳修，请核对姓名后再发。" in answer
        assert "不能确定是谁：李名，请在下面点选。" in answer
        assert receipt(chat, "李明") == ""
        said = await chat.press("陈静", "李明")
        assert said is not None
        assert "已登记9月29日（周二）收到李明同学的登记表" in said
        shown = chat.in_chat("陈静")[-1]
        assert "已登记收到2份，收到日期9月29日（周二）：王小雨、李明。" in shown.text
        assert "不能确定" not in shown.text
        assert receipt(chat, "李明") == "received 2026-09-29"


async def test_keeper_tells_namesakes_apart_by_class() -> None:
    async with chatting(MORNING) as chat:
        newcomer(chat, "李明", class_name="小教2402")
        answer = (await chat.say("陈静", "收到 李明 9.28"))[0]
        assert answer == "这次没有登记收到的登记表。\n不能确定是谁：李明，请在下面点选。"
        await chat.press("陈静", "李明（小教2401）")
        assert receipt(chat, "李明") == "received 2026-09-28"
        await chat.press("陈静", "✓ 李明（小教2401）")
        assert receipt(chat, "李明") == "not_handed_out None"


async def test_keeper_takes_back_the_whole_pile_with_one_press() -> None:
    async with chatting(MORNING) as chat:
        await chat.say("陈静", "收到 李明 王小雨")
        await chat.press("陈静", "撤销")
        assert chat.news("陈静") == ["已撤销：收表登记（李明、王小雨）。"]
        assert receipt(chat, "李明") == receipt(chat, "王小雨") == "not_handed_out None"
        await chat.tick(at(2026, 9, 29, 10, 5))
        assert [text for text in chat.news("李明") if "收到" in text] == []


async def test_same_pile_sent_twice_is_recorded_once() -> None:
    async with chatting(MORNING) as chat:
        await chat.say("陈静", "收到 李明")
        assert await chat.say("陈静", "收到 李明") == [
            "这次没有登记收到的登记表。\n早先已登记收到的：李明。日期有误，请告诉支部书记更正。"
        ]
        assert len(chat.desk.store.deeds.where("about", chat.cast["李明"].id)) == 1


async def test_keeper_is_told_of_somebody_whom_this_round_does_not_ask() -> None:
    async with chatting(MORNING) as chat:
        newcomer(chat, "周新", stage_since=at(2026, 11, 2).date())
        assert await chat.say("陈静", "收到 周新") == [
            "这次没有登记收到的登记表。\n从下学期起参加、本学期不收表的：周新。"
        ]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("收到 李明 9月30日", "收到日期不能晚于今天，这次没有登记。请改好日期再发一次。"),
        (
            "收到 李明 2月30日",
            "收到日期没有看明白，这次没有登记。请把日期写清楚，例如“9月29日”，和姓名一起再发一次。",
        ),
        (
            "收到 李明 9.21 9.22",
            "收到日期没有看明白，这次没有登记。请把日期写清楚，例如“9月29日”，和姓名一起再发一次。",
        ),
        ("收到 " + "李明 " * 61, "一次最多登记60人，这次没有登记。请分几次发。"),
    ],
)
async def test_pile_that_cannot_be_right_changes_nothing(words: str, refusal: str) -> None:
    async with chatting(MORNING) as chat:
        assert await chat.say("陈静", words) == [refusal]
        assert receipt(chat, "李明") == ""


@pytest.mark.parametrize(
    "words", ["收到", "收到，谢谢", "收到，明白", "收到 我会转告的", "收到 9.28"]
)
async def test_keeper_who_only_says_yes_records_nothing(words: str) -> None:
    async with chatting(MORNING) as chat:
        for answer in await chat.say("陈静", words):
            assert "没有找到" not in answer
        assert not len(chat.desk.store.forms)


async def test_student_who_answers_received_is_thanked_and_records_nothing() -> None:
    async with chatting(MORNING) as chat:
        await chat.say("李明", "收到 王小雨")
        await chat.say("周老师", "收到 李明")
        assert not len(chat.desk.store.forms)


async def test_keeper_does_not_reach_into_another_branch() -> None:
    async with chatting(MORNING) as chat:
        assert await chat.say("陈静", "收到 冯四") == [
            "这次没有登记收到的登记表。\n没有找到：冯四，请核对姓名后再发。"
        ]


async def test_forty_names_in_a_branch_of_five_hundred_are_one_act() -> None:
    async with chatting(MORNING) as chat:
        everyone = crowd(chat, 500)
        answer = (await chat.say("陈静", "收到 " + " ".join(everyone[:40])))[0]
        assert answer.startswith("已登记收到40份")
        term = chat.desk.term()
        assert term is not None
        assert chat.desk.store.forms.count("term_state", (term.id, FormState.RECEIVED)) == 40
        await chat.say("陈静", "撤销")
        assert chat.desk.store.forms.count("term_state", (term.id, FormState.RECEIVED)) == 0


async def test_two_fast_taps_on_a_name_do_not_take_the_receipt_back() -> None:
    async with chatting(MORNING) as chat:
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "收表")
        shown = chat.in_chat("陈静")[-1]
        token = shown.buttons["李明"]
        await chat.press("陈静", "李明", on=shown)
        await chat.press("陈静", "李明", on=shown, token=token)
        assert receipt(chat, "李明") == "received 2026-09-29"
