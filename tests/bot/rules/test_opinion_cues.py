"""Sentence by sentence: what the checklist finds, in the policy's own examples and in others."""

from __future__ import annotations

import pytest

from bot.rules.opinion import Verdict, check
from tests.bot.rules.opinions import examples

LOOKED_FOR = {
    "K1a",
    "K1b",
    "K1c",
    "K2",
    "K3",
    "K4a",
    "K4b",
}  # the hint comes when nothing is found


def finds(verdict: Verdict, code: str) -> bool:
    hinted = {hint.code for hint in verdict.hints}
    return (code not in hinted) if code in LOOKED_FOR else (code in hinted)


@pytest.mark.parametrize(("heading", "sentence"), examples("policy"))
def test_writer_sees_what_the_policy_says_of_its_example(heading: str, sentence: str) -> None:
    code, _, expected = heading.partition(" ")
    verdict = check(sentence)
    if code == "K5" and expected == "not found":  # “a hit is the higher of the two levels”
        assert ("K5", "E") not in {(hint.code, hint.level) for hint in verdict.hints}
    else:
        assert finds(verdict, code) is (expected == "found")


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [one for one in examples("paraphrases") if not one[0].startswith("attitude")],
)
def test_writer_sees_the_same_whatever_words_they_use(heading: str, sentence: str) -> None:
    code, _, expected = heading.partition(" ")
    assert finds(check(sentence), code) is (expected == "found")


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [one for one in examples("paraphrases") if one[0].startswith("attitude")],
)
def test_an_honest_no_is_never_read_as_a_yes(heading: str, sentence: str) -> None:
    verdict = check(sentence)
    assert verdict.attitude == heading.removeprefix("attitude ")
    assert {hint.code for hint in verdict.hints}.isdisjoint({"K4a", "K4b"})
