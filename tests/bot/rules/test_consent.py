"""When a mentor is asked once more for consent, and when the secretary decides (A20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.consent import is_unsettled, is_waiting, nudge_at
from bot.rules.dated import Dated, consent_unanswered
from bot.rules.term import Quiet, add_working_days, may_send
from storage.records import Pairing, PairingId, PersonId, Role
from tests.bot.rules.rounds import YEAR_2026
from tests.support.clock import at

QUIET = Quiet()
ASKED = at(2026, 9, 15, 16)
NUDGE = at(2026, 9, 18, 16)
PAIRING = Pairing(
    id=PairingId(7),
    student=PersonId(1),
    mentor=PersonId(2),
    role=Role.CONTACT,
    since=date(2026, 9, 15),
    asked=ASKED,
)


@pytest.mark.parametrize(
    ("asked", "nudge"),
    [
        (ASKED, NUDGE),
        (at(2026, 9, 17, 16), at(2026, 9, 21, 16)),  # Sunday 20 September is a working day
        (at(2026, 9, 29, 16), at(2026, 10, 9, 16)),  # National Day lies between
        (at(2026, 9, 15, 22), at(2026, 9, 20, 9)),  # the third evening is too late to send
    ],
)
def test_the_nudge_leaves_three_working_days_after_the_question(
    asked: datetime, nudge: datetime
) -> None:
    assert nudge_at(asked, YEAR_2026, QUIET) == nudge


@given(st.dates(date(2026, 1, 5), date(2026, 11, 30)), st.integers(0, 24 * 60 - 1))
def test_the_nudge_is_never_early_and_leaves_in_sending_hours(day: date, minute: int) -> None:
    asked = at(day.year, day.month, day.day, minute // 60, minute % 60)
    nudge = nudge_at(asked, YEAR_2026, QUIET)
    assert may_send(nudge, YEAR_2026, QUIET)
    assert nudge.date() >= add_working_days(YEAR_2026, day, 3)


@pytest.mark.parametrize(
    ("changed", "when", "unsettled"),
    [
        ({}, ASKED, False),
        ({}, NUDGE, True),
        ({"consent": True}, NUDGE, False),
        ({"consent": False}, ASKED, True),
        ({"consent": False, "until": date(2026, 9, 16)}, NUDGE, False),
        ({"asked": None}, NUDGE, False),
    ],
)
def test_the_secretary_decides_on_a_refusal_at_once_and_on_silence_after_the_nudge(
    changed: dict[str, object], when: datetime, unsettled: bool
) -> None:
    pairing = replace(PAIRING, **changed)  # type: ignore[arg-type]
    assert is_unsettled(pairing, when, YEAR_2026, QUIET) is unsettled


@pytest.mark.parametrize(
    ("changed", "waits"),
    [
        ({}, True),
        ({"consent": True}, False),
        ({"consent": False}, False),
        ({"asked": None}, False),
        ({"until": date(2026, 9, 16)}, False),
    ],
)
def test_one_reminder_per_pairing_while_the_answer_is_waited_for(
    changed: dict[str, object], waits: bool
) -> None:
    pairing = replace(PAIRING, **changed)  # type: ignore[arg-type]
    assert is_waiting(pairing) is waits
    found = list(consent_unanswered([pairing], YEAR_2026, QUIET))
    reminder = Dated(
        kind="T17",
        to=PersonId(2),
        about=PersonId(1),
        key="consent:7:T17",
        at=NUDGE,
        until=at(2026, 9, 25, 16),
    )
    assert found == ([reminder] if waits else [])
