"""Who is told what about whom, and when a subject is closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.audience import (
    Matters,
    audience,
    branch_missing,
    claim_moment,
    is_overdue,
    matters,
    own_missing,
    still_open,
)
from bot.rules.cadence import DEFAULT
from bot.rules.situation import BranchFacts, StudentFacts, student_facts
from bot.rules.term import may_send
from storage.records import (
    BranchId,
    Exemption,
    Form,
    FormKind,
    FormState,
    Item,
    Kind,
    Obstacle,
    Pairing,
    PairingId,
    Person,
    PersonId,
    Relief,
    Role,
    Stage,
    Talk,
    TalkId,
    TalkState,
)
from tests.bot.rules.rounds import (
    BRANCH,
    CHEN_JIE,
    LI_MING,
    NATIONAL_DAY,
    OFFICE,
    OUYANG,
    SUN_LI,
    TERM,
    WANG,
    ZHANG_SAN,
    ZHAO_MIN,
    at,
    claim,
    situation,
    student,
    timing,
)

NOW = at(date(2026, 3, 18))
CLAIMED = student(state=TalkState.CLAIMED, claims=(claim(NOW - timedelta(hours=2)),))
DONE = student(state=TalkState.CONFIRMED, form=FormState.ARCHIVED, signed=True, opinion=True)


def told(kind: str, *students: StudentFacts) -> dict[int, tuple[PersonId, ...]]:
    return {int(to): about for to, about in audience(situation(*students), kind, NOW).items()}


@pytest.mark.parametrize("kind", ["S1", "S2", "S3"])
def test_students_are_reminded_of_the_talk_until_they_claim_it(kind: str) -> None:
    assert told(kind, student()) == {LI_MING: (LI_MING,)}
    assert told(kind, student(state=TalkState.DISPUTED)) == {LI_MING: (LI_MING,)}
    assert told(kind, CLAIMED) == {}
    assert told(kind, DONE) == {}


@pytest.mark.parametrize("kind", ["S1", "S2", "S3"])
def test_nobody_is_sent_to_a_mentor_who_is_missing_or_out_of_reach(kind: str) -> None:
    assert told(kind, student(mentors=())) == {}
    assert told(kind, student(obstacle=True)) == {}


def test_the_form_is_asked_of_every_student_in_the_cycle_until_it_is_in() -> None:
    for asked in (student(), CLAIMED, student(mentors=()), student(obstacle=True)):
        assert told("S4", asked) == {LI_MING: (LI_MING,)}
    assert told("S4", student(form=FormState.RECEIVED)) == {}
    assert told("S4", student(takes_part=False)) == {}


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (student(), ("talk", "form")),
        (student(state=TalkState.DISPUTED), ("check", "form")),
        (CLAIMED, ("form",)),
        (student(mentors=()), ("form",)),
        (student(obstacle=True, form=FormState.RECEIVED), ("talk",)),
        (student(state=TalkState.CLAIMED, form=FormState.RECEIVED), ()),
    ],
)
def test_a_student_is_told_only_of_what_the_student_can_do(
    facts: StudentFacts, missing: tuple[str, ...]
) -> None:
    assert own_missing(facts) == missing
    assert told("S5", facts) == ({LI_MING: (LI_MING,)} if missing else {})


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (student(), ("not_talked", "not_received")),
        (CLAIMED, ("claimed", "not_received")),
        (
            student(state=TalkState.DISPUTED, form=FormState.RECEIVED),
            ("disputed", "record", "opinion"),
        ),
        (
            student(state=TalkState.CONFIRMED, form=FormState.RECEIVED, signed=True),
            ("opinion",),
        ),
        (
            student(state=TalkState.CONFIRMED, form=FormState.RECEIVED, signed=True, opinion=True),
            (),
        ),
        (student(state=TalkState.CONFIRMED, form=FormState.ARCHIVED), ()),
    ],
)
def test_the_branch_reads_of_everything_that_is_missing_but_what_was_archived_without(
    facts: StudentFacts, missing: tuple[str, ...]
) -> None:
    assert branch_missing(facts) == missing


def test_the_committee_member_hands_out_and_takes_in_what_is_not_yet() -> None:
    forms = [
        student(who, form=form)
        for who, form in zip(
            (LI_MING, ZHANG_SAN, CHEN_JIE),
            (FormState.NOT_HANDED_OUT, FormState.HANDED_OUT, FormState.RECEIVED),
            strict=True,
        )
    ]
    assert told("C1", *forms) == {SUN_LI: (LI_MING,)}
    assert told("C3", *forms) == {SUN_LI: (LI_MING, ZHANG_SAN)}
    assert told("C4", *forms) == {SUN_LI: (LI_MING, ZHANG_SAN, CHEN_JIE)}
    assert told("C4", DONE) == {}


def test_the_secretary_stands_in_for_a_committee_member_who_is_missing() -> None:
    vacant = BranchFacts(id=BRANCH, secretaries=(ZHAO_MIN,))
    found = situation(student(), branches=(vacant,))
    assert audience(found, "C1", NOW) == {ZHAO_MIN: (LI_MING,)}


def test_a_branch_with_nobody_gets_nothing() -> None:
    found = situation(student(), branches=())
    for kind in ("C1", "C4", "B1", "B3", "G1"):
        assert audience(found, kind, NOW) == {}
    assert audience(found, "S4", NOW) == {LI_MING: (LI_MING,)}


def test_two_secretaries_are_both_told() -> None:
    pair = BranchFacts(id=BRANCH, secretaries=(ZHAO_MIN, SUN_LI))
    found = situation(student(), branches=(pair,))
    assert set(audience(found, "B1", NOW)) == {ZHAO_MIN, SUN_LI}


def test_mentors_first_read_of_all_their_students_then_of_those_open_or_waiting() -> None:
    students = (CLAIMED, student(ZHANG_SAN, mentors=(WANG, OUYANG)), student(CHEN_JIE))
    done = student(CHEN_JIE, state=TalkState.CONFIRMED)
    assert told("T1", *students) == {
        WANG: (LI_MING, ZHANG_SAN, CHEN_JIE),
        OUYANG: (ZHANG_SAN,),
    }
    assert told("T2", *students[:2], done) == {WANG: (LI_MING, ZHANG_SAN), OUYANG: (ZHANG_SAN,)}
    assert told("T2", done) == {}


def test_a_mentor_with_nobody_in_the_cycle_is_left_alone() -> None:
    assert told("T1", student(takes_part=False)) == {}
    assert told("T2", student(takes_part=False)) == {}


def test_a_claim_waits_for_its_own_mentor_even_if_the_other_has_confirmed() -> None:
    half = student(
        mentors=(WANG, OUYANG), state=TalkState.CONFIRMED, claims=(claim(NOW, mentor=OUYANG),)
    )
    assert told("T2", half) == {OUYANG: (LI_MING,)}
    assert told("T10", half) == {OUYANG: (LI_MING,)}


def test_a_group_reads_totals_only_if_one_is_bound() -> None:
    assert told("G1", student(), DONE) == {BRANCH: (LI_MING, LI_MING)}
    unbound = situation(student(), branches=(BranchFacts(id=BRANCH),))
    assert audience(unbound, "G1", NOW) == {}


def test_the_overdue_go_to_the_secretary_and_then_to_the_office() -> None:
    to_archive = student(
        ZHANG_SAN, state=TalkState.CONFIRMED, form=FormState.RECEIVED, signed=True, opinion=True
    )
    done = student(CHEN_JIE, state=TalkState.CONFIRMED, form=FormState.ARCHIVED)
    assert told("B3", student(), to_archive, done) == {ZHAO_MIN: (LI_MING, ZHANG_SAN)}
    assert told("E1", student(), to_archive, done) == {OFFICE: (LI_MING, ZHANG_SAN)}
    assert told("E1", done) == {}


NOTHING = Matters(
    without_mentor=(),
    few_introducers=(),
    obstacles=(),
    to_record=(),
    disputed=(),
    unanswered=(),
    consents=(),
    not_enrolled=(),
    not_handed_out=(),
    opinions=(),
    to_archive=(),
)
QUIET_STUDENT = student(form=FormState.HANDED_OUT)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("without_mentor", student(mentors=(), form=FormState.HANDED_OUT)),
        ("few_introducers", student(stage=Stage.CANDIDATE, form=FormState.HANDED_OUT)),
        (
            "few_introducers",
            student(stage=Stage.PROBATIONARY, introducers=1, form=FormState.HANDED_OUT),
        ),
        ("obstacles", student(obstacle=True, form=FormState.HANDED_OUT)),
        ("disputed", student(state=TalkState.DISPUTED, form=FormState.HANDED_OUT)),
        (
            "to_record",
            student(
                state=TalkState.CLAIMED,
                claims=(claim(NOW, mentor=PersonId(99)),),
                form=FormState.HANDED_OUT,
            ),
        ),
        (
            "unanswered",
            student(
                state=TalkState.CLAIMED,
                claims=(claim(NOW - timedelta(hours=72)),),
                form=FormState.HANDED_OUT,
            ),
        ),
        ("not_enrolled", student(PersonId(99), form=FormState.HANDED_OUT)),
        ("not_handed_out", student()),
        ("to_archive", student(form=FormState.RECEIVED, signed=True, opinion=True)),
    ],
)
def test_each_matter_alone_brings_the_secretary_a_summary(name: str, facts: StudentFacts) -> None:
    found = matters(situation(facts), BRANCH, NOW)
    assert {one: getattr(found, one) for one in NOTHING.__slots__ if getattr(found, one)} == {
        name: (facts.id,)
    }
    assert told("B1", facts) == {ZHAO_MIN: (facts.id,)}


def test_a_claim_that_no_mentor_can_answer_is_recorded_not_waited_for() -> None:
    old = claim(NOW - timedelta(hours=100), mentor=PersonId(99))
    found = matters(situation(student(state=TalkState.CLAIMED, claims=(old,))), BRANCH, NOW)
    assert (found.to_record, found.unanswered) == ((LI_MING,), ())


def test_an_opinion_to_write_is_a_matter_while_the_form_is_here() -> None:
    here = student(form=FormState.RECEIVED, signed=True)
    assert matters(situation(here), BRANCH, NOW).opinions == (LI_MING,)
    assert matters(situation(student(form=FormState.ARCHIVED)), BRANCH, NOW).opinions == ()


@pytest.mark.parametrize(
    "facts",
    [
        QUIET_STUDENT,
        student(stage=Stage.CANDIDATE, introducers=2, form=FormState.HANDED_OUT),
        student(
            state=TalkState.CLAIMED,
            claims=(claim(NOW - timedelta(hours=71)),),
            form=FormState.HANDED_OUT,
        ),
        student(takes_part=False),
        DONE,
    ],
)
def test_a_secretary_without_anything_to_do_is_left_alone(facts: StudentFacts) -> None:
    assert matters(situation(facts), BRANCH, NOW) == NOTHING
    assert told("B1", facts) == {}


def test_matters_of_another_branch_stay_there() -> None:
    assert matters(situation(student(branch=BranchId(2))), BRANCH, NOW) == NOTHING


def test_a_message_is_still_open_for_those_of_its_people_who_are() -> None:
    now = situation(student(LI_MING), student(ZHANG_SAN, state=TalkState.CONFIRMED))
    assert still_open(now, "T2", WANG, (LI_MING, ZHANG_SAN), NOW) == (LI_MING,)
    assert still_open(now, "T2", WANG, (ZHANG_SAN,), NOW) == ()
    assert still_open(now, "T2", OUYANG, (LI_MING,), NOW) == ()


@given(st.integers(0, 60 * 24 * 40))
def test_a_mentor_is_not_nudged_before_the_third_day(minutes: int) -> None:
    waiting = claim(at(NATIONAL_DAY, 0) + timedelta(minutes=minutes))
    round_ = timing(NATIONAL_DAY)
    found = claim_moment(waiting, round_)
    assert found - waiting.at >= DEFAULT.claim_patience
    assert may_send(found, round_.calendar, round_.quiet)


def test_facts_are_gathered_from_the_records_of_one_student() -> None:
    who = Person(
        id=LI_MING,
        number="2024001",
        name="李明",
        branch=BRANCH,
        kind=Kind.STUDENT,
        stage=Stage.CANDIDATE,
    )
    pairings = [
        Pairing(id=PairingId(1), student=LI_MING, mentor=OUYANG, role=Role.CONTACT),
        Pairing(id=PairingId(2), student=LI_MING, mentor=WANG, role=Role.INTRODUCER),
    ]
    talks = [
        Talk(
            id=TalkId(5),
            pairing=pairing,
            term=TERM,
            state=TalkState.CLAIMED,
            day=NOW.date(),
            recorded=NOW,
            by=LI_MING,
        )
        for pairing in (PairingId(1), PairingId(2))
    ]
    form = Form(
        student=LI_MING,
        term=TERM,
        kind=FormKind.ACTIVIST,
        state=FormState.RECEIVED,
        signed=True,
    )
    obstacle = Obstacle(student=LI_MING, term=TERM, at=NOW)
    found = student_facts(
        who,
        windows=timing().windows,
        on=NOW.date(),
        pairings=pairings,
        talks=talks,
        form=form,
        obstacles=[obstacle],
    )
    assert found == StudentFacts(
        id=LI_MING,
        branch=BRANCH,
        stage=Stage.CANDIDATE,
        mentors=(WANG,),
        introducers=1,
        state=TalkState.CLAIMED,
        claims=(claim(NOW, talk=5),),
        form=FormState.RECEIVED,
        signed=True,
        obstacle=True,
    )


def test_a_student_without_records_has_done_nothing() -> None:
    who = Person(
        id=LI_MING,
        number="2024001",
        name="李明",
        branch=BRANCH,
        kind=Kind.STUDENT,
        stage=Stage.ACTIVIST,
    )
    found = student_facts(
        who,
        windows=timing().windows,
        on=NOW.date(),
        pairings=[],
        talks=[],
        form=None,
        obstacles=[Obstacle(student=LI_MING, term=TERM, at=NOW, answered=NOW)],
    )
    assert found == student(mentors=())


REMINDS_OF_THE_TALK = ("S1", "S2", "S3", "T2")
REMINDS_OF_THE_FORM = ("C1", "C3", "S4")


@given(st.sampled_from(list(TalkState)), st.sampled_from(list(FormState)))
def test_no_reminder_comes_back_to_what_was_released_or_put_off(
    talk: TalkState, form: FormState
) -> None:
    one = student(state=talk, form=form, exempt=frozenset(Item))
    round_ = situation(one)
    for kind in (*REMINDS_OF_THE_TALK, *REMINDS_OF_THE_FORM, "S5"):
        assert audience(round_, kind, NOW) == {}
    assert own_missing(one) == ()
    assert not set(branch_missing(one)) - {"record", "opinion"}
    assert is_overdue(one) is (form is FormState.RECEIVED)


def test_what_was_not_released_is_asked_for_as_before() -> None:
    without_talk = student(exempt=frozenset({Item.TALK}))
    assert (own_missing(without_talk), branch_missing(without_talk)) == (
        ("form",),
        ("not_received",),
    )
    without_form = student(exempt=frozenset({Item.FORM}))
    assert (own_missing(without_form), branch_missing(without_form)) == (
        ("talk",),
        ("not_talked",),
    )


def test_a_release_that_was_taken_back_counts_no_more() -> None:
    who = Person(
        id=LI_MING,
        number="2024001",
        name="李明",
        branch=BRANCH,
        kind=Kind.STUDENT,
        stage=Stage.ACTIVIST,
    )
    given = [
        Exemption(student=LI_MING, term=TERM, item=item, relief=relief, day=NOW.date())
        for item, relief in ((Item.TALK, None), (Item.FORM, Relief.PUT_OFF))
    ]
    found = student_facts(
        who,
        windows=timing().windows,
        on=NOW.date(),
        pairings=[],
        talks=[],
        form=None,
        obstacles=[],
        exemptions=given,
    )
    assert found.exempt == {Item.FORM}
