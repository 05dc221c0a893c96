"""Hints for the writer of an introducer's opinion (policy § 6): words are found, not truth."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from bot.rules.opinion_agreement import without_agreement
from bot.rules.opinion_attitude import Stance, is_willing, meets_conditions
from bot.rules.opinion_layers import aspects, names_direction, names_shortcoming
from bot.rules.opinion_likeness import likeness
from bot.rules.opinion_slips import other_person, placeholder
from bot.rules.opinion_text import length, prepare
from bot.rules.opinion_vague import only_vague

Level = Literal["E", "W", "H"]  # demanded and not found; probably; mild
Attitude = Literal["positive", "negative"]

TOO_LONG: Final = 20_000  # characters: from here on it is no opinion

_TEXTS: Final = {
    "K1a": "没有找到政治思想方面的表述",
    "K1b": "没有找到工作学习方面的表述",
    "K1c": "没有找到作风纪律方面的表述",
    "K2": "没有找到不足之处的表述",
    "K3": "没有找到今后努力方向的表述",
    "K4a": "没有找到“是否具备入党条件”的表述",
    "K4b": "没有找到“是否愿意担任入党介绍人”的表述",
    "K5E": "同意另一位介绍人意见以外，没有找到足够的本人意见的表述",
    "K5H": "有同意另一位介绍人意见的表述，请以本人的意见为主",
    "K6W": "与另一位介绍人的意见有较多相同之处，请用自己的话写",
    "K6H": "有几处与另一位介绍人的意见相近，可换成自己的话",
    "K7W": "内容较短，可补充您亲自了解的情况",
    "K7H": "内容略短，如有亲自了解的情况可再补充",
    "K8": "不足部分较笼统，可补一件具体的事",
    "K9": "有未替换的占位文字“{found}”，请改为实际内容",
    "K10": "没有找到本人姓名或“该同志”的表述，或出现了其他同学的姓名，请核对是否写错了人",
}


@dataclass(frozen=True, slots=True)
class Hint:
    """``text`` is for the writer, without a full stop, so that several can stand in one line (O3)."""

    code: str
    level: Level
    text: str


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
    own, agrees = without_agreement(whole)
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


def _hint(code: str, level: Level, *, found: str = "") -> Hint:
    text = _TEXTS.get(code) or _TEXTS[code + level]
    return Hint(code, level, text.format(found=found))


def _layers(own: str, stances: tuple[Stance | None, Stance | None]) -> Iterator[Hint]:
    missing = [code for code in ("K1a", "K1b", "K1c") if code not in aspects(own)]
    for code in missing:
        yield _hint(code, "E" if len(missing) == 3 else "W")
    if not names_shortcoming(own):
        yield _hint("K2", "E")
    if not names_direction(own):
        yield _hint("K3", "W")  # both models of the college lack it (A5)
    if "no" in stances:
        return
    for code, stance in zip(("K4a", "K4b"), stances, strict=True):
        if stance is None:
            yield _hint(code, "E")


def _attitude(stances: tuple[Stance | None, Stance | None]) -> Attitude | None:
    if "no" in stances:
        return "negative"
    return None if None in stances else "positive"


def _agreement(own: str, *, agrees: bool) -> Iterator[Hint]:
    """K5: agreeing is allowed where own content follows (A4)."""
    if agrees:
        alone = length(own) < 60 or not aspects(own) or not names_shortcoming(own)
        yield _hint("K5", "E" if alone else "H")


def _likeness(whole: str, other: str | None) -> Iterator[Hint]:
    level = None if other is None else likeness(whole, prepare(other))
    if level is not None:
        yield _hint("K6", level)


def _length(whole: str) -> Iterator[Hint]:
    size = length(whole)
    if size < 120:
        yield _hint("K7", "W" if size < 60 else "H")


def _vagueness(own: str) -> Iterator[Hint]:
    if only_vague(own):
        yield _hint("K8", "W")


def _placeholder(whole: str) -> Iterator[Hint]:
    found = placeholder(whole)
    if found is not None:
        yield _hint("K9", "E", found=found[:12])


def _person(whole: str, student: str | None, others: Collection[str]) -> Iterator[Hint]:
    if student and other_person(whole, student, others):
        yield _hint("K10", "W")
