"""Days as people type them: 9月15日, 9.15, 昨天, 上周三, 第三周周二, 15号."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from bot.rules.typed import Pattern, fold

Problem = Literal["none", "impossible", "ambiguous"]

LOOK_BACK = timedelta(days=335)  # a day without a year is at most about eleven months old …
LOOK_AHEAD = timedelta(days=31)  # … else it is meant for the days to come


@dataclass(frozen=True, slots=True)
class DayRead:
    """What was read. ``rest``: the folded text without day and time of day, to find names in.

    ``day`` may lie in the future: the caller refuses that with its own sentence. ``doubt``: sorted
    candidates when ``problem`` is ``ambiguous`` (one, if 大概 or 之前 stood beside it; none, if a
    teaching week was named and no term is known). No day in the text: ``day`` None, ``none``.
    """

    day: date | None
    rest: str
    doubt: tuple[date, ...] = ()
    problem: Problem = "none"


@dataclass(frozen=True, slots=True)
class _Known:
    today: date
    week1: date | None


class _Form:
    """One way to write a day.

    ``read``: None if no term is known; ValueError where no such day exists.
    ``sure``: needs no question. ``yields``: says nothing beside a date that falls on it.
    """

    def __init__(
        self,
        pattern: str,
        read: Callable[[re.Match[str], _Known], date | None],
        *,
        sure: bool = True,
        yields: bool = False,
    ) -> None:
        self.pattern, self.read, self.sure, self.yields = Pattern(pattern), read, sure, yields


_HAN = "一二三四五六七八九十廿"
_NUMBER = rf"(?:\d{{1,2}}|[{_HAN}]{{1,3}})"
_WEEKDAY = r"(?:周|星期|礼拜)\s*(?P<weekday>[一二三四五六日天]|[1-7](?!\d))"
_DAYPART = r"(?:上午|下午|中午|早上|晚上|傍晚|凌晨|清晨)"
_CLOCK = (
    rf"(?:\d{{1,2}}:\d\d(?::\d\d)?(?!\d)|{_NUMBER}\s*点(?:半|钟|整|[一三]刻|{_NUMBER}\s*分?)?)"
)
# 3.5小时, 2-3次 and 2-3周 are amounts; 9.15周二 is a day.
_NO_AMOUNT = (
    r"(?!\s*(?:个|次|小时|分钟|点|时|度|元|块|%|人|位|章|节|页|天|年|岁|届|级|班|楼|h\b"
    r"|周(?![一二三四五六日天])))"
)
# 周一鸣 is a person: a bare weekday ends the word, or a sentence about a talk goes on behind it.
_NO_NAME = rf"(?=[^一-龥]|$|[谈聊和跟与找在已我就见面完]|的|那天|{_DAYPART})"
_NO_PLACE = r"(?!楼|教|门|线|会|办|院|厅|室|馆|店|桌|文|食|宿|同学|学生|机)"  # 3号楼, 2号教室
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"

_RELATIVE = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_WEEKS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
_MONTHS = {"上": -1, "本": 0, "这": 0, "当": 0, "下": 1}
_YEARS = {"前": -2, "去": -1, "今": 0, "明": 1}


def number(text: str) -> int:
    """15, 十五, 二十五, 廿一 and 二〇二六 as an integer. ValueError for 十十 and the like."""
    tens, ten, ones = text.replace("廿", "二十").replace("两", "二").partition("十")
    return _digits(tens or "1") * 10 + _digits(ones or "0") if ten else _digits(tens)


def _digits(text: str) -> int:
    return int(text.translate(str.maketrans("〇零一二三四五六七八九", "00123456789")))


def _yearless(month: int, day: int, today: date) -> date:
    past, ahead = [], []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if timedelta(0) <= today - found <= LOOK_BACK:
            past.append(found)
        elif timedelta(0) < found - today <= LOOK_AHEAD:
            ahead.append(found)
    return max(past or ahead)  # ValueError for 2月30日: both are empty


def _in_month(months: int, day: int, today: date) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, day)


def _day_of_month(m: re.Match[str], known: _Known) -> date:
    """The latest such day that is not in the future: 31号 said in June is the 31st of May."""
    for back in (0, -1, -2):
        try:
            found = _in_month(back, number(m["day"]), known.today)
        except ValueError:
            continue
        if found <= known.today:
            return found
    raise ValueError(m["day"])


def _month_and_day(m: re.Match[str], known: _Known) -> date:
    month, day = number(m["month"]), number(m["day"].rstrip(" 日号"))
    if m["said"]:
        return date(known.today.year + _YEARS[m["said"]], month, day)
    if m["year"]:
        year = number(m["year"])
        return date(year if year > 99 else 2000 + year, month, day)
    return _yearless(month, day, known.today)


def _near_month(m: re.Match[str], known: _Known) -> date:
    return _in_month(_MONTHS[m["near"]], number(m["day"].rstrip(" 日号")), known.today)


def _full(m: re.Match[str], _: _Known) -> date:
    year = int(m["year"])
    return date(year if year > 99 else 2000 + year, int(m["month"]), int(m["day"]))


def _pair(m: re.Match[str], known: _Known) -> date:
    return _yearless(int(m["month"]), int(m["day"]), known.today)


def _weekday(m: re.Match[str]) -> int:
    return "一二三四五六日".index(
        m["weekday"].translate(str.maketrans("天1234567", "日一二三四五六日"))
    )


def _latest_weekday(m: re.Match[str], known: _Known) -> date:
    return known.today - timedelta(days=(known.today.weekday() - _weekday(m)) % 7)


def _weekday_of_week(m: re.Match[str], known: _Known) -> date:
    monday = known.today - timedelta(days=known.today.weekday())
    return monday + timedelta(weeks=_WEEKS[m["week"]], days=_weekday(m))


def _weekday_of_term(m: re.Match[str], known: _Known) -> date | None:
    if known.week1 is None:
        return None
    return known.week1 + timedelta(weeks=number(m["week"]) - 1, days=_weekday(m))


def _relative(m: re.Match[str], known: _Known) -> date:
    return known.today + timedelta(days=_RELATIVE[m["relative"]])


def _days_off(m: re.Match[str], known: _Known) -> date:
    return known.today + timedelta(days=number(m["days"]) * (-1 if m["way"] == "前" else 1))


_DAY_IN_WORDS = (
    rf"(?P<day>{_NUMBER}\s*[日号]|\d{{1,2}}(?!\d){_NO_AMOUNT}"
    rf"|[{_HAN}]{{2,3}}(?![{_HAN}]){_NO_AMOUNT})"
)

# In this order: what one form has read is gone before the next one looks.
_FORMS = (
    _Form(rf"(?P<near>[上本这当下])个?月\s*{_DAY_IN_WORDS}", _near_month),
    _Form(
        r"(?:(?:(?<!\d)(?P<year>20\d\d|\d\d|[一二三四五六七八九〇零]{4})\s*年|(?P<said>[去今明前])年)\s*的?\s*)?"
        rf"(?<![\d.])(?P<month>{_NUMBER})\s*月份?\s*{_DAY_IN_WORDS}",
        _month_and_day,
    ),
    _Form(
        r"(?<![\d.\-/:a-z])(?P<year>20\d\d|[23]\d)\s?(?P<mark>[-./。·])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?"
        r"(?P<day>\d{1,2})(?!\d|[-./]\d)[日号]?",
        _full,
    ),
    _Form(r"(?<![\d.\-/:a-z第])(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)", _full),
    _Form(
        rf"(?<![\d.\-/:a-z第]){_MONTH}\s?[-./。·]\s?{_DAY}(?!\d|[-./:]\d){_NO_AMOUNT}[日号]?",
        _pair,
    ),
    # Four digits may as well be a time or the end of a number: asked.
    _Form(
        rf"(?<![\d.\-/:a-z第])(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d|[-./:]\d){_NO_AMOUNT}",
        _pair,
        sure=False,
    ),
    _Form(rf"第\s*(?P<week>{_NUMBER})\s*(?:教学)?周\s*的?\s*{_WEEKDAY}", _weekday_of_term),
    _Form(rf"(?P<week>上上|下下|[上本这下])\s*个?\s*{_WEEKDAY}(?!次|回)", _weekday_of_week),
    _Form(rf"(?<![每单双隔第\d{_HAN}两几]){_WEEKDAY}{_NO_NAME}", _latest_weekday, yields=True),
    _Form(
        r"(?<![目之以今先大])(?P<relative>大[前后]|[前昨今明后])(?:[天日儿夜晨]|[晚早](?:上(?!午|课))?)",
        _relative,
    ),
    _Form(
        rf"(?<![\d前第{_HAN}])(?P<days>\d{{1,2}}|[两{_HAN}]{{1,3}})\s*天\s*[之以]?(?P<way>前|后(?!来))",
        _days_off,
    ),
    _Form(rf"(?<![\d.\-/:月年第{_HAN}])(?P<day>{_NUMBER})\s*[日号]{_NO_PLACE}", _day_of_month),
)
_GUESSED = Pattern(r"(?:大概|大约|可能|好像|应该|也许|差不多|估计)(?:是|在)?\s*$")
_AROUND = Pattern(r"\s*[之以]?(?:前(?![天日晚])|后(?![天日来])|内|左右)")
_TIME_BEHIND = Pattern(rf"^\s*t?{_DAYPART}?\s*(?:{_CLOCK})?")
_TIME_ALONE = Pattern(rf"{_DAYPART}\s*(?:{_CLOCK})?|(?<!\d)\d{{1,2}}:\d\d(?::\d\d)?(?!\d)")

_EMPTY = Pattern(r"\(\s*\)")


@dataclass(slots=True)
class _Findings:
    firm: set[date] = field(default_factory=set)
    yielding: set[date] = field(default_factory=set)
    asked: bool = False
    impossible: bool = False


def _take(form: _Form, m: re.Match[str], known: _Known, findings: _Findings) -> None:
    try:
        found = form.read(m, known)
    except ValueError:
        findings.impossible = True
        return
    around = _GUESSED.search(m.string[: m.start()]) or _AROUND.match(m.string, m.end())
    if found is None or not form.sure or around:
        findings.asked = True
    if found is not None:
        (findings.yielding if form.yields else findings.firm).add(found)


def read_day(text: str, today: date, week1: date | None = None) -> DayRead:
    """The one day named in ``text``; two different ones, or a vague one, are ``ambiguous``.

    ``week1``: the Monday of teaching week 1, for 第三周周二. Without a year: the latest such
    day that is not in the future, at most about eleven months back, else the coming one.
    A weekday that contradicts its date (9月15日周三) is a second day.
    """
    rest, known, findings = fold(text), _Known(today, week1), _Findings()
    for form in _FORMS:
        place = 0
        while m := form.pattern.search(rest, place):
            _take(form, m, known, findings)
            place = m.start() + 1
            rest = f"{rest[: m.start()]} {_TIME_BEHIND.sub('', rest[m.end() :])}"
    rest = " ".join(_EMPTY.sub(" ", _TIME_ALONE.sub(" ", rest)).split())
    weekdays = {day.weekday() for day in findings.firm}
    days = findings.firm | {d for d in findings.yielding if d.weekday() not in weekdays}
    if findings.impossible:
        return DayRead(None, rest, problem="impossible")
    if findings.asked or len(days) > 1:
        return DayRead(None, rest, tuple(sorted(days)), "ambiguous")
    return DayRead(next(iter(days), None), rest)
