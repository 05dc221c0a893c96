"""The pairing rules of policy § 1.2, A and B: for each a case that it stops or points out, and one it lets pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import pytest

from bot import college
from bot.actions.assigner import branches_of
from bot.actions.roster_report import sentence
from bot.desk import Desk
from bot.rules.audience import matters
from bot.rules.eligibility import Held, Reason, Verdict, judge, unfit
from bot.rules.matching import propose
from bot.rules.mentor_plan import Charge, lacking
from bot.rules.situation import BranchFacts, Situation, StudentFacts, Timing
from bot.rules.term import windows
from bot.settings import Settings
from messages.catalogue import Catalogue
from messages.facts import Asked, Named
from messages.render import render
from storage.records import (
    Branch,
    BranchId,
    Calendar,
    Duty,
    Kind,
    Person,
    PersonId,
    Role,
    Stage,
    TermId,
)
from storage.store import Store
from tests.support.cast import WEEK1
from tests.support.clock import StandingClock, at

OURS, PAIRED, ELSEWHERE, OTHERS = BranchId(1), BranchId(2), BranchId(3), BranchId(4)
CATALOGUE = Catalogue.load()
HOME = Branch(id=OURS, name="本科生第一党支部", kind=Kind.STUDENT, paired=(PAIRED,))
ACTIVIST = Person(
    id=PersonId(1),
    number="S1",
    name="李明",
    branch=OURS,
    kind=Kind.STUDENT,
    stage=Stage.ACTIVIST,
)
CANDIDATE = replace(ACTIVIST, stage=Stage.CANDIDATE)
TEACHER = Person(
    id=PersonId(2),
    number="T1",
    name="周文",
    branch=PAIRED,
    kind=Kind.TEACHER,
    stage=Stage.FULL,
)
SECOND = replace(TEACHER, id=PersonId(3), number="T2", name="吴静")
THIRD = replace(TEACHER, id=PersonId(4), number="T3", name="郑强")
PEER = replace(TEACHER, id=PersonId(5), number="S2", branch=OURS, kind=Kind.STUDENT)
CONTACT, INTRODUCER = Role.CONTACT, Role.INTRODUCER
Mentors = tuple[tuple[Role, Person], ...]


class Row(NamedTuple):
    """One rule. ``catches``: whether the case is stopped (or pointed out); ``passes`` must not be."""

    rule: str
    catches: Callable[[], bool]
    passes: Callable[[], bool]


def verdict(student: Person, mentor: Person, role: Role, *held: tuple[Role, Person]) -> Verdict:
    return judge(student, mentor, role, home=HOME, held=[Held(*one) for one in held])


def refused(
    reason: Reason, student: Person, mentor: Person, role: Role, *held: tuple[Role, Person]
) -> Callable[[], bool]:
    return lambda: reason in verdict(student, mentor, role, *held).refusals


def warned(
    reason: Reason, student: Person, mentor: Person, role: Role, *held: tuple[Role, Person]
) -> Callable[[], bool]:
    def is_warned() -> bool:
        found = verdict(student, mentor, role, *held)
        return found.allowed and reason in found.warnings

    return is_warned


def any_refusal(student: Person, mentor: Person, role: Role, *held: tuple[Role, Person]) -> bool:
    return not verdict(student, mentor, role, *held).allowed


def lacks(student: Person, *held: tuple[Role, Person]) -> Callable[[], bool]:
    return lambda: lacking(Charge(student, HOME, tuple(Held(*one) for one in held)))[1] > 0


def on_the_list(what: str, **facts: object) -> Callable[[], bool]:
    """Whether the secretary's summary names the student under that heading (B1)."""

    def is_named() -> bool:
        one = StudentFacts(id=PersonId(1), branch=OURS, **{"stage": Stage.ACTIVIST, **facts})  # type: ignore[arg-type]
        view = Situation(
            term=TermId(1),
            timing=Timing(windows=windows(WEEK1, Calendar())),
            students=(one,),
            branches=(BranchFacts(id=OURS),),
        )
        return one.id in getattr(matters(view, OURS, at(2026, 9, 18, 17)), what)

    return is_named


def unpaired_sentence(paired: tuple[str, ...]) -> str:
    return sentence(
        Reason.UNPAIRED,
        student=ACTIVIST,
        mentor=TEACHER,
        home=HOME,
        mentor_home=replace(HOME, id=ELSEWHERE, name="教工第二党支部"),
        paired=paired,
    )


def proposed(student: Person, mentors: list[Person], *held: tuple[Role, Person]) -> set[str]:
    charge = Charge(student, HOME, tuple(Held(*one) for one in held))
    return {one.mentor.name for one in propose([charge], mentors, []).pairings}


def college_of_four() -> Store:
    """Two student branches, the faculty branch paired with the first, and one on nobody's map."""
    store = Store.in_memory()
    with store.transaction():
        for id, name, kind in (
            (OURS, "学一", Kind.STUDENT),
            (PAIRED, "教一", Kind.TEACHER),
            (ELSEWHERE, "教二", Kind.TEACHER),
            (OTHERS, "学二", Kind.STUDENT),
        ):
            paired = (PAIRED,) if id == OURS else ()
            assert store.branches.add(Branch(name=name, kind=kind, paired=paired)).id == id
    return store


def shown_beside(branch: BranchId) -> list[BranchId]:
    """The branches that are named as paired with that one (R8)."""
    store = college_of_four()
    return [one.id for one in college.paired_with(store, store.branches[branch])]


def assigns_in(branch: BranchId, secretary_of: BranchId) -> bool:
    """Whether the secretary of the one branch may assign in the other (R5)."""
    desk = Desk(college_of_four(), StandingClock(at(2026, 9, 15, 10)), Settings(), Calendar())
    secretary = replace(PEER, branch=secretary_of, duties=(Duty.SECRETARY,))
    return branch in {one.id for one in branches_of(desk, secretary)}


def asks_to_know_well(kind: str) -> bool:
    """Whether the question for consent wants the mentor to know the person well (R13)."""
    asked = Asked(student=Named("李明", "李", "classmate"), role=INTRODUCER)
    teacher = Named("周文", "周", "teacher")
    facts = {"to": teacher, "branch": HOME.name, "asked": [asked], "replied": []}
    return "确认对该同学比较了解" in render(CATALOGUE, kind, facts).text


STRANGER = replace(TEACHER, branch=ELSEWHERE)
EXCLUDED = replace(TEACHER, may_introduce=False)
KIN = replace(TEACHER, relatives=(ACTIVIST.number,))
TWO_CONTACTS: Mentors = ((CONTACT, TEACHER), (CONTACT, SECOND))
TWO_INTRODUCERS: Mentors = ((INTRODUCER, TEACHER), (INTRODUCER, SECOND))

TABLE = [
    Row(
        "R1",
        refused(Reason.UNPAIRED, ACTIVIST, STRANGER, CONTACT),
        lambda: any_refusal(ACTIVIST, TEACHER, CONTACT),
    ),
    Row(
        "R2",
        warned(Reason.NO_TEACHER, ACTIVIST, PEER, CONTACT),
        warned(Reason.NO_TEACHER, ACTIVIST, PEER, CONTACT, (CONTACT, TEACHER)),
    ),
    Row("R3", lacks(ACTIVIST), lacks(ACTIVIST, (CONTACT, TEACHER))),
    Row("R4", lacks(CANDIDATE, (INTRODUCER, TEACHER)), lacks(CANDIDATE, *TWO_INTRODUCERS)),
    Row("R5", lambda: not assigns_in(OURS, OTHERS), lambda: not assigns_in(OURS, OURS)),
    Row(
        "R6",
        refused(
            Reason.UNPAIRED, ACTIVIST, replace(PEER, branch=ELSEWHERE), CONTACT, (CONTACT, TEACHER)
        ),
        lambda: any_refusal(ACTIVIST, PEER, CONTACT, (CONTACT, TEACHER)),
    ),
    Row(
        "R7",
        on_the_list("without_mentor", mentors=()),
        on_the_list("without_mentor", mentors=(TEACHER.id,)),
    ),
    # Both sides of the map are answered; what is on nobody's map is not.
    Row(
        "R8",
        lambda: shown_beside(OURS) == [PAIRED] and shown_beside(PAIRED) == [OURS],
        lambda: bool(shown_beside(ELSEWHERE)),
    ),
    Row(
        "R9",
        refused(
            Reason.NOT_FULL_MEMBER, ACTIVIST, replace(TEACHER, stage=Stage.PROBATIONARY), CONTACT
        ),
        lambda: any_refusal(ACTIVIST, TEACHER, CONTACT),
    ),
    Row(
        "R10",
        refused(Reason.TOO_MANY_CONTACTS, ACTIVIST, THIRD, CONTACT, *TWO_CONTACTS),
        lambda: any_refusal(ACTIVIST, SECOND, CONTACT, (CONTACT, TEACHER)),
    ),
    Row(
        "R11",
        refused(Reason.TOO_MANY_INTRODUCERS, CANDIDATE, THIRD, INTRODUCER, *TWO_INTRODUCERS),
        lambda: any_refusal(CANDIDATE, SECOND, INTRODUCER, (INTRODUCER, TEACHER)),
    ),
    Row(
        "R11",
        refused(Reason.ALREADY_PAIRED, CANDIDATE, TEACHER, INTRODUCER, (INTRODUCER, TEACHER)),
        lambda: any_refusal(CANDIDATE, TEACHER, INTRODUCER, (CONTACT, TEACHER)),
    ),
    Row(
        "R12",
        lambda: proposed(CANDIDATE, [TEACHER, SECOND, THIRD], *TWO_CONTACTS) == {"周文", "吴静"},
        lambda: any_refusal(CANDIDATE, THIRD, INTRODUCER, *TWO_CONTACTS),
    ),
    Row("R13", lambda: asks_to_know_well("T5b"), lambda: asks_to_know_well("T5")),
    Row(
        "R14",
        refused(
            Reason.NOT_FULL_MEMBER,
            CANDIDATE,
            replace(PEER, stage=Stage.PROBATIONARY),
            INTRODUCER,
            (INTRODUCER, TEACHER),
        ),
        lambda: any_refusal(CANDIDATE, PEER, INTRODUCER, (INTRODUCER, TEACHER)),
    ),
    # One yes or no for 留党察看, 缓期登记, 不合格 and 限期改正: the ground is not kept (R15–R18).
    *(
        Row(
            rule,
            refused(Reason.EXCLUDED, CANDIDATE, EXCLUDED, INTRODUCER),
            lambda: any_refusal(CANDIDATE, TEACHER, INTRODUCER),
        )
        for rule in ("R15", "R16", "R17", "R18")
    ),
    Row(
        "R19",
        warned(Reason.RELATIVE, CANDIDATE, KIN, INTRODUCER),
        warned(Reason.RELATIVE, CANDIDATE, TEACHER, INTRODUCER),
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.rule)
def test_each_pairing_rule_catches_what_it_should(row: Row) -> None:
    assert row.catches()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.rule)
def test_each_pairing_rule_lets_pass_what_it_should(row: Row) -> None:
    assert not row.passes()


def test_table_has_every_rule() -> None:
    assert {row.rule for row in TABLE} == {f"R{one}" for one in range(1, 20)}


@pytest.mark.parametrize("role", list(Role))
def test_excluded_person_is_pointed_out_as_contact_and_refused_as_introducer(role: Role) -> None:
    found = verdict(CANDIDATE, EXCLUDED, role)
    assert found.allowed is (role is Role.CONTACT)


def test_refusal_of_an_unpaired_branch_names_the_paired_ones() -> None:
    assert "对接的是：教工第一党支部、教工第五党支部。" in unpaired_sentence(
        ("教工第一党支部", "教工第五党支部")
    )


def test_mentors_who_stand_are_judged_each_beside_those_before() -> None:
    held = [Held(CONTACT, one) for one in (TEACHER, STRANGER, SECOND, PEER)]
    found = [(one.mentor.name, reason) for one, reason in unfit(ACTIVIST, held, home=HOME)]
    assert found[0] == ("周文", Reason.UNPAIRED)
    assert {reason for _, reason in found} >= {Reason.UNPAIRED, Reason.TOO_MANY_CONTACTS}
    assert not [*unfit(replace(ACTIVIST, stage=Stage.FULL), held, home=HOME)]
