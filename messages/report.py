"""The progress workbook (policy § 3.4): what it tells; `report_workbook` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from messages.file_names import file_name
from storage.records import FormState, Progress, Stage, TalkState


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentRow:
    """``talked``: the day of a talk that is claimed or confirmed; ``proxy``: recorded by the secretary (代记).

    ``number`` None: not to be shown.
    """

    name: str
    class_name: str | None
    stage: Stage
    mentors: tuple[str, ...]
    state: TalkState
    talked: date | None
    form: FormState
    proxy: bool = False
    handed_out: date | None = None
    received: date | None = None
    archived: date | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchSheet:
    name: str
    progress: Progress
    students: tuple[StudentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorRow:
    """``load``: students of the mentor in all; ``talk`` and ``students``: of those in this workbook."""

    name: str
    branch: str
    load: int
    talk: Mapping[TalkState, int]
    students: tuple[str, ...]
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``term`` and ``week`` are None before the first round. ``numbered``: a column of 编号 in front."""

    term: str | None
    week: int | None
    at: datetime
    branches: tuple[BranchSheet, ...]
    mentors: tuple[MentorRow, ...]
    numbered: bool = False


def name_of(report: Report) -> str:
    """Return the name under which it is sent: whose, and of which day."""
    whose = report.branches[0].name if len(report.branches) == 1 else "各支部"
    return file_name(f"{whose}谈话进度{report.at:%Y%m%d}", "xlsx")


def written(report: Report) -> bytes:
    """Return the workbook as a file."""
    from messages import report_workbook  # loads openpyxl

    return report_workbook.written(report)
