"""A string that is no button of ours does nothing, whoever presses it (X8)."""

from __future__ import annotations

from tests.bot.matrix import fuzz


async def test_mutated_button_strings_have_no_effect_and_are_answered() -> None:
    figures = await fuzz.press(20260907, 1000)
    assert figures["strings"] == 1000
