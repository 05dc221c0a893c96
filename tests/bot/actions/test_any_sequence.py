"""Whatever is imported, assigned, moved on, decided, sent away and undone: R9–R18 hold (issue of pairing).

The rules are written down here afresh, as plain questions to the records.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from typing_extensions import override

from bot import path as ways
from bot.actions import departure, hand_over, introduce, pair, roster, roster_intake, stage, undo
from bot.actions.pair import Wish
from bot.calendar import calendar
from bot.commands import assigning
from bot.desk import Desk
from bot.refusal import Refusal, Refused
from bot.rules.introduction import Path
from bot.settings import Settings
from storage.records import (
    Account,
    Decision,
    Duty,
    Ending,
    Kind,
    Pairing,
    Person,
    Role,
    Stage,
    Talk,
    TalkKind,
    TalkState,
    Term,
    TermId,
)
from storage.store import Store
from storage.workbook_rows import BranchRow, PairingRow, PersonRow, Roster
from tests.support.clock import StandingClock, at
from tests.support.standings import agree

OURS, NEXT_DOOR, PAIRED, FAR = "学一", "学二", "教一", "教二"
SINCE = date(2025, 3, 3)
BRANCHES = (
    BranchRow(name=OURS, kind=Kind.STUDENT, paired=(PAIRED,)),
    BranchRow(name=NEXT_DOOR, kind=Kind.STUDENT, paired=(FAR,)),
    BranchRow(name=PAIRED, kind=Kind.TEACHER),
    BranchRow(name=FAR, kind=Kind.TEACHER),
)


def row(number: str, branch: str, at_stage: Stage, *duties: Duty) -> PersonRow:
    kind = Kind.TEACHER if number.startswith("T") else Kind.STUDENT
    return PersonRow(
        number=number,
        name=f"某{number}",
        branch=branch,
        kind=kind,
        stage=at_stage,
        duties=duties,
        stage_since=SINCE,
    )


PEOPLE = (
    *(row(f"T{one}", PAIRED, Stage.FULL) for one in range(4)),
    *(row(f"T{one}", FAR, Stage.FULL) for one in range(4, 6)),
    row("T9", PAIRED, Stage.FULL, Duty.OFFICE),
    row("S0", OURS, Stage.FULL, Duty.SECRETARY),
    row("S1", OURS, Stage.FULL),
    row("S2", OURS, Stage.ACTIVIST),
    row("S3", OURS, Stage.ACTIVIST),
    row("S4", OURS, Stage.CANDIDATE),
    row("S5", OURS, Stage.PROBATIONARY),
    row("S6", NEXT_DOOR, Stage.FULL, Duty.SECRETARY),
    row("S7", NEXT_DOOR, Stage.ACTIVIST),
)
FIRST = Roster(
    branches=BRANCHES,
    people=PEOPLE,
    pairings=(
        PairingRow(student="S2", mentor="T0", role=Role.CONTACT, since=SINCE),
        PairingRow(student="S5", mentor="T0", role=Role.INTRODUCER),
        PairingRow(student="S5", mentor="T1", role=Role.INTRODUCER),
    ),
)
NUMBERS = st.sampled_from([one.number for one in PEOPLE])
STUDENTS = st.sampled_from(["S2", "S3", "S4", "S5", "S7"])
MENTORS = st.sampled_from(["T0", "T1", "T2", "T3", "T4", "S1", "S2"])
ACTORS = st.sampled_from(["S0", "S0", "T9", "S6"])
ROLES = st.sampled_from(Role)


class AnySequence(RuleBasedStateMachine):
    """The acts of secretaries, office and command line on one small college."""

    def __init__(self) -> None:
        super().__init__()
        own = Settings()
        self.clock = StandingClock(at(2026, 9, 15, 10))
        self.store = Store.in_memory()
        self.desk = Desk(self.store, self.clock, own, calendar(own.holidays), "yinlu_bot")
        with self.desk.store.transaction():
            assert roster_intake.take_in(self.desk, FIRST).accepted
        with self.store.transaction():
            self.store.terms.add(
                Term(name="2026-2027-1", week1=date(2026, 9, 7), opened=self.clock.now())
            )
            for number, one in enumerate(self.store.people):
                account = Account(person=one.id, telegram=number + 1, since=self.clock.now())
                self.store.accounts.add(account)

    def person(self, number: str) -> Person:
        found = self.store.people.one("number", number)
        assert found is not None
        return found

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it in one transaction, as a handler does; a refusal changes nothing."""
        with contextlib.suppress(Refusal), self.store.transaction():
            act()

    @rule(minutes=st.sampled_from([1, 4, 11, 60 * 24]))
    def time_passes(self, minutes: int) -> None:
        self.clock.move_to(self.clock.now() + timedelta(minutes=minutes))

    # The roster

    def take_in(self, rows: Roster, *, remove_missing: bool = False) -> None:
        before = [*self.store.people, *self.store.pairings]
        with self.desk.store.transaction():
            report = roster_intake.take_in(self.desk, rows, remove_missing=remove_missing)
        if not report.accepted:
            assert [*self.store.people, *self.store.pairings] == before

    def exported(self, number: str, **changes: Any) -> Roster:
        now = roster.export(self.store)
        people = tuple(
            replace(one, **changes) if one.number == number else one for one in now.people
        )
        return replace(now, people=people)

    @rule(
        number=NUMBERS,
        change=st.sampled_from(
            [
                *({"stage": one} for one in Stage),
                {"may_introduce": False},
                {"may_introduce": True},
                {"branch": PAIRED},
                {"branch": FAR},
                {"branch": OURS},
            ]
        ),
        with_pairings=st.booleans(),
    )
    def office_changes_a_row(
        self, number: str, change: dict[str, Any], with_pairings: bool
    ) -> None:
        rows = self.exported(number, **change)
        self.take_in(rows if with_pairings else replace(rows, pairings=()))

    @rule(number=NUMBERS)
    def office_takes_somebody_off(self, number: str) -> None:
        now = roster.export(self.store)
        people = tuple(one for one in now.people if one.number != number)
        pairs = tuple(one for one in now.pairings if number not in {one.student, one.mentor})
        self.take_in(replace(now, people=people, pairings=pairs), remove_missing=True)

    @rule(number=NUMBERS)
    def somebody_comes_back(self, number: str) -> None:
        """As the file had it at first, alone in a file without pairings."""
        whose = tuple(one for one in PEOPLE if one.number == number)
        now = roster.export(self.store)
        self.take_in(Roster(branches=now.branches, people=whose, pairings=()))

    @rule(student=STUDENTS, mentor=NUMBERS, role=ROLES, alone=st.booleans())
    def office_lists_a_pairing(self, student: str, mentor: str, role: Role, alone: bool) -> None:
        now = roster.export(self.store)
        new = PairingRow(student=student, mentor=mentor, role=role)
        self.take_in(replace(now, pairings=(new,) if alone else (*now.pairings, new)))

    @rule(paired=st.sampled_from([(PAIRED,), (FAR,), (PAIRED, FAR)]))
    def office_changes_the_branch_map(self, paired: tuple[str, ...]) -> None:
        ours = replace(BRANCHES[0], paired=paired)
        self.take_in(Roster(branches=(ours, *BRANCHES[1:]), people=(), pairings=()))

    # Assignments

    @rule()
    def command_line_assigns(self) -> None:
        with contextlib.suppress(Refused):
            assigning.assign(self.desk, branch=None)

    @rule(by=ACTORS, student=STUDENTS, mentor=MENTORS, role=ROLES, replaces=st.booleans())
    def secretary_assigns(
        self, by: str, student: str, mentor: str, role: Role, replaces: bool
    ) -> None:
        whom = self.person(student)
        held = self.store.pairings.where("open_student", whom.id)
        instead = next((one for one in held if one.role is role), None) if replaces else None
        wish = Wish(whom, self.person(mentor), role, instead)
        self.attempt(lambda: pair.begin(self.desk, self.person(by), wish, "确有需要"))

    @rule(by=ACTORS, student=STUDENTS, ago=st.integers(0, 3))
    def secretary_ends_a_pairing(self, by: str, student: str, ago: int) -> None:
        held = self.store.pairings.where("open_student", self.person(student).id)
        day = self.desk.today() - timedelta(days=ago)
        who = self.person(by).id
        if held:
            self.attempt(lambda: hand_over.end(self.desk, held[0], Ending.RESIGNED, who, day=day))

    # The way of a student

    @rule(by=ACTORS, student=STUDENTS, to=st.sampled_from(Stage), ago=st.integers(-1, 400))
    def secretary_changes_a_stage(self, by: str, student: str, to: Stage, ago: int) -> None:
        whom, day = self.person(student), self.desk.today() - timedelta(days=ago)
        if whom.left is None:
            who = self.person(by).id
            self.attempt(lambda: stage.change_stage(self.desk, whom, to, day, who, why="研究决定"))

    @rule(by=ACTORS, students=st.sets(STUDENTS, min_size=1), ago=st.integers(-1, 3))
    def students_leave(self, by: str, students: set[str], ago: int) -> None:
        gone = [self.person(one) for one in sorted(students)]
        day, who = self.desk.today() - timedelta(days=ago), self.person(by).id
        self.attempt(lambda: departure.leave(self.desk, gone, day, Ending.GRADUATED, who))

    @rule(student=STUDENTS, decision=st.sampled_from(Decision))
    def meeting_decides(self, student: str, decision: Decision) -> None:
        self.attempt(lambda: self.walk_to_the_meeting(self.person(student), decision))

    def walk_to_the_meeting(self, student: Person, decision: Decision) -> None:
        desk, today = self.desk, self.desk.today()
        secretary = self.person("S0")
        if not desk.store.introductions.count("open_student", student.id):
            introduce.begin(desk, secretary, [student], today)
        introduce.set_meeting(desk, secretary, [self.path_of(student)], today + timedelta(days=1))
        for one in self.path_of(student).introducers:
            self.talk_as_introducer(one.mentor, student)
            introduce.write_opinion(desk, secretary, self.path_of(student), one, today)
        for one in self.path_of(student).introducers:
            introduce.answer(desk, secretary, self.path_of(student), one, consent=True)
        introduce.record_review(desk, secretary, self.path_of(student), today)
        self.clock.move_to(self.clock.now() + timedelta(days=1))
        introduce.decide(desk, secretary, self.path_of(student), decision)

    def path_of(self, student: Person) -> Path:
        found = ways.open_path(self.desk, student.id)
        if found is None:
            raise Refusal("intro_over")
        return found

    def talk_as_introducer(self, mentor: int, student: Person) -> None:
        for pairing in ways.introducer_pairings(self.desk, student, self.desk.today()):
            earlier = ways.introduction_talk(self.desk, pairing)
            if pairing.mentor == mentor and earlier is None:
                self.store.talks.add(
                    Talk(
                        pairing=pairing.id,
                        term=TermId(0),
                        kind=TalkKind.INTRODUCTION,
                        state=TalkState.CONFIRMED,
                        day=self.desk.today(),
                        recorded=self.desk.now(),
                        by=pairing.mentor,
                    )
                )

    @rule(by=ACTORS)
    def somebody_takes_the_last_act_back(self, by: str) -> None:
        self.attempt(lambda: undo.undo(self.desk, self.person(by)))

    # What holds after each of them

    def answering(self) -> Iterator[tuple[Person, list[tuple[Pairing, Person]]]]:
        """Every student on the roster who is not a full member, with the mentors who answer for them."""
        people = {one.id: one for one in self.store.people}
        for student in people.values():
            if student.left is not None or student.stage is Stage.FULL:
                continue
            mentors = [
                (one, people[one.mentor])
                for one in self.store.pairings
                if one.student == student.id and one.until is None
            ]
            is_early = student.stage in {Stage.ACTIVIST, Stage.CANDIDATE}
            yield (
                student,
                [
                    (one, mentor)
                    for one, mentor in mentors
                    if mentor.left is None and (one.role is Role.INTRODUCER or is_early)
                ],
            )

    @invariant()
    def mentors_are_full_members_of_the_own_or_a_paired_branch(self) -> None:
        for student, mentors in self.answering():
            home = self.store.branches[student.branch]
            for _, mentor in mentors:
                assert mentor.stage is Stage.FULL, "R9, R11, R14"
                assert mentor.branch in {home.id, *home.paired}, "R1, R6"
                assert mentor.id != student.id

    @invariant()
    def nobody_has_more_than_two_mentors_of_a_kind_or_one_twice(self) -> None:
        for _, mentors in self.answering():
            for role in Role:
                same = Counter(mentor.id for one, mentor in mentors if one.role is role)
                assert len(same) <= 2, "R10, R11"
                assert set(same.values()) <= {1}, "R11: two different people"

    @invariant()
    def no_introducer_is_excluded(self) -> None:
        for _, mentors in self.answering():
            for one, mentor in mentors:
                assert one.role is Role.CONTACT or mentor.may_introduce, "R15–R18"

    @invariant()
    def whoever_was_received_was_received_by_a_meeting(self) -> None:
        for one in self.store.deeds:
            if one.what == "stage" and one.after and one.after["stage"] == "probationary":
                ways_of = [way for way in self.store.introductions if way.student == one.about]
                assert any(way.decision is Decision.ACCEPTED for way in ways_of) or one.undone

    @invariant()
    def every_end_has_a_reason_and_its_successor_is_of_the_same_student(self) -> None:
        for one in self.store.pairings:
            assert (one.until is None) == (one.ended is None)
            if one.successor is not None:
                assert self.store.pairings[one.successor].student == one.student
            if one.since is not None and one.until is not None:
                assert one.since <= one.until

    @invariant()
    def what_is_kept_of_the_standings_is_what_a_look_at_everybody_finds(self) -> None:
        agree(self.desk)

    @override
    def teardown(self) -> None:
        self.store.close()


AnySequence.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnySequence = AnySequence.TestCase
