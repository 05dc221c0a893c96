"""`yinlu assign`: everyone who lacks mentors gets them, by the rules, and the office reads why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desks import open_desk
from bot.rehearsal.college import sample
from bot.rules.eligibility import Held, judge
from storage import workbook
from storage.records import Role, Stage
from storage.workbook_rows import Roster
from tests.support.command_line import CommandLine


@pytest.fixture
def yinlu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The sample college before anybody was paired."""
    people = sample()
    workbook.write(tmp_path / "r.xlsx", Roster(branches=people.branches, people=people.people))
    command = CommandLine(tmp_path / "data", monkeypatch, capsys)
    assert command("roster", "import", tmp_path / "r.xlsx").code == 0
    return command


def test_a_preview_changes_nothing_and_the_assignment_is_what_it_showed(
    yinlu: CommandLine,
) -> None:
    shown = yinlu("assign", "--dry-run", "--json").document
    with open_desk(yinlu.data, writing=False) as desk:
        assert not list(desk.store.pairings)
    assert yinlu("assign", "--json").document == shown
    with open_desk(yinlu.data, writing=False) as desk:
        assert len(desk.store.pairings) == len(shown["pairings"]) > 100
    assert yinlu("assign", "--json").document == {"pairings": [], "unassigned": []}


def test_activists_get_one_contact_and_the_others_two_introducers(yinlu: CommandLine) -> None:
    given = yinlu("assign", "--json").document
    assert given["unassigned"] == []
    with open_desk(yinlu.data, writing=False) as desk:
        for student in desk.store.people:
            roles = [one.role for one in desk.store.pairings.where("student", student.id)]
            wanted = {
                Stage.ACTIVIST: [Role.CONTACT],
                Stage.CANDIDATE: [Role.INTRODUCER] * 2,
                Stage.PROBATIONARY: [Role.INTRODUCER] * 2,
                Stage.FULL: [],
            }
            assert roles == wanted[student.stage], student.name


def test_every_pairing_is_one_that_the_rules_allow_without_a_warning(yinlu: CommandLine) -> None:
    yinlu("assign")
    with open_desk(yinlu.data, writing=False) as desk:
        store = desk.store
        for student in store.people:
            held: list[Held] = []
            for pairing in store.pairings.where("student", student.id):
                mentor, home = store.people[pairing.mentor], store.branches[student.branch]
                verdict = judge(student, mentor, pairing.role, home=home, held=held)
                assert not verdict.refusals, (student.name, mentor.name)
                held.append(Held(pairing.role, mentor))


def test_one_branch_alone_is_assigned_when_it_is_named(yinlu: CommandLine) -> None:
    ran = yinlu("assign", "--branch", "本科生第三党支部", "--json").document
    with open_desk(yinlu.data, writing=False) as desk:
        store = desk.store
        people = [store.people.one("number", one["student"]) for one in ran["pairings"]]
        assert {store.branches[one.branch].name for one in people if one} == {"本科生第三党支部"}


def test_an_unknown_branch_is_refused_with_those_there_are(yinlu: CommandLine) -> None:
    assert "本科生第一党支部" in yinlu("assign", "--branch", "第九支部").refusal


def test_whoever_stays_without_is_named_with_the_reason(
    yinlu: CommandLine, tmp_path: Path
) -> None:
    people = sample()
    lonely = tuple(
        branch if branch.name != "本科生第三党支部" else type(branch)(
            row=branch.row, name=branch.name, kind=branch.kind, paired=()
        )
        for branch in people.branches
    )  # fmt: skip
    workbook.write(tmp_path / "l.xlsx", Roster(branches=lonely, people=people.people))
    assert yinlu("roster", "import", tmp_path / "l.xlsx").code == 0
    ran = yinlu("assign", "--json").document
    assert ran["unassigned"]
    assert all("对接支部" in one["reason"] for one in ran["unassigned"])
    assert "没有对接的教工支部" in yinlu("assign", "--dry-run").out


def test_an_empty_college_is_told_to_import_its_roster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "roster import" in CommandLine(tmp_path, monkeypatch, capsys)("assign").refusal
