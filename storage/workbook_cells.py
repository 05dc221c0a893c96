"""One cell at a time: what a person typed into it, as the value it stands for.

Every parser takes a cell that is not empty and returns its value, or raises `UnfitError` with
the end of a sentence that says what was expected.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar

LONGEST_NAME: Final = 40  # code points (reliability X10)
SHORTEST_NUMBER: Final = 4  # its last four characters are the second factor (PRODUCT § 4)
EXACT_UP_TO: Final = 10**15  # beyond it a spreadsheet has already rounded the number
SAID_AT_MOST: Final = 40  # characters of a cell that a fault repeats
YEARS: Final = range(1949, 2100)
STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'")

_DAY = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})| ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日)"
)
_POWER = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
_BETWEEN = re.compile(
    r"[、，,；;\n](?![^（(]*[）)])"
)  # not inside brackets: a branch's name may hold 、

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell that holds no value of its own: ``what`` it is (公式, 错误值), and where."""

    where: str
    what: str
    text: str


Value = str | int | float | bool | datetime | date | time | timedelta | Marked


class UnfitError(ValueError):
    """A cell does not hold what its column is for; ``expected`` ends the sentence about it."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def visible(text: str) -> str:
    """The text without control and bidi characters, its blanks single and the outer ones gone."""
    spaced = "".join(" " if character.isspace() else character for character in text)
    return " ".join(printable(spaced).split())


def printable(text: str) -> str:
    """The text without what shows nothing, turns or breaks what stands around, or no document may hold."""
    return "".join(character for character in text if not _unseen(character))


def _unseen(character: str) -> bool:
    # Unassigned and private characters stay: rare names are written with them.
    never_a_character = ord(character) & 0xFFFE == 0xFFFE
    return never_a_character or unicodedata.category(character) in {"Cc", "Cf", "Cs"}


def said(value: Value) -> str:
    """What a fault repeats of a cell."""
    text = visible(value.text if isinstance(value, Marked) else _plain(value))
    return text if len(text) <= SAID_AT_MOST else text[: SAID_AT_MOST - 1] + "…"


def _plain(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    return str(value)


def label(value: Value) -> str:
    """A heading or a code word: any width, no blanks."""
    return "".join(visible(unicodedata.normalize("NFKC", _plain(value))).split())


def guarded(text: str) -> str:
    """The text as written into a cell: never starts a formula, not even in a CSV made of it."""
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text


def unguarded(text: str) -> str:
    """The inverse of `guarded`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS_FORMULA) else text


def wording(value: Value) -> str:
    """A name or a class, at most 40 code points. Blanks between Chinese characters (李　明) go."""
    if isinstance(value, bool | datetime | date | time | timedelta | Marked):
        raise UnfitError("应为文字（表格软件可能改了格式，请把这一列设为文本后重填）")
    text = visible(unguarded(value)) if isinstance(value, str) else label(value)
    if text.upper() == text.lower():  # no Latin letters: blanks only align
        text = text.replace(" ", "")
    if not text:
        raise UnfitError("应为看得见的文字")
    if len(text) > LONGEST_NAME:
        raise UnfitError(f"有{len(text)}个字，最多{LONGEST_NAME}个")
    return text


def number(value: Value) -> str:
    """A 编号: at least four characters; a spreadsheet's number (2026000003.0) is its digits."""
    if isinstance(value, bool | datetime | date | time | timedelta | Marked):
        raise UnfitError("应为编号")
    if isinstance(value, int | float) and (not math.isfinite(value) or abs(value) >= EXACT_UP_TO):
        raise UnfitError("超过15位，表格软件已改动末尾几位，请把这一列设为文本后重填")
    if isinstance(value, float) and not value.is_integer():
        raise UnfitError("应为编号，不能有小数")
    text = label(value).removeprefix("'")  # typed to force text, or ours
    if _POWER.fullmatch(text):
        raise UnfitError("被表格软件改成了科学计数法，请把这一列设为文本后重填")
    if len(text) < SHORTEST_NUMBER:
        raise UnfitError(f"编号至少要有{SHORTEST_NUMBER}个字符")
    if len(text) > LONGEST_NAME:
        raise UnfitError(f"编号最多{LONGEST_NAME}个字符")
    return text


def day(value: Value) -> date:
    """A date cell, or 2026-03-02, 2026/3/2, 2026年3月2日. A bare number is none."""
    if isinstance(value, date):  # a datetime is one
        found = date(value.year, value.month, value.day)
    else:
        # Blanks stay between digits: 2026/12/1 15:30 is not the 11th.
        text = visible(unicodedata.normalize("NFKC", value)) if isinstance(value, str) else ""
        match = _DAY.fullmatch(text)
        if match is None:
            raise UnfitError("应为日期，如 2026-03-02、2026/3/2 或 2026年3月2日")
        year, month, of_month = (int(part) for part in match.groups() if part and part.isdigit())
        try:
            found = date(year, month, of_month)
        except ValueError:
            raise UnfitError("没有这一天") from None
    if found.year not in YEARS:
        raise UnfitError("年份不对")
    return found


def pieces(value: Value) -> tuple[str, ...]:
    """The parts of a list in one cell, in order, without repeats."""
    parts = (visible(part) for part in _BETWEEN.split(_plain(value)))
    return tuple(dict.fromkeys(part for part in parts if part))


def choices(words: Mapping[str, T]) -> str:
    """The words in a sentence: 甲、乙 或 丙."""
    *most, last = words
    return f"{'、'.join(most)} 或 {last}"


def one_of(words: Mapping[str, T]) -> Callable[[Value], T]:
    """A parser for a cell that holds one of the words."""

    def parse(value: Value) -> T:
        try:
            return words[label(value)]
        except KeyError:
            raise UnfitError(f"应为 {choices(words)}") from None

    return parse


def some_of(words: Mapping[str, T]) -> Callable[[Value], tuple[T, ...]]:
    """A parser for a cell that holds some of the words; in the order of ``words``."""

    def parse(value: Value) -> tuple[T, ...]:
        found = {label(piece) for piece in pieces(value)}
        if not found <= words.keys():
            raise UnfitError(f"应为 {choices(words)}，几项之间用、隔开")
        return tuple(meaning for word, meaning in words.items() if word in found)

    return parse


def each(parse: Callable[[Value], T]) -> Callable[[Value], tuple[T, ...]]:
    """A parser for a cell that holds a list of such things."""

    def parse_all(value: Value) -> tuple[T, ...]:
        if not isinstance(value, str):
            return (parse(value),)
        return tuple(dict.fromkeys(parse(piece) for piece in pieces(value)))

    return parse_all
