"""Enrolment: a single-use link, the last four characters of the number, and what one reads then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.actions import enrol
from bot.app import build
from storage.records import Account, Duty, Kind, Person, Stage
from tests.support.chat import CATALOGUE, GROUP, TOKEN, Chat, chatting
from tests.support.clock import at

PHONE, OTHER_PHONE = 7001, 7002
STRANGER = "您好，这里只为已开通的师生服务，请点支部发给本人的链接开通。"
ASK = """个人信息告知（第1版，2026年9月1日（周二））
保存：姓名、编号、支部、阶段，谈话和登记表的日期，这个 Telegram 账号。
用途：只用于入党培养的提醒和登记。
Telegram 是境外服务，在这里收发的内容会经过境外的服务器。
保存了什么，开通后发 /mydata（我的数据）查看，也可以请求更正或删除。
请输入本人编号（学号或工号）的最后四个字符，完成开通，即表示同意。不同意的不用输入，请告诉支部书记。"""
DEAD = "这个链接不能用了，请向支部书记要新的。"


def newcomer(
    chat: Chat, name: str = "郭靖", number: str = "2026X99a7", **changed: object
) -> Person:
    """Somebody new on the roster of 学一, not enrolled."""
    with chat.desk.store.transaction():
        person = Person(
            number=number,
            name=name,
            branch=chat.cast.branches["学一"].id,
            kind=Kind.STUDENT,
            stage=Stage.ACTIVIST,
            stage_since=at(2026, 3, 2).date(),
        )
        return chat.desk.store.people.add(replace(person, **changed))  # type: ignore[arg-type]  # names are checked by replace


def invite(chat: Chat, person: Person) -> str:
    """Return the token of a new link."""
    with chat.desk.store.transaction():
        return enrol.issue(chat.desk, [person])[0][1]


def forget_account(chat: Chat, name: str) -> None:
    """The cast is enrolled from the start: take that person's account away."""
    store = chat.desk.store
    account = store.accounts.one("person", chat.cast[name].id)
    assert account is not None
    with store.transaction():
        store.accounts.put(replace(account, until=chat.desk.now()))


async def enrol_with(chat: Chat, token: str, factor: str, phone: int = PHONE) -> list[str]:
    await chat.say(phone, f"/start {token}")
    return await chat.say(phone, factor)


def account(chat: Chat, person: Person) -> Account | None:
    return chat.desk.store.accounts.one("person", person.id)


def menu(chat: Chat, phone: int = PHONE) -> list[str]:
    """Return the commands of that chat's menu as last set."""
    calls = [given for name, given in chat.recorder.calls if name == "setMyCommands"]
    return [one["command"] for one in calls[-1]["commands"]]


async def test_newcomer_is_asked_for_four_characters_before_any_name_is_said() -> None:
    async with chatting() as chat:
        token = invite(chat, newcomer(chat))
        assert await chat.say(PHONE, f"/start {token}") == [ASK]


@pytest.mark.parametrize("typed", ["99a7", "99A7", "９９ａ７", " 99 a7 ", "９９Ａ７"])
async def test_newcomer_is_welcomed_after_the_right_four_characters(typed: str) -> None:
    async with chatting(at(2026, 9, 1)) as chat:
        person = newcomer(chat)
        said = await enrol_with(chat, invite(chat, person), typed)
        assert said == [
            "郭靖同学，你好。开通好了。支部：本科生第一党支部；身份：学生。\n"
            "到了谈话和交表的时间，这里会提醒你；谈完后回复“已谈”就可以。\n"
            "现在可以发 /status（进度）看看，其他用法发 /help（帮助）。"
        ]
        bound = account(chat, person)
        assert bound is not None
        assert bound.telegram == PHONE


async def test_link_dies_at_the_third_wrong_answer() -> None:
    async with chatting() as chat:
        token = invite(chat, newcomer(chat))
        await chat.say(PHONE, f"/start {token}")
        wrong = "没有对上，请核对后再输入编号的最后四个字符，还可以输入{}次。"
        assert await chat.say(PHONE, "0000") == [wrong.format(2)]
        assert await chat.say(PHONE, "0001") == [wrong.format(1)]
        assert await chat.say(PHONE, "0002") == [DEAD]
        assert await chat.say(PHONE, "99a7") == [STRANGER]
        assert await chat.say(PHONE, f"/start {token}") == [DEAD]


async def test_wrong_answers_add_up_over_accounts() -> None:
    async with chatting() as chat:
        token = invite(chat, newcomer(chat))
        await enrol_with(chat, token, "0000", PHONE)
        await enrol_with(chat, token, "0000", OTHER_PHONE)
        assert await enrol_with(chat, token, "0000", PHONE) == [DEAD]


async def test_unknown_expired_used_and_revoked_links_get_the_same_answer() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        revoked = invite(chat, person)
        used = invite(chat, person)
        await enrol_with(chat, used, "99a7")
        expired = invite(chat, newcomer(chat, "黄蓉", "20269999"))
        chat.clock.advance(hours=72)
        answers = {
            tuple(await chat.say(OTHER_PHONE, f"/start {token}"))
            for token in ("nonsense", revoked, used, expired)
        }
        assert answers == {(DEAD,)}


async def test_link_expires_between_opening_it_and_answering() -> None:
    async with chatting() as chat:
        await chat.say(PHONE, f"/start {invite(chat, newcomer(chat))}")
        chat.clock.advance(hours=73)
        assert await chat.say(PHONE, "99a7") == [DEAD]


async def test_link_for_somebody_who_has_left_meanwhile_is_dead() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        token = invite(chat, person)
        with chat.desk.store.transaction():
            chat.desk.store.people.put(replace(person, left=chat.desk.today()))
        assert await chat.say(PHONE, f"/start {token}") == [DEAD]


async def test_enrolled_person_who_opens_somebody_elses_link_is_refused() -> None:
    async with chatting() as chat:
        token = invite(chat, newcomer(chat))
        assert await chat.say("李明", f"/start {token}") == [
            "这个账号已经为另一位同志开通，不能再用。请换本人的账号点链接。"
        ]


async def test_enrolled_person_who_opens_the_own_link_again_is_told_that_all_is_well() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        token = invite(chat, person)
        await enrol_with(chat, token, "99a7")
        again = "郭靖同学，你好。已经开通，不用再点链接。可以发 /status（进度）或 /help（帮助）。"
        assert await chat.say(PHONE, f"/start {token}") == [again]
        assert await chat.say(PHONE, "/start") == [again]


async def test_second_account_of_an_enrolled_person_is_refused() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        token = invite(chat, person)
        with chat.desk.store.transaction():
            chat.desk.store.accounts.add(
                Account(person=person.id, telegram=OTHER_PHONE, since=chat.desk.now())
            )
        assert await chat.say(PHONE, f"/start {token}") == [
            "本人已用另一个账号开通。要换账号，请联系支部书记。"
        ]


async def test_of_two_accounts_with_one_link_only_the_one_that_answers_is_enrolled() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        token = invite(chat, person)
        await chat.say(PHONE, f"/start {token}")
        await chat.say(OTHER_PHONE, f"/start {token}")
        assert await chat.say(PHONE, "99a7") == [STRANGER]
        assert "开通好了" in (await chat.say(OTHER_PHONE, "99a7"))[0]
        assert await chat.say(PHONE, f"/start {token}") == [DEAD]
        bound = account(chat, person)
        assert bound is not None
        assert bound.telegram == OTHER_PHONE


async def test_newcomer_is_asked_again_when_the_bot_restarted_before_the_answer_was_read() -> None:
    async with chatting() as chat:
        token = invite(chat, newcomer(chat))
        await chat.say(PHONE, f"/start {token}")
        chat.app.inbox.take([text_from(PHONE, "99a7", update=900)])
        chat.app = build(chat.desk, CATALOGUE, TOKEN, request=chat.recorder)
        async with chat.app.telegram:
            await chat.settle()
            assert chat.news(PHONE) == [ASK]
            assert "开通好了" in (await chat.say(PHONE, "99a7"))[0]


def text_from(phone: int, text: str, *, update: int) -> dict[str, object]:
    return {
        "update_id": update,
        "message": {
            "message_id": 1,
            "date": int(at(2026, 9, 15, 10).timestamp()),
            "chat": {"id": phone, "type": "private"},
            "from": {"id": phone, "is_bot": False, "first_name": "某"},
            "text": text,
        },
    }


async def test_token_and_second_factor_are_nowhere_in_the_store() -> None:
    async with chatting() as chat:
        token = invite(chat, newcomer(chat, number="20269QZX7"))
        await chat.say(PHONE, f"/start {token}")
        await chat.say(PHONE, "WV99")
        await chat.say(PHONE, "QZX7")
        kept = repr([*chat.desk.store.inbox, *chat.desk.store.outbox, *chat.desk.store.deeds])
        assert token not in kept
        assert "QZX7" not in kept
        assert "WV99" not in kept


async def test_link_opened_in_a_group_is_sent_to_the_private_chat() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        token = invite(chat, person)
        assert await chat.say(PHONE, f"/start {token}", chat=GROUP) == [
            "开通要在私聊里进行，请点：https://t.me/yinlu_bot"
        ]
        assert await chat.say(PHONE, "99a7", chat=GROUP) == []
        assert account(chat, person) is None


async def test_mentor_reads_the_own_students_and_a_menu_with_done() -> None:
    async with chatting() as chat:
        forget_account(chat, "周老师")
        said = await enrol_with(chat, invite(chat, chat.cast["周老师"]), "0000")
        assert said == [
            "周老师，您好。开通好了。支部：教工第一党支部；身份：联系学生的党员。\n"
            "您联系的同学：李明、王小雨、赵一、孙三。同学登记谈话后，这里会请您确认；"
            "也可以谈完后直接发 /done（已谈）。\n"
            "现在可以发 /status（进度）看看，其他用法发 /help（帮助）。"
        ]
        assert menu(chat) == ["done", "status", "undo", "guide", "mydata", "help"]


async def test_mentor_who_enrols_late_is_shown_the_claims_that_wait() -> None:
    async with chatting() as chat:
        await chat.say("钱二", "已谈")
        said = await enrol_with(chat, invite(chat, chat.cast["郑老师"]), "0002")
        assert [text for text in said if "钱二同学，9月15日（周二）" in text]
        assert await chat.press(PHONE, "属实") is not None


async def test_secretary_reads_what_is_the_secretarys() -> None:
    async with chatting() as chat:
        forget_account(chat, "林峰")
        person = chat.cast["林峰"]
        said = await enrol_with(chat, invite(chat, person), person.number[-4:])
        assert said == [
            "林峰同志，你好。开通好了。支部：本科生第一党支部；身份：支部书记。\n"
            "支部进度发 /status（进度）；需要你处理的事，会在这里告诉你。\n"
            "现在可以发 /status（进度）看看，其他用法发 /help（帮助）。"
        ]
        assert menu(chat) == [
            "status",
            "assign",
            "forms",
            "intro",
            "plan",
            "export",
            "undo",
            "guide",
            "mydata",
            "help",
        ]


async def test_office_reads_what_is_the_offices() -> None:
    async with chatting() as chat:
        forget_account(chat, "何主任")
        said = await enrol_with(chat, invite(chat, chat.cast["何主任"]), "0003")
        assert said[0].startswith(
            "何老师，您好。开通好了。支部：教工第一党支部；身份：学院党委办公室。\n各支部进度发 /status（进度）。"
        )
        own = ["status", "assign", "plan", "export", "undo", "guide", "mydata", "help"]
        assert menu(chat) == own


async def test_full_member_without_any_part_here_reads_no_empty_list_of_roles() -> None:
    async with chatting() as chat:
        person = newcomer(chat, stage=Stage.FULL)
        said = await enrol_with(chat, invite(chat, person), "99a7")
        assert said[0].startswith("郭靖同志，你好。开通好了。支部：本科生第一党支部。\n")


async def test_secretary_of_a_teachers_branch_is_offered_no_work_of_a_student_branch() -> None:
    async with chatting() as chat:
        person = newcomer(
            chat,
            "欧阳锋",
            "T0099",
            branch=chat.cast.branches["教一"].id,
            kind=Kind.TEACHER,
            stage=Stage.FULL,
            duties=(Duty.SECRETARY, Duty.COMMITTEE),
        )
        said = await enrol_with(chat, invite(chat, person), "0099")
        assert "身份" not in said[0]
        assert await chat.say(PHONE, "/forms") == [
            "登记表由学生党支部的组织委员登记，有事请与支部联系。"
        ]
        assert await chat.say(PHONE, "/link", chat=GROUP) == [
            "绑定群由学生党支部书记本人操作，请支部书记在群里发 /link。"
        ]


async def student_enrols(chat: Chat, name: str = "李明") -> list[str]:
    forget_account(chat, name)
    person = chat.cast[name]
    said = await enrol_with(chat, invite(chat, person), person.number[-4:])
    return said[1:]


async def test_student_who_enrols_in_week_1_reads_the_whole_round_without_buttons() -> None:
    async with chatting(at(2026, 9, 8)) as chat:
        assert await student_enrols(chat) == [
            "李明同学，你好。本学期半年考察已经开始，《入党积极分子和发展对象培养考察登记表》由陈静同志发放，"
            "最迟9月13日（周日）（含当天）。\n"
            "你的培养联系人是周文老师，请在9月14日（周一）至9月27日（周日）之间主动约谈；"
            "登记表请交回，最迟9月30日（周三）（含当天）。——本科生第一党支部"
        ]
        assert chat.in_chat(PHONE)[-1].buttons == {}
        await chat.tick(at(2026, 9, 14, 9))
        assert [text for text in chat.news(PHONE) if "主动与周文老师约定时间谈话" in text]


@pytest.mark.parametrize(
    ("enrolled", "not_sent_again"),
    [
        (at(2026, 9, 15, 10), at(2026, 9, 16, 9)),  # S1 of that Monday
        (at(2026, 9, 22, 10), at(2026, 9, 23, 9)),  # S2
        (at(2026, 9, 24, 10), at(2026, 9, 25, 9)),  # S3
        (at(2026, 9, 29, 10), at(2026, 9, 29, 14)),  # S4
    ],
)
async def test_student_who_enrols_inside_a_window_does_not_get_that_windows_reminder(
    enrolled: datetime, not_sent_again: datetime
) -> None:
    async with chatting(enrolled) as chat:
        said = await student_enrols(chat)
        assert len(said) == 1
        await chat.tick(not_sent_again)
        assert chat.news(PHONE) == []


async def test_student_who_enrols_in_the_talk_window_gets_the_reminders_buttons() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await student_enrols(chat)
        assert list(chat.in_chat(PHONE)[-1].buttons) == ["已谈话", "约不上老师"]
        await chat.tick(at(2026, 9, 21, 9))
        assert [text for text in chat.news(PHONE) if "还没有看到你与周文老师的谈话登记" in text]


async def test_student_who_enrols_after_the_window_is_asked_to_hurry_without_buttons() -> None:
    async with chatting(at(2026, 9, 29, 10)) as chat:
        said = await student_enrols(chat)
        assert "请尽快主动约谈；登记表请交回，最迟9月30日（周三）（含当天）" in said[0]
        assert chat.in_chat(PHONE)[-1].buttons == {}


async def test_student_whose_teacher_was_faster_is_not_asked_to_talk_once_more() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        await chat.say("周老师", "/done 李明")
        said = await student_enrols(chat)
        assert "你本学期的谈话“老师已确认”" in said[0]
        assert "约谈" not in said[0]


async def test_student_whose_form_is_in_is_not_asked_for_it_once_more() -> None:
    async with chatting(at(2026, 9, 28, 10)) as chat:
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "收表")
        await chat.press("陈静", "李明")
        said = await student_enrols(chat)
        assert "本学期半年考察已经开始，你的登记表已收。" in said[0]
        assert "交回" not in said[0]


async def test_probationary_member_is_welcomed_with_both_introducers() -> None:
    async with chatting(at(2026, 9, 15, 10)) as chat:
        said = await student_enrols(chat, "孙三")
        assert said[0].startswith("孙三同志，你好。本学期半年考察已经开始，《预备党员考察登记表》")
        assert "你的入党介绍人是周文、吴静同志，请在" in said[0]


async def test_student_who_enrols_after_the_deadline_or_before_the_term_reads_only_the_welcome() -> (
    None
):
    for moment in (at(2026, 9, 1), at(2026, 10, 12)):
        async with chatting(moment) as chat:
            assert await student_enrols(chat) == []


WORDS = [
    "你好",
    "/help",
    "/status",
    "/done 李明",
    "/forms",
    "已谈",
    "/nonsense",
    "/start",
    "进度",
    "99a7",
]


@pytest.mark.parametrize("said", WORDS)
async def test_stranger_reads_one_polite_sentence_whatever_is_said(said: str) -> None:
    async with chatting() as chat:
        assert await chat.say(PHONE, said) == [STRANGER]


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
        {"sticker": {"file_id": "a", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1,
                     "is_animated": False, "is_video": False}},
        {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}},
        {"document": {"file_id": "a", "file_unique_id": "b"}, "caption": "/status"},
        {"contact": {"phone_number": "1", "first_name": "某"}},
        {"location": {"latitude": 1.0, "longitude": 2.0}},
    ],
)  # fmt: skip
async def test_stranger_reads_the_same_sentence_for_pictures_and_files(
    content: dict[str, object],
) -> None:
    async with chatting() as chat:
        update = text_from(PHONE, "", update=1)["message"]
        assert isinstance(update, dict)
        del update["text"]
        await chat.feed({"message": {**update, **content}})
        assert chat.news(PHONE) == [STRANGER]


async def test_stranger_who_presses_a_button_reads_that_sentence_and_nothing_happens() -> None:
    async with chatting(at(2026, 9, 14, 8)) as chat:
        await chat.tick(at(2026, 9, 14, 9))
        shown = chat.in_chat("李明")[-1]
        token = shown.buttons["已谈话"]
        await chat.press(PHONE, "已谈话", on=replace(shown, chat=PHONE), token=token)
        assert chat.news(PHONE) == [STRANGER]
        assert not len(chat.desk.store.talks)


@pytest.mark.parametrize("said", ["你好", "已谈", "/nonsense"])
async def test_stranger_reads_nothing_in_a_group(said: str) -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        assert await chat.say(PHONE, said, chat=GROUP) == []
        assert chat.news(PHONE) == []


@pytest.mark.parametrize("said", ["/help", "/status", "/done", "/link"])
async def test_stranger_who_commands_in_a_branchs_group_reads_the_way_and_nobodys_name(
    said: str,
) -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        (way,) = await chat.say(PHONE, said, chat=GROUP)
        assert way.startswith("还没有开通的同志，请先在私聊里开通")
        assert not [one.name for one in chat.cast.people.values() if one.name in way]
        assert chat.news(PHONE) == []


async def test_somebody_taken_off_the_roster_is_a_stranger_again() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            chat.desk.store.people.put(replace(chat.cast["李明"], left=chat.desk.today()))
        for said in ("/status", "已谈", "/mydata"):
            assert await chat.say("李明", said) == [STRANGER]
        assert not len(chat.desk.store.talks)


async def test_account_of_somebody_who_has_left_can_be_used_by_a_new_person() -> None:
    async with chatting() as chat:
        with chat.desk.store.transaction():
            chat.desk.store.people.put(replace(chat.cast["李明"], left=chat.desk.today()))
        person = newcomer(chat)
        phone = chat.cast.telegram["李明"]
        said = await enrol_with(chat, invite(chat, person), "99a7", phone)
        assert said[0].startswith("郭靖同学，你好。开通好了。")
        assert chat.desk.store.accounts.one("person", chat.cast["李明"].id) is None
        assert "99a7" not in repr([*chat.desk.store.inbox])


async def test_new_link_kills_the_older_ones_of_the_same_person() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        older, newer = invite(chat, person), invite(chat, person)
        assert await chat.say(PHONE, f"/start {older}") == [DEAD]
        assert await chat.say(PHONE, f"/start {newer}") == [ASK]


async def test_link_lives_as_long_as_the_settings_say() -> None:
    async with chatting() as chat:
        person = newcomer(chat)
        token = invite(chat, person)
        kept = chat.desk.store.invites.one("token_hash", enrol.token_hash(token))
        assert kept is not None
        assert kept.expires - kept.created == timedelta(hours=72)


async def test_person_who_had_blocked_the_bot_is_answered_as_soon_as_they_write_again() -> None:
    async with chatting() as chat:
        bound = account(chat, chat.cast["李明"])
        assert bound is not None
        with chat.desk.store.transaction():
            chat.desk.store.accounts.put(replace(bound, reachable=False))
        assert await chat.say("李明", "没有这样的命令") != []
        assert (await chat.say("李明", "/status"))[0].startswith("半年考察")
