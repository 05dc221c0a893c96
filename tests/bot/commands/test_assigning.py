"""`yinlu assign`: what the office reads, what other programs read, and what is on disk after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.commands.assigning import REASONS, preview
from bot.commands.writing import carry_out
from bot.desk import Desk
from bot.desks import open_desk
from bot.outcome import Outcome
from bot.refusal import Refused
from bot.rules.mentor_plan import Gap
from storage.records import Kind, Pairing, PersonId, Role, Stage
from tests.support.cast import Cast, settle
from tests.support.clock import StandingClock, at

TUESDAY = at(2026, 9, 15, 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    with open_desk(folder, writing=True, clock=StandingClock(TUESDAY)) as desk:
        yield desk


@pytest.fixture
def cast(desk: Desk) -> Cast:
    """赵一 lacks introducers and has two contacts, 冯四 lacks a contact."""
    return settle(desk)


def assign(desk: Desk, branch: str | None = None) -> Outcome:
    return carry_out(desk, "assign", {"branch": branch})


def expected(cast: Cast) -> dict[str, list[dict[str, str]]]:
    rows = [
        ("赵一", "周老师", "introducer"),
        ("赵一", "吴老师", "introducer"),
        ("冯四", "何主任", "contact"),
    ]
    return {
        "pairings": [
            {"student": cast[student].number, "mentor": cast[mentor].number, "as": role}
            for student, mentor, role in rows
        ],
        "unassigned": [],
    }


def test_office_reads_a_line_for_each_student_and_what_was_done(desk: Desk, cast: Cast) -> None:
    assert assign(desk).lines == (
        "本科生第一党支部\t赵一（小教2401）：入党介绍人 周文（教工第一党支部）、吴静（教工第一党支部）",
        "本科生第二党支部\t冯四（小教2401）：培养联系人 何平（教工第一党支部）",
        "已为 2 名学生新增结对 3 对，自今日起。",
    )


def test_a_program_reads_the_numbers_of_every_pairing(desk: Desk, cast: Cast) -> None:
    outcome = assign(desk)
    assert (outcome.code, outcome.document) == (0, expected(cast))


def test_the_pairings_are_there_after_a_restart(folder: Path) -> None:
    with open_desk(folder, writing=True, clock=StandingClock(TUESDAY)) as desk:
        cast = settle(desk)
        assign(desk)
    with open_desk(folder, writing=False) as desk:
        [pairing] = desk.store.pairings.where("student", cast["冯四"].id)
    assert pairing == Pairing(
        id=pairing.id,
        student=cast["冯四"].id,
        mentor=cast["何主任"].id,
        role=Role.CONTACT,
        since=date(2026, 9, 15),
        asked=at(2026, 9, 15, 16),
    )


def test_assigning_again_finds_nobody(desk: Desk, cast: Cast) -> None:
    assign(desk)
    again = assign(desk)
    assert again.lines == ("没有缺培养联系人或入党介绍人的学生。",)
    assert again.document == {"pairings": [], "unassigned": []}


def test_what_students_are_told_leaves_at_once(desk: Desk, cast: Cast) -> None:
    woken: list[str] = []
    desk.wake = lambda: woken.append("now")
    assign(desk)
    assert woken == ["now"]
    at_once = [row for row in desk.store.outbox if row.due == desk.now()]
    assert {row.to for row in at_once} == {cast["赵一"].id, cast["冯四"].id}


def test_mentors_are_asked_for_their_consent_at_four(desk: Desk, cast: Cast) -> None:
    assign(desk)
    asked = [row for row in desk.store.outbox if row.due == at(2026, 9, 15, 16)]
    assert {(row.kind, row.to) for row in asked} == {
        ("T5b", cast["周老师"].id),
        ("T5b", cast["吴老师"].id),
        ("T5", cast["何主任"].id),
    }


def test_dry_run_says_the_same_and_changes_nothing(desk: Desk, cast: Cast) -> None:
    before = len(desk.store.pairings)
    shown = preview(desk, branch=None)
    assert shown.document == expected(cast)
    assert shown.lines[-1] == "以上是建议，没有作任何改动。"
    assert (len(desk.store.pairings), len(desk.store.outbox)) == (before, 0)
    assert assign(desk).lines[:-1] == shown.lines[:-1]


def test_dry_run_works_beside_a_running_bot(folder: Path, desk: Desk, cast: Cast) -> None:
    with open_desk(folder, writing=False, clock=StandingClock(TUESDAY)) as reader:
        assert preview(reader, branch=None).document == expected(cast)


def test_one_branch_can_be_asked_for(desk: Desk, cast: Cast) -> None:
    outcome = assign(desk, "本科生第二党支部")
    assert [one["student"] for one in outcome.document["pairings"]] == [cast["冯四"].number]
    assert not [
        one
        for one in desk.store.pairings.where("student", cast["赵一"].id)
        if one.role is Role.INTRODUCER
    ]


def test_an_unknown_branch_is_refused_and_those_there_are_named(desk: Desk, cast: Cast) -> None:
    refused = assign(desk, "教工第一党支部")
    assert (refused.code, refused.lines) == (
        1,
        ("没有学生支部“教工第一党支部”。现有：本科生第一党支部、本科生第二党支部。",),
    )


def test_without_a_roster_the_next_step_is_named(desk: Desk) -> None:
    assert assign(desk).lines == ("还没有导入花名册，请先运行 yinlu roster import FILE。",)
    with pytest.raises(Refused, match="roster import"):
        preview(desk, branch=None)


def test_who_stays_without_is_named_with_the_reason(desk: Desk, cast: Cast) -> None:
    branch = desk.store.branches[cast.branches["学二"].id]
    with desk.store.transaction():
        desk.store.branches.put(replace(branch, paired=()))
        desk.store.people.put(replace(cast["韩书记"], kind=Kind.STUDENT))
    outcome = assign(desk)
    assert outcome.document["unassigned"] == [
        {"student": cast["冯四"].number, "reason": REASONS[Gap.NO_FACULTY_BRANCH]}
    ]
    assert outcome.lines[1] == (
        "本科生第二党支部\t冯四（小教2401）：待分配培养联系人 1 名。"
        "所在支部没有对接的教工支部，请在花名册填写“对接支部”后重新导入。"
    )


def test_nothing_is_said_to_be_done_where_nobody_could_be_assigned(desk: Desk, cast: Cast) -> None:
    with desk.store.transaction():
        for one in desk.store.people:
            if one.kind is Kind.TEACHER:
                desk.store.people.put(replace(one, may_introduce=False))
    outcome = assign(desk)
    assert Counter(one["reason"] for one in outcome.document["unassigned"]) == {
        REASONS[Gap.NO_TEACHER]: 2
    }
    assert len(outcome.lines) == 2


def test_a_relative_or_an_excluded_person_is_not_given_away(desk: Desk, cast: Cast) -> None:
    with desk.store.transaction():
        for name in ("吴老师", "郑老师", "何主任"):
            desk.store.people.put(replace(cast[name], may_introduce=False))
        desk.store.people.put(replace(cast["周老师"], relatives=(cast["冯四"].number,)))
        desk.store.people.put(replace(cast["韩书记"], stage=Stage.PROBATIONARY))
    outcome = assign(desk, "本科生第二党支部")
    said = "".join(outcome.lines)
    assert "没有合适的人选" in said
    assert not [word for word in ("亲属", "处分", "周文", "吴静") if word in said]


def test_a_mentor_with_many_students_is_pointed_out(desk: Desk, cast: Cast) -> None:
    with desk.store.transaction():
        for each in range(4):
            new = replace(cast["冯四"], id=PersonId(0), number=f"3{each}", name="某")
            desk.store.people.add(new)
        for name in ("吴老师", "周老师", "郑老师", "韩书记"):
            desk.store.people.put(replace(cast[name], may_introduce=False))
    busy = "请留意：何平将担任 5 名学生的培养联系人，偏多。"
    assert busy not in preview(desk, branch="本科生第二党支部").lines
    with desk.store.transaction():
        desk.store.people.add(replace(cast["冯四"], id=PersonId(0), number="39", name="某"))
    assert busy.replace("5", "6") in preview(desk, branch="本科生第二党支部").lines
