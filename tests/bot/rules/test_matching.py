"""Whom `assign` proposes: policy R1–R19, A2–A3, A8, A10, A24 and § 7 row 10."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.eligibility import Held, judge
from bot.rules.matching import Proposal, heavy, propose
from bot.rules.mentor_plan import Charge, Gap, in_charge, lacking
from bot.rules.mentor_pool import department
from storage.records import Branch, BranchId, Kind, Person, Role, Stage

OURS, PAIRED, ALSO_PAIRED, ELSEWHERE = (BranchId(number) for number in (1, 2, 3, 4))
HOME = Branch(id=OURS, name="本科生第一党支部", kind=Kind.STUDENT, paired=(PAIRED, ALSO_PAIRED))
CONTACT, INTRODUCER = Role.CONTACT, Role.INTRODUCER


def teacher(number: str, branch: BranchId = PAIRED, **changes: object) -> Person:
    one = Person(
        number=f"T{number}", name=number, branch=branch, kind=Kind.TEACHER, stage=Stage.FULL
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def student(number: str, stage: Stage = Stage.ACTIVIST, **changes: object) -> Person:
    one = Person(number=f"S{number}", name=number, branch=OURS, kind=Kind.STUDENT, stage=stage)
    return replace(one, **changes)  # type: ignore[arg-type]


def lone(who: Person, *held: tuple[Role, Person], home: Branch = HOME) -> Charge:
    return Charge(who, home, tuple(Held(role, mentor) for role, mentor in held))


WANG, ZHAO, QIAN = teacher("1王"), teacher("2赵"), teacher("3钱", ALSO_PAIRED)
PEER = student("9孙", Stage.FULL)
OTHER_PEER = student("8周", Stage.FULL)
LI, WU = student("1李"), student("2吴")
CANDIDATE = student("3郑", Stage.CANDIDATE)
PROBATIONARY = student("4冯", Stage.PROBATIONARY)


def named(proposal: Proposal) -> list[tuple[str, str, Role]]:
    return [(one.student.number, one.mentor.number, one.role) for one in proposal.pairings]


def mentors_of(proposal: Proposal, who: Person) -> list[Person]:
    return [one.mentor for one in proposal.pairings if one.student == who]


def gaps(proposal: Proposal) -> list[tuple[str, int, Gap]]:
    return [(one.student.number, one.missing, one.gap) for one in proposal.unassigned]


# who lacks whom


def test_an_activist_without_contact_gets_one_teacher_of_a_paired_branch() -> None:
    assert named(propose([lone(LI)], [WANG, PEER])) == [(LI.number, WANG.number, CONTACT)]


def test_an_activist_with_a_contact_gets_no_second_one() -> None:
    assert propose([lone(LI, (CONTACT, PEER))], [WANG]) == Proposal()


@pytest.mark.parametrize("who", [CANDIDATE, PROBATIONARY], ids=["candidate", "probationary"])
def test_whoever_is_to_be_introduced_gets_two_introducers(who: Person) -> None:
    assert named(propose([lone(who)], [WANG, QIAN])) == [
        (who.number, WANG.number, INTRODUCER),
        (who.number, QIAN.number, INTRODUCER),
    ]


def test_one_who_has_an_introducer_gets_another_person_as_the_second() -> None:
    proposal = propose([lone(PROBATIONARY, (INTRODUCER, WANG))], [WANG, ZHAO])
    assert mentors_of(proposal, PROBATIONARY) == [ZHAO]


def test_two_introducers_are_enough() -> None:
    held = ((INTRODUCER, WANG), (INTRODUCER, ZHAO))
    assert propose([lone(CANDIDATE, *held)], [QIAN]) == Proposal()


# who comes first, and who is left out


def test_the_contacts_become_the_introducers_even_if_others_have_less_to_do() -> None:
    held = ((CONTACT, QIAN), (CONTACT, PEER))
    proposal = propose(
        [lone(CANDIDATE, *held)], [WANG, ZHAO, QIAN, PEER], [lone(LI, (CONTACT, QIAN))]
    )
    assert mentors_of(proposal, CANDIDATE) == [QIAN, PEER]


def test_of_two_contacts_who_are_no_teachers_one_makes_room_for_a_teacher() -> None:
    held = ((CONTACT, PEER), (CONTACT, OTHER_PEER))
    proposal = propose([lone(CANDIDATE, *held)], [WANG, PEER, OTHER_PEER])
    assert mentors_of(proposal, CANDIDATE) == [WANG, OTHER_PEER]


def test_a_contact_beside_an_introducer_who_is_a_teacher_becomes_the_second() -> None:
    held = ((INTRODUCER, WANG), (CONTACT, WANG), (CONTACT, PEER))
    proposal = propose([lone(CANDIDATE, *held)], [WANG, ZHAO, PEER])
    assert mentors_of(proposal, CANDIDATE) == [PEER]


def test_one_introducer_at_least_is_a_teacher_the_other_may_be_a_full_member_of_the_branch() -> (
    None
):
    busy = [lone(student(f"5{each}"), (CONTACT, ZHAO)) for each in range(3)]
    proposal = propose([lone(CANDIDATE)], [WANG, ZHAO, PEER, OTHER_PEER], busy)
    assert mentors_of(proposal, CANDIDATE) == [WANG, OTHER_PEER]


LEFT_OUT = {
    "a teacher of an unpaired branch": teacher("0", ELSEWHERE),
    "a probationary member": teacher("0", stage=Stage.PROBATIONARY),
    "one who may not introduce, even as contact": teacher("0", may_introduce=False),
    "a relative by the mentor's row": teacher("0", relatives=(LI.number, CANDIDATE.number)),
}


@pytest.mark.parametrize("mentor", LEFT_OUT.values(), ids=LEFT_OUT)
def test_nobody_is_proposed_who_would_need_a_reason(mentor: Person) -> None:
    for who in (LI, CANDIDATE):
        assert mentor not in mentors_of(propose([lone(who)], [mentor, WANG, ZHAO]), who)


def test_a_relative_by_the_students_row_is_not_proposed_and_serves_others() -> None:
    related = replace(LI, relatives=(WANG.number,))
    proposal = propose([lone(related), lone(WU)], [WANG, ZHAO])
    assert mentors_of(proposal, related) == [ZHAO]
    assert mentors_of(proposal, WU) == [WANG]


def test_a_contact_who_may_not_introduce_does_not_become_introducer() -> None:
    barred = replace(WANG, may_introduce=False)
    proposal = propose([lone(CANDIDATE, (CONTACT, barred))], [barred, ZHAO, QIAN])
    assert mentors_of(proposal, CANDIDATE) == [ZHAO, QIAN]


def test_a_contact_who_is_no_full_member_any_more_does_not_become_introducer() -> None:
    proposal = propose([lone(CANDIDATE, (CONTACT, WANG))], [ZHAO, QIAN])
    assert mentors_of(proposal, CANDIDATE) == [ZHAO, QIAN]


# even load


def test_the_least_loaded_comes_first_whoever_the_load_comes_from() -> None:
    others = [lone(student("7", Stage.PROBATIONARY), (INTRODUCER, WANG))]
    assert mentors_of(propose([lone(LI)], [WANG, ZHAO], others), LI) == [ZHAO]


def test_a_student_weighs_once_on_a_mentor_of_both_roles() -> None:
    both = lone(student("7", Stage.CANDIDATE), (CONTACT, WANG), (INTRODUCER, WANG))
    two = [lone(student(f"7{each}"), (CONTACT, ZHAO)) for each in range(2)]
    assert mentors_of(propose([lone(LI)], [WANG, ZHAO], [both, *two]), LI) == [WANG]


def test_former_contacts_of_a_candidate_with_introducers_bear_no_load_of_it() -> None:
    held = ((CONTACT, WANG), (INTRODUCER, ZHAO), (INTRODUCER, QIAN))
    others = [lone(CANDIDATE, *held)]
    assert mentors_of(propose([lone(LI)], [WANG, ZHAO], others), LI) == [WANG]


def test_a_contact_is_relieved_by_the_introducers_proposed_with_it() -> None:
    barred = teacher("0", relatives=(CANDIDATE.number,))
    asked = [lone(CANDIDATE, (CONTACT, barred)), lone(LI)]
    assert mentors_of(propose(asked, [barred, WANG, ZHAO]), LI) == [barred]


def test_a_branch_of_forty_new_activists_is_spread_evenly_over_its_teachers() -> None:
    staff = [teacher(str(each), (PAIRED, ALSO_PAIRED)[each % 2]) for each in range(7)]
    others = [lone(student(f"old{each}"), (CONTACT, staff[0])) for each in range(4)]
    new = [lone(student(f"{each:03}")) for each in range(40)]
    load = Counter(one.mentor.number for one in propose(new, staff, others).pairings)
    load[staff[0].number] += 4
    assert sorted(load.values()) == [6, 6, 6, 6, 6, 7, 7]


def test_the_proposal_is_the_same_in_whatever_order_people_come() -> None:
    asked = [lone(LI), lone(WU), lone(CANDIDATE), lone(PROBATIONARY)]
    mentors = [WANG, ZHAO, QIAN, PEER]
    assert propose(asked, mentors) == propose(asked[::-1], mentors[::-1])


def test_pairings_come_by_students_number_with_teachers_first() -> None:
    proposal = propose([lone(CANDIDATE), lone(LI)], [PEER, WANG])
    assert named(proposal) == [
        (LI.number, WANG.number, CONTACT),
        (CANDIDATE.number, WANG.number, INTRODUCER),
        (CANDIDATE.number, PEER.number, INTRODUCER),
    ]


# class and department


def test_among_equally_loaded_mentors_the_one_of_the_class_comes_first() -> None:
    staff = [
        replace(WANG, class_name="学前系"),
        replace(ZHAO, class_name="小教系"),
        replace(QIAN, class_name="小教2401"),
    ]
    of_class = replace(LI, class_name="小教2401")
    assert mentors_of(propose([lone(of_class)], staff), of_class) == [staff[2]]
    assert mentors_of(propose([lone(of_class)], staff[:2]), of_class) == [staff[1]]


def test_even_load_goes_before_the_class() -> None:
    of_class = replace(WANG, class_name="小教2401")
    new = [lone(replace(one, class_name="小教2401")) for one in (LI, WU)]
    load = Counter(one.mentor.number for one in propose(new, [of_class, ZHAO]).pairings)
    assert load == {WANG.number: 1, ZHAO.number: 1}


@pytest.mark.parametrize(
    "class_name", ["小教2401", "小教1班", "小教系", "小教专业", "小教（师范）1班", "小教"]
)
def test_the_department_is_what_stands_before_the_number(class_name: str) -> None:
    assert department(class_name) == "小教"


def test_a_class_that_is_a_number_only_is_its_own_department() -> None:
    assert department("2401") == "2401"


# who stays without, and why


def test_a_branch_paired_with_none_is_told_so() -> None:
    home = replace(HOME, paired=())
    proposal = propose([lone(LI, home=home), lone(CANDIDATE, home=home)], [WANG, PEER])
    assert proposal.pairings == ()
    assert gaps(proposal) == [
        (LI.number, 1, Gap.NO_FACULTY_BRANCH),
        (CANDIDATE.number, 2, Gap.NO_FACULTY_BRANCH),
    ]


def test_without_any_teacher_who_may_be_nobody_is_proposed_alone() -> None:
    proposal = propose([lone(CANDIDATE, (CONTACT, PEER))], [PEER, OTHER_PEER])
    assert proposal.pairings == ()
    assert gaps(proposal) == [(CANDIDATE.number, 2, Gap.NO_TEACHER)]


def test_if_the_only_teacher_is_a_relative_nothing_but_that_nobody_fits_is_said() -> None:
    related = replace(LI, relatives=(WANG.number,))
    assert gaps(propose([lone(related)], [WANG])) == [(LI.number, 1, Gap.NOBODY_FITS)]


def test_a_candidate_for_whom_there_is_one_introducer_only_gets_that_one() -> None:
    proposal = propose([lone(CANDIDATE)], [WANG])
    assert mentors_of(proposal, CANDIDATE) == [WANG]
    assert gaps(proposal) == [(CANDIDATE.number, 1, Gap.ONE_SHORT)]


def test_a_candidate_with_one_introducer_and_no_other_mentor_in_reach_lacks_one_still() -> None:
    proposal = propose([lone(CANDIDATE, (INTRODUCER, WANG))], [WANG])
    assert proposal.pairings == ()
    assert gaps(proposal) == [(CANDIDATE.number, 1, Gap.ONE_SHORT)]


# load to point out


def test_a_mentor_who_comes_to_more_than_the_limit_is_pointed_out() -> None:
    limits = {CONTACT: 2, INTRODUCER: 1}
    charges = [lone(student(str(each))) for each in range(3)]
    proposal = propose(charges, [WANG])
    assert heavy(charges, proposal, limits) == [(WANG, CONTACT, 3)]
    assert heavy(charges, proposal, {CONTACT: 3, INTRODUCER: 1}) == []


def test_a_mentor_with_much_to_do_and_nobody_new_is_not_pointed_out() -> None:
    old = [lone(student(f"7{each}"), (CONTACT, WANG)) for each in range(3)]
    charges = [*old, lone(LI)]
    proposal = propose([charges[-1]], [WANG, ZHAO], old)
    assert heavy(charges, proposal, {CONTACT: 2, INTRODUCER: 1}) == []


# anything at all


@st.composite
def colleges(draw: st.DrawFn) -> tuple[list[Charge], list[Person], list[Charge]]:
    """Up to 3 students asked about, 2 others, 5 who may be mentors or not."""
    numbers = [f"S{each}" for each in range(3)]
    mentors = [
        Person(
            number=f"M{each}",
            name="",
            branch=draw(st.sampled_from([OURS, PAIRED, ALSO_PAIRED, ELSEWHERE])),
            kind=draw(st.sampled_from(Kind)),
            stage=draw(st.sampled_from([Stage.FULL, Stage.FULL, Stage.FULL, Stage.PROBATIONARY])),
            may_introduce=draw(st.integers(0, 4)) > 0,
            relatives=tuple(draw(st.sets(st.sampled_from(numbers), max_size=1))),
            class_name=draw(st.sampled_from([None, "小教2401", "小教系"])),
        )
        for each in range(draw(st.integers(0, 5)))
    ]
    full = [one for one in mentors if one.stage is Stage.FULL]
    home = replace(HOME, paired=draw(st.sampled_from([(), (PAIRED,), (PAIRED, ALSO_PAIRED)])))
    asked = [_charge(draw, number, home, full) for number in numbers]
    others = [
        lone(student(f"7{each}"), (CONTACT, draw(st.sampled_from(full))), home=home)
        for each in range(draw(st.integers(0, 2)) if full else 0)
    ]
    return asked, mentors, others


def _charge(draw: st.DrawFn, number: str, home: Branch, full: Sequence[Person]) -> Charge:
    """At most one mentor of either role, so that there is no choice among those who come first."""
    who = Person(
        number=number,
        name="",
        branch=OURS,
        kind=Kind.STUDENT,
        stage=draw(st.sampled_from([Stage.ACTIVIST, Stage.CANDIDATE, Stage.PROBATIONARY])),
        class_name=draw(st.sampled_from([None, "小教2401"])),
        relatives=tuple(
            draw(st.sets(st.sampled_from([f"M{each}" for each in range(5)]), max_size=1))
        ),
    )
    roles = [CONTACT] if who.stage is Stage.ACTIVIST else [CONTACT, INTRODUCER]
    held = [(role, draw(st.sampled_from(full))) for role in roles if draw(st.booleans()) and full]
    return lone(who, *held, home=home)


def wished(charge: Charge, mentors: Sequence[Person]) -> list[tuple[Person, ...]]:
    """Every best set of new mentors by the rules alone: as many, then as many known, as can be."""
    role, missing = lacking(charge)
    held = [other.mentor for other in charge.held if other.role is role]
    known = [other.mentor for other in charge.held if other.role is not role]
    clean = [one for one in mentors if _is_clean(charge, one, role)]
    sets = [
        those
        for size in range(missing + 1)
        for those in combinations(clean, size)
        if not those or any(one.kind is Kind.TEACHER for one in (*held, *those))
    ]
    most = max(len(those) for those in sets)
    largest = [those for those in sets if len(those) == most]
    best = max(sum(one in known for one in those) for those in largest)
    return [those for those in largest if sum(one in known for one in those) == best]


def _is_clean(charge: Charge, mentor: Person, role: Role) -> bool:
    """Whether the mentor is allowed, also later as introducer, and no relative."""
    verdict = judge(charge.student, mentor, role, home=charge.home, held=charge.held)
    others = set(verdict.warnings) - {"no_teacher"}
    return verdict.allowed and not others and mentor.may_introduce


def totals(charges: Sequence[Charge], added: Sequence[Sequence[Person]]) -> Iterator[int]:
    load: Counter[str] = Counter()
    for charge, new in zip(charges, added, strict=True):
        role, _ = lacking(charge)
        held = (*charge.held, *(Held(role, one) for one in new))
        load.update(one.number for one in in_charge(held, charge.student))
    yield from load.values()


@given(colleges())
def test_everybody_gets_what_the_rules_allow_and_no_other_choice_is_more_even(
    college: tuple[list[Charge], list[Person], list[Charge]],
) -> None:
    asked, mentors, others = college
    proposal = propose(asked, mentors, others)
    options = [wished(charge, mentors) for charge in asked]
    given_ = [mentors_of(proposal, charge.student) for charge in asked]
    for those, wishes in zip(given_, options, strict=True):
        assert {*those} in [{*each} for each in wishes]
    nothing: list[tuple[Person, ...]] = [()] * len(others)
    unevenness = [
        sum(load * load for load in totals([*asked, *others], [*each, *nothing]))
        for each in [given_, *product(*options)]
    ]
    assert unevenness[0] == min(unevenness)


@given(colleges())
def test_nobody_is_forgotten_who_lacks_a_mentor(
    college: tuple[list[Charge], list[Person], list[Charge]],
) -> None:
    asked, mentors, others = college
    proposal = propose(asked, mentors, others)
    still = {one.student.number: one.missing for one in proposal.unassigned}
    for charge in asked:
        _, missing = lacking(charge)
        found = len(mentors_of(proposal, charge.student))
        assert found + still.get(charge.student.number, 0) == missing


@given(colleges())
def test_no_rule_has_anything_to_say_against_a_proposal(
    college: tuple[list[Charge], list[Person], list[Charge]],
) -> None:
    asked, mentors, others = college
    proposal = propose(asked, mentors, others)
    for charge in asked:
        held = list(charge.held)
        for one in proposal.pairings:
            if one.student == charge.student:
                verdict = judge(one.student, one.mentor, one.role, home=HOME, held=held)
                assert (verdict.refusals, verdict.warnings) == ((), ())
                held.append(Held(one.role, one.mentor))
