"""What the office types about dates: a Monday, a span of days, hours. Without a year the nearest or the coming one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from bot.rules.dates import number, read_day
from bot.rules.typed import Pattern, fold

DECEMBER: Final = 12
NOON: Final = 12
HALF_A_YEAR: Final = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class Span:
    """Both days included; ``last`` may lie before ``first``. ``guessed``: no year was written."""

    first: date
    last: date
    guessed: bool = False


def _day(n: int) -> str:
    return (
        rf"(?:(?P<year{n}>20\d\d)\s*[年\-./]\s*)?(?P<month{n}>\d{{1,2}})\s*[月\-./]\s*"
        rf"(?P<day{n}>\d{{1,2}})\s*[日号]?"
    )


_SPAN = Pattern(
    rf"[从自]?\s*{_day(1)}\s*起?\s*(?:(?:至|到|-|~)+\s*(?:{_day(2)}|(?P<only>\d{{1,2}})\s*[日号]?))?"
    r"\s*止?[,，]?\s*(?:共\s*\d+\s*天)?。?"
)
_HAN_NUMBER = Pattern(r"[一二三四五六七八九十廿]{1,3}(?=\s*[月日号点])")
_WEEKDAY = Pattern(r"\(?(?:周|星期|礼拜)[一二三四五六日天]\)?")
_TIME = (
    r"(?P<part{n}>早上|上午|晚上|下午|早|晚)?\s*(?P<hour{n}>\d{{1,2}})\s*"
    r"(?:(?::|点)\s*(?P<minute{n}>\d\d|半)?分?|时)?"
)
_HOURS = Pattern(
    rf"[从自]?\s*{_TIME.format(n=1)}\s*(?:至|到|-|~)+\s*(?:次日|第二天)?\s*{_TIME.format(n=2)}。?"
)
_WORD = Pattern(r"(?P<word>学期(?:日期)?|放假|调休|安静时段)(?P<gap>[\s:,]*)(?P<rest>.*)")
_MEANT: Final = {
    "学期": "term",
    "学期日期": "term",
    "放假": "rest",
    "调休": "work",
    "安静时段": "hours",
}
_ALL_OF_THEM: Final = frozenset({"日期", "日期设置"})
_DATE_LIKE = Pattern(
    r"(?=.*\d)[\d\s年月日号点时半至到从起止周星期礼拜一二三四五六七八九十天早晚上下午次.,:()/~-]+"
)
_AFTERNOON = frozenset({"晚上", "下午", "晚"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of the office's, and what stands behind it, perhaps nothing.

    ``what``: ``term``, ``rest``, ``work``, ``hours``, or ``card`` for all of them.
    ``apart``: something stands between the two, so that they are no longer one sentence.
    """

    what: str
    words: str = ""
    apart: bool = True


def read_entry(text: str) -> Entry | None:
    """The word with which the text begins; None: none of them."""
    plain = fold(text)
    if plain in _ALL_OF_THEM:
        return Entry("card")
    found = _WORD.fullmatch(plain)
    if found is None:
        return None
    return Entry(_MEANT[found["word"]], found["rest"], not found["rest"] or bool(found["gap"]))


def read_span(text: str, today: date) -> Span | None:
    """The span that is written, or one day; None: it can't be read, or there is no such day.

    Without a year it is the coming one: the first whose last day is not over.
    """
    written = _SPAN.fullmatch(_plain(text))
    if written is None:
        day = _in_words(text, today)
        return None if day is None else Span(day, day)
    spans = list(_in_years(written, today))
    return next((one for one in spans if max(one.first, one.last) >= today), None) or (
        spans[-1] if spans else None
    )


def is_year_doubtful(span: Span, today: date) -> bool:
    """Whether no year was written and the coming one is far enough to be asked about."""
    return span.guessed and span.first - today > HALF_A_YEAR


def read_monday(text: str, today: date) -> date | None:
    """The day that is written, any weekday; without a year the nearest, past or to come. None: unread."""
    written = _SPAN.fullmatch(_plain(text))
    if written is None:
        return _in_words(text, today)
    days = [one.first for one in _in_years(written, today)]
    return min(days, key=lambda day: abs(day - today), default=None)


def _in_words(text: str, today: date) -> date | None:
    """明天, 下周一 and the like, if nothing else is said: 放假前9月30日谈过了 is about a talk."""
    read = read_day(text, today)
    return None if read.rest else read.day


def looks_entered(text: str) -> bool:
    """Whether a text can only be meant as dates or hours, readable or not."""
    return _DATE_LIKE.fullmatch(fold(text)) is not None


def _plain(text: str) -> str:
    """The text folded, Chinese numbers of days and hours in digits, weekdays left out: they stand beside our dates."""
    return _HAN_NUMBER.sub(_in_digits, _WEEKDAY.sub("", fold(text))).strip()


def _in_digits(written: re.Match[str]) -> str:
    try:
        return str(number(written[0]))
    except ValueError:  # 十十
        return written[0]


def _in_years(written: re.Match[str], today: date) -> Iterator[Span]:
    """The span in the year that is written, or in each that may be meant, in order."""
    year = written["year1"] or written["year2"]
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    for one in years:
        try:
            yield _in_year(written, one, guessed=year is None)
        except ValueError:  # 2月29日
            continue


def _in_year(written: re.Match[str], year: int, *, guessed: bool) -> Span:
    first_month, first_day = int(written["month1"]), int(written["day1"])
    last_month = int(written["month2"] or first_month)
    last_day = int(written["day2"] or written["only"] or first_day)
    over = first_month == DECEMBER and last_month < first_month  # 12月31日至1月2日
    if written["year1"] or not written["year2"]:
        last_year = int(written["year2"] or year + over)
    else:
        year, last_year = year - over, year
    return Span(date(year, first_month, first_day), date(last_year, last_month, last_day), guessed)


def read_hours(text: str) -> tuple[time, time] | None:
    """From when to when it is to be quiet: 20:30–08:30, 晚上8点半到早上8点; None: it can't be read."""
    written = _HOURS.fullmatch(_plain(text))
    if written is None:
        return None
    try:
        return _time(written, 1), _time(written, 2)
    except ValueError:
        return None


def _time(written: re.Match[str], n: int) -> time:
    hour, minute = int(written[f"hour{n}"]), written[f"minute{n}"] or "0"
    if written[f"part{n}"] in _AFTERNOON and hour < NOON:
        hour += NOON
    return time(hour, 30 if minute == "半" else int(minute))
