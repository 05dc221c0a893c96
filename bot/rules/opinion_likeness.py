"""K6: how much two opinions share once what everybody writes is taken away (R54)."""

from __future__ import annotations

from typing import Literal

from bot.rules.opinion_text import cue

_FORMULAE = cue(r"""
    [用按以](?:照|据)?(?:党章(?:所)?规定的?|党员的?
      |共产党员的?)*标准(?:来)?(?:全面)?(?:地)?衡量
    | (?:对照|依照|依据)(?:党章(?:所)?规定的?|党员的?)*标准(?:来)?(?:全面)?(?:地)?衡量
    | 根据其?现实表现 | 我认为 | 基本?已?(?:经)?(?:基本)?(?:具备|符合|达到)…条件
    | 已(?:经)?(?:基本)?(?:具备|符合|达到)…条件 | (?:具备|符合|达到)…条件
    | 我?愿意?(?:担任|作为|作|做)(?:其|他|她)?的?(?:入党)?介绍人 | 介绍(?:其|他|她)?加入中国共产党
    | 加入中国共产党 | 该 | 同志
""")


def likeness(text: str, other: str) -> Literal["W", "H"] | None:
    """W or H by the larger of two measures of two prepared texts; None if they are different."""
    mine, theirs = _bare(text), _bare(other)
    dice = _dice(_grams(mine, 3), _grams(theirs, 3))
    if dice >= 0.50 or _grams(mine, 30) & _grams(theirs, 30):
        return "W"
    if dice >= 0.30 or _grams(mine, 18) & _grams(theirs, 18):
        return "H"
    return None


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, _FORMULAE.sub("", text)))


def _grams(text: str, size: int) -> set[str]:
    """Every run of so many characters; two texts share a run that long if their sets meet."""
    return {text[start : start + size] for start in range(len(text) - size + 1)}


def _dice(mine: set[str], theirs: set[str]) -> float:
    total = len(mine) + len(theirs)
    return 2 * len(mine & theirs) / total if total else 0.0
