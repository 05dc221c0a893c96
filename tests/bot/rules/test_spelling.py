"""Under which letter a name stands, and what typed beginning finds it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.spelling import letter, stands_under
from bot.rules.surnames import is_surname


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张三", "z"),
        ("單田", "s"),
        ("曾一鸣", "z"),
        ("解放", "x"),
        ("欧阳娜", "o"),
        ("Ann", "a"),
        ("", ""),
    ],
)
def test_a_name_stands_under_the_letter_of_its_surname(name: str, expected: str) -> None:
    assert letter(name) == expected


@pytest.mark.parametrize("typed", ["欧", "欧阳", "o", "ou", "ouyang"])
def test_every_beginning_of_a_surname_finds_it(typed: str) -> None:
    assert stands_under("欧阳娜娜", typed)


@pytest.mark.parametrize("typed", ["", "娜", "na", "ouyangna", "阳"])
def test_what_begins_no_surname_finds_nobody(typed: str) -> None:
    assert not stands_under("欧阳娜娜", typed)


@given(st.text(alphabet="赵钱孙李周吴郑王单曾解仇区查朴", min_size=2, max_size=3))
def test_a_name_is_always_found_under_its_own_letter(name: str) -> None:
    assert stands_under(name, letter(name))


def test_usual_surnames_are_known_and_other_characters_are_not() -> None:
    assert is_surname("张")
    assert is_surname("欧阳")
    assert not is_surname("好")
    assert not is_surname("张三")
