"""`yinlu intro`: the exact shape other programs read, and the line a person reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import time_machine

from bot.clock import SystemClock
from bot.desks import open_desk
from bot.rehearsal.college import sample
from storage import workbook
from storage.records import (
    Introduction,
    Opinion,
    Pairing,
    Role,
    Stage,
    Talk,
    TalkKind,
    TalkState,
    TermId,
)
from tests.support.command_line import CommandLine


@pytest.fixture(autouse=True)
def before_the_meeting() -> Iterator[None]:
    with time_machine.travel("2026-11-13T10:00:00+08:00", tick=False):
        yield


def begin(yinlu: CommandLine) -> tuple[str, list[str], list[Pairing]]:
    """A candidate's review meeting on 2 November; returns the numbers and the pairings."""
    with open_desk(yinlu.data, writing=True) as desk, desk.store.transaction():
        store = desk.store
        student = next(
            one
            for one in store.people
            if one.stage is Stage.CANDIDATE
            and sum(
                p.role is Role.INTRODUCER for p in store.pairings.where("open_student", one.id)
            )
            == 2
        )
        own = [
            p
            for p in store.pairings.where("open_student", student.id)
            if p.role is Role.INTRODUCER
        ]
        store.introductions.add(Introduction(student=student.id, review=date(2026, 11, 2)))
        return student.number, [store.people[one.mentor].number for one in own], own


def test_without_introductions_there_is_an_empty_list(college: CommandLine) -> None:
    assert college("intro", "--json").document == []
    assert college("intro").out == "现在没有进行中的入党介绍。\n"


def test_what_is_not_there_is_null(college: CommandLine) -> None:
    number, introducers, _ = begin(college)
    assert college("intro", "--json").document == [
        {
            "student": number,
            "introducers": introducers,
            "review": "2026-11-02",
            "basics": None,
            "talks": [None, None],
            "opinions": [None, None],
            "consents": [None, None],
            "reviewed": None,
            "meeting": None,
            "ready": False,
            "missing": ["talks", "opinions", "consents", "reviewed"],
        }
    ]
    assert "支部大会 日期未定；还缺：入党介绍人的谈话、入党介绍人意见" in college("intro").out


def fix_the_meeting(yinlu: CommandLine, day: date) -> None:
    with open_desk(yinlu.data, writing=True) as desk, desk.store.transaction():
        (found,) = desk.store.introductions
        desk.store.introductions.put(replace(found, meeting=day))


def planned(yinlu: CommandLine, *kinds: str) -> list[tuple[str, str, str, list[str]]]:
    """Return the rows of those kinds in the plan of a year: moment, kind, to whom, about whom."""
    rows = yinlu("plan", "--from", "2026-11-01", "--to", "2027-10-31", "--json").document
    return [
        (row["at"], row["kind"], row["to"], row["about"])
        for row in rows
        if set(row["kind"].split("+")) & set(kinds)
    ]


def test_the_plan_tells_who_is_reminded_of_a_meeting_and_moves_with_it(
    college: CommandLine,
) -> None:
    assert college("term", "set", "2026-09-07").code == 0
    student, introducers, _ = begin(college)
    assert planned(college, "S9", "T8", "B4") == []  # the meeting has no date yet
    fix_the_meeting(college, date(2026, 11, 20))
    mornings = [f"2026-11-{day}T09:00:00+08:00" for day in (13, 17, 19)]
    assert planned(college, "S9") == [(at, "S9", student, [student]) for at in mornings]
    asked = planned(college, "T8")
    assert sorted(asked) == sorted(
        (at, "T8", one, [student]) for at in mornings for one in introducers
    )
    assert [at for at, *_ in planned(college, "B4")] == mornings
    fix_the_meeting(college, date(2026, 11, 30))  # a Monday: the 29th is moved back to Friday
    assert [at for at, *_ in planned(college, "S9")] == [
        "2026-11-23T09:00:00+08:00",
        "2026-11-27T09:00:00+08:00",
    ]


def test_the_plan_tells_of_a_year_as_activist_and_of_the_end_of_a_probation(
    college: CommandLine,
) -> None:
    assert college("term", "set", "2026-09-07").code == 0
    with open_desk(college.data, writing=False) as desk:
        people = {one.number: one for one in desk.store.people}
    for kind, stage in (("T15", Stage.ACTIVIST), ("T16", Stage.PROBATIONARY)):
        rows = planned(college, kind)
        assert rows
        for _, _, to, about in rows:
            assert people[to].stage is Stage.FULL
            assert {people[one].stage for one in about} == {stage}
        asked = [(to, one) for _, _, to, about in rows for one in about]
        assert len(asked) == len(set(asked))  # once each


def test_the_same_introducer_twice_and_a_third_are_refused_with_the_row(
    college: CommandLine, tmp_path: Path
) -> None:
    with open_desk(college.data, writing=False) as desk:
        store = desk.store
        student = next(
            one
            for one in store.people
            if one.stage is Stage.CANDIDATE
            and [p.role for p in store.pairings.where("open_student", one.id)].count(
                Role.INTRODUCER
            )
            == 2
        )
        (first, _) = [
            store.people[p.mentor].number
            for p in store.pairings.where("open_student", student.id)
            if p.role is Role.INTRODUCER
        ]
        third = next(
            one.number
            for one in store.people
            if one.stage is Stage.FULL and one.branch == student.branch and one.may_introduce
        )
    for extra, why in ((first, "同一结对只能有一行"), (third, "入党介绍人为两名，已满")):
        rows = sample()
        added = next(row for row in rows.pairings if row.student == student.number)
        changed = replace(
            rows,
            pairings=(*rows.pairings, replace(added, mentor=extra, role=Role.INTRODUCER)),
        )
        workbook.write(tmp_path / "zweimal.xlsx", changed)
        told = college("roster", "import", tmp_path / "zweimal.xlsx")
        assert (told.code, told.out) == (1, "")
        assert told.err.startswith("结对 第198行 「导师编号」")
        assert why in told.err
        with open_desk(college.data, writing=False) as desk:
            assert len(list(desk.store.pairings)) == len(sample().pairings)


def test_when_everything_is_there_it_is_ready(college: CommandLine) -> None:
    _, _, own = begin(college)
    now = SystemClock().now()
    with open_desk(college.data, writing=True) as desk, desk.store.transaction():
        store = desk.store
        (found,) = store.introductions
        for one in own:
            store.talks.add(
                Talk(
                    pairing=one.id, term=TermId(0), kind=TalkKind.INTRODUCTION, by=one.mentor,
                    state=TalkState.CONFIRMED, day=date(2026, 11, 6), recorded=now,
                )
            )  # fmt: skip
            store.opinions.add(
                Opinion(
                    introduction=found.id, pairing=one.id, written=date(2026, 11, 9),
                    consent=True, recorded=now,
                )
            )  # fmt: skip
        store.introductions.put(
            Introduction(
                id=found.id, student=found.student, review=found.review, basics=date(2026, 11, 4),
                reviewed=date(2026, 11, 12), reviewed_at=now, meeting=date(2026, 11, 20),
            )
        )  # fmt: skip
    (read,) = college("intro", "--json").document
    assert (read["ready"], read["missing"]) == (True, [])
    assert read["talks"] == ["2026-11-06"] * 2
    assert read["opinions"] == ["2026-11-09"] * 2
    assert read["consents"] == [True, True]
    assert (read["reviewed"], read["meeting"]) == ("2026-11-12", "2026-11-20")
    assert "支部大会 2026-11-20；已齐，可以提交支部大会" in college("intro").out
