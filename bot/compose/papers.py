"""Files that are sent: the progress workbook; and the message that tells how far they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.compose.reading import Reading
from bot.compose.report import report
from messages import report as reports
from messages.making import Make
from storage.records import Row, RowId, RowState

Facts = dict[str, Any] | None
OVER = frozenset({RowState.DEAD, RowState.UNCERTAIN, RowState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message; ``make`` is called in another process when it leaves."""

    name: str
    make: Make


def _way(reading: Reading) -> Facts:
    """Return how many files are on the way, have arrived, and will not."""
    files = [_file(reading, one) for one in reading.row.args["files"]]
    return {
        "count": len(files),
        "received": sum(one.state is RowState.SENT for one in files),
        "left": sum(one.state in OVER for one in files),
    }


def _file(reading: Reading, id: int) -> Row:
    return reading.desk.store.outbox[RowId(id)]


def _whose(reading: Reading) -> Facts:
    branches = [reading.desk.store.branches[one] for one in reading.row.args["branches"]]
    return {"paired": [one.name for one in branches], "at": reading.desk.now()}


def _report(reading: Reading) -> Attachment:
    chosen = [reading.desk.store.branches[one] for one in reading.row.args["branches"]]
    facts = report(reading.desk, chosen)
    return Attachment(reports.name_of(facts), partial(reports.written, facts))


BUILDERS: dict[str, Callable[[Reading], Facts]] = {"papers_way": _way, "report_file": _whose}
FILES: dict[str, Callable[[Reading], Attachment]] = {"report_file": _report}
