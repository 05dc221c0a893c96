"""What the office reads of a roster it has sent: what it would change, or what is wrong in it; no numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

from bot.actions.roster_draft import Change
from bot.actions.roster_writer import differences
from bot.actions.upload import Judgement, judge
from bot.compose.presses import Rows, named
from bot.compose.reading import Reading
from messages.facts import Difference
from storage.records import Pairing, Person, PersonId
from storage.workbook_rows import BRANCH_SHEET, PAIRING_SHEET, PERSON_SHEET, Fault

Facts = dict[str, Any] | None
NAMES = 5  # of one kind
LONGEST = 20  # characters of a name, so that all of them fit
FAULTS = 10
WARNINGS = 3
WORDS = 150  # characters of a fault


def _judged(reading: Reading) -> Judgement | None:
    upload = reading.desk.store.uploads.get(reading.row.args["upload"])
    return None if upload is None else judge(reading.desk, upload)


def _found(reading: Reading) -> Facts:
    judged = _judged(reading)
    if judged is None:
        return None if reading.row.sent is None else {"kind": "roster_lapsed"}
    report = judged.report
    if not report.accepted:
        faults = [_without_what_it_said(one) for one in report.faults]
        return {"kind": "roster_faulty", "count": len(faults), "faults": faults[:FAULTS]}
    told = [*_Told(reading, judged).differences]
    return {
        "changes": [one for one in told if one.what != "unlisted"],
        "unlisted": [one for one in told if one.what == "unlisted"],
        "count": len(report.warnings),
        "cautions": [_without_what_it_said(one) for one in report.warnings[:WARNINGS]],
    }


def _without_what_it_said(fault: Fault) -> str:
    """The place and what was expected: what stands in the cell may be a number."""
    return _cut(replace(fault, said=None).sentence, WORDS)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


class _Told:
    """The differences by sheet, each with its first names."""

    def __init__(self, reading: Reading, judged: Judgement) -> None:
        self._reading = reading
        self._plan = judged.plan

    @property
    def differences(self) -> Iterable[Difference]:
        plan = self._plan
        yield from _sheet(
            PERSON_SHEET, plan.people.values(), plan.unlisted_people, self._person, self._changed
        )
        yield from _sheet(
            BRANCH_SHEET, plan.branches.values(), plan.unlisted_branches, lambda one: one.name
        )
        yield from _sheet(
            PAIRING_SHEET, plan.pairings.values(), plan.unlisted_pairings, self._pairing
        )

    @cached_property
    def _people(self) -> dict[PersonId, Person]:
        """Those of the file by their ids in the draft, where new ones have some too."""
        return {change.after.id: change.after for change in self._plan.people.values()}

    def _person(self, person: Person) -> str:
        is_new = person.id < 0
        return _cut(person.name if is_new else self._reading.named(person.id).label, LONGEST)

    def _changed(self, change: Change[Person]) -> str:
        what = "" if change.before is None else differences(change.before, change.after)
        return f"{self._person(change.after)}（{what}）" if what else self._person(change.after)

    def _pairing(self, pairing: Pairing) -> str:
        both = (self._people[one] for one in (pairing.student, pairing.mentor))
        return "—".join(map(self._person, both))


def _sheet(
    sheet: str,
    changes: Iterable[Change[Any]],
    unlisted: Iterable[Any],
    called: Callable[[Any], str],
    changed: Callable[[Change[Any]], str] | None = None,
) -> Iterable[Difference]:
    real = [change for change in changes if change.changed]
    groups: dict[str, list[str]] = {
        "added": [called(one.after) for one in real if one.before is None],
        "changed": [
            changed(one) if changed else called(one.after)
            for one in real
            if one.before is not None
        ],
        "unlisted": [called(one) for one in unlisted],
    }
    for what, names in groups.items():
        if names:
            yield Difference(sheet=sheet, what=what, count=len(names), names=tuple(names[:NAMES]))


def _applied(reading: Reading) -> Facts:
    """Recipes hold plain lists; nothing but counts is left of it."""
    done = [
        Difference(sheet=sheet, what=what, count=count)
        for sheet, added, changed in reading.row.args["counts"]
        for what, count in (("added", added), ("changed", changed))
        if count
    ]
    return {"changes": done}


def _buttons(reading: Reading) -> Rows:
    judged = _judged(reading)
    if judged is None or not judged.is_change:
        return []
    args = {"upload": reading.row.args["upload"]}
    shown = {**args, "shown": judged.mark}
    return [
        [
            named(reading, "roster_apply", "roster_apply", shown),
            named(reading, "roster_drop", "roster_drop", args),
        ]
    ]


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "roster_found": _found,
    "roster_applied": _applied,
}
BUTTONS: dict[str, Callable[[Reading], Rows]] = {"roster_found": _buttons}
