"""The end of a rehearsal: where every branch stands, and what was checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from bot.rehearsal.findings import Finding
from messages.facts import FORM_WORDS, TALK_WORDS

SHOWN_FAULTS = 5


def print_summary(console: Console, status: dict[str, Any], found: Iterable[Finding]) -> int:
    """Print the table and a line per check; return how many checks failed."""
    table = Table(title=f"{status['term']} 学期，第{status['week']}周", box=SIMPLE)
    table.add_column("支部", no_wrap=True)
    for title in ("学生", *TALK_WORDS.values(), *FORM_WORDS.values(), "未开通"):
        table.add_column(title, justify="right", overflow="fold")
    for branch in status["branches"]:
        numbers = (
            branch["students"],
            *(branch["talk"][state] for state in TALK_WORDS),
            *(branch["form"][state] for state in FORM_WORDS),
            branch["not_enrolled"],
        )
        table.add_row(branch["name"], *map(str, numbers))
    console.print(table)
    return sum([_print_finding(console, one) for one in found])


def _print_finding(console: Console, found: Finding) -> bool:
    console.print(f"{'✗' if found.faults else '✓'} {found.about}", markup=False)
    for fault in found.faults[:SHOWN_FAULTS]:
        console.print(f"    {fault}", markup=False, soft_wrap=True)
    if len(found.faults) > SHOWN_FAULTS:
        console.print(f"    …… 共 {len(found.faults)} 处")
    return bool(found.faults)
