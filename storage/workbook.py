"""The roster workbook: read with every fault named, and written so that it reads back the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from storage.records import Kind
from storage.workbook_files import NotReadableError, grids
from storage.workbook_rows import (
    BRANCH_SHEET,
    PAIRING_SHEET,
    PERSON_SHEET,
    SHEETS,
    BranchRow,
    Fault,
    PairingRow,
    PersonRow,
    Roster,
    branch_key,
)
from storage.workbook_sheets import LAYOUTS, Reading, Said, reading
from storage.workbook_writing import write

__all__ = ["read", "write"]

NOBODY: Final = "「人员」表里没有这个编号"


def read(path: Path) -> tuple[Roster, list[Fault]]:
    """Everything the file says and everything wrong with it, in the order of sheets and rows.

    The file is an .xlsx workbook or a zip of three CSV files (PRODUCT § 5). Rows at fault are left
    out of the roster; a file that cannot be read at all is an empty roster and one fault.
    """
    try:
        found = grids(path)
    except NotReadableError as refusal:
        return Roster(), [Fault(None, None, None, None, str(refusal))]
    branches, people, pairings = (reading(layout, found.get(layout.sheet)) for layout in LAYOUTS)
    names = _by_key(branches)
    faults = [
        *(fault for sheet in (branches, people, pairings) for fault in sheet.faults),
        *_branch_faults(branches, names),
        *_person_faults(people),
        *(() if branches.lost else _homeless(people, names)),
        *_relative_faults(people),
        *_pair_faults(pairings),
        *(() if people.lost else _strangers(pairings, people)),
    ]
    roster = Roster(
        branches=tuple(
            _spelled(BranchRow(**_whole(row)), names) for row in branches.rows if row.whole
        ),
        people=tuple(_housed(PersonRow(**_whole(row)), names) for row in people.rows if row.whole),
        pairings=tuple(PairingRow(**_whole(row)) for row in pairings.rows if row.whole),
        absent=branches.absent | people.absent | pairings.absent,
    )
    return roster, sorted(faults, key=_place)


def _place(fault: Fault) -> tuple[int, int]:
    return SHEETS.index(fault.sheet or BRANCH_SHEET), fault.row or 0


def _whole(row: Said) -> dict[str, Any]:
    return {**row.fields, "row": row.row}


Names = Mapping[
    str, tuple[str, Kind | None]
]  # by branch_key: the name as 支部 spells it, its 类别 if legible


def _by_key(branches: Reading) -> Names:
    named = [row.fields for row in branches.rows if "name" in row.fields]
    return {branch_key(f["name"]): (f["name"], f.get("kind")) for f in reversed(named)}


def _spelled(branch: BranchRow, names: Names) -> BranchRow:
    known = (names.get(branch_key(name), (name,))[0] for name in branch.paired)
    return replace(branch, paired=tuple(dict.fromkeys(known)))


def _housed(person: PersonRow, names: Names) -> PersonRow:
    return replace(person, branch=names.get(branch_key(person.branch), (person.branch,))[0])


def _repeats(
    sheet: str, column: str, keyed: Iterator[tuple[str, Any, int]], what: str
) -> Iterator[Fault]:
    """A fault for each (text, key, row) whose key an earlier row has."""
    first: dict[Any, int] = {}
    for text, key, row in keyed:
        if key in first:
            yield Fault(sheet, row, column, text, f"与第{first[key]}行重复，{what}")
        first.setdefault(key, row)


def _branch_faults(branches: Reading, names: Names) -> Iterator[Fault]:
    keyed = (
        (row.fields["name"], branch_key(row.fields["name"]), row.row)
        for row in branches.rows
        if "name" in row.fields
    )
    yield from _repeats(BRANCH_SHEET, "支部名称", keyed, "同名支部只能有一行")
    for row in branches.rows:
        paired: Sequence[str] = row.fields.get("paired", ())
        if paired and row.fields.get("kind") is Kind.TEACHER:
            said = "、".join(paired)
            yield Fault(BRANCH_SHEET, row.row, "对接支部", said, "只在学生支部的行里填写")
            continue
        for name in paired:
            _, kind = names.get(branch_key(name), (name, None))
            if branch_key(name) not in names:
                yield Fault(BRANCH_SHEET, row.row, "对接支部", name, _unknown_branch(name, names))
            elif kind is Kind.STUDENT:
                yield Fault(BRANCH_SHEET, row.row, "对接支部", name, "应为教工支部，这是学生支部")


def _unknown_branch(name: str, names: Names) -> str:
    near = get_close_matches(name, [spelled for spelled, _ in names.values()], n=1)
    return "「支部」表里没有这个支部" + (f"，是不是“{near[0]}”？" if near else "")


def _person_faults(people: Reading) -> Iterator[Fault]:
    keyed = (
        (row.fields["number"], row.fields["number"], row.row)
        for row in people.rows
        if "number" in row.fields
    )
    yield from _repeats(PERSON_SHEET, "编号", keyed, "一个编号只能有一人")


def _homeless(people: Reading, names: Names) -> Iterator[Fault]:
    for row in people.rows:
        branch: str | None = row.fields.get("branch")
        if branch is not None and branch_key(branch) not in names:
            yield Fault(PERSON_SHEET, row.row, "支部", branch, _unknown_branch(branch, names))


def _numbers(people: Reading) -> set[str]:
    return {row.fields["number"] for row in people.rows if "number" in row.fields}


def _relative_faults(people: Reading) -> Iterator[Fault]:
    known = _numbers(people)
    for row in people.rows:
        for relative in row.fields.get("relatives", ()):
            if relative not in known:
                yield Fault(PERSON_SHEET, row.row, "亲属", relative, NOBODY)


def _strangers(pairings: Reading, people: Reading) -> Iterator[Fault]:
    known = _numbers(people)
    for row in pairings.rows:
        for column, end in (("学生编号", "student"), ("导师编号", "mentor")):
            number: str | None = row.fields.get(end)
            if number is not None and number not in known:
                yield Fault(PAIRING_SHEET, row.row, column, number, NOBODY)


def _pair_faults(pairings: Reading) -> Iterator[Fault]:
    keyed = (
        (
            row.fields["mentor"],
            tuple(row.fields[f] for f in ("student", "mentor", "role")),
            row.row,
        )
        for row in pairings.rows
        if row.whole
    )
    yield from _repeats(PAIRING_SHEET, "导师编号", keyed, "同一结对只能有一行")
