"""Lengths as Telegram counts them, and pages that fit."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.lengths import paginate, plain, utf16_length


def test_a_rare_character_counts_two_units() -> None:
    assert utf16_length("䶮") == 1
    assert utf16_length("𠮷") == 2


def test_plain_text_has_no_tags_and_no_entities() -> None:
    assert plain("<b>甲</b>&amp;&lt;b&gt;") == "甲&<b>"


def test_no_lines_make_no_page() -> None:
    assert paginate([]) == []


def test_a_line_that_no_page_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="5 units"):
        paginate(["12345"], limit=4)


def test_a_page_is_filled_to_the_last_unit() -> None:
    assert paginate(["ab", "cd", "e"], limit=5) == ["ab\ncd", "e"]


@given(st.lists(st.text("甲乙𠮷ab", max_size=12)), st.integers(24, 60))
def test_pages_keep_every_line_in_order_and_fit(lines: list[str], limit: int) -> None:
    pages = paginate(lines, limit)
    assert "\n".join(pages) == "\n".join(lines)
    assert all(utf16_length(page) <= limit for page in pages)


@given(st.lists(st.text("甲乙ab", max_size=12), min_size=2), st.integers(12, 30))
def test_no_page_could_have_taken_the_next_line(lines: list[str], limit: int) -> None:
    pages = paginate(lines, limit)
    for page, following in pairwise(pages):
        first = following.split("\n", 1)[0]
        assert utf16_length(f"{page}\n{first}") > limit
