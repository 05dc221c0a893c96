"""Who may do what, where: the whole matrix, spelled out here once more and compared with the table."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import access
from bot.access import Where
from bot.app import COMMANDS, build
from bot.desk import Desk
from bot.handlers import press, turn
from bot.handlers.days import PURPOSES
from bot.handlers.door import Door
from bot.handlers.reasons import ACTS
from bot.handlers.words import COMMANDS as IN_WORDS
from bot.refusal import Denied
from bot.settings import Settings
from bot.whose import Thing, Tie
from storage.records import Button, Calendar, Duty, Pairing, Person, Role, RowId
from storage.store import Store
from tests.support.chat import CATALOGUE, GROUP, TOKEN, Chat, Recorder, chatting
from tests.support.clock import StandingClock, at

OTHER_GROUP = -200
STRANGER_PHONE = 7001
NOT_ENROLLED = "您好，这里只为已开通的师生服务，请点支部发给本人的链接开通。"
NO_HOLIDAYS = Calendar()

# Somebody of each role.
PEOPLE = {
    "stranger": None,
    "student": "李明",
    "mentor": "周老师",
    "committee": "陈静",
    "secretary": "林峰",
    "sole_keeper": "韩书记",  # the secretary of a branch without committee member (A23)
    "office": "何主任",
}
PLACES = {
    "private": Where.PRIVATE,
    "branch_group": Where.BRANCH_GROUP,
    "other_group": Where.OTHER_GROUP,
}

ANYBODY = frozenset(PEOPLE)
ENROLLED = ANYBODY - {"stranger"}
KEEPERS = frozenset({"committee", "secretary", "sole_keeper"})
SECRETARIES = frozenset({"secretary", "sole_keeper"})
OFFICE = frozenset({"office"})
ASSIGNERS = SECRETARIES | {"office"}
EVERYWHERE = frozenset(PLACES)
KNOWN = frozenset({"private", "branch_group"})
GROUPS = frozenset({"branch_group", "other_group"})
PRIVATE = frozenset({"private"})

TALK_BUTTONS = (
    "talked",
    "cannot_reach",
    "not_yet",
    "did_not_talk",
    "day",
    "other_date",
    "change_date",
    "pick_mentor",
    "both_mentors",
    "pick_student",
    "advised",
    "pick_kind",
    "pick_done_kind",
    "none_of_these",
    "confirm",
    "deny",
    "wrong_date",
    "done_tick",
    "done_day",
)

DATES_BUTTONS = (
    "dates_card",
    "dates_ask",
    "dates_pick",
    "dates_hours",
    "dates_yes",
    "dates_no",
    "dates_remove",
    "dates_complete",
)
STATUS = ("status_page", "status_list", "status_list_at", "person_card")
ACTING = (
    "proxy_talk",
    "proxy_pick",
    "proxy_consent",
    "proxy_consent_pick",
    "act_form",
    "act_form_step",
    "correct",
    "redate_talk",
    "void_talk",
    "redate_form",
    "void_form",
    "act_cancel",
)
GRADUATION = ("graduate_open", "graduate_toggle", "graduate_page", "graduate_chosen")
INVITES = (
    "mentor_card",
    "invite_one",
    "invite_revoke",
    "invite_all",
    "invite_all_yes",
    "account_move",
    "account_move_yes",
)
PAUSES = ("pause_open", "pause_reason", "pause_end")
ASSIGN_BUTTONS = (
    "assign_card",
    "assign_branch",
    "assign_all",
    "assign_each",
    "assign_later",
    "assign_yes",
    "assign_other",
    "assign_skip",
    "assign_change",
    "assign_add",
    "assign_pick",
    "assign_page",
    "shortfalls",
    "shortfalls_page",
)

# Every action: who, and where. An action of the table that is missing here fails.
CELLS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "start": (ANYBODY, EVERYWHERE),
    "text": (ANYBODY, EVERYWHERE),
    "press": (ENROLLED, EVERYWHERE),
    "unknown": (ENROLLED, EVERYWHERE),
    "notice_agree": (ENROLLED, PRIVATE),
    "help": (ENROLLED, EVERYWHERE),
    "status": (ENROLLED, KNOWN),
    "done": (ENROLLED, KNOWN),
    "undo": (ENROLLED, PRIVATE),
    "guide": (ENROLLED, PRIVATE),
    **dict.fromkeys(("guide_page", "check_opinion", "opinion_about"), (ENROLLED, PRIVATE)),
    **dict.fromkeys(("mydata", "mydata_page", "data_correct", "data_erase"), (ENROLLED, PRIVATE)),
    **dict.fromkeys(("data_done", "data_refuse"), (ASSIGNERS, PRIVATE)),
    "forms": (KEEPERS, PRIVATE),
    **dict.fromkeys(("export", "print_forms", *STATUS), (KEEPERS | {"office"}, PRIVATE)),
    **dict.fromkeys(
        (
            "stage_open",
            "stage_anyway",
            "leave_open",
            "end_open",
            "end_reason",
            *GRADUATION,
            *PAUSES,
            *INVITES,
        ),
        (ASSIGNERS, PRIVATE),
    ),
    **dict.fromkeys(("card_turn", "acts", "acts_page"), (ASSIGNERS, PRIVATE)),
    **dict.fromkeys(ACTING, (SECRETARIES, PRIVATE)),
    "intro": (ENROLLED, PRIVATE),
    **dict.fromkeys(
        ("intro_basics", "intro_opinion", "intro_consent", "intro_step"), (ENROLLED, PRIVATE)
    ),
    **dict.fromkeys(
        (
            "intro_open",
            "intro_pick",
            "intro_toggle",
            "intro_chosen",
            "intro_decide",
            "intro_probation",
            "intro_extend",
        ),
        (SECRETARIES, PRIVATE),
    ),
    **dict.fromkeys(DATES_BUTTONS, (frozenset({"office"}), PRIVATE)),
    **dict.fromkeys(("assign", "plan", "plan_page", *ASSIGN_BUTTONS), (ASSIGNERS, PRIVATE)),
    **dict.fromkeys(("agree", "agree_all", "decline"), (ENROLLED, PRIVATE)),
    **dict.fromkeys(("roster_upload", "roster_apply", "roster_drop"), (OFFICE, PRIVATE)),
    "link": (SECRETARIES, GROUPS),
    **dict.fromkeys(TALK_BUTTONS, (ENROLLED, PRIVATE)),
    **dict.fromkeys(("day_claim", "day_done"), (ENROLLED, KNOWN)),
    **dict.fromkeys(("day_redate", "day_list", "day_intro"), (ENROLLED, PRIVATE)),
    "day_receipt": (KEEPERS, PRIVATE),
    **dict.fromkeys(
        ("day_moved", "day_proxy_talk", "day_act_form", "day_redate_talk", "day_redate_form"),
        (SECRETARIES, PRIVATE),
    ),
    **dict.fromkeys(
        ("day_stage", "day_leave", "day_graduate", "day_end", "day_pause"), (ASSIGNERS, PRIVATE)
    ),
    **dict.fromkeys(
        ("hand_on", "arranged", "replaced", "moved", "exempt"), (SECRETARIES, PRIVATE)
    ),
    **dict.fromkeys(
        ("forms_list", "form_press", "forms_all", "receipt_day", "turn"), (KEEPERS, PRIVATE)
    ),
}


def cells() -> Iterator[tuple[str, str, str, bool]]:
    """Return every action, role and place, and whether it is allowed."""
    for action, (roles, places) in CELLS.items():
        for role in PEOPLE:
            for place in PLACES:
                yield action, role, place, role in roles and place in places


def person(chat: Chat, role: str) -> Person | None:
    name = PEOPLE[role]
    return None if name is None else chat.cast[name]


def phone(chat: Chat, role: str) -> int:
    name = PEOPLE[role]
    return STRANGER_PHONE if name is None else chat.cast.telegram[name]


def domain(chat: Chat) -> str:
    """Return everything that an act could change."""
    store = chat.desk.store
    tables = (store.talks, store.forms, store.obstacles, store.questions, store.branches)
    return repr([[list(table) for table in tables], len(store.deeds)])


def test_every_action_of_the_table_has_its_cells() -> None:
    assert set(CELLS) == set(access.TABLE)


def test_every_command_and_every_button_has_its_action_in_the_table() -> None:
    assert {*COMMANDS, *press.BUTTONS, *IN_WORDS, *ACTS} <= set(access.TABLE)


def test_every_action_of_the_table_is_somebodys_handler() -> None:
    assert set(access.TABLE) == {
        *COMMANDS,
        *press.BUTTONS,
        *(f"day_{one}" for one in PURPOSES),
        "text",
        "press",
        "unknown",
        "roster_upload",
    }


def of_ones_own(chat: Chat, who: Person | None, action: str) -> Thing:
    """Something to which whoever asks is tied as the action wants it; the matrix has what is another's."""
    if who is None or not access.TABLE[action].tie & (Tie.SELF | Tie.MENTOR):
        return {}
    pairing = Pairing(student=who.id, mentor=who.id, role=Role.CONTACT, since=date(2026, 9, 1))
    with chat.desk.store.transaction():
        return {"student": who.id, "pairing": chat.desk.store.pairings.add(pairing).id}


def verdict(chat: Chat, who: Person | None, action: str, thing: Thing, place: str) -> str | None:
    """The refusal, or None."""
    try:
        access.authorize(chat.desk, who, action, thing, PLACES[place])
    except Denied as denied:
        return denied.kind
    return None


async def test_table_agrees_with_every_cell() -> None:
    async with chatting() as chat:
        for action, role, place, allowed in cells():
            who = person(chat, role)
            denied = verdict(chat, who, action, of_ones_own(chat, who, action), place)
            assert (denied is None) is allowed, (action, role, place, denied)


async def test_what_is_about_a_record_that_is_gone_reads_as_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with chatting() as chat:
        for action, gone in (("confirm", {"talk": 999}), ("day_claim", {"pairings": [999]})):
            assert verdict(chat, chat.cast["周老师"], action, gone, "private") == "stale_button"
        assert "cannot be decided" not in caplog.text


async def test_action_that_is_not_in_the_table_is_denied_to_everybody() -> None:
    async with chatting() as chat:
        for role in PEOPLE:
            for place in PLACES:
                assert verdict(chat, person(chat, role), "purge", {}, place)


async def test_handler_without_an_action_stops_the_start() -> None:
    async with chatting() as chat:
        door = Door(chat.desk, CATALOGUE, chat.app.inbox)
        with pytest.raises(LookupError, match="purge"):
            door.opens("purge", lambda _: None)


async def test_every_refusal_of_the_table_is_a_sentence() -> None:
    async with chatting() as chat:
        keys = {
            verdict(chat, person(chat, role), action, {}, place)
            for action, role, place, _ in cells()
        }
        assert keys - {None} <= set(CATALOGUE.entries)


def test_nothing_that_may_be_said_aloud_needs_a_person() -> None:
    for kind in turn.SAID_ALOUD:
        entry = CATALOGUE.entries[kind]
        assert entry.needs <= {"link", "branch", "talk", "received", "others"}, kind
        assert not entry.greet
        assert not entry.buttons


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", PEOPLE)
async def test_denied_command_changes_nothing_and_is_answered_in_one_sentence(
    role: str, place: str
) -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        who = phone(chat, role)
        where = {"private": who, "branch_group": GROUP, "other_group": OTHER_GROUP}[place]
        for command in COMMANDS:
            roles, places = CELLS[command]
            if role in roles and place in places:
                continue
            before = domain(chat)
            for said in (f"/{command}", f"/{command} 李明"):
                chat.news(who)
                answers = await chat.say(who, said, chat=where)
                expected = 0 if role == "stranger" and place != "private" else 1
                if (role, place, said) == ("stranger", "branch_group", "/help"):
                    expected = 1  # the way to the private chat, once an hour
                assert len(answers) == expected, (said, answers)
            assert domain(chat) == before, command


def forged(chat: Chat, action: str, owner: Person) -> str:
    """Put a button of that person's into the store, as if the role had been theirs when it was sent."""
    token = f"forged-{action}"
    store = chat.desk.store
    with store.transaction():
        store.buttons.add(
            Button(
                token=token,
                row=RowId(1),
                label="x",
                action=action,
                args={},
                person=owner.id,
                expires=chat.desk.now().replace(year=2027),
            )
        )
    return token


# A refusal says who does it, or where to look.
ELSEWHERE = re.compile("由.+(办理|负责|登记|设定|查看|导出|答复|发布)|请与.+联系|请发 /")


@pytest.mark.parametrize("role", sorted(ENROLLED))
async def test_denied_button_changes_nothing_and_is_answered(role: str) -> None:
    async with chatting() as chat:
        owner = person(chat, role)
        assert owner is not None
        await chat.say("李明", "/help")
        shown = chat.in_chat("李明")[-1]
        for action in press.BUTTONS:
            if role in CELLS[action][0]:
                continue
            before = domain(chat)
            token = forged(chat, action, owner)
            who = phone(chat, role)
            chat.news(who)
            popped = await chat.press(who, "x", on=replace(shown, chat=who), token=token)
            answers = [one for one in (popped, *chat.news(who)) if one]
            assert len(answers) == 1, action
            assert ELSEWHERE.search(answers[0]), (action, answers)
            assert domain(chat) == before


async def test_button_of_somebody_else_does_nothing() -> None:
    async with chatting() as chat:
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "发表")
        shown = chat.in_chat("陈静")[-1]
        before = domain(chat)
        for who in ("李明", "林峰", "韩书记", "何主任"):
            answer = await chat.press(who, "李明", on=shown)
            assert answer == "这个按钮是给别人的。自己的事请在私聊里发 /status（进度）。"
        assert domain(chat) == before


async def test_garbled_button_is_answered_politely() -> None:
    async with chatting() as chat:
        await chat.say("李明", "/help")
        shown = chat.in_chat("李明")[-1]
        for token in ("", "x", "0" * 64, "\u202e'; --"):
            answer = await chat.press("李明", "x", on=shown, token=token or " ")
            assert answer == "这个按钮已经过期。请发 /status（进度）看现在的情况。"


async def change_duties(chat: Chat, name: str, *duties: Duty) -> None:
    with chat.desk.store.transaction():
        chat.desk.store.people.put(replace(chat.cast[name], duties=duties))


async def test_roles_are_read_anew_at_each_press_and_command() -> None:
    async with chatting() as chat:
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "发表")
        await change_duties(chat, "陈静")
        before = domain(chat)
        await chat.press("陈静", "李明")
        refusal = "登记表由本科生第一党支部林峰同志登记，有事请与他（她）联系。"
        assert chat.news("陈静")[-1] == refusal
        assert await chat.say("陈静", "/forms") == [refusal]
        assert domain(chat) == before
        await change_duties(chat, "李明", Duty.COMMITTEE)
        assert (await chat.say("李明", "/forms"))[0].startswith("登记表：待发")


@pytest.mark.parametrize(
    ("pressed", "typed"),
    [(("暂停", "休学"), "10月31日"), (("代记谈话", "昨天"), "电话核对过，老师不用手机聊天")],
    ids=["a day", "a reason"],
)
async def test_what_is_typed_on_the_way_is_judged_by_the_roster_of_that_moment(
    pressed: tuple[str, ...], typed: str
) -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 钱二")
        for label in pressed:
            await chat.press("林峰", label)
        moved = replace(chat.cast["林峰"], branch=chat.cast.branches["学二"].id)
        with chat.desk.store.transaction():
            chat.desk.store.people.put(moved)
        before = domain(chat), list(chat.desk.store.pauses)
        chat.news("林峰")
        (answer,) = await chat.say("林峰", typed)
        assert ELSEWHERE.search(answer), answer
        assert (domain(chat), list(chat.desk.store.pauses)) == before


async def test_keeper_who_has_moved_to_another_branch_no_longer_ticks_in_the_old_list() -> None:
    async with chatting() as chat:
        await chat.say("陈静", "/forms")
        await chat.press("陈静", "发表")
        shown = chat.in_chat("陈静")[-1]
        moved = replace(chat.cast["陈静"], branch=chat.cast.branches["学二"].id)
        with chat.desk.store.transaction():
            chat.desk.store.people.put(moved)
        chat.news("陈静")
        await chat.press("陈静", "李明", on=shown)
        assert chat.news("陈静") == ["这一项没有要登记的登记表。其他各项请发 /forms（登记表）。"]
        assert not len(chat.desk.store.forms)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("李明", "登记表由本科生第一党支部陈静同志登记，有事请与他（她）联系。"),
        ("周老师", "登记表由本科生第一党支部陈静同志登记，有事请与他（她）联系。"),
        ("何主任", "登记表由学生党支部的组织委员登记，有事请与支部联系。"),
        ("冯四", "登记表由本科生第二党支部韩雪老师登记，有事请与他（她）联系。"),
    ],
)
async def test_whoever_keeps_no_forms_reads_who_does(who: str, answer: str) -> None:
    async with chatting() as chat:
        assert await chat.say(who, "/forms") == [answer]
        assert await chat.say(who, "登记表") == [answer]


async def test_failure_while_access_is_decided_denies(monkeypatch: pytest.MonkeyPatch) -> None:
    async with chatting() as chat:

        def broken(*_: object) -> bool:
            raise RuntimeError("the roster cannot be read")

        monkeypatch.setattr(access, "_is", broken)
        before = domain(chat)
        assert await chat.say("周老师", "/done 李明") == [
            "这一项由别的同志办理。您可以用的命令，请发 /help（帮助）。"
        ]
        assert await chat.say(STRANGER_PHONE, "/start") == [NOT_ENROLLED]
        assert domain(chat) == before
        assert {one.action for one in chat.desk.store.denials} == {"done", "start"}


def test_button_or_word_without_an_action_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(Store.in_memory(), StandingClock(at(2026, 9, 15, 10)), Settings(), NO_HOLIDAYS)
    for table in (press.BUTTONS, IN_WORDS, ACTS, PURPOSES):
        with monkeypatch.context() as patched:
            patched.setitem(table, "purge", lambda *_: None)
            with pytest.raises(LookupError, match="purge"):
                build(desk, CATALOGUE, TOKEN, request=Recorder())


def counted(chat: Chat) -> list[tuple[str | None, str, str, int]]:
    people = {person.id: name for name, person in chat.cast.people.items()}
    return [
        (people.get(one.person) if one.person else None, one.action, one.where, one.times)
        for one in chat.desk.store.denials
    ]


async def test_each_denial_is_counted_by_day_person_action_and_kind_of_chat() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/link", chat=GROUP)
        for words in ("/forms", "登记表", "/status"):
            await chat.say("李明", words)
        await chat.say("李明", "/forms", chat=GROUP)
        await chat.say(STRANGER_PHONE, "你好")
        await chat.say(STRANGER_PHONE + 1, "李明在吗")
        assert counted(chat) == [
            ("李明", "forms", "private", 2),
            ("李明", "forms", "branch_group", 1),
            (None, "text", "private", 2),
        ]
        chat.clock.move_to(at(2026, 9, 16, 10))
        await chat.say("李明", "/forms")
        assert len(counted(chat)) == 4
        assert "李明在吗" not in repr(list(chat.desk.store.denials))


async def test_denial_of_what_belongs_to_another_branch_is_counted_too() -> None:
    async with chatting() as chat:
        await chat.say("林峰", "/assign 冯四")
        assert counted(chat) == [("林峰", "assign", "private", 1)]


def test_handlers_never_ask_for_a_duty_themselves() -> None:
    handlers = Path(inspect.getfile(press)).parent
    assert [file.name for file in handlers.glob("*.py") if "Duty" in file.read_text("utf-8")] == []
