"""Hints for the writer of an introducer's opinion (policy § 6): words are found, not truth."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from bot.rules.opinion_agreement import without_agreement
from bot.rules.opinion_attitude import Stance, is_willing, meets_conditions
from bot.rules.opinion_layers import aspects, names_direction, names_shortcoming
from bot.rules.opinion_likeness import likeness
from bot.rules.opinion_names import without_names
from bot.rules.opinion_slips import other_person, placeholder
from bot.rules.opinion_text import length, prepare
from bot.rules.opinion_vague import only_vague

Level = Literal["E", "W", "H"]  # demanded and not found; probably; mild
Attitude = Literal["positive", "negative"]

TOO_LONG: Final = 20_000  # characters: from here on it is no opinion


@dataclass(frozen=True, slots=True)
class Hint:
    """``found``: the placeholder that was left (K9), at most 12 characters. The words: messages/zh/opinion.toml."""

    code: str
    level: Level
    found: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hints in the order of their codes; never a score. An honest no is an attitude, not a hint."""

    hints: tuple[Hint, ...]
    attitude: Attitude | None


def check(
    text: str,
    other: str | None = None,
    *,
    student: str | None = None,
    others: Collection[str] = (),
) -> Verdict:
    """What a mechanical check can honestly say of one opinion; keeps nothing.

    ``other``: the other introducer's text, for K6. ``student``: whom it is about, and ``others``:
    the same introducer's other students, for K10.
    """
    whole = prepare(text)
    own, agrees = without_agreement(without_names(whole, student))
    stances = (meets_conditions(own), is_willing(own))
    hints = [
        *_layers(own, stances),
        *_agreement(own, agrees=agrees),
        *_likeness(whole, other),
        *_length(whole),
        *_vagueness(own),
        *_placeholder(whole),
        *_person(whole, student, others),
    ]
    return Verdict(tuple(hints), _attitude(stances))


def _layers(own: str, stances: tuple[Stance | None, Stance | None]) -> Iterator[Hint]:
    missing = [code for code in ("K1a", "K1b", "K1c") if code not in aspects(own)]
    for code in missing:
        yield Hint(code, "E" if len(missing) == 3 else "W")
    if not names_shortcoming(own):
        yield Hint("K2", "E")
    if not names_direction(own):
        yield Hint("K3", "W")  # both models of the college lack it (A5)
    if "no" in stances:
        return
    for code, stance in zip(("K4a", "K4b"), stances, strict=True):
        if stance is None:
            yield Hint(code, "E")


def _attitude(stances: tuple[Stance | None, Stance | None]) -> Attitude | None:
    if "no" in stances:
        return "negative"
    return None if None in stances else "positive"


def _agreement(own: str, *, agrees: bool) -> Iterator[Hint]:
    """K5: agreeing is allowed where own content follows (A4)."""
    if agrees:
        alone = length(own) < 60 or not aspects(own) or not names_shortcoming(own)
        yield Hint("K5", "E" if alone else "H")


def _likeness(whole: str, other: str | None) -> Iterator[Hint]:
    level = None if other is None else likeness(whole, prepare(other))
    if level is not None:
        yield Hint("K6", level)


def _length(whole: str) -> Iterator[Hint]:
    size = length(whole)
    if size < 120:
        yield Hint("K7", "W" if size < 60 else "H")


def _vagueness(own: str) -> Iterator[Hint]:
    if only_vague(own):
        yield Hint("K8", "W")


def _placeholder(whole: str) -> Iterator[Hint]:
    found = placeholder(whole)
    if found is not None:
        yield Hint("K9", "E", found[:12])


def _person(whole: str, student: str | None, others: Collection[str]) -> Iterator[Hint]:
    if student and other_person(whole, student, others):
        yield Hint("K10", "W")
