"""What the office enters of holidays: it wins over what is published, the later over the earlier."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.arrangements import Fault, arranged, days_of, fault_of, quiet_of, spans
from bot.rules.term import is_working
from storage.records import Arrangement, ArrangementKind, Calendar, Hours

TODAY = date(2026, 11, 25)
MONDAY = date(2027, 9, 27)
GONE = datetime(2026, 11, 25, tzinfo=timezone(timedelta(hours=8)))
REST, WORK, COMPLETE = ArrangementKind.REST, ArrangementKind.WORK, ArrangementKind.COMPLETE
PUBLISHED = Calendar(
    holidays=frozenset({date(2026, 10, 1), date(2027, 10, 9)}),
    makeup=frozenset({date(2026, 10, 10)}),
    announced=frozenset({2026}),
)


def own(kind: ArrangementKind, first: date, last: date | None = None, id: int = 1) -> Arrangement:
    return Arrangement(id=id, kind=kind, first=first, last=last or first)


def test_nothing_entered_leaves_what_is_published() -> None:
    assert arranged(PUBLISHED, ()) == PUBLISHED


def test_rest_days_rest_and_make_up_days_work_whatever_is_published() -> None:
    calendar = arranged(
        PUBLISHED,
        (own(REST, date(2026, 10, 9), date(2026, 10, 10)), own(WORK, date(2026, 10, 1))),
    )
    assert not is_working(calendar, date(2026, 10, 10))
    assert is_working(calendar, date(2026, 10, 1))
    assert calendar.announced == {2026}


def test_later_word_wins_over_the_earlier_one_in_whatever_order_they_are_read() -> None:
    earlier, later = own(REST, MONDAY), own(WORK, MONDAY, id=2)
    assert is_working(arranged(PUBLISHED, (later, earlier)), MONDAY)
    assert not is_working(arranged(PUBLISHED, (own(REST, MONDAY, id=3), later)), MONDAY)


def test_what_is_removed_counts_no_more() -> None:
    gone = Arrangement(id=1, kind=REST, first=MONDAY, last=MONDAY, removed=GONE)
    assert arranged(PUBLISHED, (gone,)) == PUBLISHED


def test_year_is_announced_once_the_office_says_it_is_complete() -> None:
    whole = own(COMPLETE, date(2027, 1, 1), date(2027, 12, 31))
    calendar = arranged(PUBLISHED, (whole,))
    assert calendar.announced == {2026, 2027}
    assert calendar.holidays == PUBLISHED.holidays


@pytest.mark.parametrize(
    ("one", "fault"),
    [
        (own(REST, date(2027, 10, 1), date(2027, 10, 7)), None),
        (own(REST, date(2027, 10, 8), date(2027, 10, 1)), Fault.BACKWARDS),
        (own(REST, date(2027, 7, 1), date(2027, 8, 29)), None),  # 60 days
        (own(REST, date(2027, 7, 1), date(2027, 8, 30)), Fault.TOO_LONG),
        (own(REST, date(2026, 11, 24)), Fault.PAST),
        (own(REST, date(2026, 11, 24), TODAY), None),
        (own(REST, date(2028, 12, 31)), None),
        (own(REST, date(2029, 1, 1)), Fault.FAR),
        (own(REST, date(2027, 10, 9)), Fault.NO_CHANGE),
        (own(REST, date(2027, 10, 9), date(2027, 10, 10)), None),
        (own(WORK, MONDAY), Fault.NO_CHANGE),
        (own(WORK, date(2027, 9, 26)), None),  # a Sunday
        (own(WORK, date(2027, 10, 9)), None),
    ],
)
def test_arrangement_is_taken_or_has_its_fault(one: Arrangement, fault: Fault | None) -> None:
    assert fault_of(one, TODAY, PUBLISHED) is fault


def test_neighbouring_days_are_one_span() -> None:
    days = [MONDAY, MONDAY + timedelta(1), MONDAY + timedelta(3)]
    assert spans(days) == [
        (MONDAY, MONDAY + timedelta(1)),
        (MONDAY + timedelta(3), MONDAY + timedelta(3)),
    ]
    assert spans([]) == []


def test_hours_are_what_the_rules_want() -> None:
    quiet = quiet_of(Hours(opens="08:00", closes="21:00"))
    assert (quiet.opens.hour, quiet.closes.hour) == (8, 21)


entries = st.builds(
    lambda kind, start, length, id: own(
        kind, TODAY + timedelta(start), TODAY + timedelta(start + length), id
    ),
    st.sampled_from([REST, WORK]),
    st.integers(0, 40),
    st.integers(0, 20),
    st.integers(1, 9),
)


@given(st.lists(entries, max_size=6, unique_by=lambda one: one.id))
def test_each_day_is_what_the_last_word_about_it_says(said: list[Arrangement]) -> None:
    calendar = arranged(Calendar(), tuple(said))
    for one in range(70):
        day = TODAY + timedelta(one)
        about = [each for each in said if day in days_of(each)]
        last = max(about, key=lambda each: each.id, default=None)
        if last is None:
            assert is_working(calendar, day) == (day.weekday() < 5)
        else:
            assert is_working(calendar, day) == (last.kind is WORK)
    assert not calendar.holidays & calendar.makeup
