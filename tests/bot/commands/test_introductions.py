"""`yinlu intro`: the exact shape other programs read, and the line a person reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from bot.clock import SystemClock
from bot.desks import open_desk
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
