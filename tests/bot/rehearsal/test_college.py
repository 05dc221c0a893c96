"""The made-up college: in the shape of the real one, and nobody real in it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bot.actions import roster as action
from bot.rehearsal.college import NAMESAKE, RARE, sample
from storage.records import Duty, Kind, Role, Stage
from storage.store import Store
from storage.workbook import read, write
from storage.workbook_rows import PersonRow

COLLEGE = sample()
PEOPLE = {person.number: person for person in COLLEGE.people}
STUDENTS = [person for person in COLLEGE.people if person.kind is Kind.STUDENT]
MENTORS = {PEOPLE[pairing.mentor].number: PEOPLE[pairing.mentor] for pairing in COLLEGE.pairings}


def with_duty(duty: Duty) -> list[PersonRow]:
    return [person for person in COLLEGE.people if duty in person.duties]


def mentors_of(student: PersonRow, role: Role) -> list[str]:
    rows = COLLEGE.pairings
    return [row.mentor for row in rows if row.student == student.number and row.role is role]


def test_the_branches_are_paired_as_the_college_pairs_them() -> None:
    """Policy § 1.1, in the order printed."""
    pairs = {branch.name: branch.paired for branch in COLLEGE.branches if branch.paired}
    assert pairs == {
        "本科生第一党支部": ("教工第一党支部（教育系+教技系）", "教工第五党支部（艺教系）"),
        "本科生第二党支部": ("教工第三党支部（小教系）", "教工第六党支部（行政）"),
        "本科生第三党支部": ("教工第四党支部（学前系）",),
        "本科生第四党支部": ("教工第二党支部（心理系）", "教工第七党支部（心研院）"),
    }
    faculty = [branch.name for branch in COLLEGE.branches if branch.kind is Kind.TEACHER]
    assert len(faculty) == 7
    assert sorted(faculty) == sorted(name for names in pairs.values() for name in names)


def test_its_size_and_stages_are_those_of_a_college() -> None:
    assert Counter(student.stage for student in STUDENTS) == {
        Stage.ACTIVIST: 72,
        Stage.CANDIDATE: 24,
        Stage.PROBATIONARY: 16,
        Stage.FULL: 11,
    }
    assert Counter(mentor.kind for mentor in MENTORS.values()) == {
        Kind.TEACHER: 40,
        Kind.STUDENT: 5,
    }


def test_each_student_branch_has_its_secretary_and_all_but_one_a_committee_member() -> None:
    students = [branch.name for branch in COLLEGE.branches if branch.kind is Kind.STUDENT]
    assert sorted(person.branch for person in with_duty(Duty.SECRETARY)) == sorted(students)
    assert {person.kind for person in with_duty(Duty.SECRETARY)} == set(Kind)
    served = {person.branch for person in with_duty(Duty.COMMITTEE)}
    assert set(students) - served == {"本科生第三党支部"}  # A23
    assert len(with_duty(Duty.OFFICE)) == 1


def test_everybody_on_the_way_has_mentors_of_the_right_kind() -> None:
    for student in STUDENTS:
        contacts = mentors_of(student, Role.CONTACT)
        introducers = mentors_of(student, Role.INTRODUCER)
        if student.stage is Stage.ACTIVIST:
            assert 1 <= len(contacts) <= 2
        elif student.stage is not Stage.FULL:
            assert len(set(introducers)) == 2
        else:
            assert not contacts + introducers
    assert any(len(mentors_of(student, Role.CONTACT)) == 2 for student in STUDENTS)


def test_nobody_has_too_many_students() -> None:
    load = Counter(
        row.mentor
        for row in COLLEGE.pairings
        if row.role is Role.CONTACT or PEOPLE[row.student].stage is not Stage.CANDIDATE
    )
    assert max(load.values()) <= 5


def test_two_people_share_a_name_and_are_told_apart_by_class() -> None:
    repeated = [name for name, n in Counter(p.name for p in COLLEGE.people).items() if n > 1]
    assert repeated == [NAMESAKE]
    one, other = [person for person in COLLEGE.people if person.name == NAMESAKE]
    assert one.branch == other.branch
    assert one.class_name != other.class_name


def test_a_rare_character_is_in_it() -> None:
    assert [person.name for person in STUDENTS].count(RARE) == 1


def test_every_student_has_a_class_and_the_date_of_the_stage() -> None:
    assert all(student.class_name and student.stage_since for student in STUDENTS)
    assert len(PEOPLE) == len(COLLEGE.people)


def test_it_is_the_same_every_time() -> None:
    assert sample() == COLLEGE


def test_it_passes_the_check_and_survives_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "college.xlsx"
    write(path, COLLEGE)
    roster, faults = read(path)
    assert roster == COLLEGE
    report = action.check(Store.in_memory(), roster, faults)
    assert report.faults == ()
    assert report.warnings == ()
