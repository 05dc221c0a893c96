"""Steps in any order, by anybody's haste: the gate is never open without all its parts (R47)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import path as ways
from bot.actions import introduce, pair, talk, undo
from bot.actions.own_talks import Owed
from bot.actions.pair import Wish
from bot.calendar import calendar
from bot.desk import Desk
from bot.refusal import Refusal
from bot.rules.introduction import Path, lacks
from bot.settings import Settings
from storage.records import Decision, Pairing, Person, Role, Stage, TalkKind, TalkState
from storage.store import Store
from tests.support.cast import Cast, settle
from tests.support.clock import StandingClock, at

SINCE = date(2026, 9, 1)


@dataclass
class Branch:
    """One candidate with two introducers, and a secretary who tries everything."""

    clock: StandingClock = field(default_factory=lambda: StandingClock(at(2026, 11, 2, 10)))
    desk: Desk = field(init=False)
    cast: Cast = field(init=False)

    def __post_init__(self) -> None:
        own = Settings()
        self.desk = Desk(Store.in_memory(), self.clock, own, calendar(own.holidays), "yinlu_bot")
        self.cast = settle(self.desk)
        store = self.desk.store
        with store.transaction():
            student = self.student
            candidate = replace(student, stage=Stage.CANDIDATE, stage_since=SINCE)
            store.people.put(candidate)
            for mentor in ("周老师", "吴老师"):
                store.pairings.add(
                    Pairing(
                        student=student.id,
                        mentor=self.cast[mentor].id,
                        role=Role.INTRODUCER,
                        since=SINCE,
                    )
                )

    @property
    def student(self) -> Person:
        return self.desk.store.people[self.cast["钱二"].id]

    @property
    def secretary(self) -> Person:
        return self.cast["林峰"]

    def path(self) -> Path:
        found = ways.open_path(self.desk, self.student.id)
        if found is None:
            raise Refusal("intro_closed", student=self.student.id)
        return found

    def attempt(self, step: str, which: int, days_ago: int) -> bool:
        """Whether the step was recorded; a refused one changes nothing."""
        before = self.desk.store.sequence
        try:
            with self.desk.store.transaction():
                self._do(step, which, self.desk.today() - timedelta(days=days_ago))
        except Refusal:
            assert self.desk.store.sequence == before
            return False
        return True

    def _do(self, step: str, which: int, day: date) -> None:
        desk = self.desk
        if step == "wait":
            self.clock.move_to(self.clock.now() + timedelta(days=which + 1))
        elif step == "undo":
            undo.undo(desk, (self.secretary, self.cast["周老师"])[which])
        elif step == "begin":
            introduce.begin(desk, self.secretary, [self.student], day)
        elif step == "basics":
            introduce.fill_basics(desk, self.student, self.path(), day)
        elif step == "meeting":
            introduce.set_meeting(
                desk, self.secretary, [self.path()], desk.today() + (desk.today() - day)
            )
        elif step == "reviewed":
            introduce.record_review(desk, self.secretary, self.path(), day)
        elif step == "decide":
            introduce.decide(desk, self.secretary, self.path(), list(Decision)[which])
        else:
            self._do_as_introducer(step, which, day)

    def _replace(self, pairing: Pairing) -> None:
        """Somebody who is no introducer now takes the place of one."""
        names = ("周老师", "吴老师", "郑老师")
        held = {one.mentor for one in self.path().introducers}
        mentor = next(self.cast[name] for name in names if self.cast[name].id not in held)
        wish = Wish(self.student, mentor, Role.INTRODUCER, instead=pairing)
        pair.begin(self.desk, self.secretary, wish, why="另行安排")

    def _do_as_introducer(self, step: str, which: int, day: date) -> None:
        desk, path = self.desk, self.path()
        one = path.introducers[which]
        mentor = desk.store.people[one.mentor]
        if step == "replace":
            self._replace(desk.store.pairings[one.pairing])
        elif step == "talk":
            owed = Owed(desk.store.pairings[one.pairing], TalkKind.INTRODUCTION)
            talk.done(desk, mentor, [owed], day, day)
        elif step == "object":
            if one.talk is None:
                raise Refusal("stale_button")
            talk.object_to(desk, self.student, one.talk)
        elif step == "opinion":
            introduce.write_opinion(desk, mentor, path, one, day)
        else:
            introduce.answer(desk, mentor, path, one, consent=step == "willing")


STEPS = st.sampled_from(
    [
        "begin",
        "basics",
        "meeting",
        "talk",
        "object",
        "opinion",
        "willing",
        "unwilling",
        "reviewed",
        "decide",
        "replace",
        "undo",
        "wait",
    ]
)
MOVES = st.lists(st.tuples(STEPS, st.integers(0, 1), st.integers(0, 9)), max_size=25)
STRAIGHT: list[tuple[str, int, int]] = [
    ("begin", 0, 0),
    *((step, which, 0) for step in ("talk", "opinion", "willing") for which in (0, 1)),
    ("reviewed", 0, 0),
    ("meeting", 0, 1),
    ("wait", 0, 0),
]


def has_everything(path: Path) -> bool:
    """R47 once more, of the records as they are."""
    found, people = path.introduction, path.introducers
    end = found.meeting or date.max
    return (
        len({one.mentor for one in people}) == 2
        and all(
            one.talk
            and one.talk.state is TalkState.CONFIRMED
            and one.talk.day
            and SINCE <= one.talk.day < end
            and one.opinion
            and one.opinion.written
            and one.opinion.written < end
            and one.opinion.consent is True
            and found.reviewed_at
            and one.opinion.recorded <= found.reviewed_at
            for one in people
        )
        and found.reviewed is not None
        and found.reviewed < end
    )


@settings(max_examples=150, deadline=None)
@given(MOVES, st.booleans())
def test_in_any_order_the_gate_opens_and_the_meeting_decides_only_with_everything_there(
    moves: list[Any], straight: bool
) -> None:
    branch = Branch()
    for step, which, days_ago in [*(STRAIGHT if straight else []), *moves]:
        path = ways.open_path(branch.desk, branch.student.id)
        was_ready = path is not None and has_everything(path)
        recorded = branch.attempt(step, which, days_ago)
        if step == "decide" and recorded:
            assert was_ready
        now = ways.open_path(branch.desk, branch.student.id)
        if now is not None:
            assert (not lacks(now)) == has_everything(now)


def test_the_straight_way_leads_through_the_gate() -> None:
    branch = Branch()
    for step, which, days_ago in STRAIGHT:
        assert branch.attempt(step, which, days_ago), step
    assert not lacks(branch.path())
    assert branch.attempt("decide", 0, 0)
    assert branch.student.stage is Stage.PROBATIONARY


# Bad input: a sentence, and nothing changed.


def refusal(branch: Branch, act: Callable[[], object]) -> str:
    before = branch.desk.store.sequence
    with pytest.raises(Refusal) as refused, branch.desk.store.transaction():
        act()
    assert branch.desk.store.sequence == before
    return refused.value.kind


def begun() -> Branch:
    branch = Branch()
    assert branch.attempt("begin", 0, 0)
    return branch


def test_nobody_is_put_on_the_way_who_is_no_candidate_of_the_branch_or_is_on_it_already() -> None:
    branch = begun()
    desk, secretary, today = branch.desk, branch.secretary, branch.desk.today()

    def begin(*names: str) -> str:
        people = [desk.store.people[branch.cast[name].id] for name in names]
        return refusal(branch, lambda: introduce.begin(desk, secretary, people, today))

    assert begin("李明") == "intro_not_candidate"
    assert begin("钱二") == "intro_already"
    assert begin() == "intro_nobody"
    assert refusal(branch, lambda: introduce.set_meeting(desk, secretary, [], today)) == (
        "intro_nobody"
    )


@pytest.mark.parametrize(
    ("days", "kind"), [(1, "intro_day_future"), (-90, "intro_before_candidate")]
)
def test_a_step_has_a_day_that_can_be(days: int, kind: str) -> None:
    branch = begun()
    day = branch.desk.today() + timedelta(days=days)
    path = branch.path()
    one = path.introducers[0]
    mentor = branch.desk.store.people[one.mentor]
    for act in (
        lambda: introduce.fill_basics(branch.desk, branch.student, path, day),
        lambda: introduce.write_opinion(branch.desk, mentor, path, one, day),
    ):
        assert refusal(branch, act) == kind


def test_an_attitude_without_opinion_and_an_outcome_without_meeting_are_refused() -> None:
    branch = begun()
    path = branch.path()
    one = path.introducers[0]
    mentor = branch.desk.store.people[one.mentor]
    desk, secretary = branch.desk, branch.secretary
    assert refusal(branch, lambda: introduce.answer(desk, mentor, path, one, consent=True)) == (
        "intro_not_written"
    )
    assert refusal(branch, lambda: introduce.decide(desk, secretary, path, Decision.ACCEPTED)) == (
        "intro_no_meeting"
    )
    assert branch.attempt("meeting", 0, 9)
    assert refusal(
        branch, lambda: introduce.decide(desk, secretary, branch.path(), Decision.ACCEPTED)
    ) == ("intro_meeting_ahead")


def test_an_opinion_comes_before_the_meeting() -> None:
    branch = begun()
    assert branch.attempt("meeting", 0, 1)
    assert branch.attempt("wait", 1, 0)
    path = branch.path()
    one = path.introducers[0]
    mentor = branch.desk.store.people[one.mentor]
    today = branch.desk.today()
    assert refusal(
        branch, lambda: introduce.write_opinion(branch.desk, mentor, path, one, today)
    ) == ("intro_not_before_meeting")


def test_a_probation_is_extended_for_probationary_members_only_and_once() -> None:
    branch = Branch()
    desk, secretary = branch.desk, branch.secretary
    assert refusal(branch, lambda: introduce.extend(desk, secretary, branch.student, 6)) == (
        "intro_over"
    )
    for step, which, days_ago in [*STRAIGHT, ("decide", 0, 0)]:
        assert branch.attempt(step, which, days_ago)
    with desk.store.transaction():
        introduce.extend(desk, secretary, branch.student, 12)
    assert ways.extension(desk, branch.student.id) == 12
    assert refusal(branch, lambda: introduce.extend(desk, secretary, branch.student, 6)) == (
        "intro_extended_already"
    )
