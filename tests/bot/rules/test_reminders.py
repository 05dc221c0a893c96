"""What goes to whom and when, and what should leave now."""

from __future__ import annotations

import time as wall
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rules.reminders import Due, due, plan
from bot.rules.situation import Situation, StudentFacts, Timing
from bot.rules.term import may_send
from storage.records import FormState, PersonId, TalkState
from tests.bot.rules.rounds import (
    BRANCH,
    CHEN_JIE,
    EVERYBODY,
    HOME,
    LI_MING,
    NATIONAL_DAY,
    OFFICE,
    SPRING,
    SUN_LI,
    TERM,
    WANG,
    ZHANG_SAN,
    ZHAO_MIN,
    at,
    claim,
    situation,
    student,
    timings,
)

START, END = at(date(2026, 3, 1), 0), at(date(2026, 5, 1), 0)


def never(_: str) -> bool:
    return False


def lines(messages: list[Due]) -> list[str]:
    """Messages as one would read them out: when, what, to whom."""
    return [f"{one.at:%m-%d %H:%M} {'+'.join(one.kinds)} {one.to}" for one in messages]


def test_a_term_in_which_nothing_happens_goes_as_the_table_says() -> None:
    assert lines(plan(situation(student()), START, END)) == [
        f"03-02 09:00 C1 {SUN_LI}",
        f"03-06 09:00 T1 {WANG}",
        f"03-09 09:00 S1 {LI_MING}",
        f"03-09 09:00 G1 {BRANCH}",
        f"03-13 17:00 B1 {ZHAO_MIN}",
        f"03-16 09:00 S2 {LI_MING}",
        f"03-16 09:00 G1 {BRANCH}",
        f"03-18 09:00 T2 {WANG}",
        f"03-19 09:00 S3 {LI_MING}",
        f"03-19 09:00 B1 {ZHAO_MIN}",
        f"03-23 09:00 S4 {LI_MING}",
        f"03-23 09:00 C3 {SUN_LI}",
        f"03-23 09:00 G1 {BRANCH}",
        f"03-27 09:00 S5 {LI_MING}",
        f"03-27 09:00 C4 {SUN_LI}",
        f"03-27 17:00 B1 {ZHAO_MIN}",
        f"04-01 09:00 B3 {ZHAO_MIN}",
        f"04-08 09:00 E1 {OFFICE}",
    ]


def test_a_plan_takes_its_start_in_and_leaves_its_end_out() -> None:
    found = plan(situation(student()), at(date(2026, 3, 2)), at(date(2026, 3, 6)))
    assert lines(found) == [f"03-02 09:00 C1 {SUN_LI}"]


def test_a_plan_does_not_ask_who_is_enrolled() -> None:
    strangers = situation(student(form=FormState.HANDED_OUT), enrolled=frozenset())
    planned = lines(plan(strangers, START, END))
    assert f"03-09 09:00 S1 {LI_MING}" in planned
    assert due(strangers, at(date(2026, 3, 16)), never) == [
        one for one in plan(strangers, at(date(2026, 3, 16)), at(date(2026, 3, 17))) if one.group
    ]


def test_every_message_tells_its_students_its_key_and_its_end() -> None:
    (found,) = plan(
        situation(student(LI_MING), student(ZHANG_SAN)),
        at(date(2026, 3, 6)),
        at(date(2026, 3, 7)),
    )
    assert found == Due(
        at=at(date(2026, 3, 6)),
        kinds=("T1",),
        to=WANG,
        about=(LI_MING, ZHANG_SAN),
        keys=(f"{TERM}:T1:{WANG}:1",),
        until=at(date(2026, 3, 23), 0),
    )
    assert not found.group


def test_only_the_groups_line_is_for_a_group() -> None:
    groups = [one for one in plan(situation(student()), START, END) if one.group]
    assert {one.kinds for one in groups} == {("G1",)}
    assert {one.to for one in groups} == {BRANCH}


def test_digests_of_one_minute_are_one_message_and_lists_with_buttons_stay_their_own() -> None:
    # The secretary is the committee member and a mentor too; National Day puts 09-30 together.
    both = replace(HOME, committee=())
    one = student(
        mentors=(ZHAO_MIN,),
        form=FormState.HANDED_OUT,
        state=TalkState.DISPUTED,
    )
    crowded = situation(one, week1=NATIONAL_DAY, branches=(both,))
    found = lines(plan(crowded, at(date(2026, 9, 30), 0), at(date(2026, 10, 31), 0)))
    assert f"09-30 09:00 T2 {ZHAO_MIN}" in found
    assert f"09-30 09:00 B1 {ZHAO_MIN}" in found
    assert f"10-10 09:00 C4 {ZHAO_MIN}" in found
    earlier = situation(one, week1=date(2026, 9, 7), branches=(both,))
    shared = [
        message
        for message in plan(earlier, at(date(2026, 9, 30), 0), at(date(2026, 10, 1), 0))
        if message.to == ZHAO_MIN
    ]
    assert [message.kinds for message in shared] == [("C4", "B1")]
    assert shared[0].keys == (f"{TERM}:C4:{ZHAO_MIN}:1", f"{TERM}:B1:{ZHAO_MIN}:3")
    assert shared[0].about == (LI_MING,)
    assert shared[0].until == at(date(2026, 10, 5), 0)  # the later of the two ends


def test_a_reminder_leaves_at_its_minute_and_not_before() -> None:
    now = situation(student())
    early = at(date(2026, 3, 9)) - timedelta(seconds=1)
    assert [one for one in due(now, early, never) if one.kinds == ("S1",)] == []
    assert f"03-09 09:00 S1 {LI_MING}" in lines(due(now, at(date(2026, 3, 9)), never))


def test_a_used_key_is_never_used_again() -> None:
    now = situation(student())
    monday = at(date(2026, 3, 9))
    used = {key for one in due(now, monday, never) for key in one.keys}
    assert used
    assert due(now, monday + timedelta(minutes=1), used.__contains__) == []


def test_a_reminder_missed_while_the_bot_was_down_goes_once_it_is_back() -> None:
    now = situation(student())
    found = lines(due(now, at(date(2026, 3, 12), 15, 7), never))
    assert f"03-09 09:00 S1 {LI_MING}" in found
    assert f"03-06 09:00 T1 {WANG}" in found
    assert not any("C1" in one for one in found)  # week 1 is over


def test_a_missed_reminder_is_not_sent_beside_its_successor() -> None:
    now = situation(student())
    found = lines(due(now, at(date(2026, 3, 19)), never))
    assert [one for one in found if " S" in one] == [f"03-19 09:00 S3 {LI_MING}"]


def test_a_missed_reminder_found_in_quiet_hours_waits_for_the_morning() -> None:
    now = situation(student())
    assert due(now, at(date(2026, 3, 12), 22), never) == []
    assert due(now, at(date(2026, 3, 14), 10), never) == []  # Saturday
    assert f"03-09 09:00 S1 {LI_MING}" in lines(due(now, at(date(2026, 3, 13), 8, 30), never))


def test_a_missed_reminder_lapses_with_its_window() -> None:
    monday = at(date(2026, 3, 23))
    found = due(situation(student()), monday, never)
    assert not any(set(one.kinds) & {"S1", "S2", "S3", "T1", "T2"} for one in found)


def test_what_an_earlier_tick_has_settled_does_not_come_back() -> None:
    tuesday = at(date(2026, 3, 17), 14)
    disputed = situation(student(state=TalkState.DISPUTED))  # was claimed on Monday at nine
    assert f"03-16 09:00 S2 {LI_MING}" in lines(due(disputed, tuesday, never))
    settled = due(disputed, tuesday, never, since=at(date(2026, 3, 17), 13, 59))
    assert settled == []
    thursday = due(disputed, at(date(2026, 3, 19)), never, since=at(date(2026, 3, 19), 8, 59))
    assert f"03-19 09:00 S3 {LI_MING}" in lines(thursday)


def test_nothing_is_due_to_people_who_are_not_enrolled_but_the_group_hears() -> None:
    now = situation(student(), enrolled=EVERYBODY - {LI_MING})
    assert lines(due(now, at(date(2026, 3, 9)), never, since=at(date(2026, 3, 9), 8, 59))) == [
        f"03-09 09:00 G1 {BRANCH}"
    ]


CLAIMED_AT = at(date(2026, 3, 10), 14)
CLAIMED = student(state=TalkState.CLAIMED, claims=(claim(CLAIMED_AT),))


def nudges(now: Situation, moment: datetime, used: frozenset[str] = frozenset()) -> list[Due]:
    return [one for one in due(now, moment, used.__contains__) if one.kinds == ("T10",)]


def test_a_mentor_is_nudged_once_the_claim_has_waited_three_days() -> None:
    now = situation(CLAIMED)
    third = CLAIMED_AT + timedelta(hours=72)
    assert nudges(now, third - timedelta(minutes=1)) == []
    (found,) = nudges(now, third)
    assert (found.to, found.about) == (WANG, (LI_MING,))
    assert nudges(now, third + timedelta(minutes=1), frozenset(found.keys)) == []


def test_claims_whose_third_day_falls_on_a_weekend_are_asked_about_together_on_monday() -> None:
    friday = at(date(2026, 3, 12), 12)
    pair = (
        student(LI_MING, state=TalkState.CLAIMED, claims=(claim(friday, 1),)),
        student(ZHANG_SAN, state=TalkState.CLAIMED, claims=(claim(friday, 2),)),
        student(CHEN_JIE, state=TalkState.CLAIMED, claims=(claim(at(date(2026, 3, 15)), 3),)),
    )
    (found,) = nudges(situation(*pair), at(date(2026, 3, 16)))
    assert found.about == (LI_MING, ZHANG_SAN)
    assert len(found.keys) == 2


def test_a_claim_that_another_nudge_has_shown_is_not_nudged_again() -> None:
    first, second, third = (at(date(2026, 3, day), 14) for day in (9, 11, 13))
    now = situation(
        student(LI_MING, state=TalkState.CLAIMED, claims=(claim(first, 1),)),
        student(ZHANG_SAN, state=TalkState.CLAIMED, claims=(claim(second, 2),)),
        student(CHEN_JIE, state=TalkState.CLAIMED, claims=(claim(third, 3),)),
    )
    (shown,) = nudges(now, first + timedelta(hours=72))
    assert shown.about == (LI_MING,)
    assert nudges(now, at(date(2026, 3, 14), 14), frozenset(shown.keys)) == []
    (later,) = nudges(now, at(date(2026, 3, 16), 14), frozenset(shown.keys))
    assert later.about == (CHEN_JIE,)  # claimed after the first nudge had left
    planned = [one for one in plan(now, START, END) if one.kinds == ("T10",)]
    assert [one.about for one in planned] == [(LI_MING,), (CHEN_JIE,)]


def test_a_claim_about_which_the_digest_has_asked_is_not_nudged() -> None:
    monday = at(date(2026, 3, 16), 14)
    now = situation(student(state=TalkState.CLAIMED, claims=(claim(monday),)))
    digest = f"{TERM}:T2:{WANG}:1"
    assert nudges(now, monday + timedelta(hours=72), frozenset({digest})) == []
    assert [one for one in plan(now, START, END) if "T10" in one.kinds] == []


def test_a_claim_made_after_the_digest_is_nudged() -> None:
    after_it = at(date(2026, 3, 18), 9, 1)
    now = situation(student(state=TalkState.CLAIMED, claims=(claim(after_it),)))
    digest = f"{TERM}:T2:{WANG}:1"
    assert len(nudges(now, at(date(2026, 3, 23)), frozenset({digest}))) == 1


def test_a_claim_is_nudged_if_the_digest_never_left() -> None:
    friday = at(date(2026, 3, 20), 8, 45)  # the digest's window ends on Sunday, the bot is down
    waiting = student(state=TalkState.CLAIMED, claims=(claim(at(date(2026, 3, 17), 8, 45)),))
    now = situation(waiting)
    assert nudges(now, friday) == []  # the late digest leaves in this very tick
    assert any(one.kinds == ("T2",) for one in due(now, friday, never))
    assert len(nudges(now, at(date(2026, 3, 23)))) == 1


def test_a_claim_made_anew_after_a_dispute_may_be_nudged_again() -> None:
    (first,) = nudges(situation(CLAIMED), CLAIMED_AT + timedelta(hours=72))
    again_at = at(date(2026, 3, 24), 10)
    again = situation(student(state=TalkState.CLAIMED, claims=(claim(again_at),)))
    (second,) = nudges(again, again_at + timedelta(hours=72), frozenset(first.keys))
    assert set(first.keys).isdisjoint(second.keys)


def test_a_plan_shows_the_nudges_of_claims_that_wait() -> None:
    now = situation(CLAIMED)
    assert f"03-13 14:00 T10 {WANG}" in lines(plan(now, START, END))
    assert plan(now, CLAIMED_AT, CLAIMED_AT + timedelta(hours=1)) == []


states = st.sampled_from(TalkState)
people = st.lists(
    st.builds(
        student,
        st.just(LI_MING),
        mentors=st.sampled_from([(), (WANG,), (WANG, ZHAO_MIN)]),
        state=states,
        form=st.sampled_from(FormState),
        obstacle=st.booleans(),
    ),
    max_size=3,
)


def numbered(students: list[StudentFacts], week1: date) -> tuple[StudentFacts, ...]:
    """The students with ids of their own, and a claim of each that waits since week 3."""
    claimed = at(week1 + timedelta(days=13), 14)
    return tuple(
        replace(
            one,
            id=PersonId(11 + place),
            claims=tuple(claim(claimed, place, mentor) for mentor in one.mentors)
            if one.state is TalkState.CLAIMED
            else (),
        )
        for place, one in enumerate(students)
    )


ticks = st.lists(st.tuples(st.integers(0, 60 * 24 * 6), people), max_size=12)


@given(timings(), ticks, st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_each_reminder_goes_at_most_once_over_any_sequence_of_ticks(
    round_: Timing, course: list[tuple[int, list[StudentFacts]]], watched: bool
) -> None:
    now = at(round_.windows.week1, 0)
    used: list[str] = []
    since: datetime | None = None
    for minutes, students in course:
        now += timedelta(minutes=minutes)
        state = situation(*numbered(students, round_.windows.week1), timing=round_)
        for message in due(state, now, used.__contains__, since=since):
            assert may_send(now, round_.calendar, round_.quiet)
            assert message.at <= now < message.until
            assert message.about
            used.extend(message.keys)
        if watched and may_send(now, round_.calendar, round_.quiet):
            since = now
    assert len(used) == len(set(used))


@given(timings(), people)
@settings(max_examples=60)
def test_a_plan_tells_every_key_once_and_is_kept_by_a_bot_that_never_sleeps(
    round_: Timing, students: list[StudentFacts]
) -> None:
    state = situation(*numbered(students, round_.windows.week1), timing=round_)
    first = at(round_.windows.week1, 0)
    planned = plan(state, first, first + timedelta(days=90))
    keys = [key for message in planned for key in message.keys]
    assert len(keys) == len(set(keys))
    assert planned == sorted(planned, key=lambda message: message.at)
    used: set[str] = set()
    for moment in sorted({message.at for message in planned}):
        leaving = due(state, moment, used.__contains__)
        assert leaving == [message for message in planned if message.at == moment]
        used.update(key for message in leaving for key in message.keys)


@pytest.fixture(params=["America/New_York", "Pacific/Kiritimati"])
def host_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    wall.tzset()
    yield request.param
    monkeypatch.undo()
    wall.tzset()


def test_a_plan_is_the_same_whatever_the_zone_of_the_host(host_zone: str) -> None:
    first = plan(situation(student()), START, END)[0]
    assert first.at.isoformat() == "2026-03-02T09:00:00+08:00"
    assert lines(due(situation(student()), first.at, never)) == [f"03-02 09:00 C1 {SUN_LI}"]
    assert first.at.date() == SPRING
