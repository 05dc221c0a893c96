"""`yinlu export`, `yinlu forms`: what the office takes out of the bot on its own machine."""

from __future__ import annotations

from bot import college
from bot.compose.report import report
from bot.desk import Desk
from bot.refusal import Refused
from messages import report as reports


def report_of(desk: Desk) -> bytes:
    """Return the progress workbook of every student branch, with numbers. Refused: there is none."""
    chosen = college.student_branches(desk.store)
    if not chosen:
        raise Refused("还没有学生支部，请先导入花名册。")
    return reports.written(report(desk, chosen, numbered=True))
