"""How long what is kept (X23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.rules.retention import SETTLED, is_over, is_read, is_said, is_spent
from bot.rules.term import moment
from storage.records import (
    BranchId,
    InboxState,
    Invite,
    Kind,
    Person,
    PersonId,
    Received,
    Row,
    RowState,
    Stage,
)

THEN = moment(date(2026, 1, 31), time(9))
DAY = timedelta(days=1)
EVENING = time(20)

GONE = Person(
    id=PersonId(11),
    number="11",
    name="李明",
    branch=BranchId(1),
    kind=Kind.STUDENT,
    stage=Stage.ACTIVIST,
    left=THEN.date(),
)
ROW = Row(kind="hello", chat=7, to=GONE.id, due=THEN, created=THEN, state=RowState.SENT)


def evening(month: int, day: int) -> datetime:
    return moment(date(2026, month, day), EVENING)


def test_whoever_left_is_forgotten_after_whole_months_on_the_last_day_where_there_is_no_such() -> (
    None
):
    assert not is_over(GONE, evening(2, 27), 1)
    assert is_over(GONE, evening(2, 28), 1)


@pytest.mark.parametrize(
    ("person", "months"),
    [
        (replace(GONE, left=None), 1),
        (replace(GONE, cleared=THEN.date()), 1),
        (GONE, 0),
    ],
)
def test_nobody_is_forgotten_who_is_there_or_cleared_already_or_where_the_setting_says_never(
    person: Person, months: int
) -> None:
    assert not is_over(person, evening(12, 31), months)


@pytest.mark.parametrize("used", [None, THEN])
def test_link_goes_days_after_it_expired_used_or_not(used: datetime | None) -> None:
    invite = Invite(person=GONE.id, token_hash="0" * 64, created=THEN, expires=THEN, used=used)
    assert not is_spent(invite, THEN + 3 * DAY - timedelta(seconds=1), 3)
    assert is_spent(invite, THEN + 3 * DAY, 3)


@pytest.mark.parametrize("state", InboxState)
def test_update_goes_once_it_is_old_unless_it_still_waits(state: InboxState) -> None:
    received = Received(update=1, raw={}, at=THEN, state=state)
    assert not is_read(received, THEN + 3 * DAY - timedelta(seconds=1), 3)
    assert is_read(received, THEN + 3 * DAY, 3) is (state is not InboxState.WAITING)


@pytest.mark.parametrize("state", RowState)
def test_message_goes_once_it_is_old_unless_it_may_still_leave(state: RowState) -> None:
    row = replace(ROW, state=state)
    assert not is_said(row, THEN + 3 * DAY - timedelta(seconds=1), 3)
    assert is_said(row, THEN + 3 * DAY, 3) is (state in SETTLED)


def test_reminder_stays_for_its_key_and_a_list_while_it_counts_as_the_list() -> None:
    assert is_said(ROW, THEN + 3 * DAY, 3)
    assert not is_said(replace(ROW, keys=("7:S1:11:0",)), THEN + 3 * DAY, 3)
    assert not is_said(replace(ROW, live=True), THEN + 3 * DAY, 3)
