"""A few made-up histories at each run; `python -m tests.soak` makes up thousands."""

from __future__ import annotations

from tests.histories.machine import play


def test_whatever_people_do_and_whatever_dies_what_was_accepted_holds_once() -> None:
    assert play(12, steps=25)
