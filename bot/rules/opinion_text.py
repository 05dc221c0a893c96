"""How the checklist takes an opinion apart: headings, sentences, clauses, cues (policy § 6.1)."""

from __future__ import annotations

import re

from bot.rules.typed import Pattern, fold

CLAUSE_END = "。;,!?"
IN_CLAUSE = f"[^{CLAUSE_END}]"
GAP = f"{IN_CLAUSE}{{0,12}}"  # what “…” stands for in a cue
CLAUSE_START = f"(?:^|(?<=[{CLAUSE_END}:]))"

_HEADING = re.compile(
    r"(?:附件)?:?(?:第[一二])?(?:入党)?介绍人(?:的)?意见(?:例文)?[12一二]?:?(?:\(?第[一二]介绍人\)?)?:?"
)
_FULL_STOP = re.compile(r"(?<!\d)\.|\.(?!\d)")  # 绩点3.7 holds none


def prepare(text: str) -> str:
    """``text`` without heading lines, spaces and line breaks, its punctuation in one width."""
    lines = ["".join(line.split()) for line in fold(text).splitlines()]
    lines = [line for line in lines if line]
    while lines and _HEADING.fullmatch(lines[0]):
        del lines[0]
    return _FULL_STOP.sub("。", "".join(lines))


def cue(alternatives: str) -> Pattern:
    """A verbose pattern (blanks and line breaks in it mean nothing) in which “…” is a gap."""
    return Pattern("(?x)" + alternatives.replace("…", GAP))


def sentences(text: str) -> list[str]:
    """The sentences of a prepared text, without what ends them."""
    return [sentence for sentence in re.split("[。!?;]+", text) if sentence]


def clauses(sentence: str) -> list[str]:
    """The parts between commas; what a 但 turns against is a part of its own."""
    return [
        clause for clause in re.split("[。;,!?]+|(?=但)|(?=不过)|(?=然而)", sentence) if clause
    ]


def length(text: str) -> int:
    """Characters without punctuation."""
    return sum(character.isalnum() for character in text)
