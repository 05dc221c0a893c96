"""Dates, names and counts in the one wording of policy § 5.1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from jinja2 import Environment

from messages import filters
from messages.facts import MISSING, Named
from storage.records import FormState, Role, Stage, TalkState
from tests.messages.sample import NAMESAKE, SECRETARY, STUDENT, TALK, TEACHER

SUNDAY = date(2026, 9, 27)


def said(source: str, **facts: Any) -> str:
    environment = Environment(autoescape=True)
    filters.install(environment)
    return environment.from_string(source).render(facts)


def crowd(number: int) -> Sequence[Named]:
    return [Named(f"学生{index}", "学", "classmate") for index in range(number)]


def test_a_date_is_absolute_and_has_its_weekday() -> None:
    assert filters.day(SUNDAY) == "9月27日（周日）"
    assert filters.day(date(2026, 9, 28)) == "9月28日（周一）"


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 9, 26), "最迟9月27日（周日）（含当天）"),
        (SUNDAY, "最迟今天，9月27日（周日）"),
        (date(2026, 9, 28), "请尽快"),
    ],
)
def test_a_deadline_is_worded_by_the_day_it_is_read(today: date, words: str) -> None:
    assert filters.until(SUNDAY, today) == words


def test_a_window_names_both_its_ends() -> None:
    assert filters.span(date(2026, 9, 14), SUNDAY) == "9月14日（周一）至9月27日（周日）"


@pytest.mark.parametrize("kind", [TalkState, FormState, Stage, Role])
def test_every_state_stage_and_role_has_a_word(kind: type[Any]) -> None:
    words = [filters.word(member) for member in kind]
    assert len(set(words)) == len(words)


def test_vacant_post_reads_as_the_branch() -> None:
    assert filters.who(None) == "支部"
    assert filters.who(None, "支部书记") == "支部书记"
    assert filters.who(SECRETARY) == "赵敏同志"


def test_mentors_are_named_with_their_titles() -> None:
    assert filters.titled([TEACHER, SECRETARY]) == "王芳老师、赵敏同志"


def test_names_are_joined_with_their_marks() -> None:
    assert said("{{ people | names }}", people=[STUDENT, NAMESAKE]) == "李明、李明（小教2401）"


def test_a_list_of_sixty_names_is_written_out() -> None:
    assert "等" not in said("{{ people | names }}", people=crowd(60))


def test_a_longer_list_says_how_many_there_are() -> None:
    text = said("{{ people | names }}", people=crowd(72))
    assert text.endswith("学生59等72人")


def test_counts_name_number_and_people_and_leave_out_what_is_empty() -> None:
    text = said(
        '{{ {"未谈": one, "待核实": [], "未发": 2, "已收": 0} | counts("位") }}', one=[STUDENT]
    )
    assert text == "未谈1位：李明；未发2位"


def test_counts_of_nothing_are_empty() -> None:
    assert said('{{ {"未谈": []} | counts("位") }}') == ""


def test_totals_name_all_four_states_and_add_up() -> None:
    assert filters.totals(TALK) == "老师已确认20人，等老师确认2人，待核实1人，未谈3人"


def test_totals_name_a_state_that_counts_nobody() -> None:
    assert filters.totals({}, "、") == "老师已确认0人、等老师确认0人、待核实0人、未谈0人"


def test_missing_things_have_words() -> None:
    assert filters.lacks(["talk", "form"]) == "与老师谈话、交登记表"
    assert len(set(MISSING.values())) == len(MISSING)


def test_clauses_skip_what_says_nothing() -> None:
    assert filters.clauses(["甲", "", "乙"]) == "甲；乙"
