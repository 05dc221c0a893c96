"""Whether a text that nobody has asked for is an opinion."""

from __future__ import annotations

import pytest

from bot.rules.opinion_signs import ENOUGH, is_signed, signs
from tests.bot.rules.opinions import CLOSING, EXAMPLE, SAMPLE_1, SAMPLE_2


@pytest.mark.parametrize(
    ("text", "found", "signed"),
    [
        (SAMPLE_1, 5, True),
        (SAMPLE_2, 6, True),
        (EXAMPLE, 4, False),
        (CLOSING, 1, True),
        ("我同意第一介绍人的意见。", 1, True),
        ("该同志还不具备入党条件，我不愿意担任其入党介绍人。", 1, True),
        ("老师您好，我已于9月14日同李明谈话，谈了学习和生活。", 0, False),
    ],
)
def test_parts_of_an_opinion_are_counted_and_its_attitude_is_heard(
    text: str, found: int, signed: bool
) -> None:
    assert (signs(text), is_signed(text)) == (found, signed)


def test_attitude_alone_is_too_little_for_an_opinion_and_an_opinion_without_it_is_enough() -> None:
    assert signs(CLOSING) < ENOUGH <= signs(EXAMPLE)
