"""Days as people type them, read on Friday, 25 September 2026, in teaching week 3."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.dates import DayRead, read_day
from bot.rules.typed import fold

TODAY = date(2026, 9, 25)
WEEK1 = date(2026, 9, 7)
SEP15 = date(2026, 9, 15)

FORMS: dict[date, str] = {
    SEP15: """
        9月15日 9月15号 9月15 9.15 9-15 9/15 09-15 9.15号 9。15 9·15 9_月_15_日 9._15 九月十五日 九月十五号
        九月十五 2026-09-15 2026/9/15 2026.9.15 2026年9月15日 2026年9月15 26年9月15日 26.9.15 今年9月15日
        20260915 二〇二六年九月十五日 9月15號 ９月１５日 ９．１５ ２０２６－０９－１５ 9—15 15号 15日 十五号
        十五日 本月15号 这个月15日 2026-09-15T15:30 9月15日周二 9月15日（周二） （9月15日） 周二9.15
        9月15日下午三点 9.15_15:30 9.15下午3点半 9月15日、9.15 10天前 十天前 第二周周二 第2周星期二
        第二周的周二 第二教学周周二 上周二 9月份15号
        """,
    TODAY: "今天 今日 今早 今晚 今儿 今天上午 今天下午3点 周五 星期五 礼拜五 週五 本周五 这周五 这个星期五 星期5",
    date(2026, 9, 24): "昨天 昨日 昨晚 昨晚上 昨儿 昨天下午 昨天15:30 周四 1天前 一天前 9.24",
    date(2026, 9, 23): "前天 前日 前天晚上 两天前 2天之前 周三 本周三 第三周周三",
    date(2026, 9, 22): "大前天 三天前 廿二号 9.22下午三点 第三周周二 第3周星期二 星期二",
    date(2026, 9, 8): "上上周二",
    date(2026, 9, 16): "上周三 上个星期三 上礼拜三 上星期3 上個週三",
    date(2026, 9, 20): "上周日 上星期天 上周天 周日 星期天",
    date(2026, 9, 26): "明天 明日 明早 9月26日",
    date(2026, 9, 27): "后天 后日 這周日",
    date(2026, 9, 28): "大后天 下周一 三天后 3天以后",
    date(2026, 8, 15): "上个月15号 上月15日 8.15",
    date(2026, 8, 31): "31号 三十一日",
    date(2025, 9, 15): "去年9月15日 2025-9-15",
    date(2025, 12, 5): "12.5 12月5日",
    date(2026, 12, 1): "2026/12/1_15:30",
    date(2026, 10, 20): "10月20日",
    date(2025, 10, 30): "10月30日",
    date(2026, 12, 4): "第十三周周五",
}
NO_DAY = """
    谈过了 5月 五月 9月 第3章 3.5小时 谈了2次 2-3次 2-3周 第2-3周 9-10点 9.5分钟 3个人 3号楼 2号教室 302号
    9.15-9.20 13-15号 9月一起谈了 九月一起谈了 九月二十一个人 每周三 两周一次 一周三次 第三周 上周 上个月
    周一鸣 周六福 目前天气好 今后天天谈 两日 2026000003 13812345678 v9.15 19.20 0.5 13.5 9.45 1315 生日 节日
    后来 前几天 半天前
"""
IMPOSSIBLE = """
    二月三十日 2月30日 2.30 9月31日 9.31 2月29日 13月5日 9月45日 2026-13-45 2026-02-29 20261345 45号 0日 十十号
    上个月32号
"""
READ = [(t.replace("_", " "), day) for day, texts in FORMS.items() for t in texts.split()]


def test_the_table_of_forms_is_as_large_as_promised() -> None:
    assert len(READ) >= 100


@pytest.mark.parametrize(("text", "day"), READ)
def test_a_day_is_read_in_every_usual_form(text: str, day: date) -> None:
    read = read_day(text, TODAY, WEEK1)
    assert (read.day, read.doubt, read.problem) == (day, (), "none")
    assert read.rest in ("", "、")


@pytest.mark.parametrize("text", NO_DAY.split())
def test_what_is_no_day_is_left_in_the_text(text: str) -> None:
    assert read_day(text, TODAY, WEEK1) == DayRead(None, text)


@pytest.mark.parametrize("text", IMPOSSIBLE.split())
def test_a_day_that_does_not_exist_is_impossible(text: str) -> None:
    assert read_day(text, TODAY, WEEK1) == DayRead(None, "", problem="impossible")


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("9月15、16日", (SEP15, date(2026, 9, 16))),
        ("昨天或前天", (date(2026, 9, 23), date(2026, 9, 24))),
        ("9月15日周三", (SEP15, date(2026, 9, 23))),
        ("上周三 周四", (date(2026, 9, 16), date(2026, 9, 24))),
        ("大概9月15日", (SEP15,)),
        ("好像是9.15", (SEP15,)),
        ("9月15日左右", (SEP15,)),
        ("9月15日之前", (SEP15,)),
        ("0915", (SEP15,)),
    ],
)
def test_two_days_or_a_vague_one_are_asked(text: str, doubt: tuple[date, ...]) -> None:
    read = read_day(text, TODAY, WEEK1)
    assert (read.day, read.doubt, read.problem) == (None, doubt, "ambiguous")


def test_a_teaching_week_before_the_first_term_is_asked() -> None:
    read = read_day("第三周周二", TODAY)
    assert (read.day, read.doubt, read.problem) == (None, (), "ambiguous")


def test_the_29th_of_february_is_read_while_it_is_less_than_a_year_old() -> None:
    assert read_day("2月29日", date(2028, 9, 1)).day == date(2028, 2, 29)
    assert read_day("2月29日", date(2029, 1, 5)).day == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2027, 3, 1), date(2027, 1, 31)),
        (date(2027, 1, 30), date(2026, 12, 31)),
        (date(2027, 1, 31), date(2027, 1, 31)),
    ],
)
def test_a_day_of_the_month_is_the_latest_that_there_was(today: date, day: date) -> None:
    assert read_day("31号", today).day == day


def test_last_month_in_january_is_december() -> None:
    assert read_day("上个月15号", date(2027, 1, 20)).day == date(2026, 12, 15)


def test_a_weekday_named_on_that_weekday_is_today() -> None:
    assert read_day("周五", TODAY).day == TODAY


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("张三 李四 9.22", "张三 李四"),
        ("9月15日张三", "张三"),
        ("张三9.22下午三点", "张三"),
        ("周一鸣 9.22", "周一鸣"),
        ("2号教室谈的 昨天", "2号教室谈的"),
        ("下午3点谈了", "谈了"),
        ("昨天一点谈的", "谈的"),
        ("谈了一点", "谈了一点"),
        ("昨天（周四）谈了", "谈了"),
        ("張三 9.22", "张三"),
    ],
)
def test_names_are_left_when_day_and_time_are_taken_out(text: str, rest: str) -> None:
    assert read_day(text, TODAY, WEEK1).rest == rest


HAN: list[str] = ["", *"一二三四五六七八九"]


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (HAN[tens] if tens > 1 else "") + ("十" if tens else "") + HAN[ones]


WRITERS: list[Callable[[date], str]] = [
    lambda d: d.isoformat(),
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.month}月{d.day}日",
    lambda d: f"{d.month}月{d.day}号",
    lambda d: f"{d.month}.{d.day}",
    lambda d: f"{d.month}-{d.day}",
    lambda d: f"{d.month:02}/{d.day:02}",
    lambda d: f"{_han(d.month)}月{_han(d.day)}日",
    lambda d: f"已谈{d.month}月{d.day}日",
]


@given(
    today=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    back=st.integers(0, 334),
    write=st.sampled_from(WRITERS),
)
def test_a_past_day_written_in_any_form_reads_back(
    today: date, back: int, write: Callable[[date], str]
) -> None:
    day = today - timedelta(days=back)
    assert read_day(write(day), today).day == day


@given(today=st.dates(date(2020, 1, 1), date(2040, 1, 1)), back=st.integers(0, 27))
def test_a_recent_day_of_the_month_reads_back(today: date, back: int) -> None:
    day = today - timedelta(days=back)
    assert read_day(f"{day.day}号", today).day == day


@given(today=st.dates(date(2020, 1, 1), date(2040, 1, 1)), back=st.integers(0, 6))
def test_a_weekday_is_one_of_the_last_seven_days(today: date, back: int) -> None:
    day = today - timedelta(days=back)
    assert read_day(f"周{'一二三四五六日'[day.weekday()]}", today).day == day


@given(week=st.integers(1, 20), weekday=st.integers(0, 6))
def test_a_day_of_a_teaching_week_reads_back(week: int, weekday: int) -> None:
    text = f"第{_han(week)}周周{'一二三四五六日'[weekday]}"
    day = WEEK1 + timedelta(weeks=week - 1, days=weekday)
    assert read_day(text, TODAY, WEEK1).day == day


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = read_day(text, TODAY, WEEK1)
    assert (read.problem == "none") or read.day is None


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("ＡＢ１２", "ab12"),
        (" 已談 ", "已谈"),
        ("還沒談過", "还没谈过"),
        ("9—15", "9-15"),
        ("已\u200b谈\ufeff", "已谈"),
        ("張三", "张三"),
        ("2026/12/1 15:30", "2026/12/1 15:30"),
    ],
)
def test_typed_text_is_folded_to_one_face(typed: str, plain: str) -> None:
    assert fold(typed) == plain
