"""/status, /help and /mydata as students and mentors read them, week by week."""

from __future__ import annotations

from dataclasses import replace

from storage.records import Form as FormRecord
from storage.records import FormKind, FormState
from tests.bot.dialogues.talks import claims, joins, quiet
from tests.support.chat import Chat, chatting
from tests.support.clock import at

HEAD = "半年考察（2026-2027-1）\n"


def archived(chat: Chat, *students: str) -> None:
    """Let the forms of these be archived."""
    store, term = chat.desk.store, chat.desk.term()
    assert term is not None
    with store.transaction():
        for one in students:
            store.forms.add(
                FormRecord(
                    student=chat.cast[one].id,
                    term=term.id,
                    kind=FormKind.ACTIVIST,
                    state=FormState.ARCHIVED,
                    handed_out=chat.desk.today(),
                    received=chat.desk.today(),
                    archived=chat.desk.today(),
                )
            )


async def test_student_follows_the_talk_from_open_to_confirmed() -> None:
    async with chatting() as chat:
        rest = (
            "\n登记表：未发放\n谈话时间：9月14日（周一）至9月27日（周日）\n"
            "交表：最迟9月30日（周三）（含当天），交给陈静同志"
        )
        assert await chat.say("李明", "/status") == [f"{HEAD}谈话：与周文老师，未谈{rest}"]
        await claims(chat, "李明", "昨天谈了")
        day = "（9月14日（周一））"
        for press, word in (
            (None, "等老师确认"),
            ("还没谈", "待核实"),
        ):
            if press:
                await chat.press("周老师", press)
                quiet(chat)
            assert await chat.say("李明", "进度") == [f"{HEAD}谈话：与周文老师，{word}{day}{rest}"]


async def test_stuck_student_reads_that_the_branch_is_helping() -> None:
    async with chatting() as chat:
        await chat.say("李明", "约不上老师")
        assert "支部正在帮你联系老师，登记表可先交。" in (await chat.say("李明", "/status"))[-1]


async def test_student_without_mentor_reads_that_one_is_being_found() -> None:
    async with chatting() as chat:
        assert (await chat.say("冯四", "/status"))[0].startswith(
            f"{HEAD}谈话：培养联系人正在确定，支部会通知你。\n"
        )


async def test_student_without_mentor_is_not_asked_to_talk_but_to_hand_the_form_in() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        for moment in (at(2026, 9, 14, 9), at(2026, 9, 21, 9), at(2026, 9, 24, 9)):  # S1, S2, S3
            await chat.tick(moment)
            assert any("谈话" in text for text in chat.news("李明"))
            assert chat.news("冯四") == []
        await chat.tick(at(2026, 9, 28, 9))
        (only,) = chat.news("冯四")
        assert "请把登记表交给" in only
        assert "谈话" not in only.split("\n")[0]


async def test_probationary_member_without_introducer_reads_so() -> None:
    async with chatting() as chat:
        store = chat.desk.store
        with store.transaction():
            for pairing in store.pairings.where("student", chat.cast["孙三"].id):
                store.pairings.put(replace(pairing, until=chat.desk.today()))
        assert "谈话：入党介绍人正在确定，支部会通知你。" in (await chat.say("孙三", "/status"))[0]


async def test_after_the_deadline_student_reads_what_is_left_and_whom_to_see() -> None:
    async with chatting(at(2026, 10, 9)) as chat:
        await claims(chat, "王小雨")
        assert await chat.say("李明", "/status") == [
            "本学期与老师谈话、交登记表尚未完成，截止日9月30日（周三）已过。请尽快与陈静同志联系补办；"
            "日期按实际发生填写。"
        ]
        assert await chat.say("王小雨", "/status") == [
            "本学期交登记表尚未完成，截止日9月30日（周三）已过。请尽快与陈静同志联系补办；"
            "日期按实际发生填写。"
        ]


async def test_after_the_deadline_student_who_has_done_all_reads_the_own_round() -> None:
    async with chatting(at(2026, 9, 16)) as chat:
        await claims(chat, "李明")
        archived(chat, "李明")
        chat.clock.move_to(at(2026, 10, 9))
        assert await chat.say("李明", "/status") == [
            f"{HEAD}谈话：与周文老师，等老师确认（9月16日（周三））\n登记表：已归档（9月16日（周三））"
        ]


async def test_activist_of_after_week_4_is_not_asked_for_talk_or_form_this_round() -> None:
    async with chatting(at(2026, 10, 12)) as chat:
        joins(chat, "新人", "周老师")
        with chat.desk.store.transaction():
            store = chat.desk.store
            person = next(one for one in store.people if one.name == "新人")
            store.people.put(replace(person, stage_since=chat.desk.today()))
            account = store.accounts.one("person", chat.cast["李明"].id)
            assert account is not None
            store.accounts.put(replace(account, person=person.id))
        assert await chat.say("李明", "/status") == [
            "你从下学期起参加半年考察，本学期不要求谈话和交表。联系你的是周文老师，平时可以主动联系。"
        ]


async def test_mentor_reads_the_own_students_by_state_and_nobody_elses() -> None:
    async with chatting() as chat:
        await claims(chat, "李明")
        await chat.say("周老师", "/done 王小雨")
        assert await chat.say("周老师", "/status") == [
            "半年考察（2026-2027-1），您联系的同学4位：老师已确认1位：王小雨；等老师确认1位：李明；"
            "未谈2位：赵一、孙三。\n谈话最迟9月27日（周日）（含当天）。谈过的请发 /done（已谈）。\n"
            "您现在任3位同学的培养联系人、1位同学的入党介绍人，每半年与每位同学至少谈话、考察一次。"
        ]
        assert "李明" not in "".join(await chat.say("吴老师", "/status"))


async def test_mentor_sees_with_whom_only_the_other_mentor_has_talked_until_both_have() -> None:
    """A student is done with one talk, a mentor with one for each own student (A11, R20)."""
    async with chatting() as chat:
        await chat.say("吴老师", "/done 赵一")
        (said,) = await chat.say("周老师", "/status")
        assert "老师已确认1位：赵一" in said
        assert "其中只与另一位导师谈过、与您还没有谈的1位：赵一。" in said
        (said,) = await chat.say("吴老师", "/status")
        assert "另一位" not in said
        assert "您现在任1位同学的培养联系人、1位同学的入党介绍人，" in said
        await chat.say("周老师", "/done 赵一")
        assert "另一位" not in (await chat.say("周老师", "/status"))[0]


async def test_mentor_is_not_thanked_while_only_a_colleague_has_talked() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "都谈过了")
        archived(chat, "李明", "王小雨", "赵一", "孙三")
        (said,) = await chat.say("吴老师", "/status")
        assert "其中只与另一位导师谈过、与您还没有谈的2位：赵一、孙三。" in said
        await chat.say("吴老师", "都谈过了")
        assert "感谢您的辛勤付出" in (await chat.say("吴老师", "/status"))[0]


async def test_mentor_whose_students_are_all_archived_reads_thanks() -> None:
    async with chatting() as chat:
        await chat.say("周老师", "都谈过了")
        assert "老师已确认4位" in (await chat.say("周老师", "/status"))[-1]
        archived(chat, "李明", "王小雨", "赵一", "孙三")
        assert await chat.say("周老师", "/status") == [
            "本学期您联系的4位同学谈话和记录均已完成，材料已归档。感谢您的辛勤付出。"
        ]


async def test_person_of_two_roles_reads_both_sides() -> None:
    async with chatting() as chat:
        store = chat.desk.store
        with store.transaction():
            for pairing in store.pairings.where("student", chat.cast["李明"].id):
                store.pairings.put(replace(pairing, mentor=chat.cast["林峰"].id))
        own, branch = await chat.say("林峰", "/status")
        assert own.startswith("半年考察（2026-2027-1），你联系的同学1位：未谈1位：李明。")
        assert branch.startswith("本科生第一党支部，半年考察（2026-2027-1）第2周，共5人")
        assert (await chat.say("林峰", "已谈"))[0].startswith("已记下：9月15日（周二）与李明同学")
