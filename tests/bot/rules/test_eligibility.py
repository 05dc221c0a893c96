"""Who may answer for whom: policy R1–R19, A8–A10, A24."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.eligibility import (
    Held,
    Reason,
    are_relatives,
    counts,
    judge,
    judge_history,
    lacks_teacher,
)
from storage.records import Branch, BranchId, Kind, Person, Role, Stage

OURS, PAIRED, ELSEWHERE = BranchId(1), BranchId(2), BranchId(3)
HOME = Branch(id=OURS, name="本科生第一党支部", kind=Kind.STUDENT, paired=(PAIRED,))
ACTIVIST = Person(
    number="2024010101", name="李明", branch=OURS, kind=Kind.STUDENT, stage=Stage.ACTIVIST
)
CANDIDATE = replace(ACTIVIST, stage=Stage.CANDIDATE)
PROBATIONARY = replace(ACTIVIST, stage=Stage.PROBATIONARY)
TEACHER = Person(number="T0001", name="王芳", branch=PAIRED, kind=Kind.TEACHER, stage=Stage.FULL)
COLLEAGUE = replace(TEACHER, number="T0002", name="赵宁")
THIRD = replace(TEACHER, number="T0003", name="钱进")
PEER = replace(ACTIVIST, number="2022010101", name="孙立", stage=Stage.FULL)
CONTACTS = (Held(Role.CONTACT, TEACHER), Held(Role.CONTACT, COLLEAGUE))
INTRODUCERS = (Held(Role.INTRODUCER, TEACHER), Held(Role.INTRODUCER, COLLEAGUE))


def test_a_teacher_of_a_paired_branch_may_be_contact_and_introducer() -> None:
    for role in Role:
        verdict = judge(CANDIDATE, TEACHER, role, home=HOME)
        assert verdict.allowed
        assert verdict.warnings == ()


def test_a_full_member_of_the_own_branch_may_be_a_mentor_beside_a_teacher() -> None:
    verdict = judge(ACTIVIST, PEER, Role.CONTACT, home=HOME, held=CONTACTS[:1])
    assert verdict.allowed
    assert verdict.warnings == ()


def test_a_mentor_from_an_unpaired_branch_is_refused() -> None:
    stranger = replace(TEACHER, branch=ELSEWHERE)
    assert judge(ACTIVIST, stranger, Role.CONTACT, home=HOME).refusals == (Reason.UNPAIRED,)


@pytest.mark.parametrize("stage", [Stage.ACTIVIST, Stage.CANDIDATE, Stage.PROBATIONARY])
@pytest.mark.parametrize("role", list(Role))
def test_only_a_full_member_is_a_mentor(stage: Stage, role: Role) -> None:
    verdict = judge(CANDIDATE, replace(TEACHER, stage=stage), role, home=HOME)
    assert verdict.refusals == (Reason.NOT_FULL_MEMBER,)


def test_nobody_answers_for_himself() -> None:
    assert judge(PEER, PEER, Role.CONTACT, home=HOME).refusals == (Reason.SELF,)
    assert judge_history(PEER, PEER).refusals == (Reason.SELF,)


def test_a_teacher_is_not_taken_for_a_student() -> None:
    teacher = replace(TEACHER, stage=Stage.ACTIVIST, branch=OURS)
    verdict = judge(teacher, COLLEAGUE, Role.CONTACT, home=HOME)
    assert verdict.refusals == (Reason.TEACHER_AS_STUDENT,)


def test_nobody_new_answers_for_a_full_member() -> None:
    assert judge(PEER, TEACHER, Role.CONTACT, home=HOME).refusals == (Reason.STUDENT_IS_FULL,)


def test_who_left_is_no_mentor_and_no_student() -> None:
    day = date(2026, 9, 7)
    for student, mentor in (
        (replace(ACTIVIST, left=day), TEACHER),
        (ACTIVIST, replace(TEACHER, left=day)),
    ):
        assert judge(student, mentor, Role.CONTACT, home=HOME).refusals == (Reason.GONE,)


def test_a_third_contact_is_refused_and_a_second_is_not() -> None:
    assert judge(ACTIVIST, THIRD, Role.CONTACT, home=HOME, held=CONTACTS[:1]).allowed
    verdict = judge(ACTIVIST, THIRD, Role.CONTACT, home=HOME, held=CONTACTS)
    assert verdict.refusals == (Reason.TOO_MANY_CONTACTS,)


def test_a_third_introducer_is_refused_and_a_second_is_not() -> None:
    assert judge(CANDIDATE, THIRD, Role.INTRODUCER, home=HOME, held=INTRODUCERS[:1]).allowed
    verdict = judge(CANDIDATE, THIRD, Role.INTRODUCER, home=HOME, held=INTRODUCERS)
    assert verdict.refusals == (Reason.TOO_MANY_INTRODUCERS,)


def test_the_two_introducers_are_different_people() -> None:
    verdict = judge(CANDIDATE, TEACHER, Role.INTRODUCER, home=HOME, held=INTRODUCERS[:1])
    assert verdict.refusals == (Reason.ALREADY_PAIRED,)


def test_contacts_may_become_the_introducers() -> None:
    assert judge(CANDIDATE, TEACHER, Role.INTRODUCER, home=HOME, held=CONTACTS).allowed


def test_contacts_of_a_probationary_member_are_history_and_do_not_count() -> None:
    assert judge(PROBATIONARY, THIRD, Role.CONTACT, home=HOME, held=CONTACTS).allowed
    verdict = judge(PROBATIONARY, PEER, Role.INTRODUCER, home=HOME, held=CONTACTS)
    assert verdict.warnings == (Reason.NO_TEACHER,)


def test_somebody_excluded_is_refused_as_introducer_and_only_noted_as_contact() -> None:
    excluded = replace(TEACHER, may_introduce=False)
    introducer = judge(CANDIDATE, excluded, Role.INTRODUCER, home=HOME)
    assert (introducer.refusals, introducer.warnings) == ((Reason.EXCLUDED,), ())
    contact = judge(ACTIVIST, excluded, Role.CONTACT, home=HOME)
    assert (contact.refusals, contact.warnings) == ((), (Reason.EXCLUDED_AS_CONTACT,))


@pytest.mark.parametrize("role", list(Role))
def test_a_relative_is_warned_of_whoever_names_the_other(role: Role) -> None:
    for student, mentor in (
        (replace(CANDIDATE, relatives=("T0001",)), TEACHER),
        (CANDIDATE, replace(TEACHER, relatives=("2024010101",))),
    ):
        assert are_relatives(student, mentor)
        verdict = judge(student, mentor, role, home=HOME)
        assert (verdict.refusals, verdict.warnings) == ((), (Reason.RELATIVE,))
    assert not are_relatives(CANDIDATE, TEACHER)


def test_mentors_without_any_teacher_are_warned_of() -> None:
    verdict = judge(ACTIVIST, PEER, Role.CONTACT, home=HOME)
    assert (verdict.refusals, verdict.warnings) == ((), (Reason.NO_TEACHER,))
    assert lacks_teacher([PEER])
    assert not lacks_teacher([PEER, TEACHER])
    assert not lacks_teacher([])


@pytest.mark.parametrize(
    ("stage", "contact", "introducer"),
    [
        (Stage.ACTIVIST, True, True),
        (Stage.CANDIDATE, True, True),
        (Stage.PROBATIONARY, False, True),
        (Stage.FULL, False, False),
    ],
)
def test_what_counts_depends_on_the_stage(stage: Stage, contact: bool, introducer: bool) -> None:
    student = replace(ACTIVIST, stage=stage)
    assert counts(Role.CONTACT, student) is contact
    assert counts(Role.INTRODUCER, student) is introducer


def test_of_history_only_what_was_never_right_is_refused() -> None:
    stranger = replace(TEACHER, branch=ELSEWHERE, may_introduce=False)
    assert judge_history(PEER, stranger).allowed
    swapped = judge_history(PEER, ACTIVIST)
    assert swapped.refusals == (Reason.NOT_FULL_MEMBER,)
    assert judge_history(TEACHER, COLLEAGUE).refusals == (Reason.TEACHER_AS_STUDENT,)


def people(**fixed: Stage) -> st.SearchStrategy[Person]:
    return st.builds(
        Person,
        number=st.sampled_from(["A001", "A002", "A003", "A004", "A005"]),
        name=st.just("李明"),
        branch=st.sampled_from([OURS, PAIRED, ELSEWHERE]),
        kind=st.sampled_from(Kind),
        stage=st.just(fixed["stage"]) if fixed else st.sampled_from(Stage),
        may_introduce=st.booleans(),
    )


@given(
    people(),
    st.lists(st.tuples(st.sampled_from(Role), people(stage=Stage.FULL)), max_size=8),
)
def test_whatever_is_offered_no_student_gets_more_than_the_rules_allow(
    student: Person, offers: list[tuple[Role, Person]]
) -> None:
    held: list[Held] = []
    for role, mentor in offers:
        if judge(student, mentor, role, home=HOME, held=held).allowed:
            held.append(Held(role, mentor))
    counted = [one for one in held if counts(one.role, student)]
    for role in Role:
        numbers = [one.mentor.number for one in counted if one.role is role]
        assert len(numbers) == len(set(numbers)) <= 2
    assert all(one.mentor.branch in {OURS, PAIRED} for one in held)
    assert all(one.mentor.may_introduce for one in held if one.role is Role.INTRODUCER)
