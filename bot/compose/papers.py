"""Files that are sent: the progress workbook; and the message that tells how far they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.compose import invitations
from bot.compose.reading import Reading
from bot.compose.registration import of_branch, registration
from bot.compose.report import report
from messages import document
from messages import report as reports
from messages.facts import FORM_NAMES
from messages.making import Make
from storage.records import FormKind, Row, RowId, RowState

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


def _form(reading: Reading) -> Facts:
    branch = reading.desk.store.branches[reading.row.args["branch_id"]]
    kind = FormKind(reading.row.args["form"])
    people = of_branch(reading.desk, branch, kind)
    if not people:
        return None
    return {"count": len(people), "form_name": FORM_NAMES[kind]}


def _forms(reading: Reading) -> Attachment:
    desk, kind = reading.desk, FormKind(reading.row.args["form"])
    branch = desk.store.branches[reading.row.args["branch_id"]]
    each = [registration(desk, one) for one in of_branch(desk, branch, kind)]
    make = partial(document.filled, kind, desk.templates, each)
    return Attachment(document.name_of(branch.name, kind), make)


def _report(reading: Reading) -> Attachment:
    chosen = [reading.desk.store.branches[one] for one in reading.row.args["branches"]]
    facts = report(reading.desk, chosen)
    return Attachment(reports.name_of(facts), partial(reports.written, facts))


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "papers_way": _way,
    "report_file": _whose,
    "form_file": _form,
}
FILES: dict[str, Callable[[Reading], Attachment]] = {
    "report_file": _report,
    "form_file": _forms,
    "invite_file": lambda reading: Attachment(*invitations.sheet(reading)),
}
