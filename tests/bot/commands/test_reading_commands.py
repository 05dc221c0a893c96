"""`yinlu term show · plan · status`: what the office and other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

import pytest
import time_machine

from bot.actions import arrangement
from bot.desks import open_desk
from storage.records import Arrangement, ArrangementKind
from tests.support.command_line import CommandLine

BRANCHES = [f"本科生第{number}党支部" for number in "一二三四"]
pytestmark = pytest.mark.usefixtures("tuesday_of_week_two")


@pytest.fixture
def tuesday_of_week_two() -> Iterator[None]:
    with time_machine.travel("2026-09-15T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def term(college: CommandLine) -> CommandLine:
    assert college("term", "set", "2026-09-07").code == 0
    return college


# term


def test_setting_the_term_looks_ahead(college: CommandLine) -> None:
    ran = college("term", "set", "2026-09-07")
    assert (ran.code, ran.err) == (0, "")
    for word in (
        "2026-2027-1", "谈话：9月14日（周一）", "截止日", "没有组织委员", "还没有绑定群", "名学生未开通", "接下来",
    ):  # fmt: skip
        assert word in ran.out


def test_the_look_ahead_names_reminders_that_a_holiday_moves_and_years_not_yet_announced(
    college: CommandLine,
) -> None:
    assert "原定" in college("term", "set", "2025-09-15").out
    assert "2099 年的放假安排未公布" in college("term", "set", "2099-09-07").out


def test_the_look_ahead_names_students_without_mentor(college: CommandLine) -> None:
    with open_desk(college.data, writing=True) as desk, desk.store.transaction():
        number = next(one.number for one in desk.store.people if one.stage == "activist")
        student = desk.store.people.one("number", number)
        assert student is not None
        for pairing in desk.store.pairings.where("open_student", student.id):
            desk.store.pairings.put(replace(pairing, until=date(2026, 9, 1)))
    assert (
        f"1 人还没有培养联系人或入党介绍人：{student.name}"
        in college("term", "set", "2026-09-07").out
    )


def test_a_term_that_begins_on_another_weekday_is_refused_with_its_weekday(
    college: CommandLine,
) -> None:
    assert "周二" in college("term", "set", "2026-09-08").refusal


@pytest.mark.parametrize("day", ["2026-13-01", "9月7日", "tomorrow"])
def test_what_is_no_date_is_wrong_usage(college: CommandLine, day: str) -> None:
    assert college("term", "set", day).code == 2


def test_a_term_may_be_named(college: CommandLine) -> None:
    college("term", "set", "2026-09-07", "--name", "秋季")
    assert college("term", "show", "--json").document["name"] == "秋季"


def test_the_term_is_one_document(term: CommandLine) -> None:
    assert term("term", "show", "--json").document == {
        "name": "2026-2027-1",
        "week1": "2026-09-07",
        "week": 2,
        "windows": {
            "talk": ["2026-09-14", "2026-09-27"],
            "hand_in": ["2026-09-28", "2026-09-30"],
        },
    }


def test_the_term_can_be_looked_at_again(term: CommandLine) -> None:
    assert "谈话：9月14日（周一）" in term("term", "show").out


@pytest.mark.parametrize("words", [("term", "show"), ("plan",)])
@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_before_the_first_term_one_line_says_what_to_run(
    college: CommandLine, words: tuple[str, ...], as_json: tuple[str, ...]
) -> None:
    assert "yinlu term set" in college(*words, *as_json).refusal


# plan


def test_the_plan_has_a_row_per_message_past_ones_too_enrolled_or_not(term: CommandLine) -> None:
    rows = term("plan", "--json").document
    assert rows == sorted(rows, key=lambda row: datetime.fromisoformat(row["at"]))
    assert all(set(row) == {"at", "kind", "to", "about"} for row in rows)
    assert all(row["at"].endswith("+08:00") for row in rows)
    first_round = [row for row in rows if row["kind"] == "S1"]
    assert {row["at"] for row in first_round} == {"2026-09-14T09:00:00+08:00"}
    assert len(first_round) == len({row["to"] for row in first_round}) == 112


def test_the_plan_of_some_days_has_both_of_them_and_no_other(term: CommandLine) -> None:
    rows = term("plan", "--from", "2026-09-21", "--to", "2026-09-23", "--json").document
    assert {row["at"][:10] for row in rows} == {"2026-09-21", "2026-09-23"}


def test_the_plan_speaks_of_groups_to_nobody(term: CommandLine) -> None:
    assert "G1" not in {row["kind"] for row in term("plan", "--json").document}


def test_the_plan_for_people_names_them(term: CommandLine) -> None:
    ran = term("plan", "--from", "2026-09-14", "--to", "2026-09-14")
    assert "2026-09-14 09:00  S1" in ran.out
    assert "这段时间没有要发的提醒" in term("plan", "--from", "2027-06-01").out


# status


def test_before_the_first_term_all_are_open(college: CommandLine) -> None:
    document = college("status", "--json").document
    assert (document["term"], document["week"]) == (None, None)
    assert [branch["name"] for branch in document["branches"]] == BRANCHES
    for branch in document["branches"]:
        students = branch["students"]
        assert students == 28
        assert branch["talk"] == {"none": students, "claimed": 0, "confirmed": 0, "disputed": 0}
        assert branch["form"] == {
            "not_handed_out": students, "handed_out": 0, "received": 0, "archived": 0,
        }  # fmt: skip
        assert branch["not_enrolled"] == students


def test_the_status_names_term_and_week(term: CommandLine) -> None:
    document = term("status", "--json").document
    assert (document["term"], document["week"]) == ("2026-2027-1", 2)


def test_the_status_of_one_branch_is_that_alone(term: CommandLine) -> None:
    document = term("status", "--branch", BRANCHES[2], "--json").document
    assert [branch["name"] for branch in document["branches"]] == [BRANCHES[2]]
    assert term("status", "--branch", BRANCHES[2]).out.count("\n") == 1


@pytest.mark.parametrize("name", ["本科生第九党支部", "教工第四党支部（学前系）"])
def test_an_unknown_or_faculty_branch_is_refused_with_those_there_are(
    term: CommandLine, name: str
) -> None:
    refusal = term("status", "--branch", name).refusal
    assert name in refusal
    assert BRANCHES[0] in refusal


def test_an_empty_folder_has_an_empty_status(yinlu: CommandLine) -> None:
    assert yinlu("status", "--json").document == {"term": None, "week": None, "branches": []}
    assert "导入花名册" in yinlu("status").out
    assert "花名册" in yinlu("status", "--branch", "x").refusal


def test_what_the_office_has_entered_in_chat_holds_on_the_command_line_and_over_the_settings(
    term: CommandLine,
) -> None:
    settings = 'holidays.working = [2026-09-28]\nquiet.opens = "08:00"\n'
    (term.data / "settings.toml").write_text(settings, encoding="utf-8")
    rest = Arrangement(kind=ArrangementKind.REST, first=date(2026, 9, 28), last=date(2026, 9, 29))
    with open_desk(term.data, writing=True) as desk, desk.store.transaction():
        by = next(iter(desk.store.people)).id
        arrangement.enter(desk, rest, by)
        arrangement.set_hours(desk, time(8, 30), time(16, 30), by)
    planned = term("plan", "--from", "2026-09-28", "--to", "2026-10-08", "--json").document
    assert {one["at"][:10] for one in planned} == {"2026-09-30"}
    assert "“组织委员：收表名单”原定 9月28日（周一） 09:00，因放假改到 9月30日（周三） 09:00" in (
        term("term", "show").out
    )
    summary = term("plan", "--from", "2026-09-18", "--to", "2026-09-21", "--json").document
    assert {one["at"][:16] for one in summary if "B1" in one["kind"]} == {
        "2026-09-20T09:00"
    }  # a Sunday on which people work


@pytest.mark.parametrize(
    "words",
    [
        ("term", "set", "9999-12-27"),
        ("term", "set", "0001-01-01"),
        ("plan", "--from", "9999-12-31"),
        ("plan", "--to", "9999-12-31"),
        ("init", "--term", "0001-01-01"),
        ("rehearse", "--port", "99999999"),
    ],
)
def test_a_day_or_a_port_that_nobody_means_is_wrong_usage_and_changes_nothing(
    term: CommandLine, words: tuple[str, ...]
) -> None:
    before = term("term", "show", "--json").document
    ran = term(*words)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert term("term", "show", "--json").document == before
