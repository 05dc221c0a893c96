"""A mentor answers what students have claimed: one live list, three buttons each, or in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.actions import enrol
from bot.actions import talk as talk_action
from bot.actions.own_talks import Owed
from storage.records import TalkState
from tests.bot.dialogues.talks import FROM_THE_LIST, claims, last, opens_account, quiet, state
from tests.support.chat import chatting
from tests.support.clock import at

LIST = "周老师，您好。以下同学登记与您谈过话，请您确认。——本科生第一党支部\n{lines}"
ANSWERED = "周老师，您好。以下谈话登记您已答复，谢谢。——本科生第一党支部\n{lines}"


async def test_mentor_confirms_with_one_tap_and_the_student_reads_what_is_next() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        assert await chat.press("周老师", "属实") == (
            "已确认：李明，9月15日（周二）。如有误，10 分钟内可发 /undo 撤销。"
        )
        assert chat.news("周老师") == []
        assert last(chat, "周老师").text == ANSWERED.format(
            lines="✓ 李明同学，9月15日（周二），老师已确认"
        )
        assert last(chat, "周老师").buttons == {}
        assert chat.news("李明") == [
            "周文老师已确认9月15日（周二）的谈话。登记表请在9月28日（周一）至9月30日（周三）交给陈静同志。"
        ]


async def test_mentor_says_not_yet_and_the_student_is_asked_to_check_the_date() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        assert await chat.press("周老师", "还没谈") == (
            "已改为“待核实”：李明，9月15日（周二）。如有误，10 分钟内可发 /undo 撤销。"
        )
        assert chat.news("李明") == [
            "9月15日（周二）的谈话老师还没有核对上，可能是日期记错，请与老师核对后回复“已谈 日期”。"
        ]
        assert state(chat, "李明", "周老师")[0] is TalkState.DISPUTED
        denied = last(chat, "李明")
        chat.clock.advance(minutes=5)
        assert (await chat.say("李明", "9月14日", reply_to=denied))[0].startswith(
            "已记下：9月14日（周一）"
        )
        assert chat.news("周老师") == [LIST.format(lines="李明同学，9月14日（周一）")]


async def test_mentor_corrects_the_date_which_confirms_at_once() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await chat.press("周老师", "日期不对")
        assert chat.news("周老师") == [
            "原来登记的是9月15日（周二）。与李明同学的谈话实际是哪一天？"
        ]
        await chat.press("周老师", "昨天")
        assert chat.news("李明") == ["谈话日期改为9月14日（周一），周文老师已确认。"]
        assert chat.news("周老师")[0].startswith(
            "已记下：9月14日（周一）与李明同学谈话，并已告诉本人。"
        )
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-14")


async def test_several_claims_stand_in_one_list_with_the_names_on_the_buttons() -> None:
    async with chatting() as chat:
        await chat.say("李明", "已谈")
        await chat.say("王小雨", "昨天谈了")
        lines = "李明同学，9月15日（周二）\n王小雨同学，9月14日（周一）"
        assert chat.news("周老师") == [LIST.format(lines=lines)]
        shown = last(chat, "周老师")
        assert list(shown.buttons) == [
            f"{label} {name}" for name in ("李明", "王小雨") for label in FROM_THE_LIST
        ]
        await chat.press("周老师", "属实 王小雨")
        assert shown.text == LIST.format(
            lines="李明同学，9月15日（周二）\n✓ 王小雨同学，9月14日（周一），老师已确认"
        )
        assert tuple(shown.buttons) == FROM_THE_LIST


async def test_a_claim_within_a_minute_joins_the_list_and_a_later_one_sends_it_afresh() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        first = last(chat, "周老师")
        chat.clock.advance(seconds=59)
        await claims(chat, "王小雨")
        assert last(chat, "周老师") is first
        assert "王小雨" in first.text
        chat.clock.advance(seconds=61)
        await chat.say("孙三", "和周老师谈过了")
        assert len(chat.news("周老师")) == 1
        assert first.buttons == {}
        assert len(last(chat, "周老师").buttons) == 9


async def test_a_claim_withdrawn_before_its_list_has_left_does_not_silence_the_next_one() -> None:
    async with chatting() as chat:
        me = chat.desk.store.accounts.one("person", chat.cast["周老师"].id)
        assert me is not None
        with chat.desk.store.transaction():
            chat.desk.store.accounts.put(replace(me, reachable=False))
        await claims(chat, "李明")
        with chat.desk.store.transaction():
            chat.desk.store.accounts.put(replace(me, reachable=True))
        await chat.say("王小雨", "已谈")
        assert chat.news("周老师") == [
            LIST.format(lines="李明同学，9月15日（周二）\n王小雨同学，9月15日（周二）")
        ]


async def test_the_digest_of_week_3_carries_the_buttons_and_takes_them_from_the_older_list() -> (
    None
):
    async with chatting() as chat:
        await chat.tick(at(2026, 9, 22, 10))
        await claims(chat, "李明")
        older = last(chat, "周老师")
        await chat.tick(at(2026, 9, 23))
        assert chat.news("周老师") == [
            "周老师，您好。您联系的同学：未谈3位：王小雨、赵一、孙三；等老师确认1位：李明，"
            "请您点按钮确认。谈话最迟9月27日（周日）（含当天）。\n"
            "已经谈过的请发 /done（已谈）；如方便，也请您留一个时间。——本科生第一党支部"
        ]
        assert older.buttons == {}
        assert tuple(last(chat, "周老师").buttons) == FROM_THE_LIST
        await chat.press("周老师", "属实")
        assert "等老师确认" not in last(chat, "周老师").text
        assert last(chat, "周老师").buttons == {}


async def test_a_claim_unanswered_for_three_days_is_asked_about_once_more() -> None:
    async with chatting(at(2026, 9, 8, 10)) as chat:
        await chat.tick(at(2026, 9, 8, 10))
        await claims(chat, "李明")
        await chat.tick(at(2026, 9, 11, 9))
        quiet(chat)
        await chat.tick(at(2026, 9, 11, 9, 59))
        assert chat.news("周老师") == []
        await chat.tick(at(2026, 9, 11, 10, 1))
        assert chat.news("周老师") == [
            "周老师，您好。以下谈话登记，请您方便时确认。——本科生第一党支部\n"
            "李明同学，9月8日（周二）（9月8日（周二）登记）"
        ]
        await chat.press("周老师", "属实")
        assert last(chat, "周老师").text == ANSWERED.format(
            lines="✓ 李明同学，9月8日（周二），老师已确认"
        )
        for day in (14, 15, 16, 17):
            await chat.tick(at(2026, 9, day, 10))
            assert chat.news("周老师") == []


async def test_all_answered_in_the_digest_reads_as_answered() -> None:
    async with chatting() as chat:
        await chat.tick(at(2026, 9, 22, 10))
        await chat.say("周老师", "/done 王小雨 赵一 孙三")
        await claims(chat, "李明")
        await chat.tick(at(2026, 9, 23))
        await chat.press("周老师", "属实")
        assert last(chat, "周老师").text == ANSWERED.format(
            lines="✓ 李明同学，9月22日（周二），老师已确认"
        )


@pytest.mark.parametrize("words", ["属实", "是的", "谈过了", "情况属实", "李明谈过了"])
async def test_mentor_confirms_in_a_reply_to_the_list(words: str) -> None:
    async with chatting() as chat:
        await claims(chat, "李明", "昨天谈了")
        said = await chat.say("周老师", words, reply_to=last(chat, "周老师"))
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-14")
        assert "9月14日（周一）与李明同学谈话，并已告诉本人。" in said[0]


@pytest.mark.parametrize("words", ["属实", "不属实", "还没谈", "没有谈"])
async def test_mentor_answers_the_only_claim_without_replying(words: str) -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        said = await chat.say("周老师", words)
        if words == "属实":
            assert said == ["已确认：9月15日（周二）与李明同学谈话，并已告诉本人。"]
        else:
            assert said == ["已改为“待核实”：9月15日（周二）与李明同学的谈话，并已请本人核对。"]


@pytest.mark.parametrize("words", ["9月14日", "谈过了，9月14日", "李明昨天谈过了"])
async def test_mentor_corrects_the_date_in_a_reply(words: str) -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await chat.say("周老师", words, reply_to=last(chat, "周老师"))
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-14")
        assert chat.news("李明") == ["谈话日期改为9月14日（周一），周文老师已确认。"]


async def test_mentor_who_says_that_the_date_is_wrong_is_asked_for_the_right_one() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        assert await chat.say("周老师", "日期不对") == [
            "原来登记的是9月15日（周二）。与李明同学的谈话实际是哪一天？"
        ]
        assert (await chat.say("周老师", "9月14日"))[0].startswith("已记下：9月14日（周一）")


@pytest.mark.parametrize("words", ["属实", "是的", "没有谈"])
async def test_words_do_not_say_which_of_several_claims_they_mean(words: str) -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await claims(chat, "王小雨")
        assert await chat.say("周老师", words, reply_to=last(chat, "周老师")) == [
            "等确认的不止一位，请点名单里的按钮。"
        ]
        assert state(chat, "李明", "周老师")[0] is TalkState.CLAIMED


@pytest.mark.parametrize("words", ["明天谈", "谈过吗？", "asdf"])
async def test_mentors_unclear_words_never_answer_a_claim(words: str) -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        assert await chat.say("周老师", words) == [
            "没有看明白。有谈话登记在等确认，请点名单里的按钮；谈过的请发 /done（已谈）。"
        ]
        assert state(chat, "李明", "周老师")[0] is TalkState.CLAIMED


async def test_an_old_button_on_an_answered_claim_changes_nothing() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        shown = last(chat, "周老师")
        tokens = dict(shown.buttons)
        await chat.press("周老师", "属实")
        for label in FROM_THE_LIST:
            assert await chat.press("周老师", label, on=shown, token=tokens[label]) == (
                "这条登记已经答复过了。看现在的情况请发 /status（进度）。"
            )
        assert state(chat, "李明", "周老师")[0] is TalkState.CONFIRMED


async def test_another_persons_button_and_an_unknown_one_are_refused_kindly() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        shown = last(chat, "周老师")
        token = shown.buttons["属实"]
        assert await chat.press("吴老师", "属实", on=shown, token=token) == (
            "这个按钮是给别人的。自己的事请在私聊里发 /status（进度）。"
        )
        assert await chat.press("周老师", "属实", on=shown, token="made-up") == (
            "这个按钮已经过期。请发 /status（进度）看现在的情况。"
        )
        assert state(chat, "李明", "周老师")[0] is TalkState.CLAIMED


async def test_only_the_present_mentor_can_confirm() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        store = chat.desk.store
        with store.transaction():
            for pairing in store.pairings.where("student", chat.cast["李明"].id):
                store.pairings.put(replace(pairing, until=chat.desk.today()))
        assert await chat.press("周老师", "属实") == (
            "只有李明的培养联系人或入党介绍人本人可以确认谈话。"
        )


async def test_a_claim_at_night_is_asked_about_at_once_without_sound() -> None:
    async with chatting(at(2026, 9, 15, 22)) as chat:
        await claims(chat, "李明")
        sent = [given for name, given in chat.recorder.calls if name == "sendMessage"]
        assert [one["disable_notification"] for one in sent[-2:]] == [True, True]


async def test_a_claim_for_a_mentor_without_account_goes_to_the_secretary_to_record() -> None:
    async with chatting() as chat:
        assert await chat.say("钱二", "昨天谈了") == [
            "已记下：9月14日（周一）与郑强老师谈话，郑强老师还没有开通，已转林峰同志核对后代记。"
            "你这边已完成，等老师确认即可，不影响交表。如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert chat.news("林峰") == [
            "林峰同志，你好。钱二同学登记：9月14日（周一）与郑强老师谈过话。"
            "老师还没有开通，请核对后代记。"
        ]
        asked = last(chat, "林峰")
        token = asked.buttons["代记"]
        assert await chat.press("陈静", "代记", on=asked, token=token) == (
            "这个按钮是给别人的。自己的事请在私聊里发 /status（进度）。"
        )
        await chat.press("林峰", "代记")
        assert chat.news("林峰") == [
            "已代记：9月14日（周一）钱二同学与郑强老师谈话，并已告诉本人。如有误，10 分钟内可发 /undo 撤销。"
        ]
        assert chat.news("钱二")[0].startswith(
            "郑强老师已确认9月14日（周一）的谈话（林峰同志核对后代记）。"
        )
        assert asked.buttons == {}
        assert asked.text == "钱二同学的这条谈话登记已经办结或撤销，不用再代记。"


async def test_the_secretarys_question_follows_a_corrected_and_a_withdrawn_claim() -> None:
    async with chatting() as chat:
        await claims(chat, "钱二")
        first = last(chat, "林峰")
        await claims(chat, "钱二", "已谈 9月14日")
        second = last(chat, "林峰")
        assert (first.buttons, list(second.buttons)) == ({}, ["代记"])
        assert "9月14日（周一）" in second.text
        await chat.say("钱二", "/undo")
        assert "9月15日（周二）" in second.text
        await chat.say("钱二", "/undo")
        assert second.text == "钱二同学的这条谈话登记已经办结或撤销，不用再代记。"
        assert second.buttons == {}


async def test_mentor_who_enrols_later_is_asked_about_the_claim_that_waits() -> None:
    async with chatting() as chat:
        await claims(chat, "钱二")
        mentor = chat.cast["郑老师"]
        with chat.desk.store.transaction():
            ((_, token, _),) = enrol.issue(chat.desk, [mentor])
        await chat.say("郑老师", f"/start {token}")
        said = await chat.say("郑老师", mentor.number[-4:])
        assert said[-1] == (
            "郑老师，您好。以下同学登记与您谈过话，请您确认。——本科生第一党支部\n钱二同学，9月15日（周二）"
        )
        await chat.press("郑老师", "属实")
        assert state(chat, "钱二", "郑老师")[0] is TalkState.CONFIRMED


async def test_mentor_who_answers_after_enrolling_relieves_the_secretary() -> None:
    async with chatting() as chat:
        await claims(chat, "钱二")
        asked = last(chat, "林峰")
        opens_account(chat, "郑老师")
        assert (await chat.say("郑老师", "/done 钱二"))[0].startswith(
            "已记下：9月15日（周二）与钱二同学谈话"
        )
        assert asked.buttons == {}
        assert chat.news("钱二")[0].startswith("郑强老师已确认9月15日（周二）的谈话。")


async def test_mentor_of_the_student_branch_is_a_comrade_and_is_called_ni() -> None:
    async with chatting() as chat:
        store = chat.desk.store
        with store.transaction():
            for pairing in store.pairings.where("student", chat.cast["李明"].id):
                store.pairings.put(replace(pairing, mentor=chat.cast["林峰"].id))
        assert (await chat.say("李明", "已谈"))[0].startswith(
            "已记下：9月15日（周二）与林峰同志谈话"
        )
        assert chat.news("林峰") == [
            "林峰同志，你好。以下同学登记与你谈过话，请你确认。——本科生第一党支部\n"
            "李明同学，9月15日（周二）"
        ]
        await chat.press("林峰", "属实")
        assert chat.news("李明")[0].startswith("林峰同志已确认9月15日（周二）的谈话。")
        assert "您" not in "".join(await chat.say("林峰", "/status"))


async def test_mentor_confirms_all_claims_in_one_word() -> None:
    async with chatting() as chat:
        await claims(chat, "李明", "昨天谈了")
        await claims(chat, "王小雨")
        listed = last(chat, "周老师")
        await chat.say("周老师", "都谈过了", reply_to=listed)
        assert state(chat, "李明", "周老师") == (TalkState.CONFIRMED, "2026-09-14")
        assert state(chat, "王小雨", "周老师") == (TalkState.CONFIRMED, "2026-09-15")
        assert state(chat, "赵一", "周老师") == (TalkState.NONE, "")
        assert listed.buttons == {}


@pytest.mark.parametrize("words", ["属实", "不属实", "日期不对"])
async def test_mentor_without_waiting_claims_has_none_to_answer(words: str) -> None:
    async with chatting() as chat:
        assert await chat.say("周老师", words) == [
            "现在没有等确认的谈话。谈过的请发 /done（已谈）。"
        ]


async def test_mentor_who_gives_the_same_date_is_told_that_it_stands() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "/done 李明")
        await chat.press("周老师", "改日期")
        quiet(chat)
        await chat.press("周老师", "今天")
        assert chat.news("周老师") == [
            "李明同学9月15日（周二）的谈话已经登记，不用再登记。"
            "日期不对，请发 /done（已谈）加姓名和正确的日期。"
        ]


async def test_a_claim_joins_a_list_that_has_not_left_yet() -> None:
    async with chatting() as chat:
        desk, store = chat.desk, chat.desk.store
        for name in ("李明", "王小雨"):
            (pairing,) = store.pairings.where("student", chat.cast[name].id)
            with store.transaction():
                talk_action.claim(desk, chat.cast[name], [Owed(pairing)], desk.today())
        await chat.settle()
        assert chat.news("周老师") == [
            LIST.format(lines="李明同学，9月15日（周二）\n王小雨同学，9月15日（周二）")
        ]
        await chat.press("周老师", "属实 李明")
        await chat.press("周老师", "属实")
        assert last(chat, "周老师").text == ANSWERED.format(
            lines="✓ 李明同学，9月15日（周二），老师已确认\n✓ 王小雨同学，9月15日（周二），老师已确认"
        )
