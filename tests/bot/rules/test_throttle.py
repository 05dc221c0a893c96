"""How often an account may fail to enrol (X4)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.throttle import IN_ALL, PER_ACCOUNT, may_try


@given(st.integers(0, 200), st.integers(0, 200))
def test_no_account_tries_on_after_five_failures_however_quiet_it_is(
    own: int, others: int
) -> None:
    if own >= PER_ACCOUNT:
        assert not may_try(own, own + others)


@given(st.integers(1, 200), st.integers(IN_ALL, 500))
def test_during_a_flood_whoever_has_failed_waits(own: int, everybody: int) -> None:
    assert not may_try(own, everybody)


@given(st.integers(0, 10_000))
def test_whoever_has_not_failed_is_never_locked_out_by_others(everybody: int) -> None:
    assert may_try(0, everybody)


def test_fifth_failure_is_the_last_and_fiftieth_of_all_begins_the_flood() -> None:
    assert may_try(PER_ACCOUNT - 1, IN_ALL - 1)
    assert not may_try(PER_ACCOUNT, PER_ACCOUNT)
    assert not may_try(1, IN_ALL)
