"""How people are addressed, and the fixed words."""

from __future__ import annotations

from messages.facts import TALK_WORDS, Named
from storage.records import TalkState
from tests.messages.sample import NAMESAKE, PROBATIONARY, STUDENT, TEACHER


def test_student_is_greeted_by_full_name_as_a_classmate() -> None:
    assert STUDENT.greeting == "李明同学，你好"


def test_party_member_is_greeted_as_a_comrade() -> None:
    assert PROBATIONARY.greeting == "张三同志，你好"


def test_teacher_is_greeted_by_surname_and_with_nin() -> None:
    assert TEACHER.greeting == "王老师，您好"


def test_teacher_of_a_shared_surname_is_greeted_by_full_name() -> None:
    assert Named("王芳", "王", "teacher", shared_surname=True).greeting == "王芳老师，您好"


def test_teacher_of_a_compound_surname_keeps_it_whole() -> None:
    assert Named("欧阳静", "欧阳", "teacher").called == "欧阳老师"


def test_others_read_the_full_name_with_title() -> None:
    assert (TEACHER.titled, STUDENT.titled) == ("王芳老师", "李明同学")


def test_mark_tells_namesakes_apart_everywhere_but_in_the_own_greeting() -> None:
    assert NAMESAKE.label == "李明（小教2401）"
    assert NAMESAKE.titled == "李明（小教2401）同学"
    assert NAMESAKE.greeting == "李明同学，你好"


def test_the_four_states_have_their_fixed_words_in_the_order_of_totals() -> None:
    assert list(TALK_WORDS.values()) == ["老师已确认", "等老师确认", "待核实", "未谈"]
    assert set(TALK_WORDS) == set(TalkState)
