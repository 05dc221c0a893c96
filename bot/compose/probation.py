"""The 预备期 as it is told: T16 before it ends, the list and the card of /intro (R32)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot import path as ways
from bot.compose.presses import Rows, named
from bot.compose.reading import Reading
from bot.compose.way import OVER, Facts
from bot.rules import probation as probation_rules
from messages.facts import Probation
from storage.records import Person, PersonId, Stage


def probations(reading: Reading, people: Iterable[Person]) -> list[Probation]:
    """Return those of them who are 预备党员 and whose day of stage is known, with the last day."""
    found = []
    for one in people:
        if one.stage is Stage.PROBATIONARY and one.stage_since is not None:
            months = ways.extension(reading.desk, one.id)
            last = probation_rules.last_day(one.stage_since, months)
            found.append(
                Probation(student=reading.named(one.id), day=last, is_over=reading.today > last)
            )
    return found


def _ending(reading: Reading) -> Facts:
    people = [reading.desk.store.people[one] for one in reading.row.about]
    found = probations(reading, people)
    return {"probations": found} if found else None


def _probation(reading: Reading) -> Facts:
    person = reading.desk.store.people[reading.row.args["student"]]
    found = probations(reading, [person])
    if not found or person.stage_since is None:
        return dict(OVER)
    return {
        "day": person.stage_since,
        "last_day": found[0].day,
        "months": ways.extension(reading.desk, person.id),
        "is_due": found[0].is_over,
    }


BUILDERS: dict[str, Callable[[Reading], Facts]] = {
    "T16": _ending,
    "intro_extended": _probation,
    "intro_probation": _probation,
}


def _longer_rows(reading: Reading) -> Rows:
    student = PersonId(reading.row.args["student"])
    person = reading.desk.store.people[student]
    months = ways.extension(reading.desk, student)
    if person.stage is not Stage.PROBATIONARY or not probation_rules.may_extend(
        months, probation_rules.YEAR
    ):
        return []
    return [
        [
            named(reading, name, "intro_extend", {"student": student, "months": by})
            for name, by in (
                ("half_year_longer", probation_rules.SHORTEST_EXTENSION),
                ("year_longer", probation_rules.LONGEST_EXTENSION),
            )
        ]
    ]


BUTTONS: dict[str, Callable[[Reading], Rows]] = {"intro_probation": _longer_rows}
