"""An introducer has a draft opinion checked in chat: hints alone, and the text is nowhere afterwards."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.drafts import MOST, Draft, Drafts
from bot.handlers.turn import Turn
from bot.rules.opinion import TOO_LONG
from bot.settings import Opinion, Settings
from storage.records import InboxState, PersonId, Role
from storage.store import Store
from tests.bot.rules.opinions import CLOSING, EXAMPLE, SAMPLE_1, SAMPLE_2
from tests.support.chat import GROUP, Chat, chatting
from tests.support.clock import at

WHOLE = EXAMPLE + CLOSING
FORM_ONLY = "\n这只是格式提示，不评价内容，是否修改由您决定。文本不保存。"
NOTHING = "周老师，您好。初步检查没有需要提示的地方。" + FORM_ONLY
SAY_AGAIN = "刚才的消息没有保存下来，请再发一次。"
OFF = Settings(opinion=Opinion(check=False))


def introduces(chat: Chat, student: str) -> None:
    """Make the student's contacts the introducers."""
    store = chat.desk.store
    with store.transaction():
        for pairing in store.pairings.where("student", chat.cast[student].id):
            store.pairings.put(replace(pairing, role=Role.INTRODUCER))


async def ask(chat: Chat, who: str = "周老师") -> str:
    """Press 检查意见 in the guide; return what is asked."""
    await chat.say(who, "/guide")
    await chat.press(who, "检查意见")
    return chat.news(who)[-1]


# who is offered it


async def test_only_introducers_are_offered_the_check() -> None:
    async with chatting() as chat:
        for who, is_offered in (("周老师", True), ("李明", False), ("林峰", False)):
            await chat.say(who, "/guide")
            assert ("检查意见" in chat.in_chat(who)[-1].buttons) is is_offered


async def test_the_office_may_switch_the_check_off() -> None:
    async with chatting(settings=OFF) as chat:
        await chat.say("周老师", "/guide")
        assert "检查意见" not in chat.in_chat("周老师")[-1].buttons
        (said,) = await chat.say("周老师", WHOLE)
        assert said.startswith("意见检查没有启用，刚才的文字没有保存。")
        assert not len(chat.desk.drafts)
        assert not len(chat.desk.store.deeds)


async def test_writer_is_told_what_happens_to_the_text() -> None:
    async with chatting() as chat:
        said = await ask(chat)
        assert "不打分，不评价内容" in said
        assert "不写入任何文件，只临时留24小时" in said
    async with chatting(settings=Settings(opinion=Opinion(memory_hours=0))) as chat:
        assert "小时" not in await ask(chat)


# hints


async def test_writer_of_a_whole_opinion_reads_that_there_is_nothing_to_say() -> None:
    async with chatting() as chat:
        await ask(chat)
        assert await chat.say("周老师", WHOLE) == [NOTHING]


async def test_writer_reads_each_hint_once_and_that_they_decide() -> None:
    async with chatting() as chat:
        assert await chat.say("周老师", SAMPLE_1) == [
            "周老师，您好。初步检查提示：①没有找到今后努力方向的表述；②有未替换的占位文字，请改为实际内容；"
            "③没有找到本人姓名或“该同志”的表述，或出现了其他同学的姓名，请核对是否写错了人。"
            + FORM_ONLY
        ]


async def test_an_honest_no_is_no_fault() -> None:
    async with chatting() as chat:
        await ask(chat)
        (said,) = await chat.say(
            "周老师", EXAMPLE + "该同志尚未达到党员标准，我暂不愿担任其入党介绍人。"
        )
        assert said == NOTHING


@pytest.mark.parametrize(
    ("layer", "hint"),
    [
        (
            "该同志政治立场坚定，入党动机端正，按时递交思想汇报，能结合师范生职责谈对党的宗旨的理解；",
            "政治思想",
        ),
        ("学习成绩位居专业前列，担任学习委员期间组织了十二次早读，工作细致；", "工作学习"),
        ("遵守纪律，团结同学，民主测评优秀率高。", "作风纪律"),
        ("不足之处是公开场合发言主动性不强，", "不足之处"),
        ("今后要多参加理论宣讲。", "今后努力方向"),
        ("我认为该同志已具备入党条件，", "是否具备入党条件"),
        ("我愿意担任其入党介绍人，介绍其加入中国共产党。", "是否愿意担任入党介绍人"),
    ],
)
async def test_each_layer_that_is_taken_away_is_missed(layer: str, hint: str) -> None:
    async with chatting() as chat:
        assert layer in WHOLE
        (said,) = await chat.say("周老师", WHOLE.replace(layer, ""))
        assert hint in said


async def test_a_short_text_is_checked_when_it_was_asked_for() -> None:
    async with chatting() as chat:
        await ask(chat)
        (said,) = await chat.say("周老师", "同意第一介绍人意见，我愿意担任其入党介绍人。")
        assert "没有找到足够的本人意见的表述" in said


async def test_long_text_that_only_agrees_is_taken_for_an_opinion_too() -> None:
    async with chatting() as chat:
        (said,) = await chat.say(
            "周老师",
            "同意第一介绍人意见，愿意担任其入党介绍人。该同志表现优秀，大家都很满意，没有明显的不足，"
            "请组织批准，特此说明如上，以供支部参考。",
        )
        assert "没有找到足够的本人意见的表述" in said


async def test_the_text_is_never_repeated() -> None:
    async with chatting() as chat:
        (said,) = await chat.say("周老师", SAMPLE_2.replace("xxx", "【请填写姓名】"))
        assert "占位文字，请改" in said
        assert "请填写姓名" not in said
        assert "请填写姓名" not in repr(list(chat.desk.store.outbox))


# whom it is about


async def test_introducer_of_several_is_asked_whom_the_text_is_about() -> None:
    async with chatting() as chat:
        introduces(chat, "赵一")
        assert await chat.say("周老师", WHOLE) == ["这份意见写的是哪一位？请选一位。"]
        shown = chat.in_chat("周老师")[-1]
        assert list(shown.buttons) == ["赵一", "孙三"]
        await chat.press("周老师", "赵一")
        assert chat.news("周老师") == [NOTHING]
        assert (shown.text, shown.buttons) == ("这份意见写的是赵一同学。", {})


async def test_name_of_another_student_of_the_same_mentor_is_noticed() -> None:
    async with chatting() as chat:
        introduces(chat, "赵一")
        await chat.say("周老师", WHOLE.replace("该同志", "孙三同志"))
        await chat.press("周老师", "赵一")
        assert "请核对是否写错了人" in chat.news("周老师")[-1]
        await chat.say("周老师", WHOLE.replace("该同志", "孙三同志"))
        await chat.press("周老师", "孙三")
        assert chat.news("周老师")[-1] == NOTHING


async def test_text_that_waited_too_long_for_its_name_is_asked_for_again() -> None:
    async with chatting() as chat:
        introduces(chat, "赵一")
        await chat.say("周老师", WHOLE)
        chat.clock.move_to(chat.clock.now() + timedelta(hours=1))
        await chat.press("周老师", "赵一")
        assert chat.news("周老师") == [SAY_AGAIN]
        assert not len(chat.desk.store.deeds)


async def test_second_press_on_the_names_asks_for_the_text_again() -> None:
    async with chatting() as chat:
        introduces(chat, "赵一")
        await chat.say("周老师", WHOLE)
        shown = chat.in_chat("周老师")[-1]
        token = shown.buttons["孙三"]
        await chat.press("周老师", "赵一", on=shown)
        chat.news("周老师")
        await chat.press("周老师", "孙三", on=shown, token=token)
        assert chat.news("周老师") == [SAY_AGAIN]


async def test_student_whose_introducer_has_changed_cannot_be_picked() -> None:
    async with chatting() as chat:
        introduces(chat, "赵一")
        await chat.say("周老师", WHOLE)
        store = chat.desk.store
        with store.transaction():
            for pairing in store.pairings.where("student", chat.cast["赵一"].id):
                store.pairings.put(replace(pairing, until=chat.desk.today() - timedelta(days=1)))
        assert (await chat.press("周老师", "赵一") or "").startswith("这个按钮已经过期。")


# the two introducers


async def test_second_introducer_is_compared_with_the_first_while_that_text_is_in_memory() -> None:
    async with chatting() as chat:
        assert await chat.say("周老师", WHOLE) == [NOTHING]
        (said,) = await chat.say("吴老师", WHOLE)
        assert "与另一位介绍人的意见有较多相同之处，请用自己的话写" in said


@pytest.mark.parametrize(("hours", "is_compared"), [(23, True), (24, False)])
async def test_first_text_is_forgotten_after_its_hours(hours: int, is_compared: bool) -> None:
    async with chatting() as chat:
        await chat.say("周老师", WHOLE)
        await chat.tick(chat.clock.now() + timedelta(hours=hours))
        assert bool(len(chat.desk.drafts)) is is_compared
        chat.news("吴老师")
        said = (await chat.say("吴老师", WHOLE))[-1]
        assert ("另一位介绍人" in said) is is_compared


async def test_nothing_is_compared_where_the_office_wants_no_text_kept() -> None:
    async with chatting(settings=Settings(opinion=Opinion(memory_hours=0))) as chat:
        await chat.say("周老师", WHOLE)
        (said,) = await chat.say("吴老师", WHOLE)
        assert "另一位介绍人" not in said


async def test_only_introducer_of_a_student_is_compared_with_nobody() -> None:
    async with chatting() as chat:
        store = chat.desk.store
        (second,) = store.pairings.where("mentor", chat.cast["吴老师"].id)[-1:]
        with store.transaction():
            store.pairings.put(replace(second, until=chat.desk.today() - timedelta(days=1)))
        assert await chat.say("周老师", WHOLE) == [NOTHING]


async def test_text_about_one_student_is_not_held_against_another() -> None:
    async with chatting() as chat:
        introduces(chat, "赵一")
        await chat.say("周老师", WHOLE)
        await chat.press("周老师", "赵一")
        await chat.say("吴老师", WHOLE)
        await chat.press("吴老师", "孙三")
        assert "另一位介绍人" not in chat.news("吴老师")[-1]


def test_memory_holds_so_many_texts_and_the_oldest_makes_room() -> None:
    drafts, now = Drafts(), at(2026, 9, 15, 10)
    for number in range(MOST + 1):
        drafts.keep(PersonId(number), None, Draft(str(number), now + timedelta(hours=1)))
    assert len(drafts) == MOST
    assert drafts.read(PersonId(0), None, now) is None
    assert drafts.read(PersonId(MOST), None, now) == str(MOST)
    drafts.keep(PersonId(1), None, Draft("new", now + timedelta(hours=1)))
    assert len(drafts) == MOST
    assert drafts.read(PersonId(2), None, now) == "2"


def test_a_draft_does_not_show_its_text() -> None:
    assert "秘密" not in repr(Draft("秘密", at(2026, 9, 15, 10)))


# what is no opinion


@pytest.mark.parametrize("text", ["。。。", "？", "今天天气很好", "👍", "y" * 61])
async def test_text_that_is_no_opinion_is_not_checked(text: str) -> None:
    async with chatting() as chat:
        await ask(chat)
        (said,) = await chat.say("周老师", text)
        assert said.startswith(
            (
                "这段文字不像入党介绍人意见，没有检查，也没有保存。",
                "这个问题我没有依据",
                "/done（已谈）登记谈话",  # a mark of interrogation asks for help
            )
        )
        assert not len(chat.desk.store.deeds)
        assert await chat.say("周老师", WHOLE) == [NOTHING]  # it is still waited for


async def test_after_an_hour_no_draft_is_awaited_any_more() -> None:
    async with chatting() as chat:
        await ask(chat)
        chat.clock.move_to(chat.clock.now() + timedelta(hours=1))
        (said,) = await chat.say("周老师", "今天天气很好")
        assert said.startswith("没有看明白。")
        assert "今天天气很好" in repr(list(chat.desk.store.inbox))


async def test_twenty_thousand_characters_are_no_opinion() -> None:
    async with chatting() as chat:
        await ask(chat)
        (said,) = await chat.say("周老师", (WHOLE * 200)[:TOO_LONG])
        assert said.startswith("这段文字太长，不像一份入党介绍人意见")
        assert not len(chat.desk.store.deeds)


async def test_a_picture_of_an_opinion_cannot_be_read() -> None:
    async with chatting() as chat:
        await ask(chat)
        await chat.feed(picture(chat, "周老师"))
        assert chat.news("周老师") == [
            "意见检查只看文字，图片和文件看不了。请把意见的全文作为文字发到这里。"
        ]
        await chat.feed(picture(chat, "吴老师"))
        assert chat.news("吴老师")[-1].startswith("这里只看文字。")


def picture(chat: Chat, who: str) -> dict[str, Any]:
    telegram = chat.cast.telegram[who]
    size = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
    return {
        "message": {
            "message_id": 77,
            "date": int(chat.clock.now().timestamp()),
            "chat": {"id": telegram, "type": "private"},
            "from": {"id": telegram, "is_bot": False, "first_name": "某"},
            "photo": [size],
            "caption": WHOLE,
        }
    }


@pytest.mark.parametrize("who", ["李明", "陈静", "何主任"])
async def test_nobody_but_an_introducer_has_an_opinion_checked(who: str) -> None:
    async with chatting() as chat:
        (said,) = await chat.say(who, WHOLE)
        assert said.startswith("意见检查只供入党介绍人本人使用，刚才的文字没有保存。")
        assert not len(chat.desk.store.deeds)


async def test_students_long_answer_to_a_reminder_is_no_opinion() -> None:
    async with chatting() as chat:
        text = (
            "老师好，我昨天和周老师谈过话了，谈了近半年的思想认识、学习成绩、团结同学的情况，"
            "还有存在的不足和今后的努力方向，老师给了我很多建议。"
        )
        assert len(text) > 60
        (said,) = await chat.say("李明", text)
        assert "意见检查" not in said


async def test_other_words_still_mean_what_they_mean_while_a_draft_is_awaited() -> None:
    async with chatting() as chat:
        await ask(chat)
        assert (await chat.say("周老师", "李明谈过了"))[0].startswith("已记下：")
        assert (await chat.say("周老师", "进度"))[0].startswith("半年考察")
        assert await chat.say("周老师", WHOLE) == [NOTHING]


@pytest.mark.parametrize(
    "text",
    [
        "帮我写意见",
        "能不能帮忙写一份入党介绍人意见",
        "替我拟一段评语",
        "可以代写意见吗",
        "请帮我写一份入党介绍人意见，李明同志政治立场坚定，学习刻苦，团结同学，不足是内向，"
        "今后要多发言，具备入党条件，我愿意介绍其入党，写三百字左右。",
    ],
)
async def test_nothing_is_written_for_anybody(text: str) -> None:
    async with chatting() as chat:
        await ask(chat)
        (said,) = await chat.say("周老师", text)
        assert said.startswith("入党介绍人意见应由介绍人本人如实填写，系统不代写。")


# groups


async def test_opinion_in_a_group_is_led_to_the_private_chat() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        for place in (GROUP, -200):
            chat.news(place)
            assert await chat.say("周老师", WHOLE, chat=place) == [
                "请到私聊办理：https://t.me/yinlu_bot"
            ]
        assert chat.news("周老师") == []
        assert not len(chat.desk.drafts)


async def test_others_long_words_in_a_group_are_not_answered() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        chat.news(GROUP)
        assert await chat.say("李明", WHOLE, chat=GROUP) == []
        assert (
            await chat.say("周老师", "通知：" + "明天下午开会，请各位准时参加。" * 8, chat=GROUP)
            == []
        )


# what is kept


async def test_only_time_codes_and_length_are_kept() -> None:
    async with chatting() as chat:
        await ask(chat)
        await chat.say("周老师", SAMPLE_1)
        (deed,) = list(chat.desk.store.deeds)
        assert deed.what == "opinion_checked"
        assert deed.at.date() == chat.desk.today()
        assert (deed.by, deed.about) == (chat.cast["周老师"].id, chat.cast["孙三"].id)
        assert deed.after == {"codes": ["K3", "K9", "K10"], "length": 178}
        assert (deed.before, deed.why, deed.table) == (None, None, None)


async def test_a_check_is_nothing_that_undo_takes_back() -> None:
    async with chatting() as chat:
        await chat.say("周老师", WHOLE)
        assert await chat.say("周老师", "/undo") == [
            "没有可以撤销的登记。要更正以前的登记，请告诉支部书记。"
        ]


CANARY = "鹈鹕踏雪"
SECRET = WHOLE.replace("组织了十二次早读", CANARY)


async def test_text_is_in_no_file_no_log_and_no_row(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store = Store.open(tmp_path / "store")
    async with chatting(store=store) as chat:
        introduces(chat, "赵一")
        await chat.say("林峰", "/link", chat=GROUP)
        await ask(chat)
        await chat.say("周老师", SECRET)
        await chat.press("周老师", "孙三")
        await chat.say("吴老师", SECRET)
        await chat.press("吴老师", "孙三")
        await chat.say("周老师", SECRET, chat=GROUP)
        await chat.say("李明", SECRET)
        await ask(chat)
        await chat.say("周老师", f"{CANARY}。")  # short, but asked for
        await chat.feed(picture(chat, "周老师"))
        await chat.say("赵一", f"/guide {SECRET}")
        assert CANARY not in repr([list(chat.desk.store.outbox), list(chat.desk.store.inbox)])
    store.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]
    assert not [path for path in files if CANARY.encode("unicode_escape") in path.read_bytes()]
    assert CANARY not in caplog.text


async def test_short_draft_that_came_together_with_its_press_is_not_written_either() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/guide")
        shown = chat.in_chat("周老师")[-1]
        telegram = chat.cast.telegram["周老师"]
        place = {"id": telegram, "type": "private"}
        person = {"id": telegram, "is_bot": False, "first_name": "某"}
        press = {
            "id": "1",
            "from": person,
            "chat_instance": "1",
            "data": shown.buttons["检查意见"],
            "message": {"message_id": shown.id, "date": 1, "chat": place},
        }
        words = {"message_id": 9, "date": 1, "chat": place, "from": person, "text": CANARY}
        chat.app.inbox.take(
            [
                {"update_id": 900, "callback_query": "malformed"},
                {"update_id": 901, "callback_query": press},
                {"update_id": 902, "message": words},
            ]
        )
        assert CANARY not in repr(list(chat.desk.store.inbox))
        await chat.app.inbox.sweep(chat.app.telegram.process_update, chat.app.telegram.bot)
        await chat.settle()
        assert chat.news("周老师")[-1].startswith("这段文字不像入党介绍人意见")


async def test_writer_is_asked_again_for_a_text_that_a_crash_has_lost(tmp_path: Path) -> None:
    async with chatting() as chat:
        introduces(chat, "赵一")
        await chat.say("周老师", WHOLE)
        chat.desk.drafts = Drafts()  # as after a restart
        await chat.press("周老师", "赵一")
        assert chat.news("周老师") == [SAY_AGAIN]


async def test_failure_while_a_draft_is_handled_says_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with chatting() as chat:

        def broken(turn: Turn) -> bool:
            raise RuntimeError(turn.text)

        monkeypatch.setattr("bot.handlers.words.FIRST_TO_ASK", (broken,))
        chat.app.inbox.take([{"update_id": 1, **message(chat, "周老师", SECRET)}])
        for _ in range(3):
            await chat.app.inbox.sweep(chat.app.telegram.process_update, chat.app.telegram.bot)
            chat.clock.move_to(chat.clock.now() + timedelta(minutes=1))
        (row,) = [row for row in chat.desk.store.inbox if row.update == 1]
        assert row.state is InboxState.DEAD
        assert CANARY not in repr([list(chat.desk.store.inbox), list(chat.desk.store.outbox)])


def message(chat: Chat, who: str, text: str) -> dict[str, Any]:
    body = dict(picture(chat, who)["message"])
    del body["photo"], body["caption"]
    return {"message": body | {"text": text}}
