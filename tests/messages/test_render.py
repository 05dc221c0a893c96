"""From facts to what is said: greeting, signature, escaping, length, digests."""

from __future__ import annotations

import pytest

from bot.delivery.wire import SECOND_COPY
from messages.catalogue import Catalogue
from messages.facts import Claim, Named
from messages.lengths import CAPTION_UNITS, MESSAGE_UNITS
from messages.render import (
    FactMissingError,
    Said,
    TooLongError,
    join,
    label,
    plain,
    render,
    utf16_length,
)
from storage.records import TalkState
from tests.messages.sample import PROBATIONARY, STUDENT, TEACHER, facts

CATALOGUE = Catalogue.load()


def crowd(number: int) -> list[Named]:
    return [
        Named(f"欧阳学生{index:03}", "欧阳", "classmate", mark="（学前教育2401）")
        for index in range(number)
    ]


def test_greeting_text_and_signature_make_one_message() -> None:
    said = render(CATALOGUE, "S6", facts(state=TalkState.CONFIRMED))
    assert said.text == "李明同学，你好。你的登记表已于9月15日（周二）收到。——本科生第一党支部"


def test_a_message_without_greeting_starts_with_its_text() -> None:
    assert render(CATALOGUE, "S13", facts()).text.startswith("9月15日（周二）的谈话")


def test_buttons_are_rows_of_names_in_the_catalogue() -> None:
    said = render(CATALOGUE, "S1", facts())
    assert said.buttons == (("talked", "cannot_reach"),)
    assert [label(CATALOGUE, name) for name in said.buttons[0]] == ["已谈话", "约不上老师"]


def test_a_button_carries_the_name_where_several_are_listed() -> None:
    assert label(CATALOGUE, "true", STUDENT) == "属实 李明"


def test_a_pressed_button_is_ticked_in_place() -> None:
    assert label(CATALOGUE, "true", STUDENT, ticked=True) == "✓ 属实 李明"


def test_a_name_cannot_bring_markup_in() -> None:
    sly = Named("<b>&李", "<", "classmate")
    said = render(CATALOGUE, "S0", facts(sly, mentors=(sly,)))
    assert "<b>" not in said.text
    assert "&lt;b&gt;&amp;李同学，你好。" in said.text
    assert plain(said.text).count("<b>&李同学") == 2


def test_a_branch_cannot_bring_markup_in_through_the_signature() -> None:
    assert "——&lt;i&gt;支部" in render(CATALOGUE, "S6", facts(branch="<i>支部")).text


def test_a_full_message_has_room_for_the_mark_of_a_second_copy() -> None:
    assert MESSAGE_UNITS + utf16_length(SECOND_COPY) <= 4096
    assert CAPTION_UNITS + utf16_length(SECOND_COPY) <= 1024
    student = Named("李" * MESSAGE_UNITS, "李", "classmate")
    with pytest.raises(TooLongError):
        render(CATALOGUE, "data_answered", facts(student=student))


def test_a_missing_fact_is_named_with_the_message() -> None:
    with pytest.raises(FactMissingError, match="S13 needs day"):
        render(CATALOGUE, "S13", {})


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        render(CATALOGUE, "S99", {})


def test_a_list_of_sixty_marked_names_is_written_out() -> None:
    students = crowd(60)
    text = render(CATALOGUE, "T1", facts(TEACHER, students=students)).text
    assert all(student.label in text for student in students)


def test_long_lists_are_cut_until_the_message_fits() -> None:
    everyone = crowd(300)
    lists = ("not_received", "not_talked", "disputed", "claimed", "unsigned", "not_archived")
    said = render(CATALOGUE, "C4", facts() | dict.fromkeys(lists, everyone))
    assert utf16_length(plain(said.text)) <= 4096
    assert said.text.count("等300人") == len(lists)


def test_what_cannot_be_cut_is_too_long() -> None:
    with pytest.raises(TooLongError, match="busy is over 4090 units"):
        render(CATALOGUE, "busy", facts(code="7" * 4096))


def test_an_alert_is_kept_to_two_hundred_units() -> None:
    with pytest.raises(TooLongError, match="C5 is over 200 units"):
        render(CATALOGUE, "C5", facts(student=Named("李" * 200, "李", "classmate")))


def test_a_digest_greets_once_and_signs_once() -> None:
    parts = [render(CATALOGUE, kind, facts(TEACHER)) for kind in ("T1", "T2")]
    text = join(parts).text
    assert text.count("王老师，您好。") == 1
    assert text.count("——本科生第一党支部") == 1
    assert text.startswith("王老师，您好。本学期半年考察已经开始")
    assert "\n\n您联系的同学：" in text
    assert text.endswith("——本科生第一党支部")


def test_a_digest_keeps_signatures_that_differ() -> None:
    parts = [
        render(CATALOGUE, "T1", facts(PROBATIONARY)),
        render(CATALOGUE, "C1", facts(PROBATIONARY)),
    ]
    text = join(parts).text
    assert "——本科生第一党支部\n\n" in text
    assert text.endswith("——学院党委办公室")


def test_a_digest_keeps_every_button() -> None:
    assert join([Said("甲", buttons=(("talked",),)), Said("乙", buttons=(("undo",),))]) == Said(
        "甲\n\n乙", buttons=(("talked",), ("undo",))
    )


def test_a_digest_of_one_is_that_message() -> None:
    said = render(CATALOGUE, "S1", facts())
    assert join([said]) == said


def test_a_digest_of_nothing_is_an_error() -> None:
    with pytest.raises(IndexError):
        join([])


def test_claims_stand_on_a_line_each_below_the_question() -> None:
    said = render(CATALOGUE, "T9", facts(TEACHER, answered=[]))
    assert said.text.split("\n") == [
        "王老师，您好。以下同学登记与您谈过话，请您确认。——本科生第一党支部",
        "李明同学，9月15日（周二）",
        "张三同志，9月15日（周二）",
    ]


def test_answered_claims_stay_in_the_list_with_their_state() -> None:
    said = render(CATALOGUE, "T9", facts(TEACHER, claims=[]))
    assert said.text.split("\n") == [
        "王老师，您好。以下谈话登记您已答复，谢谢。——本科生第一党支部",
        "✓ 李明（小教2401）同学，9月15日（周二），老师已确认",
    ]


def test_sixty_claims_fit_one_message() -> None:
    claims = [Claim(student=one, day=facts()["day"], recorded=facts()["day"]) for one in crowd(60)]
    render(CATALOGUE, "T10", facts(TEACHER, claims=claims))
